"""What a definition says of meetings of agency heads: until when items are put in, how minutes are objected to, how many suffice."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from domain.lifecycle.naming import BothLanguages, OwnName, check_names
from domain.lifecycle.part import Part
from domain.lifecycle.reached import is_of_city
from domain.lifecycle.rules import EscalationPolicy, ReminderStepRule
from domain.limits import check_share
from domain.meeting.deadline_kinds import CARRYING_OUT, INVITATION
from domain.refusals import validation_error

MOST_AGENDA_DAYS = 60  # business days
MOST_OBJECTION_DAYS = 60
MOST_SERIES = 20

_Share = Annotated[str, AfterValidator(check_share)]


Rhythm = Literal["monthly", "quarterly", "half_yearly", "yearly", "as_needed"]


class SeriesRule(Part):
    """A series of meetings: how often it meets, as it is meant; nothing is due by that."""

    name: OwnName
    label: BothLanguages
    rhythm: Rhythm


def _check_series(series: tuple[SeriesRule, ...]) -> tuple[SeriesRule, ...]:
    check_names([(one.name, one.label) for one in series], "", "name")
    return series


class MeetingRules(Part):
    """`agenda_business_days`: items are put in until so many business days before the meeting; `objection_business_days`: so
    many business days there are to object to its minutes. `quorum`: how many of those who belong to it have to be there for
    anything to be decided, `majority`: how many of those who are there have to vote for it. `agency_ladder`, `city_ladder`: by which
    of the definition's ladders an agency or the city is reminded of a decision that it carries out; without one by the
    program's own. `series`: those that there are; a meeting may belong to one.
    """

    agenda_business_days: Annotated[int, Field(ge=0, le=MOST_AGENDA_DAYS)] = 5
    objection_business_days: Annotated[int, Field(ge=1, le=MOST_OBJECTION_DAYS)] = 7
    quorum: _Share = "more than 1/2"
    majority: _Share = "more than 1/2"
    agency_ladder: str | None = None
    city_ladder: str | None = None
    series: Annotated[
        tuple[SeriesRule, ...], Field(max_length=MOST_SERIES), AfterValidator(_check_series)
    ] = ()

    def find_series(self, name: str) -> SeriesRule | None:
        return next((one for one in self.series if one.name == name), None)


def _rungs(*steps: tuple[int, tuple[str, ...]]) -> tuple[ReminderStepRule, ...]:
    return tuple(ReminderStepRule(days=days, to=to) for days, to in steps)


_OFFICER, _CITY = ("officer",), ("department", "planner")
_OF_AGENCY = _rungs(
    (-7, _OFFICER),
    (-1, _OFFICER),
    (0, _OFFICER),
    (1, ("officer", "substitute")),
    (3, ("head",)),
    (5, _CITY),
)
_OF_CITY = _rungs((-7, ("planner",)), (-1, ("planner",)), (0, ("planner",)), (1, ("planner",)), (5, _CITY))
_AT_ONCE = _rungs((0, _OFFICER))  # told when it is so, whatever day that is
_OF_INVITATION = _rungs((-1, _OFFICER), (0, _OFFICER))


def rungs_of_meeting(
    rules: MeetingRules, ladders: Iterable[EscalationPolicy], kind: str, *, of_city: bool
) -> tuple[ReminderStepRule, ...]:
    """When to remind of what is due of a meeting, and whom. Of what is told at once the rung of 0 days is on the day on which it
    is so.
    """
    if kind != CARRYING_OUT:
        return _OF_INVITATION if kind == INVITATION else _AT_ONCE
    name = rules.city_ladder if of_city else rules.agency_ladder
    named = next((one.rungs for one in ladders if one.name == name), None)
    return named or (_OF_CITY if of_city else _OF_AGENCY)


def check_meeting_ladders(rules: MeetingRules, ladders: Iterable[EscalationPolicy]) -> None:
    """That a definition has the ladders that it names, and that the city's reaches the city at each rung."""
    known = {one.name: one for one in ladders}
    for field in ("agency_ladder", "city_ladder"):
        name = getattr(rules, field)
        if name is not None and name not in known:
            raise validation_error("no_such_ladder", f"meetings.{field}", ladder=name)
    for rung in known[rules.city_ladder].rungs if rules.city_ladder is not None else ():
        if not any(map(is_of_city, rung.to)):
            raise validation_error("climbs_to_nobody", "meetings.city_ladder", days=rung.days)
