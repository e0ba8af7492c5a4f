"""What waits for whom and since when: for each agency, and for the city planner. A row a task."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import Any

import msgspec
from msgspec.structs import replace

from domain.programme.facts import TaskAdded
from domain.task import facts
from domain.task.decider import TASK
from domain.task.lifecycle import after
from domain.task.stages import Condition, Stage
from projections.view import View
from store.recorded import Recorded


class InboxRow(msgspec.Struct, frozen=True):
    """`since`: when the stage or condition last changed or the agency last reported; `asked_since`: a new plan.

    `waits`: what is to be done, None where nothing is; `agency`: whose turn it is, None in the city's inbox and where
    nothing waits. Times are those of knowing.
    """

    task: str
    title_ko: str
    title_en: str | None
    lead: str
    stage: Stage
    condition: Condition
    since: datetime
    asked_since: datetime | None = None
    waits: str | None = None
    waits_since: datetime | None = None
    agency: str | None = None


_AGENCY: Mapping[tuple[Stage, Condition], str] = {
    (Stage.UNKNOWN, Condition.NORMAL): "propose",
    (Stage.PROPOSED, Condition.RETURNED): "revise",
    (Stage.APPROVED, Condition.NORMAL): "start",
    (Stage.IN_PROGRESS, Condition.NORMAL): "report",
}
_CITY: Mapping[tuple[Stage, Condition], str] = {
    (Stage.PROPOSED, Condition.NORMAL): "decide",
    (Stage.IN_PROGRESS, Condition.SUSPENDED): "resume",
    (Stage.IN_PROGRESS, Condition.REPORTED): "evaluate",
    (Stage.IN_PROGRESS, Condition.RATED): "rate",
}


def for_agency(row: InboxRow) -> InboxRow:
    """The row with what waits for the lead agency."""
    waits = _AGENCY.get((row.stage, row.condition))
    agency = None if waits is None else row.lead
    return replace(row, waits=waits, waits_since=row.since if waits else None, agency=agency)


def for_city(row: InboxRow) -> InboxRow:
    """The row with what waits for the planner; a new plan that was asked for comes first."""
    if row.asked_since is not None:
        return replace(row, waits="replan", waits_since=row.asked_since)
    waits = _CITY.get((row.stage, row.condition))
    return replace(row, waits=waits, waits_since=row.since if waits else None)


def evolve(
    whose: Callable[[InboxRow], InboxRow], row: InboxRow | None, recorded: Recorded[Any]
) -> InboxRow | None:
    """The row after a task's fact, or after its being listed."""
    fact, at = recorded.fact, recorded.known_at
    if isinstance(fact, TaskAdded):
        return whose(
            InboxRow(fact.task, fact.title.ko, fact.title.en, fact.lead, Stage.UNKNOWN, Condition.NORMAL, at)
        )
    if isinstance(fact, facts.Proposed):
        row = InboxRow(recorded.stream[5:], "", None, fact.lead, Stage.UNKNOWN, Condition.NORMAL, at)
    if row is None:
        return None
    stage, condition = after(recorded.kind, row.stage, row.condition)
    changes: dict[str, Any] = {"stage": stage, "condition": condition}
    if (stage, condition) != (row.stage, row.condition) or isinstance(fact, facts.ProgressReported):
        changes["since"] = at
    if isinstance(fact, facts.ReplanRequested):
        changes["asked_since"] = at
    elif (stage is not Stage.IN_PROGRESS and stage is not Stage.APPROVED) or isinstance(fact, _DECIDED):
        changes["asked_since"] = None
    if isinstance(fact, facts.HandedOver):
        changes["lead"] = fact.lead
    if (title := getattr(fact, "title", None)) is not None:
        changes |= {"title_ko": title.ko, "title_en": title.en}
    return whose(replace(row, **changes))


_DECIDED = (facts.Replanned, facts.ReplanRefused, facts.FinalReportSubmitted)


def _key(recorded: Recorded[Any]) -> tuple[str, ...]:
    return (recorded.fact.task if recorded.kind == TaskAdded.kind else recorded.stream[5:],)


def _inbox(name: str, whose: Callable[[InboxRow], InboxRow]) -> View:
    return View(
        name=name,
        version=2,
        row=InboxRow,
        columns={"agency": "text", "waits": "text"},
        kinds=frozenset((TaskAdded.kind, *(fact.kind for fact in TASK.facts))),
        keys=_key,
        evolve=partial(evolve, whose),
    )


AGENCY_INBOX = _inbox("agency_inbox", for_agency)
CITY_INBOX = _inbox("city_inbox", for_city)
