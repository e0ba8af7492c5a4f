"""The whole report from gathered facts: its sections in order, and the comparison with the year before."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import msgspec

from projections.report.annex import annex
from projections.report.document import FORMAT, Cell, Document, Provenance, Section, Table, Text, Words
from projections.report.gathering import Gathered
from projections.report.happened import corrections, decisions, deliberation, evaluation
from projections.report.material import Material, both, cell, column, material
from projections.report.phases import milestones
from projections.report.planned import planned
from projections.report.reminding import reminders
from projections.report.summary import areas, measures, summary
from store.texts import Look


class Made(msgspec.Struct, frozen=True):
    """By what and how a report is made. `as_of`: the day that was asked for, if any. `lock`, `log`: see Provenance."""

    code: str
    lock: str
    simulated: bool
    as_of: date | None = None
    log: str = ""


def compose(gathered: Gathered, texts: Look, made: Made) -> Document:
    """The year's report. `texts`: looks up what Gathered.text_refs names. Pure: the same facts, texts and code, the same document."""
    as_of = made.as_of or gathered.last_day
    m = material(gathered, texts, as_of)
    provenance = _provenance(gathered, made, as_of)
    programme, year = gathered.programme, gathered.year
    name = both(programme.name) if programme.name else Words("협업사업", "collaboration programme")
    return Document(
        format=FORMAT,
        year=year,
        title=Words(f"{year}년 {name.ko} 결산 보고서", f"{name.en}: report on the year {year}"),
        city=both(programme.city) if programme.city else Words("", ""),
        banners=_banners(provenance),
        provenance=provenance,
        sections=(
            summary(m),
            areas(m),
            planned(m),
            milestones(m),
            reminders(m),
            deliberation(m),
            decisions(m),
            evaluation(m),
            corrections(m),
            _comparison(m),
            annex(m),
        ),
    )


def _provenance(gathered: Gathered, made: Made, as_of: date) -> Provenance:
    seal, calendars = gathered.seal, dict[int, int]()
    for task in gathered.tasks.values():
        for one in task.facts:
            for used in getattr(one.fact, "calendars", ()):
                calendars[used.year] = max(used.version, calendars.get(used.year, 0))
    return Provenance(
        year=gathered.year,
        position=gathered.position,
        as_of=as_of,
        given=made.as_of is not None,
        sealed=seal.size if seal else None,
        root=seal.root if seal else None,
        definitions=tuple(sorted({task.task.definition for task in gathered.tasks.values()})),
        calendars=tuple(f"{year}/{version}" for year, version in sorted(calendars.items())),
        code=made.code,
        lock=made.lock,
        simulated=made.simulated,
        running=not gathered.closed,
        log=made.log,
    )


def _banners(provenance: Provenance) -> tuple[Words, ...]:
    found = []
    if provenance.running:
        found.append(
            Words(
                f"마감되지 않은 연도: {provenance.as_of}까지의 잠정 보고서",
                f"The year is not closed: provisional, as known on {provenance.as_of}",
            )
        )
    if provenance.simulated:
        found.append(
            Words(
                "모의 자료: 실제 실적이 아님",
                "Simulated data: not what really happened",
            )
        )
    return tuple(found)


def _comparison(m: Material) -> Section:
    title = Words("전년도와의 비교", "Compared with the year before")
    before = m.gathered.year - 1
    earlier = list(m.gathered.earlier.values())
    if not earlier:
        none = Words(
            f"{before}년의 기록이 없어 견줄 수 없다.", f"There is no record of {before} to compare with."
        )
        return Section("comparison", title, (Text(none, role="absent"),))
    names = (
        ("과제", "Tasks"),
        ("예산(원)", "Budget (KRW)"),
        ("평균 진척률(%)", "Mean progress (%)"),
        ("평가완료", "Evaluated"),
        ("평균 점수", "Mean score"),
    )
    then, now = measures(earlier, "before.all"), measures(m.tasks, "all")
    rows = tuple(
        (
            cell(Words(ko, en)),
            old,
            new,
            cell(
                _difference(old, new),
                [*old.facts, *new.facts],
                f"change.{(new.figure or '').partition('.')[2]}",
            ),
        )
        for (ko, en), old, new in zip(names, then, now, strict=True)
    )
    columns = (
        column("measure", "항목", "Measure", weight=3),
        column("before", f"{before}년", f"{before}", "decimal", 3),
        column("now", f"{m.gathered.year}년", f"{m.gathered.year}", "decimal", 3),
        column("change", "차이", "Change", "decimal", 3),
    )
    return Section("comparison", title, (Table("comparison", title, columns, rows),))


def _difference(old: Cell, new: Cell) -> int | str | None:
    if isinstance(old.value, int) and isinstance(new.value, int):
        return new.value - old.value
    if old.value is None or new.value is None:
        return None
    return str(Decimal(str(new.value)) - Decimal(str(old.value)))
