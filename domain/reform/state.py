"""A reform case as its facts made it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

import msgspec
from msgspec.structs import replace

from domain.errors import Bilingual, Lang
from domain.fact import Fold
from domain.reform import facts
from domain.reform.facts import Measure, MovedOver, ReformFact
from domain.reform.measures import describe_measure
from domain.stamps import Stamp, Stamps, with_item, with_values
from domain.values import LocalText, TextRef


class ReformStage(StrEnum):
    UNKNOWN = "unknown"  # nobody entered it
    ENTERED = "entered"
    RETURNED = "returned"
    CONFIRMED = "confirmed"

    def say(self, lang: Lang) -> str:
        return _LABELS[self].say(lang)


_LABELS: Mapping[ReformStage, Bilingual] = {
    ReformStage.UNKNOWN: Bilingual("미등록", "not entered"),
    ReformStage.ENTERED: Bilingual("확인 전", "not checked"),
    ReformStage.RETURNED: Bilingual("보완 요청", "returned"),
    ReformStage.CONFIRMED: Bilingual("확인", "confirmed"),
}


class ReformCase(msgspec.Struct, frozen=True, gc=False):
    """`agency` is empty until it is entered. `measures`: of all agencies, by the agency and the figure's Korean name, e.g.
    "gto 관리직"; `takers`: who took it over, by agency; `presentations`: by meeting, with the item of its agenda. `stamps`: since
    when each is so.
    """

    stage: ReformStage = ReformStage.UNKNOWN
    agency: str = ""
    year: int = 0
    name: LocalText | None = None
    category: facts.Category | None = None
    measures: Mapping[str, Measure] = msgspec.field(default_factory=dict)
    transfers: tuple[MovedOver, ...] = ()
    text: TextRef | None = None
    evidence: TextRef | None = None
    presentations: Mapping[str, int | None] = msgspec.field(default_factory=dict)
    takers: Mapping[str, facts.TakenOver] = msgspec.field(default_factory=dict)
    stamps: Stamps = msgspec.field(default_factory=dict)

    @property
    def results(self) -> Iterator[Bilingual]:
        """Its figures and those of who took it over, in words."""
        for agency in (self.agency, *self.takers):
            for one in self.measures_of(agency):
                said = describe_measure(one)
                yield Bilingual(f"{agency}: {said.ko}", f"{agency}: {said.en}")

    def measures_of(self, agency: str) -> tuple[Measure, ...]:
        """The agency's own figures, in the order in which they were first told."""
        return tuple(one for key, one in self.measures.items() if key.partition(" ")[0] == agency)


def evolve(case: ReformCase, fact: ReformFact, at: datetime, version: int) -> ReformCase:
    """The case after the fact."""
    stamp = (at, version)
    match fact:
        case facts.Entered():
            said = {"agency": fact.agency, "year": fact.year}
            return _say_anew(replace(case, **said), fact, fact.agency, stamp)
        case facts.Revised():
            return _say_anew(case, fact, case.agency, stamp)
        case facts.Returned():
            return with_values(case, stamp, stage=ReformStage.RETURNED)
        case facts.Confirmed():
            return with_values(case, stamp, stage=ReformStage.CONFIRMED)
        case facts.Presented():
            return replace(case, presentations={**case.presentations, fact.meeting: fact.item})
        case facts.TakenOver():
            took = replace(case, takers={**case.takers, fact.agency: fact})
            return _measure(took, fact.agency, fact.measures, stamp)
        case facts.Measured():
            return _measure(case, fact.agency, fact.measures, stamp)


def _say_anew(case: ReformCase, fact: facts.Entered | facts.Revised, agency: str, stamp: Stamp) -> ReformCase:
    """What the fact gives; its figures are all that the agency has then."""
    names = ("name", "category", "transfers", "text", "evidence")
    given: dict[str, Any] = {name: value for name in names if (value := getattr(fact, name))}
    after = with_values(case, stamp, stage=ReformStage.ENTERED, **given)
    if not fact.measures:
        return after
    kept = {_key(agency, one) for one in fact.measures}
    gone = [key for key in after.measures if key.partition(" ")[0] == agency and key not in kept]
    for key in gone:
        after = with_item(after, stamp, "measures", key, None)
    return _measure(after, agency, fact.measures, stamp)


def _measure(case: ReformCase, agency: str, measures: Iterable[Measure], stamp: Stamp) -> ReformCase:
    given = [(_key(agency, one), one) for one in measures]
    return with_values(case, stamp, None, ("measures", given))


def _key(agency: str, measure: Measure) -> str:
    return f"{agency} {measure.name.ko}"


REFORM = Fold.of("reform", ReformCase(), ReformFact, evolve)
