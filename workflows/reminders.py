"""Reminders: which notices are due of which deadline and for whom, and which message each goes in."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby

from domain.calendar.reckoning import Calendars
from domain.epoch.commands import EPOCHS
from domain.message.commands import MOST_NOTICES, Compose
from domain.notice.commands import Arm, PutIn
from domain.seoul import SEOUL, local_day
from domain.task.commands import task_stream
from domain.values import Deadline, Rung
from projections.deadlines import DeadlinesRow, Reminding
from projections.notices import NoticeRow
from projections.reading import (
    messages_on,
    next_rung,
    next_try,
    notices_pending,
    recipients_pending,
    tasks_to_remind,
)
from store.envelope import Actor, Cause
from store.log import Store
from workflows.calendars import calendars
from workflows.definitions.model import definition
from workflows.office_hours import in_office_hours, next_opening
from workflows.order import Order
from workflows.recipients import Directory, Recipient

RULE = "reminder"
MOST_A_DAY = 4  # messages to one recipient; what comes later waits for the next business day
_SYSTEM = Actor(role="system")
_TASKS, _RECIPIENTS = 200, 20


def arming(store: Store, now: datetime | None = None) -> Iterator[list[list[Order]]]:
    """The commands that arm what is due by today: a list for each rung, to be carried out whole or not at all.

    Some hundreds at a time. Each notice's id says what it is: once. `now`: within office hours, if it is given.
    """
    now = now or _writing_moment(store)
    if now is None:
        return
    today, after = local_day(now), ""
    directory = Directory(store, today)
    while rows := tasks_to_remind(store, today, after, _TASKS):
        after, held_until = rows[-1].task, _restored_on(store)
        streams = store.load([task_stream(row.task) for row in rows]).streams
        groups: list[list[Order]] = []
        for row in rows:
            found = directory.responsible(row.task, streams[task_stream(row.task)])
            if found is None:
                continue
            by = definition(row.definition)
            for deadline, reminding, rung in row.rungs_to_arm():
                if rung.on > today:
                    continue
                steps = next(
                    (one.to for one in by.rungs(deadline.kind) if one.days == rung.days), ("planner",)
                )
                held = held_until is not None and rung.on <= held_until
                groups.append(
                    [
                        _armed(store, row, (deadline, reminding, rung), to, found.agency, today, held)
                        for to in directory.recipients(steps, found)
                    ]
                )
        yield groups


def composing(store: Store, now: datetime | None = None) -> Iterator[list[list[Order]]]:
    """The commands that put notices into messages: a list for each message, to be carried out whole or not at all.

    `now`: within office hours, if it is given.
    """
    now = now or _writing_moment(store)
    if now is None:
        return
    waiting = recipients_pending(store)
    for first in range(0, len(waiting), _RECIPIENTS):
        recipients = waiting[first : first + _RECIPIENTS]
        written = messages_on(store, recipients, local_day(now))
        groups: list[list[Order]] = []
        pending = notices_pending(store, recipients)
        for (recipient, channel), rows in groupby(pending, key=lambda row: (row.recipient, row.channel)):
            notices = list(rows)
            room = MOST_A_DAY - written.get(f"{recipient} {channel}", 0)
            for start in range(0, len(notices), MOST_NOTICES)[: max(room, 0)]:
                groups.append(_composed(store, notices[start : start + MOST_NOTICES], now))
        yield groups


def _writing_moment(store: Store) -> datetime | None:
    """The store's clock, if people may be written to."""
    now = store.now()
    return now if may_write(store, now) else None


def may_write(store: Store, now: datetime) -> bool:
    """Whether people may be written to at this moment."""
    return in_office_hours(_calendars(store, local_day(now)), now)


def next_reminding(store: Store) -> datetime | None:
    """When the next notice is to be armed, or the next message tried: in office hours."""
    now = store.now()
    # in office hours what is due by now is being done; outside of them it is waiting for the next
    writing = may_write(store, now)
    rung = next_rung(store, local_day(now) if writing else date.min)
    tried = next_try(store, now if writing else datetime.min.replace(tzinfo=UTC))
    tomorrow = datetime.combine(local_day(now) + timedelta(days=1), time(), SEOUL)
    moments = [] if rung is None else [datetime.combine(rung, time(), SEOUL)]
    if tried is not None:
        moments.append(tried)
    if recipients_pending(store):  # more than one may be sent on a day
        moments.append(tomorrow if writing else now)
    if not moments:
        return None
    first = max(min(moments), now)
    opening = next_opening(_calendars(store, local_day(first)), first)
    return opening if opening is None or opening > now else None


def _calendars(store: Store, day: date) -> Calendars:
    return calendars(store, (day.year, day.year + 1))


def _restored_on(store: Store) -> date | None:
    """The last day on which a person let a restored store go on: what was due by then may have gone out before."""
    epochs = store.read(EPOCHS)
    return local_day(epochs[-1].known_at) if epochs else None


def notice_about(task: str, deadline: str, item: str | None, due: date, days: int, to: Recipient) -> str:
    """What a notice is the one of: not of which fact set it, since a deadline that goes and comes back is the same."""
    return f"{task} {deadline} {item} {due} {days} {to.recipient} {to.channel}"


def notice_id(store: Store, about: str) -> str:
    return _id(store, f"notice {about}")


def _armed(
    store: Store,
    row: DeadlinesRow,
    what: tuple[Deadline, Reminding, Rung],
    to: Recipient,
    agency: str,
    today: date,
    held: bool,
) -> Order:
    deadline, reminding, rung = what
    about = notice_about(row.task, deadline.kind, deadline.item, deadline.due, rung.days, to)
    command = Arm(
        notice=notice_id(store, about),
        task=row.task,
        deadline=deadline.kind,
        item=deadline.item,
        due=deadline.due,
        since=reminding.since,
        days=rung.days,
        on=rung.on,
        to=to.to,
        recipient=to.recipient,
        channel=to.channel,
        agency=agency,
        stands_in_for=to.stands_in_for,
        late=rung.on < today,
        held=held,
        was=row.told_before(deadline),
    )
    cause = Cause(due=f"{task_stream(row.task)}#{reminding.since}", rule=RULE, rule_version=row.definition)
    return _order(store, command, f"arm {about}", cause)


def _composed(store: Store, rows: Sequence[NoticeRow], now: datetime) -> list[Order]:
    notices = tuple(sorted(row.notice for row in rows))
    message = _id(store, f"message {' '.join(notices)}")
    local = now.astimezone(SEOUL)
    compose = Compose(
        message=message,
        recipient=rows[0].recipient,
        channel=rows[0].channel,  # type: ignore[arg-type]
        on=local.date(),
        hour=local.hour,
        notices=notices,
    )
    orders = [_order(store, compose, f"compose {message}", _because(compose.stream))]
    return orders + [
        _order(store, PutIn(notice=one, message=message), f"put {one} in {message}", _because(compose.stream))
        for one in notices
    ]


def _because(about: str) -> Cause:
    return Cause(due=about, rule=RULE, rule_version="1")


def _order(store: Store, command: Arm | Compose | PutIn, about: str, cause: Cause) -> Order:
    return Order(
        command=command,
        actor=_SYSTEM,
        via="rule",
        authn="system",
        command_id=_id(store, about),
        cause=cause,
    )


def _id(store: Store, about: str) -> str:
    """A name-based id as of `uuid.uuid5`, made a hundred thousand at a time."""
    digest = bytearray(
        hashlib.sha1(bytes.fromhex(store.id) + about.encode(), usedforsecurity=False).digest()[:16]
    )
    digest[6], digest[8] = digest[6] & 0x0F | 0x50, digest[8] & 0x3F | 0x80
    return digest.hex()
