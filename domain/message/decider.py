"""Every rule of a message."""

from __future__ import annotations

from domain.aggregate import Aggregate, DecisionContext
from domain.message import commands as c
from domain.message import facts
from domain.message.refusals import ComposedAlready, LeaseLost, MessageNotNow, NoSuchMessage
from domain.message.state import MESSAGE, MOST_ATTEMPTS, Message, MessageStage, may_have_told


def decide(
    command: c.MessageCommand, message: Message, context: DecisionContext
) -> tuple[facts.MessageFact, ...]:
    """Turn a command into facts, or refuse it."""
    if isinstance(command, c.Compose):
        if message.composed is not None:
            raise ComposedAlready(message=command.message)
        return (command.make_fact(facts.Composed),)
    if message.composed is None:
        raise NoSuchMessage(message=command.message)
    match command:
        case c.Attempt():
            if may_have_told(message, context.history):
                command = command.model_copy(update={"left_out": ()})
            return (_attempt(command, message),)
        case c.Settle():
            return (_settle(command, message),)
        case c.Cancel():
            _check(command, message, MessageStage.WAITING, MessageStage.UNKNOWN, MessageStage.FAILED)
            return (facts.Cancelled(),)
        case c.Retry():
            if message.open or message.stage not in (MessageStage.FAILED, MessageStage.UNKNOWN):
                raise MessageNotNow(command=command.label, message=command.message, stage=message.stage)
            return (facts.Retried(),)


def _attempt(command: c.Attempt, message: Message) -> facts.Attempted:
    if command.token <= message.token:
        raise LeaseLost(message=command.message)
    if not message.open or message.stage is MessageStage.SENDING:
        raise MessageNotNow(command=command.label, message=command.message, stage=message.stage)
    return facts.Attempted(
        number=message.number + 1,
        token=command.token,
        left_out=tuple(sorted({*message.left_out, *command.left_out})),
    )


def _settle(command: c.Settle, message: Message) -> facts.MessageFact:
    """Only of the attempt that is under way; or that it may have gone out before the store was restored."""
    _check_fence(command, message)
    if command.problem == "restored":
        if not message.open:
            raise MessageNotNow(command=command.label, message=command.message, stage=message.stage)
        return facts.OutcomeUnknown(attempt=message.number, problem="restored")
    if message.stage is not MessageStage.SENDING or command.number != message.number:
        raise LeaseLost(message=command.message)
    number, problem, code = command.number, command.problem or "no_answer", command.code
    match command.outcome:
        case "sent":
            return facts.Sent(attempt=number, code=code or 0)
        case "deferred" if message.attempts < MOST_ATTEMPTS:
            return facts.Deferred(attempt=number, problem=problem, code=code, later=command.later)
        case "unknown":
            return facts.OutcomeUnknown(attempt=number, problem=problem)
    return facts.Failed(attempt=number, problem=problem, code=code)


def _check_fence(command: c.Settle, message: Message) -> None:
    """Whoever took the message over has a higher token; who had it before says nothing of it any more."""
    if command.token < message.token:
        raise LeaseLost(message=command.message)


def _check(command: c.MessageCommand, message: Message, *allowed: MessageStage) -> None:
    if message.stage not in allowed:
        raise MessageNotNow(command=command.label, message=command.message, stage=message.stage)


AGGREGATE = Aggregate.on(MESSAGE, c.MessageCommand, decide)
