"""Every reminder goes out once, or it is shown that nobody knows."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

from scripts.random_storms.checker.evidence import Evidence, Finding

_RUNG = ("task", "about", "deadline", "item", "due", "days", "recipient", "channel")


def check_reminders(evidence: Evidence) -> Iterator[Finding]:
    armed: Counter[tuple[object, ...]] = Counter()
    carried: Counter[str] = Counter()
    facts: dict[str, Counter[str]] = defaultdict(Counter)
    last: dict[str, str] = {}
    for fact in evidence.facts:
        if fact.kind == "notice.due":
            armed[tuple(fact.content.get(name) for name in _RUNG)] += 1
        if fact.kind == "message.composed":
            carried.update(fact.content["notices"])
        if fact.stream.startswith("message/"):
            name = fact.stream.removeprefix("message/")
            facts[name][fact.kind] += 1
            last[name] = fact.kind
    for what, told in (("rung", armed), ("notice", carried)):
        for key, count in told.items():
            if count > 1:
                yield Finding("reminded twice", f"{what} {key} {count} times")
    came = Counter(mail.message for mail in evidence.mails)
    for name in facts.keys() | came.keys():
        yield from _message(name, facts[name], last.get(name, ""), came[name])


def _message(name: str, facts: Counter[str], last: str, came: int) -> Iterator[Finding]:
    sent, unknown = facts["message.sent"], facts["message.unknown"]
    pending = 1 if last == "message.attempted" else 0
    if not facts:
        yield Finding("mail of nobody", f"message {name} came and is no fact")
    if came > sent + unknown + pending:
        yield Finding("mail twice", f"message {name} came {came} times, sent {sent}, unknown {unknown}")
    if sent > came or sent > 1:
        yield Finding("mail lost", f"message {name} is sent {sent} times by its facts and came {came} times")
