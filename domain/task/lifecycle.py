"""The two tables of a task's life: what a fact does to its stage, and what each stage allows."""

from __future__ import annotations

from collections.abc import Mapping

from domain.task import commands as c
from domain.task.stages import Condition, Stage

DEFINITION = "donghaeng-2024/1"

# What is absent, e.g. a progress report, moves nothing; None stays in the stage the task is in.
_MOVES: Mapping[str, tuple[Stage | None, Condition]] = {
    "task.proposed": (Stage.PROPOSED, Condition.NORMAL),
    "task.revised": (None, Condition.NORMAL),
    "task.returned": (None, Condition.RETURNED),
    "task.approved": (Stage.APPROVED, Condition.NORMAL),
    "task.rejected": (Stage.REJECTED, Condition.NORMAL),
    "task.withdrawn": (Stage.WITHDRAWN, Condition.NORMAL),
    "task.started": (Stage.IN_PROGRESS, Condition.NORMAL),
    "task.suspended": (None, Condition.SUSPENDED),
    "task.resumed": (None, Condition.NORMAL),
    "task.final_report_submitted": (None, Condition.REPORTED),
    "task.evaluated": (Stage.EVALUATED, Condition.NORMAL),
    "task.discontinued": (Stage.DISCONTINUED, Condition.NORMAL),
    "task.carried_over": (Stage.CARRIED_OVER, Condition.NORMAL),
}

_ENDED_EARLY = (c.Discontinue, c.CarryOver)

_ALLOWED: Mapping[tuple[Stage, Condition], tuple[type[c.OnTask], ...]] = {
    (Stage.UNKNOWN, Condition.NORMAL): (c.Propose,),
    (Stage.PROPOSED, Condition.NORMAL): (c.Revise, c.Return, c.Approve, c.Reject, c.Withdraw),
    (Stage.PROPOSED, Condition.RETURNED): (c.Revise, c.Reject, c.Withdraw),
    (Stage.APPROVED, Condition.NORMAL): (c.Start, c.Withdraw),
    (Stage.IN_PROGRESS, Condition.NORMAL): (
        c.ReportProgress,
        c.SubmitFinalReport,
        c.Suspend,
        *_ENDED_EARLY,
    ),
    (Stage.IN_PROGRESS, Condition.SUSPENDED): (c.Resume, *_ENDED_EARLY),
    (Stage.IN_PROGRESS, Condition.REPORTED): (c.Evaluate, *_ENDED_EARLY),
    (Stage.IN_PROGRESS, Condition.RATED): (c.Evaluate, *_ENDED_EARLY),
}


def after(kind: str, stage: Stage, condition: Condition) -> tuple[Stage, Condition]:
    """Where a task stands after a fact of this kind."""
    move = _MOVES.get(kind)
    if move is None:
        return stage, condition
    return move[0] or stage, move[1]


def allowed(stage: Stage, condition: Condition) -> tuple[type[c.OnTask], ...]:
    """The commands that a task may be given now."""
    return _ALLOWED.get((stage, condition), ())
