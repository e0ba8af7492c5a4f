"""What can happen to a reform case (구조혁신 우수사례). The kinds and fields of facts are stored for ever."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import ClassVar, Literal

from domain.errors import Bilingual
from domain.fact import Fact, Names
from domain.streams import meeting_stream
from domain.values import LocalText, TextRef, Value

Category = Literal["organisation", "function", "finance"]
CATEGORIES: Mapping[Category, Bilingual] = {
    "organisation": Bilingual("조직", "organisation"),
    "function": Bilingual("기능", "function"),
    "finance": Bilingual("재정", "finance"),
}


class Measure(Value, frozen=True):
    """A figure that the reform moved. `value_before`, `value_after`: decimal numbers, at least one of both, each with the day of
    which it is, where that is known; `approximate`: about so much; `source`: where it stands.
    """

    name: LocalText
    unit: str
    value_before: str | None = None
    value_after: str | None = None
    before_on: date | None = None
    after_on: date | None = None
    approximate: bool = False
    source: LocalText | None = None


class MovedOver(Value, frozen=True):
    """A function or facility that went from one agency to another."""

    from_agency: str
    to_agency: str
    what: Literal["function", "facility"]
    name: LocalText


class Entered(Fact, frozen=True):
    """An agency's case. `year`: of the programme under which the city shares it; `category`: absent where nothing was said of
    it; `text`: what was done; `evidence`: by what it can be seen.
    """

    kind = "reform.entered"
    agency: str
    year: int
    name: LocalText
    category: Category | None = None
    measures: tuple[Measure, ...] = ()
    transfers: tuple[MovedOver, ...] = ()
    text: TextRef | None = None
    evidence: TextRef | None = None


class Revised(Fact, frozen=True):
    """It says otherwise now what is given here; what is absent stays."""

    kind = "reform.revised"
    name: LocalText | None = None
    category: Category | None = None
    measures: tuple[Measure, ...] = ()
    transfers: tuple[MovedOver, ...] = ()
    text: TextRef | None = None
    evidence: TextRef | None = None


class Returned(Fact, frozen=True):
    """The city checked it and gave it back; the envelope's reason says why."""

    kind = "reform.returned"


class Confirmed(Fact, frozen=True):
    """The city checked it, and it is so."""

    kind = "reform.confirmed"


class Presented(Fact, frozen=True):
    """It was presented at a meeting. `item`: of its agenda."""

    kind = "reform.presented"
    leads_to: ClassVar[Names] = {"meeting": meeting_stream}
    meeting: str
    item: int | None = None


class TakenOver(Fact, frozen=True):
    """Another agency does so too. `measures`: its own figures."""

    kind = "reform.taken_over"
    agency: str
    measures: tuple[Measure, ...] = ()
    text: TextRef | None = None
    evidence: TextRef | None = None


class Measured(Fact, frozen=True):
    """Figures of the agency whose case it is, or of one that took it over; one of a name that it had before is so now."""

    kind = "reform.measured"
    agency: str
    measures: tuple[Measure, ...]


ReformFact = Entered | Revised | Returned | Confirmed | Presented | TakenOver | Measured
