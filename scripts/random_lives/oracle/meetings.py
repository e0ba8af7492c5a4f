"""Judges meetings: who was there and voted when something was decided, what decisions carried out, and which are open."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime

from scripts.random_lives.oracle.calendars import NotOpenError
from scripts.random_lives.oracle.cases import Fact, Finding, day_of, seoul_day
from scripts.random_lives.oracle.life import Life

DECIDED, DONE = "meeting.decided", "meeting.decision_done"
_SHARE = re.compile(r"(more than )?(\d+)/(\d+)")
Open = tuple[
    str, int, str, str
]  # meeting, decision, who carries it out ("" the city), until when ("" where nobody said)


def suffices(share: str, of: int) -> int:
    """How many of so many; of nobody, nobody."""
    found = _SHARE.fullmatch(share)
    assert found is not None, share
    part, whole = int(found[2]), int(found[3])
    least = next(many for many in range(of + 1) if many * whole >= of * part)
    return least + 1 if found[1] and least * whole == of * part and of else least


def open_decisions(facts: Iterable[Fact]) -> set[Open]:
    """Of these facts, what was decided, did not carry itself out, and is not done."""
    own = list(facts)
    done = {(f.stream, f.data["decision"]) for f in own if f.kind == DONE}
    return {
        (f.stream.partition("/")[2], f.data["decision"], f.data.get("agency") or "", f.data.get("due") or "")
        for f in own
        if f.kind == DECIDED and (f.stream, f.data["decision"]) not in done and not f.data.get("carried_out")
    }


def when_decided(facts: Iterable[Fact], number: int) -> datetime:
    """The end of time for what was never decided."""
    never = datetime.max.replace(tzinfo=UTC)
    return next((f.so for f in facts if f.kind == DECIDED and f.data["decision"] == number), never)


def judge_meetings(life: Life) -> list[Finding]:
    findings = []
    for name, facts in life.streams.items():
        if name.startswith("meeting/"):
            for number, fact in enumerate(facts):
                day = str(seoul_day(fact.known))
                said = _judge(life, facts[:number], fact)
                findings += [Finding("meeting", name, day, text, fact.position) for text in said]
    return findings + list(_judge_causes(life))


def _judge(life: Life, before: list[Fact], fact: Fact) -> Iterator[str]:
    kinds = [f.kind for f in before]
    match fact.kind:
        case "meeting.item_added":
            yield from _judge_item(life, before, fact)
        case "meeting.decided" | "meeting.voted_down":
            if "meeting.opened" not in kinds or "meeting.closed" in kinds:
                yield "Something was decided while the meeting did not sit."
            else:
                yield from _judge_decided(life, before, fact)
        case "meeting.decision_done":
            open_then = {number for _, number, *_ in open_decisions(before)}
            if fact.data["decision"] not in open_then:
                yield f"Decision {fact.data['decision']} is done, which was not open."
            if fact.so < when_decided(before, fact.data["decision"]):
                yield f"Decision {fact.data['decision']} was done before it was decided."
        case "meeting.minutes_confirmed":
            yield from _judge_confirmed(before, fact)


def _judge_item(life: Life, before: list[Fact], fact: Fact) -> Iterator[str]:
    """Until so many business days before the day on which the meeting is by now."""
    days = [day_of(f.data["on"]) for f in before if f.kind in ("meeting.called", "meeting.moved")]
    terms = before[0].data["terms"]
    try:
        last = life.calendars.before(fact.position).rung(days[-1], -terms["agenda_days"])
    except NotOpenError:
        return
    if seoul_day(fact.known) > last:
        yield f"An item was put in on {seoul_day(fact.known)}, after {last}."


def agenda(before: Iterable[Fact]) -> set[int]:
    """The items that were put on and not withdrawn."""
    own = list(before)
    added = {f.data["item"] for f in own if f.kind == "meeting.item_added"}
    return added - {f.data["item"] for f in own if f.kind == "meeting.item_withdrawn"}


def _judge_decided(life: Life, before: list[Fact], fact: Fact) -> Iterator[str]:
    terms, data = before[0].data["terms"], fact.data
    if data.get("item") is not None and data["item"] not in agenda(before):
        yield f"Item {data['item']} is not on the agenda, and it was decided on."
    members, came = seats(before)
    if len(came) < suffices(terms["quorum"], len(members)):
        yield f"{len(came)} of {len(members)} were there, fewer than {terms['quorum']}."
    if (vote := data.get("vote")) is not None:
        found = vote["votes_for"] >= suffices(terms["majority"], len(came))
        if found != (fact.kind == DECIDED):
            yield f"{vote['votes_for']} of {len(came)} were for it, and the fact is {fact.kind}."
    if fact.kind == DECIDED:
        yield from _judge_to_do(fact)
        yield from _judge_carried_out(life, fact)


def _judge_to_do(fact: Fact) -> Iterator[str]:
    data = fact.data
    if data["decision"] != fact.version:
        yield f"The decision has the number {data['decision']}; its fact's is {fact.version}."
    if not data.get("carried_out") and not data.get("due"):
        yield "What is decided has no last day, so that nobody sees that it is not done."
    if data.get("due") and day_of(data["due"]) < seoul_day(fact.known):
        yield f"It is to be carried out by {data['due']}, which is past."


def seats(before: Iterable[Fact]) -> tuple[set[str], set[str]]:
    """Who belongs to the meeting, the one in the chair among them, and which of these came."""
    members: set[str] = set()
    came: set[str] = set()
    for fact in before:
        members |= set(fact.data.get("invited") or ())
        if fact.kind == "meeting.called" and fact.data.get("chair"):
            members.add(f"position/{fact.data['chair']}")
        if fact.kind == "meeting.opened" and members:
            members.add(fact.data["chair"])
        came |= {one["seat"] for one in fact.data.get("present") or ()}
    return members, came & members


def _judge_carried_out(life: Life, fact: Fact) -> Iterator[str]:
    """Each command that it gave has a fact of the same append, with the decision as its cause."""
    name = f"{fact.stream}#{fact.version}"
    followed = [f.stream for f in life.facts if f.known == fact.known and _cause(life, f) == name]
    given = [one["stream"] for one in fact.data.get("carried_out") or ()]
    if set(given) != set(followed):
        yield f"The decision gave commands about {given}; what it caused is about {followed}."


def _cause(life: Life, fact: Fact) -> str | None:
    """The name of the fact that led to it, by whichever way the cause says it."""
    told = fact.cause.get("fact")
    if isinstance(told, int):
        one = next((f for f in life.facts if f.position == told), None)
        return None if one is None else f"{one.stream}#{one.version}"
    return told or fact.cause.get("due")


def _judge_causes(life: Life) -> Iterator[Finding]:
    """Nothing is said to be caused by a decision that gave no such command, but that people are reminded of it."""
    given = {
        (f"{f.stream}#{f.version}", one["stream"])
        for f in life.facts
        if f.kind == DECIDED
        for one in f.data.get("carried_out") or ()
    }
    for fact in life.facts:
        cause = _cause(life, fact) if fact.cause else None
        reminds = fact.kind == "notice.due" and fact.data.get("about") == str(cause).partition("#")[0]
        if cause and cause.startswith("meeting/") and not reminds and (cause, fact.stream) not in given:
            text = f"{fact.kind} names {cause} as its cause, which gave nothing about it."
            yield Finding("meeting", fact.stream, str(seoul_day(fact.known)), text, fact.position)


def _judge_confirmed(before: list[Fact], fact: Fact) -> Iterator[str]:
    circulated = [f for f in before if f.kind == "meeting.minutes_circulated"]
    if not circulated:
        yield "Minutes were confirmed that never went round."
        return
    until: date = day_of(circulated[-1].data["object_until"])
    if seoul_day(fact.known) <= until:
        yield f"Minutes were confirmed while there was time to object, until {until}."
    settled = {f.data["objection"] for f in before if f.kind == "meeting.objection_settled"}
    if open_ones := [f.version for f in before if f.kind == "meeting.objected" and f.version not in settled]:
        yield f"Minutes were confirmed with objections open: {open_ones}."
