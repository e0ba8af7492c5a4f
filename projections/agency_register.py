"""The register of agencies: a row an agency, with the spans that are to end by rule."""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec
from msgspec.structs import replace

from domain.agency import facts
from domain.agency.decider import AGENCY
from domain.stamps import EVER, Stamp
from projections.view import View
from store.recorded import Recorded


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


def evolve(row: AgencyRow | None, recorded: Recorded[Any]) -> AgencyRow | None:
    """The row after an agency's fact."""
    fact = recorded.fact
    if isinstance(fact, facts.Registered):
        row = AgencyRow(recorded.stream[7:], fact.name.ko, fact.name.en)
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
    kinds=frozenset(fact.kind for fact in AGENCY.facts),
    keys=lambda recorded: (recorded.stream[7:],),
    evolve=evolve,
)
