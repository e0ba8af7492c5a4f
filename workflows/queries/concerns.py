"""What people read of policy concerns: all of a year, one with its opinions and alternatives, and its history."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Literal

import msgspec

from domain.concern import facts
from domain.concern.facts import Came, Terms
from domain.concern.state import CONCERN, Concern, ConcernStage
from domain.errors import Refusal
from domain.seoul import local_day
from domain.streams import concern_stream
from domain.values import LocalText
from projections.concerns import OnAgenda, concerns_before, concerns_of, items_about
from projections.history_line import Line
from projections.slices import AsOf, of_stream
from store.recorded import RecordedFact, fold_state
from workflows.queries.inquiry import Inquiry
from workflows.queries.texts_read import TextsRead

AlternativeState = Literal["standing", "chosen", "dropped"]
Resolution = Literal["chosen", "deferred", "dropped"]
_RESOLVED: dict[type, Resolution] = {
    facts.Chosen: "chosen",
    facts.Deferred: "deferred",
    facts.Dropped: "dropped",
}


class NoSuchConcern(Refusal):
    ko = "현안 {concern}은(는) 제기되지 않았습니다. `donghaeng concern list`로 확인하십시오."
    en = "The concern {concern} was never raised. See `donghaeng concern list`."


class ConcernRead(msgspec.Struct, frozen=True):
    """`agency`: who raised it, None where the city did; `round`, `until`: of opinions, and their last day; `opinions`: how many were
    given, `alternatives`: how many were not dropped. `chosen`: the number of the one that was; `review_on`: from when it is
    reviewed; `deferred_until`: where it is deferred.
    """

    concern: str
    year: int
    name: LocalText
    agency: str | None
    stage: ConcernStage
    round: int
    until: date
    opinions: int
    alternatives: int
    chosen: int | None
    review_on: date | None
    deferred_until: date | None


class ConcernList(msgspec.Struct, frozen=True):
    concerns: list[ConcernRead]


class OpinionRead(msgspec.Struct, frozen=True):
    opinion: int
    round: int
    agency: str | None
    text: str


class AlternativeRead(msgspec.Struct, frozen=True):
    """`agency`: who added it, None where the city did; `reason`: why it was dropped."""

    alternative: int
    name: LocalText
    agency: str | None
    state: AlternativeState
    cost_krw: int | None
    effects: str | None
    risks: str | None
    sources: str | None
    reason: str | None


class ResolutionRead(msgspec.Struct, frozen=True):
    """`cause`: the meeting's decision that carried it out, as `meeting/heads-2024-2#7`, None where none did."""

    how: Resolution
    on: date
    alternative: int | None
    reason: str | None
    cause: str | None


class ReviewRead(msgspec.Struct, frozen=True):
    came: Came
    on: date
    text: str


class ConcernShown(msgspec.Struct, frozen=True):
    """`terms`: by what it goes, of the definition under which it was raised. `tasks`, `invited`: which are affected, and which
    agencies are asked, all where none is named. `resolutions`: as it was resolved, once more after a deferral. `follow_ups`:
    what follows from it; `follows_from`: from which concerns it does. `meetings`: on which agendas it stands.
    """

    concern: ConcernRead
    question: str
    definition: str
    terms: Terms
    tasks: list[str]
    invited: list[str]
    opinions: list[OpinionRead]
    alternatives: list[AlternativeRead]
    resolutions: list[ResolutionRead]
    review: ReviewRead | None
    follow_ups: list[str]
    follows_from: list[str]
    meetings: list[OnAgenda]


class ConcernHistory(msgspec.Struct, frozen=True):
    concern: str
    history: list[Line]


def list_concerns(inquiry: Inquiry, year: int | None = None) -> ConcernList:
    """Those of a year's programme, or all, the earliest first."""
    at = inquiry.authorise("concerns", (inquiry.own_agency,))
    rows = concerns_of(inquiry.store, year, at)
    return ConcernList([_read(row.concern, row.state) for row in rows if row.programme_year is not None])


def show_concern(inquiry: Inquiry, concern: str) -> ConcernShown:
    """Raises NoSuchConcern."""
    store = inquiry.store
    at = inquiry.authorise("concerns", (inquiry.own_agency,))
    recorded, state = _load(inquiry, concern, at)
    assert state.raised is not None
    said = TextsRead(store, recorded, inquiry)
    return ConcernShown(
        _read(concern, state),
        said.of(state.raised.question),
        state.raised.definition,
        state.raised.terms,
        list(state.raised.tasks),
        list(state.invited),
        [OpinionRead(one.opinion, one.round, one.agency, said.of(one.text)) for one in state.opinions],
        [_alternative(state, number, recorded, said) for number in sorted(state.alternatives)],
        [_resolution(one, said) for one in recorded if type(one.fact) in _RESOLVED],
        _review(recorded, said),
        list(state.follow_ups),
        concerns_before(store, concern, at),
        items_about(store, concern, at),
    )


def concern_history(inquiry: Inquiry, concern: str) -> ConcernHistory:
    """Raises NoSuchConcern."""
    from workflows.telling import history_of  # noqa: PLC0415 - with all sentences, of which lists tell none

    at = inquiry.authorise("concerns", (inquiry.own_agency,))
    _load(inquiry, concern, at)
    lines = history_of(inquiry.store, concern_stream(concern), inquiry.lang, at, inquiry.names_of)
    return ConcernHistory(concern, lines)


def _load(inquiry: Inquiry, concern: str, at: AsOf | None) -> tuple[Sequence[RecordedFact[Any]], Concern]:
    recorded = of_stream(inquiry.store.read(concern_stream(concern)), at)
    state: Concern = fold_state(CONCERN, recorded)
    if state.raised is None:
        raise NoSuchConcern(concern=concern)
    return recorded, state


def _read(concern: str, state: Concern) -> ConcernRead:
    raised = state.raised
    assert raised is not None
    return ConcernRead(
        concern=concern,
        year=raised.year,
        name=raised.name,
        agency=raised.agency,
        stage=state.stage,
        round=state.round,
        until=state.until or raised.until,
        opinions=len(state.opinions),
        alternatives=len(state.standing),
        chosen=state.chosen,
        review_on=state.review_on,
        deferred_until=state.deferred_until,
    )


def _alternative(
    state: Concern, number: int, recorded: Sequence[RecordedFact[Any]], said: TextsRead
) -> AlternativeRead:
    one, added = state.alternatives[number], state.alternatives[number].added
    dropping = (
        each.envelope.reason
        for each in recorded
        if isinstance(each.fact, facts.AlternativeDropped) and each.fact.alternative == number
    )
    standing: AlternativeState = "standing" if number != state.chosen else "chosen"
    return AlternativeRead(
        number,
        added.name,
        added.agency,
        "dropped" if one.dropped else standing,
        added.cost_krw,
        said.find(added.effects),
        said.find(added.risks),
        said.find(added.sources),
        said.find(next(dropping, None)),
    )


def _resolution(one: RecordedFact[Any], said: TextsRead) -> ResolutionRead:
    cause = None if one.envelope.cause is None else one.envelope.cause.due
    return ResolutionRead(
        _RESOLVED[type(one.fact)],
        local_day(one.effective_at),
        getattr(one.fact, "alternative", None),
        said.find(one.envelope.reason),
        cause,
    )


def _review(recorded: Sequence[RecordedFact[Any]], said: TextsRead) -> ReviewRead | None:
    found = [one for one in recorded if isinstance(one.fact, facts.Reviewed)]
    if not found:
        return None
    return ReviewRead(found[-1].fact.came, local_day(found[-1].effective_at), said.of(found[-1].fact.text))
