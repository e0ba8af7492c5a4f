"""Judges each notice: whether it should be, when, for whom and with which words; and that none is left out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime

from scripts.random_lives.oracle.cases import Fact, Finding, bare, day_of, seoul_day
from scripts.random_lives.oracle.life import Life
from scripts.random_lives.oracle.recipients import Recipient, city_at, lead_at, recipients_of
from scripts.random_lives.oracle.rungs import Key, Opening, first_chance, is_office_hour, openings


@dataclass(frozen=True)
class Notice:
    """A notice with what became of it. `cancelled`, `composed`: the fact, where there is one."""

    armed: Fact
    key: Key
    recipient: Recipient
    cancelled: Fact | None
    held: bool
    composed: Fact | None = None

    @property
    def day(self) -> date:
        return seoul_day(self.armed.known)

    @property
    def waited(self) -> bool:
        """Whether it was in no message on its own day: who cannot be reached is known only when it goes."""
        return self.composed is None or seoul_day(self.composed.known) != self.day

    @property
    def readdressed(self) -> bool:
        return self.cancelled is not None and self.cancelled.data["why"] == "readdressed"


def read_notices(life: Life) -> list[Notice]:
    cancelled = {fact.stream: fact for fact in life.facts if fact.kind == "notice.cancelled"}
    composed = {fact.stream: fact for fact in life.facts if fact.kind == "notice.composed"}
    # what is told of meetings follows from no rule that this oracle knows
    due = [fact for fact in life.facts if fact.kind == "notice.due" and "task" in fact.data]
    return [_read(one, cancelled.get(one.stream), composed.get(one.stream)) for one in due]


def _read(fact: Fact, cancelled: Fact | None, composed: Fact | None) -> Notice:
    data = fact.data
    key = (
        bare(data["task"]),
        data["deadline"],
        data.get("item") or "",
        day_of(data["due"]),
        int(data["days"]),
    )
    recipient = data["recipient"] if "/" in data["recipient"] else f"subject/{data['recipient']}"
    return Notice(fact, key, (recipient, data["channel"]), cancelled, bool(data.get("held")), composed)


def judge_notices(life: Life) -> list[Finding]:
    notices, opened = read_notices(life), openings(life)
    by_key: dict[Key, list[Notice]] = {}
    for notice in notices:
        by_key.setdefault(notice.key, []).append(notice)
    findings = [_finding(one, text) for one in notices for text in _judge(life, one, opened, notices)]
    for key, batch in by_key.items():
        findings += _judge_batch(life, key, batch)
        findings += [_finding(one, text) for one in batch for text in _judge_cancelled(life, one, batch)]
    for key, spans in opened.items():
        findings += _judge_chance(life, key, spans, by_key.get(key, []))
    return findings


def _finding(notice: Notice, text: str) -> Finding:
    return Finding("notice", notice.key[0], notice.day.isoformat(), text, notice.armed.position)


def describe(key: Key) -> str:
    _, kind, item, due, days = key
    return f"{kind} {item}".strip() + f" due {due}, rung {days}"


def _judge(life: Life, notice: Notice, opened: dict[Key, list[Opening]], notices: list[Notice]) -> list[str]:
    told, at = describe(notice.key), notice.armed.known
    spans = [one for one in opened.get(notice.key, []) if one.span[0] <= at <= one.span[1]]
    if not spans:
        return [f"A notice of {told} was armed while no such deadline was open."]
    opening, texts = spans[-1], []
    if notice.day < opening.on:
        texts.append(f"The notice of {told} was armed before its day, {opening.on}.")
    # one that is addressed again was armed when the deadline was due on that day before it went and came back
    again = any(
        one.readdressed and one.key == notice.key and one.armed.position < notice.armed.position
        for one in notices
    )
    if opening.on < opening.begun and not again:
        texts.append(
            f"The notice of {told} is of {opening.on}, before the deadline began on {opening.begun}."
        )
    if not is_office_hour(life, at, notice.armed.position):
        texts.append(f"The notice of {told} was armed at {at.isoformat()}, outside office hours.")
    if bool(notice.armed.data.get("late")) != (notice.day > opening.on):
        texts.append(
            f"The notice of {told} says late {bool(notice.armed.data.get('late'))}; its day {opening.on}."
        )
    if day_of(notice.armed.data["on"]) != opening.on:
        texts.append(f"The notice of {told} says the day {notice.armed.data['on']}; it is {opening.on}.")
    if notice.held != _may_have_gone(life, notice, opening):
        texts.append(f"The notice of {told} says held {notice.held}; its day {opening.on}.")
    return texts + _judge_was(notice, notices)


def _may_have_gone(life: Life, notice: Notice, opening: Opening) -> bool:
    """Whether it may have gone out before the store was put back: its day is not after that of the acceptance."""
    accepted = life.find_acceptance(notice.armed.position)
    return accepted is not None and opening.on <= seoul_day(accepted.known)


def _judge_was(notice: Notice, notices: list[Notice]) -> list[str]:
    """`was`: the other due day that the last notice of the same told. Of one cancelled unsent, either is right."""
    before = [
        one
        for one in notices
        if one.key[:3] == notice.key[:3]
        and one.key != notice.key
        and one.armed.position < notice.armed.position
    ]
    told = [one for one in before if not one.cancelled or one.cancelled.position > notice.armed.position]
    due = notice.key[3]
    earlier = [one for one in before if one.armed.known < notice.armed.known]
    right = {_other(due, before), _other(due, told), _other(due, earlier), *_days_said(notice, notices)}
    was = notice.armed.data.get("was")
    if (day_of(was) if was else None) in right:
        return []
    return [f"The notice of {describe(notice.key)} says it was due {was}; the last one told {_write(right)}."]


def _days_said(notice: Notice, notices: list[Notice]) -> set[date | None]:
    """By those of the same rung that were addressed again before it: it says what they said."""
    same = [one for one in notices if one.key == notice.key and one.readdressed]
    said = [one.armed.data.get("was") for one in same if one.armed.position < notice.armed.position]
    return {day_of(one) for one in said if one}


def _other(due: date, before: list[Notice]) -> date | None:
    return before[-1].key[3] if before and before[-1].key[3] != due else None


def _write(right: set[date | None]) -> str:
    return " or ".join(sorted(str(day) if day else "the same day" for day in right))


def _judge_batch(life: Life, key: Key, batch: list[Notice]) -> list[Finding]:
    findings = []
    for day in sorted({one.day for one in batch}):
        own = [one for one in batch if one.day == day]
        before = [one for one in batch if one.day < day]
        findings += [_finding(own[0], f"{describe(key)} {text}") for text in _judge_day(life, own, before)]
        findings += _judge_twice(key, own, before)
    return findings


def _judge_day(life: Life, own: list[Notice], before: list[Notice]) -> Iterator[str]:
    """Those of one day are for exactly who is responsible then; later ones only for who took their place."""
    first = own[0]
    at = life, first.key, first.armed.position, first.armed.known
    # whether a person can be reached is known when it goes, and what is held does not go
    waited = any(one.waited for one in own)
    right = should_reach(*at, anybody=first.held or waited)
    told = {one.recipient for one in own}
    if not before:
        for who in sorted(right - told):
            yield f"should go to {who[0]} by {who[1]} and does not."
    elif not any(one.readdressed for one in before):
        yield "was armed again, having been armed before."
    passed_over = {one.recipient for one in own if one.readdressed} & should_reach(*at, anybody=True)
    for who in sorted(told - right - should_reach(*at) - passed_over):
        yield f"goes to {who[0]} by {who[1]}, who is not to be told then."


def _judge_twice(key: Key, own: list[Notice], before: list[Notice]) -> list[Finding]:
    stand = [one.recipient for one in before if not one.cancelled]
    findings = []
    for one in own:
        if one.recipient in stand:
            findings.append(_finding(one, f"{describe(key)} goes to {one.recipient[0]} a second time."))
        stand.append(one.recipient)
    return findings


def _judge_cancelled(life: Life, notice: Notice, batch: list[Notice]) -> list[str]:
    """Cancelled by rule only where the deadline went or the recipient is responsible no more."""
    fact = notice.cancelled
    if fact is None or fact.data["why"] == "person":
        return []
    if fact.data["why"] == "moved":
        if notice.key[1:4] not in life.open_deadlines(notice.key[0], fact.position):
            return []
        return [f"{describe(notice.key)} was cancelled as moved; it is due as it was."]
    right = should_reach(life, notice.key, fact.position, fact.known)
    if notice.recipient in right:
        return [f"{describe(notice.key)} was cancelled as readdressed; {notice.recipient[0]} is responsible."]
    told = {one.recipient for one in batch if one is not notice}
    return [f"{describe(notice.key)} was readdressed and not to {who[0]}." for who in sorted(right - told)]


def should_reach(
    life: Life, key: Key, position: int, at: datetime, *, anybody: bool = False
) -> set[Recipient]:
    """Exactly whom the rung reaches at that moment; or would, if everybody could be reached. One that the ladder has no more,
    since the task was moved to another version, is the planner's.
    """
    name, kind, _, _, days = key
    definition = life.definition_of(name, position)
    steps = definition.rungs_of(kind).get(days, ("planner",)) if definition else ()
    lead = lead_at(life, name, position, at)
    city = replace(city_at(life, position, at), anybody=anybody)
    return recipients_of(city, name, lead, steps) if steps else set()


def _judge_chance(life: Life, key: Key, spans: list[Opening], batch: list[Notice]) -> list[Finding]:
    """Armed on the first day on which it could be, counting the spans in which the deadline was open."""
    chances = [day for one in spans if (day := first_chance(life, one)) is not None]
    if not chances:
        return []
    first, armed = min(chances), min((one.day for one in batch), default=None)
    if armed is not None and armed <= first:
        return []
    text = f"{describe(key)} should have been armed on {first}; it was {'not' if armed is None else f'on {armed}'}."
    return [Finding("notice_left", key[0], first.isoformat(), text)]
