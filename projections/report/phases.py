"""Milestones, planned and reported, and the seasonal phases that tasks were planned in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import chain
from typing import Literal

import msgspec

from domain.errors import Bilingual
from domain.values import Milestone
from projections.report.document import Block, Cell, Figure, Figures, Section, Table, Text
from projections.report.report_data import (
    Owed,
    ReportData,
    absent,
    behind,
    both,
    cell,
    column,
    plan_of,
    share,
)
from projections.report.tracing import Traced


def milestones(m: ReportData) -> Section:
    """What was to be reached by when, and the parts of the year that tasks were planned in."""
    return Section(
        "milestones",
        Bilingual("추진일정과 계절별 단계", "Milestones and seasonal phases"),
        parts=(
            Section("milestones.reached", Bilingual("추진일정", "Milestones"), _milestones(m)),
            Section("milestones.phases", Bilingual("계절별 단계", "Seasonal phases"), _phases(m)),
        ),
    )


Came = Literal["in_time", "late", "unreported", "open", "gone"]
_CAME: dict[Came, Bilingual] = {
    "in_time": Bilingual("기한 내 보고", "Reported in time"),
    "late": Bilingual("지연 보고", "Reported late"),
    "unreported": Bilingual("미보고", "Never reported"),
    "open": Bilingual("기한 전", "Not yet due"),
    "gone": Bilingual("해당 없음", "No longer due"),
}


class PlannedMilestone(msgspec.Struct, frozen=True):
    """A milestone of the plan in force, and what came of it. `owed`: as it was due last, if it ever was."""

    task: Traced
    milestone: Milestone
    owed: Owed | None
    came: Came

    @property
    def of(self) -> str:
        return f"task.{self.task.number}.milestone.{self.milestone.id}"

    @property
    def reached(self) -> tuple[date | None, int | None]:
        """The day in Seoul of the report that says so, and its fact."""
        return self.task.reached.get(self.milestone.id, (None, None))

    @property
    def late(self) -> int | None:
        """Business days after its day; None where it is neither reached nor late."""
        return self.owed.late if self.owed and (self.came == "in_time" or self.owed.late) else None

    @property
    def facts(self) -> tuple[int, ...]:
        at = self.reached[1]
        owed = self.owed.facts if self.owed else ()
        return behind(self.task.since["plan"], *owed, *([] if at is None else [at]))


def find_milestones(m: ReportData) -> list[PlannedMilestone]:
    """Those of the plans in force, task by task."""
    owed = {
        (one.obligation.task, one.obligation.item): one
        for one in sorted(m.owed, key=lambda one: one.obligation.first)
        if one.obligation.kind == "milestone"
    }
    return [
        PlannedMilestone(task, one, mine, _came(m, task, one, mine))
        for task in m.tasks
        for one in plan_of(task).milestones
        for mine in [owed.get((task.number, one.id))]
    ]


def _came(m: ReportData, task: Traced, one: Milestone, owed: Owed | None) -> Came:
    on, _ = task.reached.get(one.id, (None, None))
    over = m.gathered.business_days(one.due, on or m.as_of) > 0 if owed is None else owed.outcome == "late"
    if on is not None:
        return "late" if over else "in_time"
    if owed is not None and owed.outcome in ("lapsed", "moved"):
        return "gone"
    if owed is None and not task.task.stage.is_open:
        return "gone"
    return "unreported" if over else "open"


def punctual_milestones(found: Sequence[PlannedMilestone]) -> tuple[str | None, list[PlannedMilestone]]:
    """The share that was reported in time of all whose day has come, also of those that nobody ever reported."""
    counted = [one for one in found if one.came in ("in_time", "late", "unreported")]
    return share(sum(one.came == "in_time" for one in counted), len(counted)), counted


def _figures(found: Sequence[PlannedMilestone]) -> Figures:
    def figure(name: str, label: Bilingual, some: Sequence[PlannedMilestone]) -> Figure:
        facts = behind(*chain.from_iterable(one.facts for one in some))
        return Figure(f"milestones.{name}", label, len(some), "int", facts)

    percent, counted = punctual_milestones(found)
    return Figures(
        (
            figure("planned", Bilingual("추진일정", "Milestones"), found),
            *(
                figure(name.replace("_", "-"), label, [one for one in found if one.came == name])
                for name, label in _CAME.items()
            ),
            Figure(
                "milestones.punctual",
                Bilingual("기한 내 보고율", "Share in time"),
                percent,
                "percent",
                behind(*chain.from_iterable(one.facts for one in counted)),
            ),
        )
    )


def _row(one: PlannedMilestone) -> tuple[Cell, ...]:
    on, at = one.reached
    return (
        cell(one.task.number),
        cell(both(one.milestone.name)),
        cell(one.milestone.due, [one.task.since["plan"]]),
        cell(on, [] if at is None else [at], one.of),
        cell(one.late, one.owed.facts if one.owed else [], f"{one.of}.late"),
        cell(_CAME[one.came], one.facts),
    )


def _milestones(m: ReportData) -> tuple[Block, ...]:
    found = find_milestones(m)
    if not found:
        return (absent("계획에 추진일정이 없음.", "No plan holds a milestone."),)
    table = Table(
        "milestones.reached",
        Bilingual("추진일정: 계획과 보고", "Milestones: planned and reported"),
        (
            column("task", "과제", "Task", weight=2),
            column("name", "추진일정", "Milestone", weight=5),
            column("due", "계획일", "Planned for", "date", 2),
            column("reached", "보고일", "Reported on", "date", 2),
            column("late", "지연(영업일)", "Late (business days)", "days", 2),
            column("came", "결과", "Outcome", weight=2),
        ),
        tuple(map(_row, found)),
    )
    said = Bilingual(
        "추진일정은 달성을 알린 보고의 날에 달성한 것으로 봄. 분기 보고에 담긴 것은 실제로는 더 일렀을 수 있음. 기한 내 보고율 = 기한 내 보고 ÷ (기한 내 보고 + 지연 보고 + 미보고). 해당 없음: 기한 전에 과제가 끝났거나 멈춤.",
        "A milestone counts as reached on the day of the report that says so; one told in a quarter's report may have been reached earlier. Share in time = in time ÷ (in time + late + never reported). No longer due: the task ended or stood still before its day.",
    )
    return (_figures(found), table, Text(said, role="remark"))


def _phases(m: ReportData) -> tuple[Table | Text, ...]:
    rows = tuple(
        (cell(task.number), cell(both(one.name)), cell(one.starts, since), cell(one.ends, since))
        for task in m.tasks
        for since in [[task.since["plan"]]]
        for one in plan_of(task).phases
    )
    if not rows:
        return (absent("계절별 단계를 둔 과제가 없음.", "No task was planned in seasonal phases."),)
    columns = (
        column("task", "과제", "Task", weight=2),
        column("name", "단계", "Phase", weight=4),
        column("starts", "시작", "From", "date", 2),
        column("ends", "종료", "To", "date", 2),
    )
    return (Table("milestones.phases", Bilingual("계절별 단계", "Seasonal phases"), columns, rows),)
