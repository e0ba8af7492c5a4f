"""What people read of reminders, and of what came of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal

import msgspec
from msgspec.structs import replace

from domain.notice.refusals import NoSuchNotice
from domain.notice.state import NoticeStage
from domain.streams import message_stream, notice_stream
from domain.values import LocalText
from projections.history_line import Line
from projections.notices import MessageRow, NoticeRow, OfNotice, notice_states, notices
from projections.slices import AsOf, of_stream
from store.log import Store
from workflows.lookups import agency_names
from workflows.queries.inquiry import Inquiry
from workflows.queries.tasks import whose
from workflows.titles import Deadline, names_of_items

State = Literal["due", "held", "waiting", "sending", "sent", "failed", "unknown", "cancelled"]


class _Notice(OfNotice, frozen=True, kw_only=True):
    """A reminder of what is due `days` business days before or after `due`, and what came of it.

    `state`: of the message that it is in, else its own; `problem`, `code`: of the last attempt, of so many. `item_name`: what people
    call the item, where it has a name, as a milestone.
    """

    acknowledged: bool
    state: str
    problem: str | None
    code: int | None
    attempts: int
    next_try: datetime | None
    item_name: LocalText | None = None


class NoticeRead(_Notice, frozen=True, kw_only=True):
    """`message`: the id of the one that it is in; `person`: the recipient's name, where the reader may see it."""

    person: str | None = None

    message: str | None


class NoticeList(msgspec.Struct, frozen=True):
    """`states`: how many are in which state, where all were asked for; `more`: these are only the first."""

    notices: list[NoticeRead]
    states: Mapping[str, int]
    more: bool


class MessageRead(msgspec.Struct, frozen=True):
    """A message as it was sent, or would be."""

    id: str
    subject: str
    text: str


class NoticeShown(_Notice, frozen=True, kw_only=True):
    """With its history, and the message that it is in with that one's."""

    message: MessageRead | None
    history: list[Line]


def list_notices(
    inquiry: Inquiry,
    *,
    task: str | None = None,
    about: str | None = None,
    agency: str | None = None,
    state: State | None = None,
    most: int,
) -> NoticeList:
    """Reminders by day, `about`: of what another stream is of; of one's own agency where one is of an agency and names neither agency nor task."""
    everything = (task, about, agency, state) == (None, None, None, None)
    agency = agency or (inquiry.own_agency if task is None else None)
    at = inquiry.authorise("notices", whose(inquiry.store, agency, task), tasks=(task,))
    found = notices(inquiry.store, task=task, about=about, agency=agency, state=state, most=most, at=at)
    states = notice_states(inquiry.store, at) if everything and agency is None else {}
    persons = {row.notice: subject for row, _ in found if (subject := _person(row)) is not None}
    people = inquiry.names_of(list(persons.values()), (agency,)) if persons else {}
    read = [
        replace(one, person=people.get(persons.get(one.notice, "")))
        for one in _read_notices(inquiry.store, found, at)
    ]
    return NoticeList(read, states, len(found) == most)


def _person(row: NoticeRow) -> str | None:
    """The recipient's id, where it is a person."""
    kind, _, identity = row.recipient.partition("/")
    return identity if kind == "subject" else None


def show_notice(inquiry: Inquiry, notice: str) -> NoticeShown:
    """With the message that it is in: to a partner of the task what that one says of this reminder alone, since the others
    in it are of tasks that may be no partner's. Raises NoSuchNotice.
    """
    from workflows.letters import letter  # noqa: PLC0415 - lists render no mails and tell no history
    from workflows.telling import lines_of  # noqa: PLC0415

    store = inquiry.store
    at = inquiry.authorise("notices", **_about(store, notice))
    row, message = find_notice(store, notice, at)
    names, said = agency_names(store, at), None
    lines = lines_of(store, of_stream(store.read(notice_stream(notice)), at), inquiry.lang, names)
    if message is not None:
        facts = store.read(message_stream(message.message))
        told = [one for one in facts[0].fact.notices if one not in message.state.left_out]
        if inquiry.own_agency not in (None, row.agency):
            told = [notice]
        person = _person(row)
        known = {} if person is None else inquiry.names_of([person], (row.agency,))
        sent = letter(store, message.message, facts[0].position, told or [notice], known.get(person or ""))
        said = MessageRead(sent.message_id, sent.subject, sent.text)
        lines += lines_of(store, of_stream(facts, at), inquiry.lang, names)
    known_items = names_of_items(store, [_deadline_of(row)], at)
    return NoticeShown(**_fields(row, message, known_items), message=said, history=lines)


def _about(store: Store, notice: str) -> dict[str, Any]:
    """Whose it is; nobody's where there is no such notice, so that who may not read it is not told that."""
    found = notices(store, notice=notice)
    if not found:
        return {}
    row, _ = found[0]
    kind, _, to = row.recipient.partition("/")
    return {
        "agencies": (row.agency,) if row.task is None else (row.agency, *whose(store, None, row.task)),
        "tasks": (row.task,),
        "subjects": (to,) if kind == "subject" else (),
    }


def list_undelivered(store: Store, agency: str | None = None, at: AsOf | None = None) -> list[NoticeRead]:
    """Reminders that could not be delivered, or of which nobody knows, of all or one agency's tasks."""
    states: tuple[State, ...] = ("failed", "unknown")
    found = [pair for state in states for pair in notices(store, agency=agency, state=state, at=at)]
    return _read_notices(store, found, at)


def find_notice(store: Store, notice: str, at: AsOf | None = None) -> tuple[NoticeRow, MessageRow | None]:
    """Raises NoSuchNotice."""
    found = notices(store, notice=notice, at=at)
    if not found:
        raise NoSuchNotice(notice=notice)
    return found[0]


def _read_notices(
    store: Store, found: Sequence[tuple[NoticeRow, MessageRow | None]], at: AsOf | None
) -> list[NoticeRead]:
    names = names_of_items(store, [_deadline_of(row) for row, _ in found], at)
    return [NoticeRead(**_fields(row, message, names), message=row.message) for row, message in found]


def _deadline_of(row: NoticeRow) -> Deadline:
    return row.stream, row.deadline, row.item


def _fields(
    row: NoticeRow, message: MessageRow | None, names: Mapping[Deadline, LocalText]
) -> dict[str, Any]:
    composed = message is not None and row.stage is NoticeStage.COMPOSED
    own = {name: getattr(row, name) for name in (*OfNotice.__struct_fields__, "acknowledged")}
    return own | {
        "state": message.stage if message is not None and composed else row.stage,
        "problem": None if message is None else message.state.problem,
        "code": None if message is None else message.state.code,
        "attempts": 0 if message is None else message.state.number,
        "next_try": None if message is None else message.next_try,
        "item_name": names.get(_deadline_of(row)),
    }
