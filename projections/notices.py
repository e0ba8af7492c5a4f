"""Reminders and the messages that carry them: a row each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

import msgspec
from msgspec.structs import replace

from domain.channels import SYSTEMS
from domain.fact import kinds_of
from domain.meeting.deadline_kinds import TOLD_AT_ONCE
from domain.message import state as message_state
from domain.message.facts import MessageFact
from domain.message.state import Message, MessageStage
from domain.notice import facts
from domain.notice.state import NoticeStage
from domain.streams import identity_of, stream_behind, task_stream
from domain.values import LocalText
from projections.query import Query
from projections.reading import ask, ask_column, ask_rows, ask_value
from projections.slices import AsOf
from projections.successions import successions
from projections.view import View
from store.log import Store
from store.recorded import RecordedFact


class OfNotice(msgspec.Struct, frozen=True):
    """See domain.notice.facts.Due. `kind_name`: what its definition calls the kind of deadline, where it is one of its own; `to_name`: what
    people called the position of the city's that it is for."""

    notice: str
    task: str | None
    about: str | None
    deadline: str
    item: str | None
    due: date
    days: int
    on: date
    to: str
    recipient: str
    channel: str
    agency: str | None
    stands_in_for: str | None
    late: bool
    kind_name: LocalText | None
    to_name: LocalText | None

    @property
    def stream(self) -> str:
        """Of what it reminds of."""
        return stream_behind(self.task, self.about)

    @property
    def is_told_at_once(self) -> bool:
        """Whether it waits for no week's message."""
        return self.about is not None and self.deadline in TOLD_AT_ONCE


class NoticeRow(OfNotice, frozen=True):
    """`stage`: of the notice itself; what came of it is told by its `message`."""

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


def evolve_notice(row: NoticeRow | None, recorded: RecordedFact[Any]) -> NoticeRow | None:
    """The row after a notice's fact."""
    fact = recorded.fact
    if isinstance(fact, facts.Due):
        return NoticeRow(
            notice=identity_of(recorded.stream),
            task=fact.task,
            about=fact.about,
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
            kind_name=fact.kind_name,
            to_name=fact.to_name,
            stage=NoticeStage.HELD if fact.held else NoticeStage.DUE,
        )
    if row is None:
        return None
    if isinstance(fact, facts.Acknowledged):
        return replace(row, acknowledged=True)
    message = fact.message if isinstance(fact, facts.Composed) else row.message
    return replace(row, stage=_STAGES[recorded.kind], message=message)


def evolve_message(row: MessageRow | None, recorded: RecordedFact[Any]) -> MessageRow | None:
    """The row after a message's fact; its state without the list of notices, which can be long."""
    before = Message() if row is None else row.state
    state = message_state.evolve(before, recorded.fact, recorded.known_at, recorded.version)
    if row is None:
        if state.composed is None:
            return None
        told = state.composed
        row = MessageRow(
            message=identity_of(recorded.stream),
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
    version=3,
    row=NoticeRow,
    columns={"stream": "text", "agency": "text", "stage": "text", "recipient": "text", "message": "text"},
    kinds=kinds_of(facts.NoticeFact),
    keys=lambda recorded: (identity_of(recorded.stream),),
    evolve=evolve_notice,
    reading="notices",
)
MESSAGES = View(
    name="messages",
    version=1,
    row=MessageRow,
    columns={"stage": "text", "next_try": "timestamptz", "recipient": "text"},
    kinds=kinds_of(MessageFact),
    keys=lambda recorded: (identity_of(recorded.stream),),
    evolve=evolve_message,
    reading="notices",
)

_RECIPIENTS = Query(
    "SELECT DISTINCT recipient FROM {notices} AS notice WHERE stage = 'due' "
    "AND ((row->>'due')::date <= %s OR (row->>'on')::date <= %s OR (row->>'late')::boolean "
    "OR row->>'channel' = ANY(%s) OR (row->>'about' IS NOT NULL AND row->>'deadline' = ANY(%s))) ORDER BY 1",
    NOTICES,
)
_ANY_PENDING = Query("SELECT EXISTS (SELECT FROM {notices} AS notice WHERE stage = 'due')", NOTICES)
_PENDING = Query(
    "SELECT row::text FROM {notices} AS notice WHERE stage = 'due' AND recipient = ANY(%s) "
    "ORDER BY recipient, row->>'channel', key",
    NOTICES,
)
_ABOUT = Query("SELECT row::text FROM {notices} AS notice WHERE stream = ANY(%s) ORDER BY key", NOTICES)
_IN_MESSAGES = Query(
    "SELECT row::text FROM {notices} AS notice WHERE stream = ANY(%s) AND message IS NOT NULL ORDER BY key",
    NOTICES,
)
_IN_MESSAGES_TO = Query(
    "SELECT row::text FROM {notices} AS notice WHERE recipient = %s AND message IS NOT NULL "
    "AND (row->>'due')::date >= %s ORDER BY key",
    NOTICES,
)
_MESSAGES_SINCE = Query(
    "SELECT key FROM {messages} AS message WHERE recipient = %s AND (row->>'composed_at')::bigint >= %s ORDER BY key",
    MESSAGES,
)
_MESSAGES_DUE = Query(
    "SELECT key FROM {messages} AS message LEFT JOIN donghaeng.leases ON name = key "
    "WHERE next_try <= %s AND (until IS NULL OR until < clock_timestamp()) AND row->>'channel' = ANY(%s) "
    "ORDER BY next_try, key LIMIT %s",
    MESSAGES,
)
_MESSAGES_OPEN = Query(
    "SELECT count(*) FROM {messages} AS message WHERE next_try <= %s AND row->>'channel' = ANY(%s)", MESSAGES
)
_NEXT_TRY = Query("SELECT min(next_try) FROM {messages} AS message WHERE next_try > %s", MESSAGES)
_TODAY = Query(
    "SELECT recipient || ' ' || (row->>'channel'), count(*) FROM {messages} AS message "
    "WHERE recipient = ANY(%s) AND (row->>'on')::date = %s AND stage <> 'cancelled' GROUP BY 1",
    MESSAGES,
)
# what a reminder's state can be, each with its own words: its message's where it is in one, else its own
STATES: Mapping[str, NoticeStage | MessageStage] = {
    **{str(one): one for one in MessageStage if one is not MessageStage.NOWHERE},
    **{str(one): one for one in NoticeStage if one is not NoticeStage.UNKNOWN},
}
_STATE = "CASE WHEN notice.stage = 'composed' THEN message.stage ELSE notice.stage END"
_WITH_MESSAGES = "{notices} AS notice LEFT JOIN {messages} AS message ON message.key = notice.message"
_NOTICES = Query(
    f"SELECT notice.row::text, message.row::text FROM {_WITH_MESSAGES} "
    "WHERE (%(stream)s::text IS NULL OR stream = %(stream)s) AND (%(agency)s::text[] IS NULL OR agency = ANY(%(agency)s)) "
    f"AND (%(state)s::text IS NULL OR {_STATE} = %(state)s) "
    "AND (%(notice)s::text IS NULL OR notice.key = %(notice)s) "
    "ORDER BY notice.row->>'on', stream, notice.key LIMIT %(most)s",
    NOTICES,
    MESSAGES,
)
_STATES = Query(f"SELECT {_STATE} AS state, count(*) FROM {_WITH_MESSAGES} GROUP BY 1", NOTICES, MESSAGES)


def recipients_pending(store: Store, due_by: date, on_by: date) -> list[str]:
    """Those with notices in no message yet that are due by a day, of a rung up to one, late, for a system, or of what is told at
    once.
    """
    return ask_column(store, _RECIPIENTS, (due_by, on_by, list(SYSTEMS), list(TOLD_AT_ONCE)))


def is_any_pending(store: Store) -> bool:
    """Whether there are notices that are in no message yet."""
    return bool(ask_value(store, _ANY_PENDING))


def notices_pending(store: Store, recipients: Sequence[str]) -> list[NoticeRow]:
    """Their notices that are in no message yet, by recipient and channel."""
    return ask_rows(store, NoticeRow, _PENDING, (list(recipients),))


def notices_in_messages(store: Store, streams: Sequence[str]) -> list[NoticeRow]:
    """The notices of what these streams are of that were ever put into a message."""
    return ask_rows(store, NoticeRow, _IN_MESSAGES, (list(streams),))


def notices_about(store: Store, streams: Sequence[str]) -> list[NoticeRow]:
    """All that were ever armed of what these streams are of."""
    return ask_rows(store, NoticeRow, _ABOUT, (list(streams),))


def notices_in_messages_to(store: Store, recipient: str, due_from: date) -> list[NoticeRow]:
    """Those for this recipient that were ever put into a message, of what was due on that day or later."""
    return ask_rows(store, NoticeRow, _IN_MESSAGES_TO, (recipient, due_from))


def messages_since(store: Store, recipient: str, position: int) -> list[str]:
    """The messages for this recipient that were composed at this position of the log or later."""
    return ask_column(store, _MESSAGES_SINCE, (recipient, position))


def messages_due(store: Store, now: datetime, channels: Sequence[str], most: int) -> list[str]:
    """The messages of these channels that may be tried now and that nobody is busy with."""
    return ask_column(store, _MESSAGES_DUE, (now, list(channels), most))


def messages_open(store: Store, now: datetime, channels: Sequence[str]) -> int:
    """How many messages of these channels may be tried now, or are being tried."""
    return int(ask_value(store, _MESSAGES_OPEN, (now, list(channels))))


def next_try(store: Store, after: datetime) -> datetime | None:
    """When the first message after that moment may be tried."""
    moment: datetime | None = ask_value(store, _NEXT_TRY, (after,))
    return moment


def messages_on(store: Store, recipients: Sequence[str], day: date) -> dict[str, int]:
    """How many messages there are of that day but for cancelled ones, by recipient and channel, e.g. "agency/gto mail"."""
    return dict(ask(store, _TODAY, (list(recipients), day)))


def notices(
    store: Store,
    *,
    task: str | None = None,
    about: str | None = None,
    agency: str | None = None,
    state: str | None = None,
    notice: str | None = None,
    most: int = 1000,
    at: AsOf | None = None,
) -> list[tuple[NoticeRow, MessageRow | None]]:
    """Notices with their messages, by day. `about`: of what another stream is of; `state`: of the message where there is one, else of the notice.

    `at`: of a slice of the log, here and below.
    """
    known = successions(store, at)
    whose = known.predecessors_of(agency)
    stream = about if task is None else task_stream(task)
    given = {"stream": stream, "agency": whose, "state": state, "notice": notice, "most": most}
    found = []
    for one, message in ask(store, _NOTICES, given, at):
        row = msgspec.json.decode(one, type=NoticeRow)
        found.append(
            (
                row if row.agency is None else replace(row, agency=known.answering(row.agency)),
                None if message is None else msgspec.json.decode(message, type=MessageRow),
            )
        )
    return found


def notice_states(store: Store, at: AsOf | None = None) -> dict[str, int]:
    """How many notices are in which state: of their message where they are in one, else their own."""
    return dict(ask(store, _STATES, at=at))
