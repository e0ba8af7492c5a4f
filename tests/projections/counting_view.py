"""A view that cannot hide a mistake: it counts, so that a fact folded twice or never shows."""

from __future__ import annotations

from typing import Any

import msgspec
import psycopg

from projections.rows_in_use import InUseDifference, compare_views
from projections.schema import statements
from projections.task_board import TASK_BOARD
from projections.view import Tally, View
from store.log import Store
from store.recorded import RecordedFact


class Counted(msgspec.Struct, frozen=True):
    """A task's facts and the sum of its reported percents; no row any more once it is discontinued."""

    lead: str
    facts: int
    percent_sum: int


def _evolve(row: Counted | None, recorded: RecordedFact[Any]) -> Counted | None:
    if recorded.kind == "task.discontinued":
        return None
    done = row or Counted(getattr(recorded.fact, "lead", ""), 0, 0)
    percent = getattr(recorded.fact, "percent", 0) or 0
    return Counted(done.lead, done.facts + 1, done.percent_sum + percent)


BY_LEAD = Tally(
    name="counted_by_lead",
    version=1,
    row=Counted,
    keys={"lead": "text"},
    amounts=("tasks", "facts", "percent_sum"),
    contribution=lambda row: ((row.lead,), (1, row.facts, row.percent_sum)),
)
COUNTED = View(
    name="counted",
    version=1,
    row=Counted,
    columns={"lead": "text", "facts": "integer"},
    kinds=TASK_BOARD.kinds,
    keys=lambda recorded: (recorded.stream,),
    evolve=_evolve,
    reading="task.list",
    tallies=(BY_LEAD,),
)


def name_of(table: View | Tally | str) -> str:
    """A table's name without its schema, as the server and the screens have it."""
    return (table if isinstance(table, str) else table.table).removeprefix("views.")


def make_tables(owner_dsn: str, *views: View) -> None:
    """What the migration does for the program's own views."""
    with psycopg.connect(owner_dsn) as connection:
        for statement in statements(views):
            connection.execute(statement.encode())
        connection.execute(
            "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA views TO donghaeng_app"
        )


def compare(store: Store, view: View) -> list[InUseDifference]:
    """What of the rows in use is not what the facts make of them."""
    (found,) = compare_views(store, [view])
    assert (found.problem, found.skipped) == (None, 0)
    assert len(found.differences) == found.count
    return list(found.differences)
