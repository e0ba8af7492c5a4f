"""Every rule of a notice."""

from __future__ import annotations

from domain.aggregate import Aggregate, DecisionContext
from domain.message.state import MessageStage
from domain.notice import commands as c
from domain.notice import facts
from domain.notice.refusals import AcknowledgedAlready, HandedOver, NoSuchNotice, NoticeArmedAlready, NotNow
from domain.notice.state import NOTICE, Notice, NoticeStage
from domain.streams import message_stream

_GONE = (MessageStage.SENDING, MessageStage.SENT)


def decide(
    command: c.NoticeCommand, notice: Notice, context: DecisionContext
) -> tuple[facts.NoticeFact, ...]:
    """Turn a command into facts, or refuse it."""
    if isinstance(command, c.Arm):
        if notice.due is not None:
            raise NoticeArmedAlready(notice=command.notice)
        return (command.make_fact(facts.Due),)
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
            if any(message.stage in _GONE for message in context.others.values()):
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


AGGREGATE = Aggregate.on(NOTICE, c.NoticeCommand, decide, reads)
