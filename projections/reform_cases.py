"""Reform cases, a row a case, and what is asked of them."""

from __future__ import annotations

from typing import Any

import msgspec

from domain.fact import kinds_of
from domain.reform.facts import Category, ReformFact
from domain.reform.state import ReformCase, ReformStage
from domain.reform.state import evolve as evolve_case
from domain.streams import identity_of
from projections.query import Query
from projections.reading import ask_rows
from projections.slices import AsOf
from projections.view import View
from store.log import Store
from store.recorded import RecordedFact


class ReformRow(msgspec.Struct, frozen=True, gc=False):
    """`programme_year`: of the programme under which it is shared; `agency`: whose it is; both empty where a slice does not have
    that it was entered. `state`: what of the case the row is made of.
    """

    case: str
    programme_year: int
    agency: str
    stage: ReformStage
    category: Category | None
    state: ReformCase


def evolve(row: ReformRow | None, recorded: RecordedFact[Any]) -> ReformRow:
    """The row after a case's fact."""
    before = ReformCase() if row is None else row.state
    state = evolve_case(before, recorded.fact, recorded.effective_at, recorded.version)
    case = identity_of(recorded.stream)
    return ReformRow(case, state.year, state.agency, state.stage, state.category, state)


REFORM_CASES = View(
    name="reform_cases",
    version=1,
    row=ReformRow,
    columns={"programme_year": "integer", "agency": "text", "stage": "text"},
    kinds=kinds_of(ReformFact),
    keys=lambda recorded: (identity_of(recorded.stream),),
    evolve=evolve,
    reading="reform_cases",
    by_stream=True,
)

_OF_YEAR = Query(
    "SELECT row::text FROM {reform_cases} AS one WHERE %(year)s::integer IS NULL OR programme_year = %(year)s "
    "ORDER BY key",
    REFORM_CASES,
)


def cases_of(store: Store, year: int | None = None, at: AsOf | None = None) -> list[ReformRow]:
    """The cases that are shared under a year's programme, or all, by their ids. `at`: of a slice of the log."""
    return [row for row in ask_rows(store, ReformRow, _OF_YEAR, {"year": year}, at) if row.agency]
