"""What mails of before put into their recipient's calendar and is not due so any more: the next mail puts it right.

As far as mails say it, a recipient's calendar holds what was due of a deadline when the last of them was put together that
could say so. All is asked as of the letter's own position: a second attempt says the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Literal

import msgspec

from domain.channels import Channel
from domain.lifecycle.reached import position_of
from domain.message.facts import Composed, Sent
from domain.message.state import MESSAGE, Message
from domain.streams import identity_of, message_stream, task_stream
from domain.task.facts import DeadlinesSet, HandedOver, Proposed
from domain.task.state import TASK, Task
from domain.values import Deadline, LocalText
from projections.labels import find_item_name
from projections.notices import NoticeRow, messages_since, notices_in_messages_to
from store.log import Store
from store.recorded import RecordedFact, fold_state
from workflows.feed import Entry

Key = tuple[str, str, str | None]  # task, kind, item
Life = Sequence[RecordedFact[Any]]


class Outdated(msgspec.Struct, frozen=True):
    """`PUBLISH`: it has moved, or is due again; `CANCEL`: it is due no more, or another's to meet. `entry`: as the file has it."""

    method: Literal["PUBLISH", "CANCEL"]
    entry: Entry


class _Place(msgspec.Struct, frozen=True):
    """What the calendar is held to: the last position that a mail told of, and the agency that led the task when it was first told."""

    position: int
    lead: str | None


def find_outdated(store: Store, to: Composed, at: int, forms: tuple[int, int]) -> tuple[Outdated, ...]:
    """By deadline, what the mail `to` a recipient that was composed at that position is to put right in their calendar.

    What lies before the mail's day stays as it is. `forms`: of letters, the first that brought files, and the first that put
    right what those of before had brought.
    """
    if to.channel is not Channel.MAIL:
        return ()
    told = _find_told(store, to, at, forms[0])
    if not told:
        return ()
    lives = _load_lives(store, {row.task or "" for row in told}, at)
    last = _last_correction(store, to.recipient, min(one.position for one in told.values()), at, forms[1])
    office = to.recipient.startswith("programme/")
    found = (
        _compare(lives[key[0]], key, _Place(max(position, last), lead), to.on, office=office)
        for key, (position, lead) in _first_brought(told, lives, office=office).items()
    )
    return tuple(one for one in found if one is not None)


def _find_told(store: Store, to: Composed, at: int, form: int) -> dict[NoticeRow, _SentMail]:
    """The notices for this recipient that had gone, each with its mail; of letters from this form on."""
    told = notices_in_messages_to(store, to.recipient, to.on)
    # these bring no deadline of a task along
    rows = [row for row in told if position_of(row.to) is None and row.task is not None]
    sent = _list_sent(store, {row.message for row in rows if row.message is not None}, at)
    mails = {row: sent[row.message] for row in rows if row.message in sent}
    return {row: mail for row, mail in mails.items() if mail.form >= form and row.notice in mail.notices}


def _load_lives(store: Store, tasks: Iterable[str], at: int) -> dict[str, Life]:
    """By task its facts up to that position of the log."""
    streams = store.load(sorted(map(task_stream, tasks))).streams
    return {
        identity_of(name): [one for one in facts if one.position <= at] for name, facts in streams.items()
    }


class _SentMail(msgspec.Struct, frozen=True):
    """`position`: at which it was composed."""

    position: int
    form: int
    notices: tuple[str, ...]


def _list_sent(store: Store, messages: Iterable[str], at: int) -> dict[str, _SentMail]:
    """Of these messages those that had gone out at that position, by id."""
    names = sorted(map(message_stream, messages))
    found = {}
    for name, facts in store.load(names).streams.items() if names else ():
        known = [one for one in facts if one.position <= at]
        if any(isinstance(one.fact, Sent) for one in known):
            state: Message = fold_state(MESSAGE, known)
            found[identity_of(name)] = _SentMail(known[0].position, known[0].fact.form, state.notices)
    return found


def _last_correction(store: Store, recipient: str, after: int, at: int, form: int) -> int:
    """When the last mail was composed that could put right what there was; 0: none."""
    sent = _list_sent(store, messages_since(store, recipient, after), at)
    return max((one.position for one in sent.values() if one.form >= form and one.position < at), default=0)


def _first_brought(
    told: Mapping[NoticeRow, _SentMail], lives: Mapping[str, Life], *, office: bool
) -> dict[Key, tuple[int, str | None]]:
    """By deadline: where the last mail was composed that told of it, and who led the task then; of those that are the recipient's to meet."""
    found: dict[Key, tuple[int, str | None]] = {}
    for row, mail in sorted(told.items(), key=lambda pair: pair[1].position):
        key = (row.task or "", row.deadline, row.item)
        life = lives[key[0]]
        due = _due_at(life, key, mail.position, office=office)
        if due is not None and due.due == row.due:
            found[key] = (mail.position, _lead_at(life, mail.position))
    return found


def _compare(life: Life, key: Key, held_to: _Place, on: date, *, office: bool) -> Outdated | None:
    """None where the calendar has it right, or what is wrong lies before that day."""
    now = _due_of(life, key, life[-1].position, held_to.lead, office=office)
    held = _due_of(life, key, held_to.position, held_to.lead, office=office)
    if now == held or (now and held and now.due == held.due):
        return None
    shown = now or held
    if shown is None or shown.due < on:
        return None
    return Outdated("CANCEL" if now is None else "PUBLISH", _entry(life, key, shown))


def _due_of(life: Life, key: Key, position: int, lead: str | None, *, office: bool) -> Deadline | None:
    """What was due at that position of that deadline, from whom the mail was for."""
    if not office and _lead_at(life, position) != lead:
        return None
    return _due_at(life, key, position, office=office)


def _due_at(life: Life, key: Key, position: int, *, office: bool) -> Deadline | None:
    counts = [one.fact for one in life if isinstance(one.fact, DeadlinesSet) and one.position <= position]
    return next(
        (
            one
            for one in (counts[-1].deadlines if counts else ())
            if (one.kind, one.item) == key[1:] and (one.who == "city") == office
        ),
        None,
    )


def _lead_at(life: Life, position: int) -> str | None:
    leads = [
        one.fact.lead
        for one in life
        if isinstance(one.fact, Proposed | HandedOver) and one.position <= position
    ]
    return leads[-1] if leads else None


def _entry(life: Life, key: Key, deadline: Deadline) -> Entry:
    task: Task = fold_state(TASK, life)
    known = [one.fact.definition for one in life if isinstance(one.fact, DeadlinesSet)]
    return Entry(
        key[0],
        task.title or LocalText(ko=key[0]),
        deadline,
        known[-1],
        sequence_of(life),
        find_item_name(task, deadline.item),
    )


def sequence_of(life: Life) -> int:
    """The number of the task's last fact by which anything of its deadlines may have come to be otherwise, or another's."""
    return max((one.version for one in life if isinstance(one.fact, DeadlinesSet | HandedOver)), default=0)
