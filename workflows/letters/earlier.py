"""What was told before of the deadlines in a letter: on which day to whom, as it was when the letter was composed."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

import msgspec

from domain.message.facts import Sent
from domain.message.state import MESSAGE, Message
from domain.notice.facts import Due
from domain.seoul import local_day
from domain.streams import identity_of, message_stream
from domain.values import LocalText
from projections.notices import NoticeRow, notices_in_messages
from store.log import Store
from store.recorded import RecordedFact, fold_state

Key = tuple[str, str, str | None, date]


class Earlier(msgspec.Struct, frozen=True):
    """A reminder that went out `on` a day. `to`: the step of the ladder, `to_name`: what people called that position of the
    city's; `recipient`, `channel`: as the notice has them.
    """

    on: date
    to: str
    recipient: str
    channel: str
    to_name: LocalText | None = None


def key_of(one: Due | NoticeRow) -> Key:
    """Which deadline, with the day until which it is due: told of another day, it is another."""
    return one.stream, one.deadline, one.item, one.due


def find_earlier(store: Store, dues: Collection[Due], at: int) -> Mapping[Key, tuple[Earlier, ...]]:
    """By deadline of these notices: what had gone out at that position of the log.

    The same however late it is asked, though the view is asked which notices there are: what had gone had stood in it to be
    put into a message. Whether and when it went, the facts say.
    """
    keys = {key_of(due) for due in dues}
    rows = notices_in_messages(store, sorted({due.stream for due in dues}))
    told = {row.notice: row for row in rows if key_of(row) in keys}
    names = sorted({message_stream(row.message) for row in told.values() if row.message is not None})
    found: dict[Key, set[Earlier]] = {}
    for name, facts in store.load(names).streams.items() if names else ():
        for on, notice in _list_sent(facts, at):
            row = told.get(notice)
            if row is not None and row.message == identity_of(name):
                earlier = Earlier(on, row.to, row.recipient, row.channel, row.to_name)
                found.setdefault(key_of(row), set()).add(earlier)
    return {
        key: tuple(sorted(some, key=lambda one: (one.on, one.to, one.recipient, one.channel)))
        for key, some in found.items()
    }


def _list_sent(facts: Collection[RecordedFact[Any]], at: int) -> list[tuple[date, str]]:
    """The notices that a message had told by then, each with the day on which it went."""
    known = [one for one in facts if one.position <= at]
    message: Message = fold_state(MESSAGE, known)
    days = [local_day(one.known_at) for one in known if isinstance(one.fact, Sent)]
    return [(days[0], notice) for notice in message.notices] if days else []
