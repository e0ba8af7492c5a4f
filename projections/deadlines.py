"""What is due: a row a task, and what is asked of the rows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import takewhile
from typing import Any

from msgspec.structs import replace

from domain.fact import kinds_of
from domain.notice.facts import Due
from domain.programme.facts import TaskAdded, TaskChanged
from domain.streams import identity_of
from domain.task.facts import TaskFact
from projections.deadlines_row import DeadlinesRow, evolve
from projections.query import Query
from projections.reading import ask, ask_column, ask_rows, ask_value
from projections.rows_as_of import rows_behind
from projections.slices import AsOf
from projections.successions import successions
from projections.view import View
from store.log import Store
from store.recorded import RecordedFact

_NAMING_THE_TASK = kinds_of(Due | TaskAdded | TaskChanged)


def _keys(recorded: RecordedFact[Any]) -> tuple[str, ...]:
    """None of what reminds of something else than a task."""
    task = recorded.fact.task if recorded.kind in _NAMING_THE_TASK else identity_of(recorded.stream)
    return () if task is None else (task,)


DEADLINES = View(
    name="deadlines",
    version=6,
    row=DeadlinesRow,
    columns={
        "request": "text",
        "lead": "text",
        "stale": "boolean",
        "waits": "boolean",
        "next_due": "date",
        "next_act": "date",
        "next_rung": "date",
        "first_year": "integer",
        "last_year": "integer",
    },
    kinds=kinds_of(TaskFact | Due | TaskAdded | TaskChanged),
    keys=_keys,
    evolve=evolve,
    reading="deadlines",
)

_DUE = Query(
    "SELECT row::text FROM {deadlines} AS task WHERE (next_due IS NOT NULL OR waits) "
    "AND (%(lead)s::text[] IS NULL OR lead = ANY(%(lead)s)) AND (%(task)s::text IS NULL OR key = %(task)s) "
    "AND (%(until)s::date IS NULL OR next_due <= %(until)s) ORDER BY next_due, key",
    DEADLINES,
)
_OF_TASKS = Query("SELECT row::text FROM {deadlines} AS task WHERE key = ANY(%(tasks)s)", DEADLINES)
_OPEN = Query("SELECT key FROM {deadlines} AS task WHERE last_year IS NOT NULL ORDER BY key", DEADLINES)
_YEARS = Query("SELECT min(first_year), max(last_year) FROM {deadlines} AS task", DEADLINES)
_STALE = Query("SELECT row::text FROM {deadlines} AS task WHERE stale ORDER BY key", DEADLINES)
_YEARS_WAITED_FOR = Query(
    "SELECT DISTINCT left(key, 4) FROM {deadlines} AS task WHERE request IS NOT NULL", DEADLINES
)
_WAITED_FOR = Query(
    "SELECT row::text FROM {deadlines} AS task WHERE request IS NOT NULL AND key LIKE %s ORDER BY key",
    DEADLINES,
)
_ACTING = Query(
    "SELECT row::text FROM {deadlines} AS task WHERE next_act <= %s AND NOT stale ORDER BY next_act, key",
    DEADLINES,
)
_NEXT_ACT = Query(
    "SELECT min(next_act) FROM {deadlines} AS task WHERE NOT stale AND next_act > %s", DEADLINES
)
_REMINDING = Query(
    "SELECT row::text FROM {deadlines} AS task WHERE next_rung <= %s AND NOT stale AND key > %s "
    "ORDER BY key LIMIT %s",
    DEADLINES,
)
_NEXT_RUNG = Query(
    "SELECT min(next_rung) FROM {deadlines} AS task WHERE NOT stale AND next_rung > %s", DEADLINES
)


def tasks_due(
    store: Store,
    *,
    lead: str | None = None,
    task: str | None = None,
    until: date | None = None,
    at: AsOf | None = None,
) -> list[DeadlinesRow]:
    """Tasks of which something is due or waits to be counted, the first of it by a day; the soonest first.

    `at`: of a slice of the log.
    """
    known = successions(store, at)
    given = {"lead": known.predecessors_of(lead), "task": task, "until": until}
    rows = ask_rows(store, DeadlinesRow, _DUE, given, at)
    return [replace(row, lead=known.answering(row.lead)) for row in rows]


def due_of_tasks(store: Store, tasks: Sequence[str], at: AsOf | None = None) -> list[DeadlinesRow]:
    """What is due of these tasks, by the rows of those that have any. `at`: of a slice of the log, read as far as they reach."""
    if not tasks or at is None:
        return ask_rows(store, DeadlinesRow, _OF_TASKS, {"tasks": list(tasks)})
    first, last, wanted = min(tasks), max(tasks), set(tasks)
    behind = rows_behind(store, DEADLINES, at, first[:-1])
    return [row for row in takewhile(lambda row: row.task <= last, behind) if row.task in wanted]


def tasks_open(store: Store) -> list[str]:
    """The tasks of which something may be due, by number."""
    return ask_column(store, _OPEN)


def years_needed(store: Store) -> range:
    """The years whose calendars the deadlines of open tasks may need."""
    ((first, last),) = ask(store, _YEARS)
    return range(0) if first is None else range(first, last + 1)


def tasks_to_count(store: Store) -> list[DeadlinesRow]:
    """Tasks whose deadlines have to be counted again."""
    return ask_rows(store, DeadlinesRow, _STALE)


def years_waited_for(store: Store) -> list[int]:
    """The years with a task whose proposal is waited for, or is to be asked for."""
    return sorted(map(int, ask_column(store, _YEARS_WAITED_FOR)))


def tasks_waited_for(store: Store, year: int) -> list[DeadlinesRow]:
    """Those tasks of that year, by number."""
    return ask_rows(store, DeadlinesRow, _WAITED_FOR, (f"{year}-%",))


def tasks_to_act_on(store: Store, today: date) -> list[DeadlinesRow]:
    """Tasks with which a rule does something by this day."""
    return ask_rows(store, DeadlinesRow, _ACTING, (today,))


def next_act(store: Store, after: date) -> date | None:
    """The first day after that one on which a rule does something with a task."""
    day: date | None = ask_value(store, _NEXT_ACT, (after,))
    return day


def tasks_to_remind(store: Store, today: date, after: str, most: int) -> list[DeadlinesRow]:
    """Tasks of which somebody is to be reminded by this day, by number, those that come after one."""
    return ask_rows(store, DeadlinesRow, _REMINDING, (today, after, most))


def next_rung(store: Store, after: date) -> date | None:
    """The first day after that one on which somebody is to be reminded of something."""
    day: date | None = ask_value(store, _NEXT_RUNG, (after,))
    return day
