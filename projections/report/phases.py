"""Milestones, planned and reported, and the seasonal phases that tasks were planned in."""

from __future__ import annotations

from projections.report.document import Section, Table, Text, Words
from projections.report.material import Material, absent, both, cell, column, plan_of


def milestones(m: Material) -> Section:
    """What was to be reached by when, and the parts of the year that tasks were planned in."""
    return Section(
        "milestones",
        Words("추진일정과 계절별 단계", "Milestones and seasonal phases"),
        parts=(
            Section("milestones.reached", Words("추진일정", "Milestones"), _milestones(m)),
            Section("milestones.phases", Words("계절별 단계", "Seasonal phases"), _phases(m)),
        ),
    )


def _milestones(m: Material) -> tuple[Table | Text, ...]:
    late = {
        (one.obligation.task, one.obligation.item): one
        for one in m.owed
        if one.obligation.kind == "milestone"
    }
    rows = []
    for task in m.tasks:
        for one in plan_of(task).milestones:
            owed, reached = late.get((task.number, one.id)), task.reached.get(one.id)
            of = f"task.{task.number}.milestone.{one.id}"
            rows.append(
                (
                    cell(task.number),
                    cell(both(one.name)),
                    cell(one.due, [task.since["plan"]]),
                    cell(reached[0] if reached else None, [reached[1]] if reached else [], of),
                    cell(
                        owed.late if owed and (reached or owed.late) else None,
                        owed.facts if owed else [],
                        f"{of}.late",
                    ),
                )
            )
    if not rows:
        return (absent("계획에 추진일정이 없다.", "No plan holds a milestone."),)
    table = Table(
        "milestones.reached",
        Words("추진일정: 계획과 보고", "Milestones: planned and reported"),
        (
            column("task", "과제", "Task", weight=2),
            column("name", "추진일정", "Milestone", weight=5),
            column("due", "계획일", "Planned for", "date", 2),
            column("reached", "보고일", "Reported on", "date", 2),
            column("late", "지연(영업일)", "Late (business days)", "days", 2),
        ),
        tuple(rows),
    )
    said = Words(
        "추진일정은 달성을 알린 보고의 날에 이른 것으로 본다. 분기 보고에 담기므로 실제로는 더 일렀을 수 있다.",
        "A milestone counts as reached on the day of the report that says so. Reports come by the quarter, so it may have been earlier.",
    )
    return (table, Text(said, role="remark"))


def _phases(m: Material) -> tuple[Table | Text, ...]:
    rows = tuple(
        (cell(task.number), cell(both(one.name)), cell(one.starts, since), cell(one.ends, since))
        for task in m.tasks
        for since in [[task.since["plan"]]]
        for one in plan_of(task).phases
    )
    if not rows:
        return (absent("계절별 단계를 둔 과제가 없다.", "No task was planned in seasonal phases."),)
    columns = (
        column("task", "과제", "Task", weight=2),
        column("name", "단계", "Phase", weight=4),
        column("starts", "시작", "From", "date", 2),
        column("ends", "끝", "To", "date", 2),
    )
    return (Table("milestones.phases", Words("계절별 단계", "Seasonal phases"), columns, rows),)
