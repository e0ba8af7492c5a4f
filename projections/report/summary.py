"""The summary: the year in a few numbers, then by area, by stage and by agency; and each of the areas with its tasks."""

from __future__ import annotations

from collections.abc import Sequence

from domain.errors import Bilingual
from domain.task.stages import Stage
from projections.fresh import tally_rows
from projections.programme_summary import (
    PROGRAMME_SUMMARY,
    WITHOUT_BUDGET,
    ProgrammeSummaryRow,
    budget_counted,
    mean_progress,
)
from projections.report.charts.progress import progress_chart
from projections.report.document import Cell, Figure, Figures, Section, Table, Text
from projections.report.report_data import ReportData, both, cell, column, mean_of, punctuality
from projections.report.tracing import Traced
from trail.english import many


def summary(m: ReportData) -> Section:
    """The year in a few numbers, with the tables and the chart that they come from."""
    return Section(
        "summary",
        Bilingual("요약", "Summary"),
        blocks=(*_paragraphs(m), _figures(m), _by_area(m), progress_chart(m), _by_stage(m), _by_agency(m)),
    )


def areas(m: ReportData) -> Section:
    """A part an area, with its figures and its tasks."""
    found = sorted({task.task.area for task in m.tasks} - m.gathered.programme.areas.keys())
    parts = tuple(_area(m, area) for area in (*m.gathered.programme.areas, *found))
    count = len(parts)
    ko = "네 분야의 과제" if count == 4 else "분야별 과제"
    en = "The four fields and their tasks" if count == 4 else "The fields and their tasks"
    return Section("areas", Bilingual(ko, en), parts=parts)


def progress_of(tasks: Sequence[Traced]) -> str | None:
    """The mean progress of the tasks whose work has begun, as the programme's summary counts it."""
    found = tally_rows(PROGRAMME_SUMMARY, {task.number: task.row for task in tasks})
    return mean_progress(ProgrammeSummaryRow(*key, *amounts) for key, amounts in found.items())


def scores_of(tasks: Sequence[Traced]) -> tuple[str | None, tuple[int, ...]]:
    """The mean score of those that were evaluated, and the facts that say so."""
    found = [task for task in tasks if task.task.score is not None]
    return mean_of(str(task.task.score) for task in found), tuple(task.since["score"] for task in found)


def plans_of(tasks: Sequence[Traced]) -> list[int]:
    """The facts that put the plans into force, of those whose budget counts."""
    return [task.since["plan"] for task in tasks if task.task.stage not in WITHOUT_BUDGET]


def progress_facts(tasks: Sequence[Traced]) -> list[int]:
    return [task.progress[-1].position if task.progress else task.standings[-1].position for task in tasks]


def stage_facts(tasks: Sequence[Traced]) -> list[int]:
    """The facts by which they came where they stand."""
    return [task.standings[-1].position for task in tasks]


def _paragraphs(m: ReportData) -> list[Text]:
    programme, count = m.gathered.programme, len(m.tasks)
    done = [task for task in m.tasks if task.task.stage is Stage.EVALUATED]
    year = m.gathered.year
    told = [
        Text(
            Bilingual(
                f"{year}년 사업의 협업과제 가운데 {count}건이 제안되었으며, {m.as_of}까지 {len(done)}건의 평가를 완료함.",
                f"Of the programme of {year}, {many(count, 'collaboration task was', 'collaboration tasks were')} proposed; by {m.as_of} {len(done)} of them were evaluated.",
            ),
            tuple(sorted({*(task.proposed for task in m.tasks), *stage_facts(done)})),
        )
    ]
    if unproposed := m.gathered.unproposed:
        names = ", ".join(unproposed)
        told.append(
            Text(
                Bilingual(
                    f"목록에 등재되었으나 {m.as_of}까지 제안되지 않은 과제는 {len(unproposed)}건임: {names}.",
                    f"On the list and not proposed by {m.as_of}: {many(len(unproposed), 'task')} ({names}).",
                ),
                tuple(sorted(unproposed.values())),
                "remark",
            )
        )
    declared = programme.declared_task_count
    if declared is not None and declared != len(m.gathered.listed):
        listed = len(m.gathered.listed)
        told.append(
            Text(
                Bilingual(
                    f"시가 발표한 과제는 {declared}건이고 그 가운데 {listed}건이 이름과 함께 목록에 등재됨. 나머지는 기록에 없어 이 보고서에 담지 않음.",
                    f"The city announced {declared} task(s) and put {listed} of them on the list by name. The others are not in the record and so not in this report.",
                ),
                tuple(sorted(m.gathered.listed.values())),
                "remark",
            )
        )
    return told


def _figures(m: ReportData) -> Figures:
    tasks, (punctual, decided) = m.tasks, punctuality(m.owed)
    score, score_facts = scores_of(tasks)
    evaluated = [task for task in tasks if task.task.stage is Stage.EVALUATED]
    leads = {task.task.lead: task.since["lead"] for task in tasks}
    return Figures(
        (
            _figure("tasks", "과제", "Tasks", len(tasks), "int", [task.proposed for task in tasks]),
            _figure(
                "agencies", "주관기관", "Lead agencies", len(leads), "int", [t.since["lead"] for t in tasks]
            ),
            _figure("budget", "예산", "Budget", budget_of(tasks), "krw", plans_of(tasks)),
            _figure(
                "progress",
                "평균 진척률",
                "Mean progress",
                progress_of(tasks),
                "percent",
                progress_facts(tasks),
            ),
            _figure("evaluated", "평가완료", "Evaluated", len(evaluated), "int", stage_facts(evaluated)),
            _figure("score", "평균 점수", "Mean score", score, "decimal", score_facts),
            _figure(
                "punctual",
                "기한 준수율",
                "Deadlines kept",
                punctual,
                "percent",
                [position for one in decided for position in one.facts],
            ),
            _figure(
                "reminders",
                "보낼 알림",
                "Reminders due",
                len(m.gathered.reminders),
                "int",
                [one.position for one in m.gathered.reminders.values()],
            ),
        )
    )


def budget_of(tasks: Sequence[Traced]) -> int:
    """Without what was rejected or withdrawn, as the programme's summary counts it."""
    return sum(budget_counted(task.row.stage, task.row.budget_krw) for task in tasks)


def _figure(identity: str, ko: str, en: str, value: object, kind: object, facts: Sequence[int]) -> Figure:
    return Figure(f"summary.{identity}", Bilingual(ko, en), value, kind, tuple(sorted(set(facts))))  # type: ignore[arg-type]


_MEASURES = (
    column("tasks", "과제", "Tasks", "int"),
    column("budget", "예산(원)", "Budget (KRW)", "krw", 2),
    column("progress", "평균 진척률", "Mean progress", "percent"),
    column("evaluated", "평가완료", "Evaluated", "int"),
    column("score", "평균 점수", "Mean score", "decimal"),
)


def measures(tasks: Sequence[Traced], of: str) -> tuple[Cell, ...]:
    """The cells under `_MEASURES`: count, budget, progress, evaluated, score; figures named after `of`."""
    score, score_facts = scores_of(tasks)
    evaluated = [task for task in tasks if task.task.stage is Stage.EVALUATED]
    return (
        cell(len(tasks), [task.proposed for task in tasks], f"{of}.tasks"),
        cell(budget_of(tasks), plans_of(tasks), f"{of}.budget"),
        cell(progress_of(tasks), progress_facts(tasks), f"{of}.progress"),
        cell(len(evaluated), stage_facts(evaluated), f"{of}.evaluated"),
        cell(score, score_facts, f"{of}.score"),
    )


def _by_area(m: ReportData) -> Table:
    rows = []
    for area in (
        *m.gathered.programme.areas,
        *sorted({t.task.area for t in m.tasks} - {*m.gathered.programme.areas}),
    ):
        rows.append(
            (cell(m.area(area)), *measures([t for t in m.tasks if t.task.area == area], f"area.{area}"))
        )
    return Table(
        "summary.by-area",
        Bilingual("분야별 현황", "By area"),
        (column("area", "분야", "Area", weight=3), *_MEASURES),
        tuple(rows),
        ((cell(Bilingual("합계", "Total")), *measures(m.tasks, "all")),),
    )


def _by_stage(m: ReportData) -> Table:
    rows = []
    if listed := m.gathered.unproposed:
        label, facts = Bilingual(Stage.LISTED.say("ko"), Stage.LISTED.say("en")), listed.values()
        count = cell(len(listed), facts, f"stage.{Stage.LISTED}.tasks")
        rows.append((cell(label), count, cell(None, figure=f"stage.{Stage.LISTED}.budget")))
    for stage in Stage:
        tasks = [task for task in m.tasks if task.task.stage is stage]
        if tasks:
            rows.append(
                (
                    cell(Bilingual(stage.say("ko"), stage.say("en"))),
                    cell(len(tasks), stage_facts(tasks), f"stage.{stage}.tasks"),
                    cell(budget_of(tasks), plans_of(tasks), f"stage.{stage}.budget"),
                )
            )
    return Table(
        "summary.by-stage",
        Bilingual("단계별 현황", "By stage"),
        (column("stage", "단계", "Stage", weight=2), _MEASURES[0], _MEASURES[1]),
        tuple(rows),
    )


def _by_agency(m: ReportData) -> Table:
    agencies = sorted({task.task.lead for task in m.tasks})
    return Table(
        "summary.by-agency",
        Bilingual("주관기관별 현황", "By lead agency"),
        (column("agency", "주관기관", "Lead agency", weight=4), *_MEASURES),
        tuple(
            (cell(m.agency(one)), *measures([t for t in m.tasks if t.task.lead == one], f"agency.{one}"))
            for one in agencies
        ),
    )


def _area(m: ReportData, area: str) -> Section:
    tasks = [task for task in m.tasks if task.task.area == area]
    if not tasks:
        none = Text(
            Bilingual("이 분야에 제안된 과제가 없음.", "No task was proposed in this field."), role="absent"
        )
        return Section(f"areas.{area}", m.area(area), (none,))
    return Section(f"areas.{area}", m.area(area), (_tasks(m, area, tasks),))


def _tasks(m: ReportData, area: str, tasks: Sequence[Traced]) -> Table:
    rows = []
    for task in tasks:
        of, state = f"task.{task.number}", task.task
        assert state.title is not None
        stage = Bilingual(state.stage.say("ko"), state.stage.say("en"))
        rows.append(
            (
                cell(task.number),
                cell(both(state.title), [task.since["title"]]),
                cell(m.agency(state.lead), [task.since["lead"]]),
                cell(stage, stage_facts([task]), f"{of}.stage"),
                cell(task.row.budget_krw, plans_of([task]), f"{of}.budget"),
                cell(task.row.progress, progress_facts([task]), f"{of}.progress"),
            )
        )
    return Table(
        f"areas.{area}.tasks",
        Bilingual(f"{m.area(area).ko}: 과제", f"{m.area(area).en}: tasks"),
        (
            column("task", "과제", "Task", weight=2),
            column("title", "과제명", "Title", weight=5),
            column("lead", "주관기관", "Lead agency", weight=4),
            column("stage", "단계", "Stage", weight=2),
            column("budget", "예산(원)", "Budget (KRW)", "krw", 3),
            column("progress", "진척률", "Progress", "percent", 2),
        ),
        tuple(rows),
    )
