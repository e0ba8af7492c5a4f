"""Reminders: which notices are due of which deadline and for whom, and which message each goes in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from typing import NamedTuple

from domain.aggregate import Command
from domain.errors import Lang
from domain.message.commands import MOST_NOTICES, Compose
from domain.notice.commands import Arm, PutIn
from domain.seoul import SEOUL, local_day, midnight
from domain.streams import EPOCHS, task_stream
from domain.values import Deadline, ReminderStep
from projections.deadlines import next_rung, tasks_to_remind
from projections.deadlines_row import DeadlinesRow, Reminding
from projections.notices import (
    NoticeRow,
    is_any_pending,
    messages_on,
    next_try,
    notices_pending,
    recipients_pending,
)
from projections.responsible import Responsible
from store.log import Store
from workflows.automation.digests import digest_day
from workflows.automation.reacting import ProcessManager, Tick
from workflows.command_envelope import CommandEnvelope
from workflows.languages import Languages
from workflows.letters import LATEST_FORM
from workflows.office_hours import calendars_of, may_write, next_opening, quiet_days_of
from workflows.recipients import Directory, Recipient
from workflows.ruling import by_rule, id_of

RULE = "reminder"
MOST_A_DAY = 4  # messages to one recipient; what comes later waits for the next business day
_TASKS, _RECIPIENTS = 200, 20


class _Reminding(NamedTuple):
    """A task of which somebody is to be reminded, who that is, and until when what was due may have been told of."""

    row: DeadlinesRow
    found: Responsible
    directory: Directory
    held_until: date | None


def _look_at_tasks(tick: Tick) -> Iterator[list[_Reminding]]:
    store, after = tick.store, ""
    directory = Directory(store, tick.today)
    while rows := tasks_to_remind(store, tick.today, after, _TASKS):
        after, held_until = rows[-1].task, _day_of_restore(store)
        rows = [row for row in rows if task_stream(row.task) not in tick.unsettled]
        streams = store.load([task_stream(row.task) for row in rows]).streams if rows else {}
        found = [(row, directory.responsible(row.task, streams[task_stream(row.task)])) for row in rows]
        yield [_Reminding(row, who, directory, held_until) for row, who in found if who is not None]


def _arm(one: _Reminding, tick: Tick) -> Iterator[Sequence[CommandEnvelope]]:
    """A group for each rung that is due by today: everybody is told of it or nobody is."""
    by = tick.definitions.of(one.row.definition)
    for deadline, reminding, rung in one.row.steps_to_arm():
        if rung.on <= tick.today:
            steps = by.whom_to_remind(deadline.kind, rung.days)
            letter = by.letter_for(deadline.kind, rung.days)
            held = one.held_until is not None and rung.on <= one.held_until
            what = deadline, reminding, rung
            yield [
                _envelope_to_arm(tick.store, one.row, what, to, one.found.agency, tick.today, held, letter)
                for to in one.directory.recipients(steps, one.found)
            ]


class _Waiting(NamedTuple):
    """A recipient's notices by one channel that go now, how many messages there may still be today, and their language."""

    notices: Sequence[NoticeRow]
    room: int
    lang: Lang


def _look_at_notices(tick: Tick) -> Iterator[list[_Waiting]]:
    digest = digest_day(tick.store, tick.today)
    waiting = recipients_pending(tick.store, digest.due_by, digest.week_begins)
    for first in range(0, len(waiting), _RECIPIENTS):
        recipients = waiting[first : first + _RECIPIENTS]
        written = messages_on(tick.store, recipients, tick.today)
        pending = notices_pending(tick.store, recipients)
        languages = Languages(tick.store, pending)
        found = []
        for (recipient, channel), rows in groupby(pending, key=lambda row: (row.recipient, row.channel)):
            already = written.get(f"{recipient} {channel}", 0)
            if going := digest.choose(list(rows), already):
                found.append(_Waiting(going, max(MOST_A_DAY - already, 0), languages.of(going[0])))
        yield found


def _compose(one: _Waiting, tick: Tick) -> Iterator[Sequence[CommandEnvelope]]:
    """A group for each message."""
    for start in range(0, len(one.notices), MOST_NOTICES)[: one.room]:
        some = one.notices[start : start + MOST_NOTICES]
        yield _envelopes_to_compose(tick.store, some, tick.now, one.lang)


ARMING = ProcessManager("arming", _look_at_tasks, _arm, to_people=True)
COMPOSING = ProcessManager("composing", _look_at_notices, _compose, to_people=True, composes=True)


def next_reminding(store: Store) -> datetime | None:
    """When the next notice is to be armed, or the next message tried: in office hours."""
    now = store.now()
    # in office hours what is due by now is being done; outside of them it is waiting for the next
    writing = may_write(store, now)
    rung = next_rung(store, local_day(now) if writing else date.min)
    tried = next_try(store, now if writing else datetime.min.replace(tzinfo=UTC))
    tomorrow = midnight(local_day(now) + timedelta(days=1))
    moments = [] if rung is None else [midnight(rung)]
    if tried is not None:
        moments.append(tried)
    if is_any_pending(store):  # what waits is looked at each day
        moments.append(tomorrow if writing else now)
    if not moments:
        return None
    first = max(min(moments), now)
    opening = next_opening(calendars_of(store, local_day(first)), first, quiet_days_of(store))
    return opening if opening is None or opening > now else None


def _day_of_restore(store: Store) -> date | None:
    """The last day on which a person let a restored store go on: what was due by then may have gone out before."""
    epochs = store.read(EPOCHS)
    return local_day(epochs[-1].known_at) if epochs else None


def notice_about(task: str, deadline: str, item: str | None, due: date, days: int, to: Recipient) -> str:
    """What a notice is the one of: not of which fact set it, since a deadline that goes and comes back is the same."""
    return f"{task} {deadline} {item} {due} {days} {to.recipient} {to.channel}"


def notice_id(store: Store, about: str) -> str:
    return id_of(store.id, f"notice {about}")


def _envelope_to_arm(
    store: Store,
    row: DeadlinesRow,
    what: tuple[Deadline, Reminding, ReminderStep],
    to: Recipient,
    agency: str,
    today: date,
    held: bool,
    letter: str | None,
) -> CommandEnvelope:
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
        was=row.day_told_before(deadline),
        letter=letter,
        kind_name=deadline.label,
        to_name=to.to_name,
    )
    return by_rule(
        store.id,
        command,
        rule=RULE,
        version=row.definition,
        about=f"{task_stream(row.task)}#{reminding.since}",
        named=f"arm {about}",
    )


def _envelopes_to_compose(
    store: Store, rows: Sequence[NoticeRow], now: datetime, lang: Lang
) -> list[CommandEnvelope]:
    notices = tuple(sorted(row.notice for row in rows))
    message = id_of(store.id, f"message {' '.join(notices)}")
    local = now.astimezone(SEOUL)
    compose = Compose(
        message=message,
        recipient=rows[0].recipient,
        channel=rows[0].channel,  # type: ignore[arg-type]
        on=local.date(),
        hour=local.hour,
        notices=notices,
        form=LATEST_FORM,
        lang=lang,
    )
    named: list[tuple[Command, str]] = [(compose, f"compose {message}")]
    named += [(PutIn(notice=one, message=message), f"put {one} in {message}") for one in notices]
    return [
        by_rule(store.id, command, rule=RULE, version="1", about=compose.stream, named=name)
        for command, name in named
    ]
