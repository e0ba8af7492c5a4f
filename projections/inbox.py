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
from domain.task.stages import Condition, Stage
from domain.task.state import Task
from projections.view import View
from store.recorded import Recorded


class InboxRow(msgspec.Struct, frozen=True):
    """`since`: when the stage or condition last changed or the agency last reported; `asked_since`: a new plan.

    `waits`: what is to be done, None where nothing is; `agency`: whose turn it is, None in the city's inbox and where
    nothing waits. `state`: what of the task the row is made of. Times are those of knowing.
    """

    task: str
    title_ko: str
    title_en: str | None
    lead: str
    stage: Stage
    condition: Condition
    since: datetime
    state: Task
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
        nothing = TASK.initial
        return whose(
            InboxRow(
                fact.task,
                fact.title.ko,
                fact.title.en,
                fact.lead,
                nothing.stage,
                nothing.condition,
                at,
                nothing,
            )
        )
    if row is None and not isinstance(fact, facts.Proposed):
        return None
    before = TASK.initial if row is None else row.state
    task = TASK.evolve(before, fact, recorded.effective_at, recorded.version)
    assert task.title is not None, "a proposed task has one"
    turned = (task.stage, task.condition) != (before.stage, before.condition)
    asked = None if row is None else row.asked_since
    if task.stamps.get("pending_plan") != before.stamps.get("pending_plan"):
        asked = at
    return whose(
        InboxRow(
            task=recorded.stream[5:],
            title_ko=task.title.ko,
            title_en=task.title.en,
            lead=task.lead,
            stage=task.stage,
            condition=task.condition,
            since=at if row is None or turned or isinstance(fact, facts.ProgressReported) else row.since,
            state=_kept(task),
            asked_since=None if task.asked_plan is None else asked,
        )
    )


def _kept(task: Task) -> Task:
    """Without what the inboxes do not ask for."""
    return replace(
        task, deadlines=None, conditions=(), summary=None, figures={}, suspensions=(), rating=None, plan=None
    )


def _key(recorded: Recorded[Any]) -> tuple[str, ...]:
    return (recorded.fact.task if recorded.kind == TaskAdded.kind else recorded.stream[5:],)


def _inbox(name: str, whose: Callable[[InboxRow], InboxRow]) -> View:
    return View(
        name=name,
        version=3,
        row=InboxRow,
        columns={"agency": "text", "waits": "text"},
        kinds=frozenset((TaskAdded.kind, *(fact.kind for fact in TASK.facts))),
        keys=_key,
        evolve=partial(evolve, whose),
    )


AGENCY_INBOX = _inbox("agency_inbox", for_agency)
CITY_INBOX = _inbox("city_inbox", for_city)
