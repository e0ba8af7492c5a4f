"""The whole report from gathered facts: its sections in order."""

from __future__ import annotations

from datetime import date

import msgspec

from domain.errors import Bilingual
from projections.report.annex import annex
from projections.report.brief import brief
from projections.report.concerns import concerns
from projections.report.document import FORMAT, Document, Provenance
from projections.report.fund_section import funds
from projections.report.gathering import Gathered
from projections.report.history_sections import corrections, decisions, evaluation
from projections.report.meetings import meetings
from projections.report.own_steps import own_steps
from projections.report.phases import milestones
from projections.report.plan_section import plan_section
from projections.report.reform_section import reform_cases
from projections.report.reminding import reminders
from projections.report.report_data import both, report_data_of
from projections.report.spending import spending
from projections.report.summary import areas, summary
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
    m = report_data_of(gathered, texts, as_of)
    provenance = _provenance(gathered, made, as_of)
    programme, year = gathered.programme, gathered.year
    name = both(programme.name) if programme.name else Bilingual("협업사업", "collaboration programme")
    return Document(
        format=FORMAT,
        year=year,
        title=Bilingual(f"{year}년 {name.ko} 결산 보고서", f"{name.en}: report on the year {year}"),
        city=both(programme.city) if programme.city else Bilingual("", ""),
        banners=_banners(provenance),
        provenance=provenance,
        sections=(
            brief(m),
            summary(m),
            areas(m),
            plan_section(m),
            *spending(m),
            *funds(m),
            milestones(m),
            *own_steps(m),
            reminders(m),
            meetings(m),
            concerns(m),
            *reform_cases(m),
            decisions(m),
            evaluation(m),
            corrections(m),
            annex(m),
        ),
    )


def _provenance(gathered: Gathered, made: Made, as_of: date) -> Provenance:
    seal, calendars = gathered.seal, dict[int, int]()
    traced = [*gathered.tasks.values(), *gathered.waited_for.values()]
    for task in traced:
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
        definitions=tuple(sorted({task.task.definition for task in traced})),
        calendars=tuple(f"{year}/{version}" for year, version in sorted(calendars.items())),
        code=made.code,
        lock=made.lock,
        simulated=made.simulated,
        running=not gathered.closed,
        log=made.log,
    )


def _banners(provenance: Provenance) -> tuple[Bilingual, ...]:
    found = []
    if provenance.running:
        found.append(
            Bilingual(
                f"마감되지 않은 연도: {provenance.as_of}까지의 잠정 보고서",
                f"The year is not closed: provisional, as known on {provenance.as_of}",
            )
        )
    if provenance.simulated:
        found.append(
            Bilingual(
                "모의 자료: 실제 실적이 아님",
                "Simulated data: not what really happened",
            )
        )
    return tuple(found)
