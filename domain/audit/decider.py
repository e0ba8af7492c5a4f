"""Every rule of audits. What findings there are is for the trail to say, not for this stream."""

from __future__ import annotations

from domain.aggregate import Aggregate, DecisionContext
from domain.audit import facts
from domain.audit import refusals as refused
from domain.audit.commands import AuditCommand, Close, Reopen, Settle
from domain.audit.state import AUDIT, Audit
from domain.limits import ref_of
from domain.programme.state import ProgrammeStage
from domain.streams import stream_under_audit
from domain.task.stages import Stage


def decide(command: AuditCommand, audit: Audit, context: DecisionContext) -> tuple[facts.AuditFact, ...]:
    """Turn a command into facts, or refuse it."""
    subject = command.subject
    match command:
        case Close():
            if audit.closed is not None:
                raise refused.AuditClosedAlready(subject=subject)
            _check_over(subject, context.others[stream_under_audit(subject)].stage)
            return (
                facts.Closed(
                    up_to=command.up_to,
                    findings=command.findings,
                    open=command.open,
                    points=tuple(map(ref_of, command.points)),
                    note=ref_of(command.note),
                ),
            )
        case Settle():
            _check_closed(subject, audit)
            if command.point not in audit.open_points:
                raise refused.NoSuchPoint(subject=subject, point=command.point, open=audit.open_points)
            return (facts.PointSettled(point=command.point, note=ref_of(command.note)),)
        case Reopen():
            _check_closed(subject, audit)
            return (facts.Reopened(),)


def _check_over(subject: str, stage: Stage | ProgrammeStage) -> None:
    if stage in (Stage.UNKNOWN, ProgrammeStage.UNKNOWN):
        raise refused.NothingToAudit(subject=subject)
    if stage is ProgrammeStage.OPEN or (isinstance(stage, Stage) and stage.is_open):
        raise refused.NotOverYet(subject=subject, stage=stage)


def _check_closed(subject: str, audit: Audit) -> None:
    if audit.closed is None:
        raise refused.AuditNotClosed(subject=subject)


def reads(command: AuditCommand, audit: Audit) -> tuple[str, ...]:
    """The task or programme, which has to be over."""
    return (stream_under_audit(command.subject),) if isinstance(command, Close) else ()


AGGREGATE = Aggregate.on(AUDIT, AuditCommand, decide, reads)
