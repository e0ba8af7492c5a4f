"""What becomes of an approval line: what of the task is signed with it, and that it lapses where that changes."""

from __future__ import annotations

from operator import attrgetter
from typing import Any

from domain.aggregate import DecisionContext
from domain.errors import Bilingual
from domain.task import commands as c
from domain.task import facts
from domain.task.refusals_of_lines import NoLineOpen
from domain.task.state import Task, evolve

# all of a task that whoever signs has seen, beside what is asked for
_seen: Any = attrgetter(
    "stage", "condition", "title", "department", "lead", "partners", "plan", "pending_plan", "steps"
)
_NEVER = Bilingual("결재선 없음", "there is none")


def lapse(task: Task, fact: facts.TaskFact, context: DecisionContext) -> tuple[facts.LineLapsed, ...]:
    """That the line lapses, where the fact makes of the task what nobody has signed."""
    if task.line is None:
        return ()
    after = evolve(task, fact, context.effective_at, len(context.history) + 1)
    same = after.line is None or _seen(after) == _seen(task)
    return () if same else (facts.LineLapsed(line=task.line.number),)


def check_found(
    command: c.Sign | c.Object | c.WithdrawLine, context: DecisionContext
) -> facts.LineSigned | facts.LineObjected | facts.LineWithdrawn:
    """What the command comes to, as who gives it and the city's positions say. Refuse what nobody found."""
    if context.step is None:
        raise NoLineOpen(task=command.task, command=command.label, ended=_NEVER)
    found: facts.LineSigned | facts.LineObjected | facts.LineWithdrawn = context.step
    return found
