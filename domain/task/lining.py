"""The commands by which an approval line (결재선) is dealt with: to sign, to object, to ask no more. Which command of a task
goes by a line, and who signs in it, the definition says."""

from __future__ import annotations

from domain.aggregate import DecisionContext
from domain.errors import Bilingual
from domain.limited import Count
from domain.roles import DEPARTMENT, HEAD, OFFICER, PLANNER
from domain.task.on_task import OnTask
from domain.task.stages import OPEN
from domain.task.state import Task


class OnLine(OnTask):
    """Of the line that is open. `line`: its number, so that nobody signs another than was seen; by default the one that is open."""

    where = OPEN
    line: Count | None = None

    @classmethod
    def fits(cls, task: Task, context: DecisionContext) -> bool:
        return task.line is not None


class Sign(OnLine):
    """The last signature carries out what was asked for, in the same append."""

    name = "task.sign"
    label = Bilingual("결재선 서명", "sign in the approval line")
    by = OFFICER | HEAD | PLANNER | DEPARTMENT
    guards = ("own_turn",)


class Object(OnLine):
    """Send it back: to who asked, or to the entry that the definition says."""

    name = "task.object"
    label = Bilingual("결재선 반려", "object in the approval line")
    by = OFFICER | HEAD | PLANNER | DEPARTMENT
    guards = ("own_turn",)
    needs_reason = True


class WithdrawLine(OnLine):
    """Only who asked may."""

    name = "task.withdraw_line"
    label = Bilingual("결재 상신 회수", "withdraw what was asked for in the approval line")
    by = OFFICER | HEAD | PLANNER | DEPARTMENT
    guards = ("own_line",)
