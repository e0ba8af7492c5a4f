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
from domain.streams import EPOCHS, task_of
from projections.notices import (
    NoticeRow,
    is_any_pending,
    messages_on,
    next_try,
    notices_pending,
    recipients_pending,
)
from store.log import Store
from workflows.automation.digests import digest_day
from workflows.automation.reacting import ProcessManager, Tick
from workflows.automation.rungs import Rung
from workflows.automation.sources import SOURCES
from workflows.command_envelope import CommandEnvelope
from workflows.languages import Languages
from workflows.letters import LATEST_FORM
from workflows.office_hours import calendars_of, may_write, next_opening, quiet_days_of
from workflows.recipients import Directory, Recipient
from workflows.ruling import by_rule, id_of

RULE = "reminder"
MOST_A_DAY = 4  # messages to one recipient; what comes later waits for the next business day
_RECIPIENTS = 20


class _Reminding(NamedTuple):
    """A rung of which somebody is to be told, by whom that is looked up, and until when it may have been told."""

    rung: Rung
    directory: Directory
    held_until: date | None


def _look_at_sources(tick: Tick) -> Iterator[list[_Reminding]]:
    directory = Directory(tick.store, tick.today)
    for source in SOURCES.values():
        for rungs in source.look(tick, directory):
            held_until = _day_of_restore(tick.store) if rungs else None
            yield [_Reminding(rung, directory, held_until) for rung in rungs]


def _arm(one: _Reminding, tick: Tick) -> Iterator[Sequence[CommandEnvelope]]:
    """One group: everybody is told of the rung or nobody is."""
    rung = one.rung
    held = one.held_until is not None and rung.rung.on <= one.held_until
    yield [
        _envelope_to_arm(tick, rung, to, held=held)
        for to in one.directory.recipients(rung.steps, rung.answering)
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


ARMING = ProcessManager("arming", _look_at_sources, _arm, to_people=True)
COMPOSING = ProcessManager("composing", _look_at_notices, _compose, to_people=True, composes=True)


def next_reminding(store: Store) -> datetime | None:
    """When the next notice is to be armed, or the next message tried: in office hours."""
    now = store.now()
    # in office hours what is due by now is being done; outside of them it is waiting for the next
    writing = may_write(store, now)
    after = local_day(now) if writing else date.min
    days = [day for one in SOURCES.values() if (day := one.next_rung(store, after)) is not None]
    rung = min(days, default=None)
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


def notice_about(stream: str, deadline: str, item: str | None, due: date, days: int, to: Recipient) -> str:
    """What a notice is the one of: not of which fact set it, since a deadline that goes and comes back is the same."""
    # a task by its id alone, as it was named before anything else was reminded of
    return f"{task_of(stream) or stream} {deadline} {item} {due} {days} {to.recipient} {to.channel}"


def notice_id(store: Store, about: str) -> str:
    return id_of(store.id, f"notice {about}")


def _envelope_to_arm(tick: Tick, one: Rung, to: Recipient, *, held: bool) -> CommandEnvelope:
    store, deadline = tick.store, one.deadline
    about = notice_about(one.stream, deadline.kind, deadline.item, deadline.due, one.rung.days, to)
    task = task_of(one.stream)
    command = Arm(
        notice=notice_id(store, about),
        task=task,
        about=one.stream if task is None else None,
        deadline=deadline.kind,
        item=deadline.item,
        due=deadline.due,
        since=one.since,
        days=one.rung.days,
        on=one.rung.on,
        to=to.to,
        recipient=to.recipient,
        channel=to.channel,
        agency=one.answering.agency,
        stands_in_for=to.stands_in_for,
        late=one.rung.on < tick.today and not one.at_once,
        held=held,
        was=one.was,
        letter=one.letter,
        kind_name=deadline.label,
        to_name=to.to_name,
    )
    return by_rule(
        store.id,
        command,
        rule=RULE,
        version=one.definition,
        about=f"{one.stream}#{one.since}",
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
