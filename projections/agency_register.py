"""The register of agencies: a row an agency, with the spans that are to end by rule; and what is asked of it."""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec
from msgspec.structs import replace

from domain.agency import facts
from domain.fact import kinds_of
from domain.stamps import EVER, Stamp
from domain.streams import identity_of
from projections.query import Query
from projections.reading import ask_rows, ask_value
from projections.view import View
from store.log import Store
from store.recorded import RecordedFact


class Span(msgspec.Struct, frozen=True):
    """A substitution or a delegation that has a last day."""

    number: int
    ends: date
    delegation: bool


class AgencyRow(msgspec.Struct, frozen=True):
    """`next_end`: the last day of the span that ends first; None where there is none, or the agency is no more.

    `name_stamp`: since when it bears its name.
    """

    agency: str
    name_ko: str
    name_en: str | None
    active: bool = True
    spans: tuple[Span, ...] = ()
    next_end: date | None = None
    name_stamp: Stamp = (EVER, 0)


def evolve(row: AgencyRow | None, recorded: RecordedFact[Any]) -> AgencyRow | None:
    """The row after an agency's fact."""
    fact = recorded.fact
    if isinstance(fact, facts.Registered):
        row = AgencyRow(identity_of(recorded.stream), fact.name.ko, fact.name.en)
        return replace(row, name_stamp=(recorded.effective_at, recorded.version))
    if row is None:
        return None
    match fact:
        case facts.Renamed():
            stamp = (recorded.effective_at, recorded.version)
            if stamp < row.name_stamp:
                return row
            return replace(row, name_ko=fact.name.ko, name_en=fact.name.en, name_stamp=stamp)
        case facts.Merged() | facts.Closed():
            return replace(row, active=False, spans=(), next_end=None)
        case facts.SubstituteAppointed():
            return _with(row, *row.spans, Span(fact.number, fact.ends, delegation=False))
        case facts.DecisionDelegated() if fact.ends is not None:
            return _with(row, *row.spans, Span(fact.number, fact.ends, delegation=True))
        case facts.SubstitutionEnded() | facts.DelegationEnded():
            return _with(row, *(span for span in row.spans if span.number != fact.number))
    return row


def _with(row: AgencyRow, *spans: Span) -> AgencyRow:
    return replace(row, spans=spans, next_end=min((span.ends for span in spans), default=None))


AGENCY_REGISTER = View(
    name="agency_register",
    version=2,
    row=AgencyRow,
    columns={"active": "boolean", "next_end": "date"},
    kinds=kinds_of(facts.AgencyFact),
    keys=lambda recorded: (identity_of(recorded.stream),),
    evolve=evolve,
    reading="agency.list",
)

_ENDING = Query(
    "SELECT row::text FROM {agency_register} AS agency WHERE next_end < %s ORDER BY key", AGENCY_REGISTER
)
_NEXT_END = Query(
    "SELECT min(next_end) FROM {agency_register} AS agency WHERE next_end >= %s", AGENCY_REGISTER
)


def agencies_ending(store: Store, before: date) -> list[AgencyRow]:
    """Agencies with a span whose last day is before this one."""
    return ask_rows(store, AgencyRow, _ENDING, (before,))


def next_end(store: Store, since: date) -> date | None:
    """The last day of the span that ends first, from that day on."""
    day: date | None = ask_value(store, _NEXT_END, (since,))
    return day
