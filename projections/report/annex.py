"""The annex: a page a task, with what it is and its course."""

from __future__ import annotations

from domain.seoul import local_day
from projections.report.document import Section, Table, Text, Words
from projections.report.material import Material, both, cell, column, plan_of
from projections.report.tracing import Traced


def annex(m: Material) -> Section:
    said = Words("과제마다 한 쪽에 내용과 경과를 싣는다.", "Each task on a page of its own, with its course.")
    parts = tuple(_page(m, task) for task in m.tasks)
    return Section(
        "annex", Words("부록: 과제별 경과", "Annex: task by task"), (Text(said),), parts, own_page=True
    )


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
