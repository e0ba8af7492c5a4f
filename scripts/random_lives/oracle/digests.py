"""Judges how reminders are put together: what presses goes on its day and takes along what waits, else once a week."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from scripts.random_lives.oracle.calendars import DAY, Calendars, NotOpenError
from scripts.random_lives.oracle.cases import Fact, Finding, bare, day_of, midnight, seoul_day
from scripts.random_lives.oracle.life import Life
from scripts.random_lives.oracle.notices import Notice, describe, read_notices
from scripts.random_lives.oracle.rungs import is_written_to, ran

A_DAY = 4  # messages to one recipient of what is due on it


@dataclass(frozen=True)
class Message:
    """`cancelled`: the fact, where nothing of it went."""

    composed: Fact
    notices: list[str]
    cancelled: Fact | None = None

    @property
    def day(self) -> date:
        return seoul_day(self.composed.known)


@dataclass
class Box:
    """What one recipient gets by mail."""

    notices: dict[str, Notice] = field(default_factory=dict)
    messages: list[Message] = field(default_factory=list)


def judge_digests(life: Life) -> list[Finding]:
    return [finding for whom, box in _boxes(life).items() for finding in _judge_box(life, whom, box)]


def _boxes(life: Life) -> dict[str, Box]:
    boxes: dict[str, Box] = {}
    for notice in read_notices(life):
        if notice.recipient[1] == "mail":
            boxes.setdefault(notice.recipient[0], Box()).notices[_plain(notice.armed.stream)] = notice
    for facts in life.streams.values():
        first = facts[0]
        if first.kind == "message.composed" and first.data["channel"] == "mail":
            boxes.setdefault(_whom(first), Box()).messages.append(_message(facts))
    for box in boxes.values():
        box.messages.sort(key=lambda one: one.composed.position)
    return boxes


def _whom(composed: Fact) -> str:
    whom = str(composed.data["recipient"])
    return whom if "/" in whom else f"subject/{whom}"


def _message(facts: list[Fact]) -> Message:
    cancelled = next((one for one in facts if one.kind == "message.cancelled"), None)
    return Message(facts[0], [_plain(one) for one in facts[0].data["notices"]], cancelled)


def _plain(name: str) -> str:
    return bare(name).replace("-", "")


def _judge_box(life: Life, whom: str, box: Box) -> Iterator[Finding]:
    for message in box.messages:
        for text in _judge_message(life, box, message):
            yield Finding("mail", whom, message.day.isoformat(), text, message.composed.position)
    composed = {name: message for message in box.messages for name in message.notices}
    for name, notice in box.notices.items():
        day = _day_it_had_to_go(life, box, notice, composed.get(name))
        if day is not None:
            text = f"{describe(notice.key)} to {whom} should have gone on {day} and waited."
            yield Finding("mail", notice.key[0], day.isoformat(), text, notice.armed.position)


def _judge_message(life: Life, box: Box, message: Message) -> Iterator[str]:
    before = _standing_before(box, message)
    told = [box.notices[one] for one in message.notices if one in box.notices]
    known = life.calendars.before(message.composed.position)
    if len(before) >= A_DAY:
        yield f"It is message {len(before) + 1} of the day; {A_DAY} are the most."
    if before:
        for one in told:
            if one.key[3] != message.day:
                yield f"It is a second message of the day with {describe(one.key)}, which is not due on it."
    elif told and not any(_presses(known, one, message.day) for one in told):
        yield f"Nothing in it presses on {message.day}: it should have waited."
    for name in sorted(_waiting_before(box, message) - {*message.notices} if not before else ()):
        yield f"{describe(box.notices[name].key)} waited for the same recipient and is not in it."


def _standing_before(box: Box, message: Message) -> list[Message]:
    """The recipient's earlier messages of that day that had not been cancelled by then."""
    at = message.composed.position
    return [
        one
        for one in box.messages
        if one.composed.position < at
        and one.day == message.day
        and not (one.cancelled and one.cancelled.position < at)
    ]


def _waiting_before(box: Box, message: Message) -> set[str]:
    """What had been armed at an earlier moment, and was neither held nor cancelled nor in a message by then."""
    at, known = message.composed.position, message.composed.known
    gone = {name for one in box.messages if one.composed.position < at for name in one.notices}
    return {
        name
        for name, one in box.notices.items()
        if one.armed.known < known
        and not one.held
        and name not in gone
        and not (one.cancelled and one.cancelled.position < at)
    }


def _presses(known: Calendars, notice: Notice, day: date) -> bool:
    if notice.armed.data.get("late"):
        return True
    try:
        return notice.key[3] <= known.rung(day, 1) or day_of(notice.armed.data["on"]) <= _week(known, day)
    except NotOpenError:
        return True


def _week(known: Calendars, day: date) -> date:
    """The first business day of its week, up to the day itself."""
    first = day - timedelta(days=day.weekday())
    while first < day and not known.is_business_day(first):
        first += DAY
    return first


def _day_it_had_to_go(life: Life, box: Box, notice: Notice, message: Message | None) -> date | None:
    """The first day on which it pressed, its recipient got no message, and the clockwork ran long enough; where it waited on."""
    if notice.held:
        return None
    ends = [fact.known for fact in (notice.cancelled, message.composed if message else None) if fact]
    last = seoul_day(min([life.until, *ends]))
    day = notice.day
    while day < last and not _had_to_go(life, box, notice, day):
        day += DAY
    return day if day < last else None


def _had_to_go(life: Life, box: Box, notice: Notice, day: date) -> bool:
    at = midnight(day) + timedelta(hours=9)
    position = life.position_at(at)
    if any(one.day == day for one in box.messages) or not is_written_to(life, day):
        return False
    begin = max(notice.armed.known, at)
    return ran(life, begin, at + timedelta(hours=9)) and _presses(
        life.calendars.before(position), notice, day
    )
