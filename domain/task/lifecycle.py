"""The two tables of a task's life: what a fact does to its stage, and what each stage allows."""

from __future__ import annotations

from collections.abc import Mapping

from domain.task import commands as c
from domain.task.stages import Condition, Stage

_DEFINITIONS = ((2025, "donghaeng-2024/2"), (0, "donghaeng-2024/1"))  # from which year on

# the fact that a command makes, of those that move a task
_MAKES: Mapping[type[c.OnTask], str] = {
    c.Propose: "task.proposed",
    c.Revise: "task.revised",
    c.Return: "task.returned",
    c.Approve: "task.approved",
    c.Reject: "task.rejected",
    c.Withdraw: "task.withdrawn",
    c.Start: "task.started",
    c.Suspend: "task.suspended",
    c.Resume: "task.resumed",
    c.SubmitFinalReport: "task.final_report_submitted",
    c.OpenRating: "task.rating_opened",
    c.Evaluate: "task.evaluated",
    c.Discontinue: "task.discontinued",
    c.CarryOver: "task.carried_over",
}

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
    "task.rating_opened": (None, Condition.RATED),
    "task.evaluated": (Stage.EVALUATED, Condition.NORMAL),
    "task.discontinued": (Stage.DISCONTINUED, Condition.NORMAL),
    "task.carried_over": (Stage.CARRIED_OVER, Condition.NORMAL),
}

_ENDED_EARLY = (c.Discontinue, c.CarryOver)
_CORRECTED = (c.Correct, c.CancelCorrection)
_CHANGED = (c.Replan, c.ApproveReplan, c.RefuseReplan, c.HandOver, c.AddPartner, c.ReleasePartner)
_HELD = (c.PlaceHold, c.LiftHold, c.SetDeadlines)  # in every stage, also when all is over

_ENDED = (Stage.EVALUATED, Stage.REJECTED, Stage.WITHDRAWN, Stage.DISCONTINUED, Stage.CARRIED_OVER)

_ALLOWED: Mapping[tuple[Stage, Condition], tuple[type[c.OnTask], ...]] = {
    (Stage.UNKNOWN, Condition.NORMAL): (c.Propose,),
    **{(stage, Condition.NORMAL): _HELD for stage in _ENDED},
    (Stage.EVALUATED, Condition.NORMAL): (c.CorrectEvaluated, *_HELD),
    (Stage.PROPOSED, Condition.NORMAL): (
        c.Revise,
        c.Return,
        c.Approve,
        c.Reject,
        c.Withdraw,
        c.HandOver,
        *_HELD,
    ),
    (Stage.PROPOSED, Condition.RETURNED): (c.Revise, c.Reject, c.Withdraw, c.HandOver, *_HELD),
    (Stage.APPROVED, Condition.NORMAL): (c.Start, c.Withdraw, *_CHANGED, *_HELD),
    (Stage.IN_PROGRESS, Condition.NORMAL): (
        c.ReportProgress,
        c.SubmitFinalReport,
        c.Suspend,
        *_ENDED_EARLY,
        *_CHANGED,
        *_CORRECTED,
        *_HELD,
    ),
    (Stage.IN_PROGRESS, Condition.SUSPENDED): (c.Resume, *_ENDED_EARLY, *_CHANGED, *_CORRECTED, *_HELD),
    (Stage.IN_PROGRESS, Condition.REPORTED): (
        c.OpenRating,
        c.Evaluate,
        *_ENDED_EARLY,
        c.HandOver,
        *_CORRECTED,
        *_HELD,
    ),
    (Stage.IN_PROGRESS, Condition.RATED): (
        c.Rate,
        c.Evaluate,
        *_ENDED_EARLY,
        c.HandOver,
        *_CORRECTED,
        *_HELD,
    ),
}


def after(kind: str, stage: Stage, condition: Condition) -> tuple[Stage, Condition]:
    """Where a task stands after a fact of this kind."""
    move = _MOVES.get(kind)
    if move is None:
        return stage, condition
    return move[0] or stage, move[1]


def leads_to(command: type[c.OnTask], stage: Stage, condition: Condition) -> tuple[Stage, Condition]:
    """Where a task stands after a command of this kind, which is allowed there."""
    return after(_MAKES.get(command, ""), stage, condition)


def definition_of(year: int) -> str:
    """The lifecycle definition by which a year's tasks are proposed."""
    return next(identity for first, identity in _DEFINITIONS if year >= first)


def allowed(stage: Stage, condition: Condition) -> tuple[type[c.OnTask], ...]:
    """The commands that a task may be given now."""
    return _ALLOWED.get((stage, condition), ())


def moves_stage(kind: str) -> bool:
    """Whether facts of this kind end one stage and begin another."""
    return kind in _MOVES and _MOVES[kind][0] is not None


def moves(kind: str) -> bool:
    """Whether facts of this kind bring a task to another stage or condition."""
    return kind in _MOVES
