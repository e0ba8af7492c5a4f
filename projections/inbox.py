"""What waits for whom and since when: for each agency, and for the city planner. A row a task."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import Any

import msgspec
from msgspec.structs import replace

from domain.fact import kinds_of
from domain.programme.facts import TaskAdded, TaskChanged
from domain.roles import AGENCY_ROLES, CITY_ROLES, Role
from domain.streams import identity_of
from domain.task import facts, state
from domain.task.open_line import OpenLine
from domain.task.stages import Condition, Stage
from domain.task.state import Task
from projections.query import Query
from projections.reading import ask_rows
from projections.slices import AsOf
from projections.successions import successions
from projections.task_board import Listed, change_listed, key_of, read_listing
from projections.view import View
from store.log import Store
from store.recorded import RecordedFact


class InboxRow(msgspec.Struct, frozen=True, gc=False):
    """`since`: when the stage or condition last changed or the agency last reported; `asked_since`: a new plan.

    `waits`: what is to be done, None where nothing is; `agency`: whose turn it is, None in the city's inbox and where
    nothing waits. `state`: what of the task the row is made of. Times are those of knowing. `listed`: as on the board. `asker`: the
    role of who asked for something by the approval line that is open.
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
    listed: Listed | None = None
    asker: str | None = None


_AGENCY: Mapping[tuple[Stage, Condition], str] = {
    (Stage.LISTED, Condition.NORMAL): "propose",
    (Stage.PROPOSED, Condition.RETURNED): "revise",
    (Stage.APPROVED, Condition.NORMAL): "start",
    (Stage.IN_PROGRESS, Condition.NORMAL): "report",
}
_CITY: Mapping[tuple[Stage, Condition], str] = {
    (Stage.LISTED, Condition.NORMAL): "urge",
    (Stage.PROPOSED, Condition.NORMAL): "decide",
    (Stage.IN_PROGRESS, Condition.SUSPENDED): "resume",
    (Stage.IN_PROGRESS, Condition.REPORTED): "evaluate",
    (Stage.IN_PROGRESS, Condition.RATED): "rate",
}


_GOING_ON = "report"  # of work under way it is reported whatever is asked for
OWN_STEP = "step"  # what is waited for in a place of a definition's own, which says what leads on


def for_agency(row: InboxRow) -> InboxRow:
    """The row with what waits for the lead agency."""
    if row.state.line is not None and (since := _to_sign(row.state.line, AGENCY_ROLES)) is not None:
        return replace(row, waits="sign", waits_since=since, agency=row.lead)
    waits = _AGENCY.get((row.stage, row.condition)) or _own_step(row, AGENCY_ROLES)
    if row.asker in AGENCY_ROLES and waits != _GOING_ON:
        waits = None
    if waits is None:
        return _without_waits(row)
    return replace(row, waits=waits, waits_since=row.since, agency=row.lead)


def _without_waits(row: InboxRow) -> InboxRow:
    """Most rows are made so: nothing waits, and the row need not be made again to say it."""
    return row if row.waits is None else replace(row, waits=None, waits_since=None, agency=None)


def _own_step(row: InboxRow, roles: frozenset[Role]) -> str | None:
    """In a place of the definition's own it is the turn of those who may take the task on."""
    return OWN_STEP if row.condition.is_own and roles.intersection(row.state.next_by) else None


def _leaves_plans_alone(row: InboxRow) -> bool:
    """In a place of the definition's own the program gives decisions on plans while the work has not begun."""
    return row.condition.is_own and row.stage is Stage.IN_PROGRESS


def _to_sign(line: OpenLine, roles: frozenset[Role]) -> datetime | None:
    """Since when one of these roles, or the city a position of its own, is asked for a signature in the approval line that is open."""
    city = roles is CITY_ROLES
    asked = any(one.role in roles or (city and one.position is not None) for one in line.waited_for)
    return line.since if asked else None


def for_city(row: InboxRow) -> InboxRow:
    """The row with what waits for the planner; a signature that is asked for comes first, then a new plan, where it can be decided."""
    if row.state.line is not None and (since := _to_sign(row.state.line, CITY_ROLES)) is not None:
        return replace(row, waits="sign", waits_since=since)
    if row.asker in CITY_ROLES:  # it has asked for what it decided, and others sign
        return _without_waits(row)
    if row.asked_since is not None and not _leaves_plans_alone(row):
        return replace(row, waits="replan", waits_since=row.asked_since)
    waits = _CITY.get((row.stage, row.condition)) or _own_step(row, CITY_ROLES)
    return _without_waits(row) if waits is None else replace(row, waits=waits, waits_since=row.since)


class _GoOn:
    """A task after a fact, and what the inboxes keep of it. Both inboxes keep the same: who folds them side by side asks
    for the same step twice, with the very same objects, and is given the same again.
    """

    def __init__(self) -> None:
        self._last: tuple[Task, RecordedFact[Any] | None, tuple[Task, Task]] = (
            _NOTHING,
            None,
            (_NOTHING, _NOTHING),
        )

    def __call__(self, before: Task, recorded: RecordedFact[Any]) -> tuple[Task, Task]:
        known, of, made = self._last
        if of is recorded and known is before:
            return made
        at = recorded.envelope.effective_at or recorded.known_at
        task = state.evolve(before, recorded.fact, at, recorded.version)
        made = task, _trim(task)
        self._last = before, recorded, made
        return made


_NOTHING = Task()
_go_on = _GoOn()


def evolve(
    whose: Callable[[InboxRow], InboxRow], row: InboxRow | None, recorded: RecordedFact[Any]
) -> InboxRow | None:
    """The row after a task's fact, or after its being listed."""
    fact, at = recorded.fact, recorded.known_at
    of_the_list = _OF_THE_LIST.get(type(fact))
    if of_the_list is not None:
        return of_the_list(whose, row, recorded)
    if row is not None and row.stage is Stage.LISTED and not isinstance(fact, facts.Proposed):
        return row
    if row is None and not isinstance(fact, facts.Proposed):
        return None
    before = _NOTHING if row is None else row.state
    task, kept = _go_on(before, recorded)
    assert task.title is not None, "a proposed task has one"
    turned = task.stage != before.stage or task.condition != before.condition
    asked = None if row is None else row.asked_since
    if task.stamps.get("pending_plan") != before.stamps.get("pending_plan"):
        asked = at
    listed = None if row is None else row.listed
    after = InboxRow(
        task=identity_of(recorded.stream) if row is None else row.task,
        title_ko=task.title.ko,
        title_en=task.title.en,
        lead=task.lead,
        stage=task.stage.on_lists,
        condition=task.condition,
        since=at if row is None or turned or isinstance(fact, facts.ProgressReported) else row.since,
        state=kept,
        asked_since=None if task.asked_plan is None else asked,
        listed=listed,
        asker=_find_asker(row, recorded, task),
    )
    return whose(after if listed is None or after.stage is not Stage.LISTED else _as_listed(after, listed))


def _find_asker(row: InboxRow | None, recorded: RecordedFact[Any], task: Task) -> str | None:
    """None where no line is open. Who acts for another asks in their place."""
    if task.line is None:
        return None
    if isinstance(recorded.fact, facts.LineOpened):
        asker = recorded.envelope.on_behalf_of or recorded.envelope.actor
        return asker.role
    return None if row is None else row.asker


def _as_listed(row: InboxRow, listed: Listed) -> InboxRow:
    return replace(row, title_ko=listed.title_ko, title_en=listed.title_en, lead=listed.lead, listed=listed)


_Whose = Callable[[InboxRow], InboxRow]


def _apply_listing(whose: _Whose, row: InboxRow | None, recorded: RecordedFact[Any]) -> InboxRow:
    if row is not None:
        return row
    one, place = read_listing(recorded.fact), (Stage.LISTED, Condition.NORMAL)
    return whose(
        InboxRow(
            recorded.fact.task,
            one.title_ko,
            one.title_en,
            one.lead,
            *place,
            recorded.known_at,
            _NOTHING,
            listed=one,
        )
    )


def _correct_listed(whose: _Whose, row: InboxRow | None, recorded: RecordedFact[Any]) -> InboxRow | None:
    """The row of a task that waits to be proposed, as the list says by now."""
    if row is None or row.stage is not Stage.LISTED or row.listed is None:
        return row
    return whose(_as_listed(row, change_listed(row.listed, recorded)))


_OF_THE_LIST: Mapping[type, Callable[[_Whose, InboxRow | None, RecordedFact[Any]], InboxRow | None]] = {
    TaskAdded: _apply_listing,
    TaskChanged: _correct_listed,
}


def _trim(task: Task) -> Task:
    """Without what the inboxes do not ask for."""
    return replace(
        task,
        deadlines=None,
        conditions=(),
        summary=None,
        figures={},
        suspensions=(),
        rating=None,
        plan=None,
        steps={},
    )


def _inbox(name: str, whose: Callable[[InboxRow], InboxRow], reading: str) -> View:
    return View(
        name=name,
        version=7,
        row=InboxRow,
        columns={"agency": "text", "waits": "text"},
        kinds=kinds_of(facts.TaskFact | TaskAdded | TaskChanged),
        keys=lambda recorded: (key_of(recorded),),
        evolve=partial(evolve, whose),
        reading=reading,
    )


AGENCY_INBOX = _inbox("agency_inbox", for_agency, "agency.inbox")
CITY_INBOX = _inbox("city_inbox", for_city, "programme.inbox")

_OF_AGENCIES = Query(
    "SELECT row::text FROM {agency_inbox} AS task WHERE agency IS NOT NULL "
    "AND (%(agency)s::text[] IS NULL OR agency = ANY(%(agency)s)) ORDER BY agency, key",
    AGENCY_INBOX,
)
_OF_CITY = Query(
    "SELECT row::text FROM {city_inbox} AS task WHERE waits IS NOT NULL ORDER BY key", CITY_INBOX
)


def agency_inbox(
    store: Store, agency: str | None = None, at: AsOf | None = None
) -> dict[str, list[InboxRow]]:
    """What waits for each agency, or for one, by task. `at`: of a slice of the log, here and below."""
    inboxes: dict[str, list[InboxRow]] = {}
    known = successions(store, at)
    for row in ask_rows(store, InboxRow, _OF_AGENCIES, {"agency": known.predecessors_of(agency)}, at):
        lead = known.answering(row.lead)
        inboxes.setdefault(lead, []).append(replace(row, lead=lead, agency=lead))
    return {lead: sorted(inboxes[lead], key=lambda row: row.task) for lead in sorted(inboxes)}


def city_inbox(store: Store, at: AsOf | None = None) -> list[InboxRow]:
    """What waits for the planner, by task."""
    known = successions(store, at)
    rows = ask_rows(store, InboxRow, _OF_CITY, at=at)
    return [replace(row, lead=known.answering(row.lead)) for row in rows]
