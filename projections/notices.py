"""Reminders and the messages that carry them: a row each."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import msgspec
from msgspec.structs import replace

from domain.message import state as message_state
from domain.message.decider import MESSAGE
from domain.message.state import Message, MessageStage
from domain.notice import facts
from domain.notice.decider import NOTICE
from domain.notice.state import NoticeStage
from projections.view import View
from store.recorded import Recorded


class NoticeRow(msgspec.Struct, frozen=True):
    """See domain.notice.facts.Due. `stage`: of the notice itself; what came of it is told by its `message`."""

    notice: str
    task: str
    deadline: str
    item: str | None
    due: date
    days: int
    on: date
    to: str
    recipient: str
    channel: str
    agency: str
    stands_in_for: str | None
    late: bool
    stage: NoticeStage
    message: str | None = None
    acknowledged: bool = False


class MessageRow(msgspec.Struct, frozen=True):
    """`composed_at`: the position of that fact. `next_try`: None where it is not to be tried."""

    message: str
    recipient: str
    channel: str
    on: date
    notices: int
    composed_at: int
    state: Message
    stage: MessageStage
    next_try: datetime | None


_STAGES = {
    facts.Released.kind: NoticeStage.DUE,
    facts.Composed.kind: NoticeStage.COMPOSED,
    facts.Cancelled.kind: NoticeStage.CANCELLED,
}


def evolve_notice(row: NoticeRow | None, recorded: Recorded[Any]) -> NoticeRow | None:
    """The row after a notice's fact."""
    fact = recorded.fact
    if isinstance(fact, facts.Due):
        return NoticeRow(
            notice=recorded.stream[7:],
            task=fact.task,
            deadline=fact.deadline,
            item=fact.item,
            due=fact.due,
            days=fact.days,
            on=fact.on,
            to=fact.to,
            recipient=fact.recipient,
            channel=fact.channel,
            agency=fact.agency,
            stands_in_for=fact.stands_in_for,
            late=fact.late,
            stage=NoticeStage.HELD if fact.held else NoticeStage.DUE,
        )
    if row is None:
        return None
    if isinstance(fact, facts.Acknowledged):
        return replace(row, acknowledged=True)
    message = fact.message if isinstance(fact, facts.Composed) else row.message
    return replace(row, stage=_STAGES[recorded.kind], message=message)


def evolve_message(row: MessageRow | None, recorded: Recorded[Any]) -> MessageRow | None:
    """The row after a message's fact; its state without the list of notices, which can be long."""
    before = Message() if row is None else row.state
    state = message_state.evolve(before, recorded.fact, recorded.known_at, recorded.version)
    if row is None:
        if state.composed is None:
            return None
        told = state.composed
        row = MessageRow(
            message=recorded.stream[8:],
            recipient=told.recipient,
            channel=told.channel,
            on=told.on,
            notices=len(told.notices),
            composed_at=recorded.position,
            state=state,
            stage=state.stage,
            next_try=state.next_try,
        )
    short = replace(state, composed=None)
    return replace(row, state=short, stage=state.stage, next_try=state.next_try)


NOTICES = View(
    name="notices",
    version=1,
    row=NoticeRow,
    columns={"task": "text", "agency": "text", "stage": "text", "recipient": "text", "message": "text"},
    kinds=frozenset(fact.kind for fact in NOTICE.facts),
    keys=lambda recorded: (recorded.stream[7:],),
    evolve=evolve_notice,
)
MESSAGES = View(
    name="messages",
    version=1,
    row=MessageRow,
    columns={"stage": "text", "next_try": "timestamptz", "recipient": "text"},
    kinds=frozenset(fact.kind for fact in MESSAGE.facts),
    keys=lambda recorded: (recorded.stream[8:],),
    evolve=evolve_message,
)
