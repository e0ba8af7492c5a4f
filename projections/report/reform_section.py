"""The reform cases that the year shared: their figures before and after, and which agencies took them over with which of their own.

A report on a year without cases has no such section.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from domain.errors import Bilingual
from domain.reform.facts import CATEGORIES, Measure
from domain.reform.state import REFORM, ReformCase, ReformStage
from domain.units import unit_label
from projections.report.document import Block, Cell, Figure, Figures, Section, Table, Text
from projections.report.report_data import ReportData, both, cell, column
from store.recorded import RecordedFact, fold_state

_TITLE = Bilingual("구조혁신 우수사례", "Reform cases")
_ABOUT = Bilingual("어림수", "about")
_UNDATED = Text(
    Bilingual(
        "수치의 기준일과 출처는 이 기록에 없는 경우 밝히지 않음.",
        "The day and source of a figure are told where the record holds them.",
    ),
    role="remark",
)


class Told(NamedTuple):
    """A case with its facts. `identity`: its id."""

    identity: str
    case: ReformCase
    facts: Sequence[RecordedFact[Any]]

    def behind(self, *kinds: str) -> list[int]:
        """The positions of its facts of these kinds."""
        return [one.position for one in self.facts if one.kind in kinds]

    def behind_measure(self, agency: str, measure: Measure) -> list[int]:
        """The positions of those that gave this figure of the agency."""
        return [
            one.position
            for one in self.facts
            if getattr(one.fact, "agency", self.case.agency) == agency
            and measure in getattr(one.fact, "measures", ())
        ]


def reform_cases(m: ReportData) -> tuple[Section, ...]:
    """Cases by their ids, where there is one."""
    told = [
        Told(identity, fold_state(REFORM, facts), facts)
        for identity, facts in sorted(m.gathered.cases.items())
    ]
    if not told:
        return ()
    blocks: tuple[Block, ...] = (
        _count(told),
        _table_of_cases(told, m),
        *_tables_of_figures(told, m),
        _UNDATED,
    )
    return (Section("reform", _TITLE, blocks),)


def _count(told: Sequence[Told]) -> Figures:
    entered = [fact for one in told for fact in one.behind("reform.entered")]
    confirmed = [one for one in told if one.case.stage is ReformStage.CONFIRMED]
    presented = [one for one in told if one.case.presentations]
    taken = [one for one in told if one.case.takers]
    return Figures(
        (
            _figure("reform.cases", "우수사례", "Reform cases", entered, len(told)),
            _figure("reform.confirmed", "시가 확인한 사례", "Confirmed by the city", _all_of(confirmed, "reform.confirmed"), len(confirmed)),
            _figure("reform.presented", "회의에서 발표한 사례", "Presented at a meeting", _all_of(presented, "reform.presented"), len(presented)),
            _figure("reform.taken_over", "다른 기관이 도입한 사례", "Taken over by others", _all_of(taken, "reform.taken_over"), len(taken)),
        )
    )  # fmt: skip


def _all_of(told: Sequence[Told], kind: str) -> list[int]:
    return [fact for one in told for fact in one.behind(kind)]


def _figure(identity: str, ko: str, en: str, facts: Sequence[int], value: int) -> Figure:
    return Figure(identity, Bilingual(ko, en), value, "int", tuple(sorted(set(facts))))


def _table_of_cases(told: Sequence[Told], m: ReportData) -> Table:
    columns = (
        column("agency", "기관", "Agency", weight=2),
        column("name", "사례", "Case", weight=3),
        column("category", "유형", "Category"),
        column("stage", "상태", "State"),
        column("presented", "발표한 회의", "Presented at"),
        column("takers", "도입 기관", "Taken over by", weight=2),
    )
    return Table("reform.all", _TITLE, columns, tuple(_row(one, m) for one in told))


def _row(one: Told, m: ReportData) -> tuple[Cell, ...]:
    case, said = one.case, one.behind("reform.entered", "reform.revised")
    stage = Bilingual(case.stage.say("ko"), case.stage.say("en"))
    takers = [m.agency(agency) for agency in case.takers]
    return (
        cell(m.agency(case.agency), said),
        cell(Bilingual(one.identity, one.identity) if case.name is None else both(case.name), said),
        cell(None if case.category is None else CATEGORIES[case.category], said),
        cell(stage, one.behind("reform.entered", "reform.returned", "reform.confirmed")),
        cell(", ".join(case.presentations) or None, one.behind("reform.presented")),
        cell(_join(takers), one.behind("reform.taken_over")),
    )


def _join(names: Sequence[Bilingual]) -> Bilingual | None:
    if not names:
        return None
    return Bilingual(", ".join(one.ko for one in names), ", ".join(one.en for one in names))


def _tables_of_figures(told: Sequence[Told], m: ReportData) -> Iterator[Table]:
    """What each agency counted: whose the cases are, and then those that took them over."""
    columns = (
        column("agency", "기관", "Agency", weight=2),
        column("case", "우수사례", "Case"),
        column("name", "수치", "Figure", weight=2),
        column("unit", "단위", "Unit"),
        column("before", "이전", "Before", "decimal"),
        column("after", "이후", "After", "decimal"),
        column("about", "비고", "Remark"),
    )
    own = [row for one in told for row in _figures_of(one, one.case.agency, m)]
    others = [row for one in told for agency in one.case.takers for row in _figures_of(one, agency, m)]
    if own:
        yield Table(
            "reform.figures", Bilingual("사례의 전후 수치", "Figures of the cases"), columns, tuple(own)
        )
    if others:
        title = Bilingual("도입한 기관의 수치", "Figures of those that took them over")
        yield Table("reform.takers", title, columns, tuple(others))


def _figures_of(one: Told, agency: str, m: ReportData) -> Iterator[tuple[Cell, ...]]:
    for number, measure in enumerate(one.case.measures_of(agency), start=1):
        facts, of = one.behind_measure(agency, measure), f"reform.{one.identity}.{agency}.{number}"
        yield (
            cell(m.agency(agency)),
            cell(one.identity),
            cell(both(measure.name), facts),
            cell(unit_label(measure.unit)),
            cell(measure.value_before, facts, f"{of}.before"),
            cell(measure.value_after, facts, f"{of}.after"),
            cell(_remark(measure), facts),
        )


def _remark(measure: Measure) -> Bilingual | None:
    """Of which days the values are, where they stand, and whether they are about so much."""
    days = " → ".join(str(one or "–") for one in (measure.before_on, measure.after_on))
    said = [] if measure.before_on is measure.after_on is None else [Bilingual(days, days)]
    if measure.approximate:
        said.append(_ABOUT)
    if measure.source is not None:
        said.append(both(measure.source))
    return _join(said)
