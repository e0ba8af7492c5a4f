"""Every rule of a notice."""

from __future__ import annotations

from domain.aggregate import Aggregate, Given
from domain.message.commands import message_stream
from domain.message.state import MessageStage
from domain.notice import commands as c
from domain.notice import facts
from domain.notice.refusals import AcknowledgedAlready, HandedOver, NoSuchNotice, NoticeArmedAlready, NotNow
from domain.notice.state import Notice, NoticeStage, evolve

_GONE = (MessageStage.SENDING, MessageStage.SENT)


def decide(command: c.NoticeCommand, notice: Notice, given: Given) -> tuple[facts.NoticeFact, ...]:
    """Turn a command into facts, or refuse it."""
    if isinstance(command, c.Arm):
        if notice.due is not None:
            raise NoticeArmedAlready(notice=command.notice)
        return (_due(command),)
    if notice.due is None:
        raise NoSuchNotice(notice=command.notice)
    match command:
        case c.PutIn():
            _check(command, notice, NoticeStage.DUE)
            return (facts.Composed(message=command.message),)
        case c.Release():
            _check(command, notice, NoticeStage.HELD)
            return (facts.Released(),)
        case c.Cancel():
            _check(command, notice, NoticeStage.HELD, NoticeStage.DUE, NoticeStage.COMPOSED)
            if any(message.stage in _GONE for message in given.others.values()):
                raise HandedOver(notice=command.notice)
            return (facts.Cancelled(why=command.why),)
        case c.Acknowledge():
            _check(command, notice, NoticeStage.HELD, NoticeStage.DUE, NoticeStage.COMPOSED)
            if notice.acknowledged:
                raise AcknowledgedAlready(notice=command.notice)
            return (facts.Acknowledged(),)


def reads(command: c.NoticeCommand, notice: Notice) -> tuple[str, ...]:
    """The message it is in, lest that have gone out."""
    if isinstance(command, c.Cancel) and notice.message is not None:
        return (message_stream(notice.message),)
    return ()


def _check(command: c.NoticeCommand, notice: Notice, *allowed: NoticeStage) -> None:
    if notice.stage not in allowed:
        raise NotNow(command=command.label, notice=command.notice, stage=notice.stage)


def _due(command: c.Arm) -> facts.Due:
    return facts.Due(
        task=command.task,
        deadline=command.deadline,
        item=command.item,
        due=command.due,
        since=command.since,
        days=command.days,
        on=command.on,
        to=command.to,
        recipient=command.recipient,
        channel=command.channel,
        agency=command.agency,
        stands_in_for=command.stands_in_for,
        late=command.late,
        held=command.held,
        was=command.was,
    )


NOTICE = Aggregate(
    name="notice",
    initial=Notice(),
    facts=(facts.Due, facts.Released, facts.Composed, facts.Cancelled, facts.Acknowledged),
    commands=(c.Arm, c.PutIn, c.Release, c.Cancel, c.Acknowledge),
    decide=decide,
    evolve=evolve,
    reads=reads,
)
