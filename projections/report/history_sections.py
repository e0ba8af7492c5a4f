"""What was deliberated, what was returned, suspended or ended early and why, how tasks were rated, and what was corrected."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from domain.errors import Bilingual
from domain.seoul import local_day
from domain.task.stages import Stage
from projections.labels import grade_label
from projections.report.document import Block, Section, Table, Text
from projections.report.report_data import ReportData, both, cell, column
from projections.report.summary import scores_of
from projections.report.tracing import Traced
from store.recorded import RecordedFact

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


def decisions(m: ReportData) -> Section:
    """Returned and suspended tasks, those that ended early, and changed plans and leads, each with its reason."""
    return Section(
        "decisions",
        Bilingual("보완·중지·변경과 그 사유", "Returned, suspended and changed tasks, and why"),
        parts=(
            _part(
                m,
                "decisions.returned",
                Bilingual("보완 요청과 일시 중지", "Returned and suspended"),
                _DELAYS,
                Bilingual("보완을 요청받거나 중지된 과제가 없음.", "No task was returned or suspended."),
            ),
            _part(
                m,
                "decisions.ended",
                Bilingual("중단·철회·반려·이월", "Ended before evaluation"),
                _ENDS,
                Bilingual("평가 전에 끝난 과제가 없음.", "No task ended before its evaluation."),
            ),
            _part(
                m,
                "decisions.changed",
                Bilingual("계획 변경과 이관", "Changed plans and hand-overs"),
                _CHANGES,
                Bilingual("계획이나 기관이 변경된 과제가 없음.", "No task's plan or agencies changed."),
            ),
        ),
    )


def evaluation(m: ReportData) -> Section:
    """The citizens' rating, the score and the grade of each task."""
    title = Bilingual("평가", "Evaluation")
    rated = [task for task in m.tasks if task.task.score is not None or task.task.rating is not None]
    if not rated:
        none = Text(Bilingual("평가된 과제가 없음.", "No task has been evaluated yet."), role="absent")
        return Section("evaluation", title, (none,))
    return Section("evaluation", title, (_grades(m), _ratings_table(m, rated)))


def corrections(m: ReportData) -> Section:
    """What was corrected after the year was over, and what was entered late."""
    end = date(m.gathered.year, 12, 31)

    def corrected(one: RecordedFact[Any]) -> bool:
        late = one.envelope.effective_at is not None and local_day(one.effective_at) <= end
        return local_day(one.known_at) > end and (one.kind in _CORRECTIONS or late)

    blocks = _history_table(
        m, "corrections", Bilingual("연말 이후의 정정", "Corrections after the year's end"), corrected
    )
    none = Bilingual(
        f"{end}이후 정정되거나 늦게 입력된 기록이 없음.",
        f"Nothing was corrected or entered late after {end}.",
    )
    title = Bilingual("연말 이후의 정정", "Corrections made after the year's end")
    evaluated = _history_table(
        m,
        "corrections.evaluated",
        Bilingual("평가 이후의 정정", "Corrections after an evaluation"),
        lambda one: _amends(one) and not corrected(one),
    )
    return Section("corrections", title, (*(blocks or (Text(none, role="absent"),)), *evaluated))


def _amends(one: RecordedFact[Any]) -> bool:
    return one.kind == _CORRECTIONS[0] and bool(one.fact.after_evaluation)


def _part(m: ReportData, identity: str, title: Bilingual, kinds: Sequence[str], none: Bilingual) -> Section:
    blocks = _history_table(m, identity, title, lambda one: one.kind in kinds)
    return Section(identity, title, blocks or (Text(none, role="absent"),))


def _history_table(
    m: ReportData, identity: str, title: Bilingual, wanted: Callable[[RecordedFact[Any]], bool]
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
        column("day", "일자", "Day", "date", 2),
        column("told", "추진 경과와 사유", "What happened, and why", weight=9),
    )
    return (Table(identity, title, columns, rows),)


def _grades(m: ReportData) -> Table:
    rows = []
    for grade in GRADES:
        tasks = [task for task in m.tasks if task.task.grade == grade]
        score, facts = scores_of(tasks)
        rows.append(
            (
                cell(_name_grade(grade, tasks)),
                cell(len(tasks), [task.since["grade"] for task in tasks], f"grade.{grade}.tasks"),
                cell(score, facts, f"grade.{grade}.score"),
            )
        )
    score, facts = scores_of(m.tasks)
    graded = [task for task in m.tasks if task.task.stage is Stage.EVALUATED]
    total = (cell(Bilingual("합계", "Total")), cell(len(graded), facts), cell(score, facts))
    columns = (
        column("grade", "등급", "Grade"),
        column("tasks", "과제", "Tasks", "int"),
        column("score", "평균 점수", "Mean score", "decimal"),
    )
    return Table("evaluation.grades", Bilingual("등급 분포", "Grades"), columns, tuple(rows), (total,))


def _name_grade(grade: str, tasks: Sequence[Traced]) -> Bilingual | str:
    """Behind its name where all who have it were given it under one."""
    called = {task.task.grade_name for task in tasks}
    (name,) = called if len(called) == 1 else (None,)
    return grade if name is None else grade_label(grade, name)


def _ratings_table(m: ReportData, tasks: Sequence[Traced]) -> Table:
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
    return Table("evaluation.tasks", Bilingual("과제별 평가", "By task"), columns, tuple(rows))
