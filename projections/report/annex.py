"""The annex: a page a task, with what it is and its course."""

from __future__ import annotations

from domain.seoul import local_day
from projections.report.document import Section, Table, Words
from projections.report.material import Material, absent, both, cell, column, plan_of
from projections.report.tracing import Traced


def annex(m: Material) -> Section:
    """All tasks by name, then a page for each."""
    title = Words("부록: 과제별 경과", "Annex: task by task")
    if not m.tasks:
        return Section("annex", title, (absent("제안된 과제가 없다.", "No task was proposed."),))
    return Section("annex", title, (_index(m),), tuple(_page(m, task) for task in m.tasks), own_page=True)


def _index(m: Material) -> Table:
    rows = []
    for task in m.tasks:
        assert task.task.title is not None
        stage = Words(task.task.stage.say("ko"), task.task.stage.say("en"))
        rows.append(
            (cell(task.number), cell(both(task.task.title)), cell(m.agency(task.task.lead)), cell(stage))
        )
    columns = (
        column("task", "과제", "Task", weight=2),
        column("title", "과제명", "Title", weight=6),
        column("lead", "주관기관", "Lead agency", weight=5),
        column("stage", "단계", "Stage", weight=2),
    )
    return Table("annex.tasks", Words("과제 목록", "The tasks"), columns, tuple(rows))


def _page(m: Material, task: Traced) -> Section:
    state, plan, of = task.task, plan_of(task), f"task.{task.number}"
    assert state.title is not None
    partners = [m.agency(one) for one in state.partners]
    none = Words("없음", "none")
    score = [task.since["score"]] if state.score is not None else []
    rows = (
        (Words("분야", "Area"), cell(m.area(state.area))),
        (Words("주관기관", "Lead agency"), cell(m.agency(state.lead), [task.since["lead"]])),
        (
            Words("협업기관", "Partners"),
            cell(
                Words(", ".join(p.ko for p in partners), ", ".join(p.en for p in partners))
                if partners
                else none
            ),
        ),
        (Words("소관부서", "Department"), cell(both(state.department) if state.department else None)),
        (Words("계획 기간", "Planned"), cell(f"{plan.start} – {plan.end}", [task.since["plan"]])),
        (
            Words("예산", "Budget"),
            cell(Words(f"{plan.budget_krw:,}원", f"KRW {plan.budget_krw:,}"), [task.since["plan"]]),
        ),
        (
            Words("단계", "Stage"),
            cell(Words(state.stage.say("ko"), state.stage.say("en")), [task.standings[-1].position]),
        ),
        (
            Words("진척률", "Progress"),
            cell(f"{task.row.progress}%", [p.position for p in task.progress[-1:]]),
        ),
        (
            Words("평가", "Evaluation"),
            cell(
                None
                if state.score is None
                else Words(
                    f"{state.score}점, {state.grade}등급", f"{state.score} points, grade {state.grade}"
                ),
                score,
            ),
        ),
    )
    card = Table(
        f"{of}.card",
        Words("과제 개요", "The task"),
        (column("what", "항목", "What", weight=2), column("value", "내용", "Value", weight=7)),
        tuple((cell(head), value) for head, value in rows),
    )
    title = both(state.title)
    name = Words(f"{task.number} {title.ko}", f"{task.number} {title.en}")
    return Section(f"annex.{task.number}", name, (card, _timeline(m, task)), own_page=True)


def _timeline(m: Material, task: Traced) -> Table:
    """The task's history, without what is only counted again after each fact."""
    rows = tuple(
        (
            cell(local_day(one.effective_at), [one.position]),
            cell(m.lines[one.position], [one.position]),
        )
        for one in task.facts
        if one.kind != "task.deadlines_set"
    )
    return Table(
        f"task.{task.number}.timeline",
        Words("경과", "Course"),
        (column("day", "날", "Day", "date", 2), column("told", "일어난 일", "What happened", weight=9)),
        rows,
    )
