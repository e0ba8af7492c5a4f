"""What was deliberated, what was returned, suspended or ended early and why, how tasks were rated, and what was corrected."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from domain.seoul import local_day
from domain.task.stages import Stage
from projections.report.document import Block, Section, Table, Text, Words
from projections.report.material import Material, both, cell, column
from projections.report.summary import scores_of
from projections.report.tracing import Traced
from store.recorded import Recorded

_DELAYS = ("task.returned", "task.revised", "task.suspended", "task.resumed")
_ENDS = ("task.rejected", "task.withdrawn", "task.discontinued", "task.carried_over")
_CHANGES = (
    "task.replan_requested",
    "task.replanned",
    "task.replan_refused",
    "task.handed_over",
    "task.partner_added",
    "task.partner_released",
)
_CORRECTIONS = ("task.corrected", "task.correction_cancelled")
GRADES = ("S", "A", "B", "C", "D")


def deliberation(m: Material) -> Section:
    """Policy questions and meetings have no facts yet, and so nothing is told of them."""
    said = Words(
        "정책 현안의 숙의와 공공기관장 회의는 이 기록에 없다. 아래 장의 결정들은 과제마다 남은 기록이다.",
        "The record holds no deliberation of policy questions and no meetings of agency heads. The decisions in the next section are those on record task by task.",
    )
    return Section("deliberation", Words("숙의", "Deliberation"), (Text(said, role="absent"),))


def decisions(m: Material) -> Section:
    """Returned and suspended tasks, those that ended early, and changed plans and leads, each with its reason."""
    return Section(
        "decisions",
        Words("보완·중지·변경과 그 사유", "Returned, suspended and changed tasks, and why"),
        parts=(
            _part(
                m,
                "decisions.returned",
                ("보완 요청과 일시 중지", "Returned and suspended"),
                _DELAYS,
                ("보완을 요청받거나 중지된 과제가 없다.", "No task was returned or suspended."),
            ),
            _part(
                m,
                "decisions.ended",
                ("중단·철회·반려·이월", "Ended before evaluation"),
                _ENDS,
                ("평가 전에 끝난 과제가 없다.", "No task ended before its evaluation."),
            ),
            _part(
                m,
                "decisions.changed",
                ("계획 변경과 이관", "Changed plans and hand-overs"),
                _CHANGES,
                ("계획이나 기관이 바뀐 과제가 없다.", "No task's plan or agencies changed."),
            ),
        ),
    )


def evaluation(m: Material) -> Section:
    """The citizens' rating, the score and the grade of each task."""
    title = Words("평가", "Evaluation")
    rated = [task for task in m.tasks if task.task.score is not None or task.task.rating is not None]
    if not rated:
        none = Text(Words("아직 평가된 과제가 없다.", "No task has been evaluated yet."), role="absent")
        return Section("evaluation", title, (none,))
    return Section("evaluation", title, (_grades(m), _rated(m, rated)))


def corrections(m: Material) -> Section:
    """What was corrected after the year was over, and what was entered late."""
    end = date(m.gathered.year, 12, 31)

    def corrected(one: Recorded[Any]) -> bool:
        late = one.envelope.effective_at is not None and local_day(one.effective_at) <= end
        return local_day(one.known_at) > end and (one.kind in _CORRECTIONS or late)

    blocks = _told(m, "corrections", ("연말 뒤의 정정", "Corrections after the year's end"), corrected)
    none = Words(
        f"{end}이 지난 뒤에 정정되거나 늦게 입력된 기록이 없다.",
        f"Nothing was corrected or entered late after {end}.",
    )
    title = Words("연말이 지난 뒤의 정정", "Corrections made after the year's end")
    evaluated = _told(
        m, "corrections.evaluated", ("평가 뒤의 정정", "Corrections after an evaluation"), _amends
    )
    return Section("corrections", title, (*(blocks or (Text(none, role="absent"),)), *evaluated))


def _amends(one: Recorded[Any]) -> bool:
    return one.kind == _CORRECTIONS[0] and bool(one.fact.after_evaluation)


def _part(
    m: Material, identity: str, title: tuple[str, str], kinds: Sequence[str], none: tuple[str, str]
) -> Section:
    blocks = _told(m, identity, title, lambda one: one.kind in kinds)
    return Section(identity, Words(*title), blocks or (Text(Words(*none), role="absent"),))


def _told(
    m: Material, identity: str, title: tuple[str, str], wanted: Callable[[Recorded[Any]], bool]
) -> tuple[Block, ...]:
    """A row a fact, in the words of the task's history."""
    rows = tuple(
        (
            cell(task.number),
            cell(local_day(one.effective_at), [one.position]),
            cell(m.lines[one.position], [one.position], f"fact.{one.position}"),
        )
        for task in m.tasks
        for one in task.facts
        if wanted(one)
    )
    if not rows:
        return ()
    columns = (
        column("task", "과제", "Task", weight=2),
        column("day", "날", "Day", "date", 2),
        column("told", "일어난 일과 사유", "What happened, and why", weight=9),
    )
    return (Table(identity, Words(*title), columns, rows),)


def _grades(m: Material) -> Table:
    rows = []
    for grade in GRADES:
        tasks = [task for task in m.tasks if task.task.grade == grade]
        score, facts = scores_of(tasks)
        rows.append(
            (
                cell(grade),
                cell(len(tasks), [task.since["grade"] for task in tasks], f"grade.{grade}.tasks"),
                cell(score, facts, f"grade.{grade}.score"),
            )
        )
    score, facts = scores_of(m.tasks)
    graded = [task for task in m.tasks if task.task.stage is Stage.EVALUATED]
    total = (cell(Words("모두", "All")), cell(len(graded), facts), cell(score, facts))
    columns = (
        column("grade", "등급", "Grade"),
        column("tasks", "과제", "Tasks", "int"),
        column("score", "평균 점수", "Mean score", "decimal"),
    )
    return Table("evaluation.grades", Words("등급 분포", "Grades"), columns, tuple(rows), (total,))


def _rated(m: Material, tasks: Sequence[Traced]) -> Table:
    rows = []
    for task in tasks:
        of, state = f"task.{task.number}", task.task
        rating = [task.since["rating"]] if state.rating is not None else []
        score = [task.since["score"]] if state.score is not None else []
        assert state.title is not None
        rows.append(
            (
                cell(task.number),
                cell(both(state.title), [task.since["title"]]),
                cell(state.rating.score if state.rating else None, rating, f"{of}.citizens"),
                cell(state.rating.raters if state.rating else None, rating, f"{of}.raters"),
                cell(state.score, score, f"{of}.score"),
                cell(state.grade, score, f"{of}.grade"),
            )
        )
    columns = (
        column("task", "과제", "Task", weight=2),
        column("title", "과제명", "Title", weight=6),
        column("citizens", "시민 평점", "Citizens' points", "decimal", 2),
        column("raters", "평가 시민", "Citizens", "int", 2),
        column("score", "최종 점수", "Score", "decimal", 2),
        column("grade", "등급", "Grade"),
    )
    return Table("evaluation.tasks", Words("과제별 평가", "By task"), columns, tuple(rows))
