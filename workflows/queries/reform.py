"""What people read of reform cases: all of a year, and one with its figures, who took it over and its history."""

from __future__ import annotations

import msgspec

from domain.errors import Refusal
from domain.reform.facts import Category, Measure, MovedOver
from domain.reform.state import REFORM, ReformCase, ReformStage
from domain.streams import reform_stream
from domain.values import LocalText, TextRef
from projections.history_line import Line
from projections.reform_cases import cases_of
from projections.slices import AsOf, of_stream
from projections.texts import in_words
from store.recorded import fold_state
from workflows.queries.inquiry import Inquiry


class NoSuchCase(Refusal):
    ko = "우수사례 {case}은(는) 등록되지 않았습니다. `donghaeng reform list`로 확인하십시오."
    en = "The reform case {case} was never entered. See `donghaeng reform list`."


class ReformRead(msgspec.Struct, frozen=True):
    """`year`: of the programme under which it is shared; `category`: None where nothing was said of it; `measures`: of the agency
    whose case it is; `meetings`: at which it was presented; `takers`: the agencies that took it over.
    """

    case: str
    year: int
    agency: str
    name: LocalText
    category: Category | None
    stage: ReformStage
    measures: tuple[Measure, ...]
    meetings: list[str]
    takers: list[str]


class ReformList(msgspec.Struct, frozen=True):
    cases: list[ReformRead]


class TakerRead(msgspec.Struct, frozen=True):
    """An agency that took the case over, with its own figures. `text`, `evidence`: as people wrote them."""

    agency: str
    measures: tuple[Measure, ...]
    text: str | None
    evidence: str | None


class ReformShown(msgspec.Struct, frozen=True):
    """`text`: what was done, `evidence`: by what it can be seen, as people wrote them."""

    case: ReformRead
    transfers: tuple[MovedOver, ...]
    text: str | None
    evidence: str | None
    takers: list[TakerRead]
    history: list[Line]


class ReformHistory(msgspec.Struct, frozen=True):
    case: str
    history: list[Line]


def list_cases(inquiry: Inquiry, year: int | None = None, agency: str | None = None) -> ReformList:
    """Those that are shared under a year's programme, or all, by id; of one agency those that are its own or that it took over."""
    at = inquiry.authorise("reform_cases", (inquiry.own_agency,))
    rows = cases_of(inquiry.store, year, at)
    return ReformList(
        [
            _read(row.case, row.state)
            for row in rows
            if agency is None or agency == row.agency or agency in row.state.takers
        ]
    )


def show_case(inquiry: Inquiry, case: str) -> ReformShown:
    """Raises NoSuchCase."""
    at = inquiry.authorise("reform_cases", (inquiry.own_agency,))
    facts = of_stream(inquiry.store.read(reform_stream(case)), at)
    state: ReformCase = fold_state(REFORM, facts)
    if not state.agency:
        raise NoSuchCase(case=case)
    look = inquiry.store.texts_of(facts)

    def say(ref: TextRef | None) -> str | None:
        return None if ref is None else in_words(look(ref), inquiry.lang)

    takers = [
        TakerRead(agency, state.measures_of(agency), say(one.text), say(one.evidence))
        for agency, one in state.takers.items()
    ]
    lines = _history(inquiry, case, at)
    return ReformShown(
        _read(case, state), state.transfers, say(state.text), say(state.evidence), takers, lines
    )


def case_history(inquiry: Inquiry, case: str) -> ReformHistory:
    """Raises NoSuchCase."""
    at = inquiry.authorise("reform_cases", (inquiry.own_agency,))
    lines = _history(inquiry, case, at)
    if not lines:
        raise NoSuchCase(case=case)
    return ReformHistory(case, lines)


def _history(inquiry: Inquiry, case: str, at: AsOf | None) -> list[Line]:
    from workflows.telling import history_of  # noqa: PLC0415 - with all sentences, of which lists tell none

    return history_of(inquiry.store, reform_stream(case), inquiry.lang, at)


def _read(case: str, state: ReformCase) -> ReformRead:
    assert state.name is not None
    return ReformRead(
        case,
        state.year,
        state.agency,
        state.name,
        state.category,
        state.stage,
        state.measures_of(state.agency),
        list(state.presentations),
        list(state.takers),
    )
