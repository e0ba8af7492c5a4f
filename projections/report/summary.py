"""The summary: the year in a few numbers, then by area, by stage and by agency; and each of the areas with its tasks."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from domain.task.stages import Stage
from projections.fresh import tallied
from projections.programme_summary import PROGRAMME_SUMMARY, ProgrammeSummaryRow
from projections.report.charts.progress import progress_chart
from projections.report.document import Cell, Figure, Figures, Section, Table, Text, Words
from projections.report.material import Material, both, cell, column, mean, rounded, share
from projections.report.tracing import Traced


def summary(m: Material) -> Section:
    """The year in a few numbers, with the tables and the chart that they come from."""
    return Section(
        "summary",
        Words("요약", "Summary"),
        blocks=(*_told(m), _figures(m), _by_area(m), progress_chart(m), _by_stage(m), _by_agency(m)),
    )


def areas(m: Material) -> Section:
    """A part an area, with its figures and its tasks."""
    found = sorted({task.task.area for task in m.tasks} - m.gathered.programme.areas.keys())
    parts = tuple(_area(m, area) for area in (*m.gathered.programme.areas, *found))
    count = len(parts)
    ko = "네 분야의 과제" if count == 4 else "분야별 과제"
    en = "The four fields and their tasks" if count == 4 else "The fields and their tasks"
    return Section("areas", Words(ko, en), parts=parts)


def progress_of(tasks: Sequence[Traced]) -> str | None:
    """The mean progress of the tasks whose work has begun, as the programme's summary counts it."""
    rows = [
        ProgrammeSummaryRow(*key, *amounts)
        for key, amounts in tallied(PROGRAMME_SUMMARY, {task.number: task.row for task in tasks}).items()
    ]
    count = sum(row.progress_count for row in rows)
    return rounded(Decimal(sum(row.progress_sum for row in rows)) / count) if count else None


def scores_of(tasks: Sequence[Traced]) -> tuple[str | None, tuple[int, ...]]:
    """The mean score of those that were evaluated, and the facts that say so."""
    found = [task for task in tasks if task.task.score is not None]
    return mean(str(task.task.score) for task in found), tuple(task.since["score"] for task in found)


def plans_of(tasks: Sequence[Traced]) -> list[int]:
    """The facts that put the plans into force."""
    return [task.since["plan"] for task in tasks]


def progress_facts(tasks: Sequence[Traced]) -> list[int]:
    return [task.progress[-1].position if task.progress else task.standings[-1].position for task in tasks]


def stage_facts(tasks: Sequence[Traced]) -> list[int]:
    """The facts by which they came where they stand."""
    return [task.standings[-1].position for task in tasks]


def _told(m: Material) -> list[Text]:
    programme, count = m.gathered.programme, len(m.tasks)
    done = [task for task in m.tasks if task.task.stage is Stage.EVALUATED]
    year = m.gathered.year
    told = [
        Text(
            Words(
                f"{year}년에 제안된 협업과제는 {count}건이며, {m.as_of}까지 {len(done)}건의 평가가 끝났다.",
                f"{count} collaboration tasks were proposed in {year}; by {m.as_of} {len(done)} of them were evaluated.",
            ),
            tuple(sorted({*(task.proposed for task in m.tasks), *stage_facts(done)})),
        )
    ]
    declared = programme.declared_task_count
    if declared is not None and declared != len(m.gathered.listed):
        listed = len(m.gathered.listed)
        told.append(
            Text(
                Words(
                    f"시가 발표한 과제는 {declared}건이고 그 가운데 {listed}건이 이름과 함께 목록에 올랐다. 나머지는 기록에 없어 이 보고서에 담지 않았다.",
                    f"The city announced {declared} tasks and put {listed} of them on the list by name. The others are not in the record and so not in this report.",
                ),
                tuple(sorted(m.gathered.listed.values())),
                "remark",
            )
        )
    return told


def _figures(m: Material) -> Figures:
    tasks, decided = m.tasks, [one for one in m.owed if one.kept or one.late]
    kept = sum(one.kept for one in decided)
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
                share(kept, len(decided)),
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
    return sum(task.row.budget_krw for task in tasks)


def _figure(identity: str, ko: str, en: str, value: object, kind: object, facts: Sequence[int]) -> Figure:
    return Figure(f"summary.{identity}", Words(ko, en), value, kind, tuple(sorted(set(facts))))  # type: ignore[arg-type]


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


def _by_area(m: Material) -> Table:
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
        Words("분야별 현황", "By area"),
        (column("area", "분야", "Area", weight=3), *_MEASURES),
        tuple(rows),
        ((cell(Words("모두", "All")), *measures(m.tasks, "all")),),
    )


def _by_stage(m: Material) -> Table:
    rows = []
    for stage in Stage:
        tasks = [task for task in m.tasks if task.task.stage is stage]
        if tasks:
            rows.append(
                (
                    cell(Words(stage.say("ko"), stage.say("en"))),
                    cell(len(tasks), stage_facts(tasks), f"stage.{stage}.tasks"),
                    cell(budget_of(tasks), plans_of(tasks), f"stage.{stage}.budget"),
                )
            )
    return Table(
        "summary.by-stage",
        Words("단계별 현황", "By stage"),
        (column("stage", "단계", "Stage", weight=2), _MEASURES[0], _MEASURES[1]),
        tuple(rows),
    )


def _by_agency(m: Material) -> Table:
    agencies = sorted({task.task.lead for task in m.tasks})
    return Table(
        "summary.by-agency",
        Words("주관기관별 현황", "By lead agency"),
        (column("agency", "주관기관", "Lead agency", weight=4), *_MEASURES),
        tuple(
            (cell(m.agency(one)), *measures([t for t in m.tasks if t.task.lead == one], f"agency.{one}"))
            for one in agencies
        ),
    )


def _area(m: Material, area: str) -> Section:
    tasks = [task for task in m.tasks if task.task.area == area]
    if not tasks:
        none = Text(
            Words("이 분야에 제안된 과제가 없다.", "No task was proposed in this field."), role="absent"
        )
        return Section(f"areas.{area}", m.area(area), (none,))
    return Section(f"areas.{area}", m.area(area), (_tasks(m, area, tasks),))


def _tasks(m: Material, area: str, tasks: Sequence[Traced]) -> Table:
    rows = []
    for task in tasks:
        of, state = f"task.{task.number}", task.task
        assert state.title is not None
        stage = Words(state.stage.say("ko"), state.stage.say("en"))
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
        Words(f"{m.area(area).ko}: 과제", f"{m.area(area).en}: tasks"),
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
