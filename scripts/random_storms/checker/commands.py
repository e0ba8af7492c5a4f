"""What was acknowledged is stored, what was refused is not, and each command is there once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise

from scripts.random_storms.checker.evidence import Entry, Evidence, Finding


def check_commands(evidence: Evidence) -> Iterator[Finding]:
    by_command: dict[str, list[int]] = defaultdict(list)
    for fact in evidence.facts:
        by_command[fact.envelope["command"]].append(fact.position)
    yield from _once(evidence, by_command)
    for name, entries in _group_asked(evidence.ledger).items():
        yield from _as_said(name, entries, evidence.commands.get(name))


def _once(evidence: Evidence, by_command: dict[str, list[int]]) -> Iterator[Finding]:
    for name, positions in by_command.items():
        known = evidence.commands.get(name)
        if known is None:
            yield Finding(
                "command unknown", f"facts {positions[:3]} are of {name}, which the store does not know"
            )
        elif any(later != before + 1 for before, later in pairwise(positions)):
            yield Finding("twice", f"{name} has facts at {positions[:10]}")
        elif (positions[0], positions[-1]) != known:
            yield Finding(
                "twice", f"{name} has facts {positions[0]} to {positions[-1]}, the store says {known}"
            )


def _group_asked(ledger: Sequence[Entry]) -> dict[str, list[Entry]]:
    asked: dict[str, list[Entry]] = defaultdict(list)
    for entry in ledger:
        if entry.what in ("intent", "done", "refused", "unknown", "broken"):
            asked[entry.id].append(entry)
    return asked


def _as_said(name: str, entries: list[Entry], stored: tuple[int, int] | None) -> Iterator[Finding]:
    answers = [one for one in entries if one.what != "intent"]
    for one in answers:
        if one.what == "done" and stored != (one.more["first"], one.more["last"]):
            said = (one.more["first"], one.more["last"])
            yield Finding("lost", f"{name} was acknowledged as facts {said}, the store has {stored}")
        if one.what == "broken":
            yield Finding("broken", f"{name}: {one.more['error']}")
    intents = len(entries) - len(answers)
    if stored and intents == len(answers) and all(one.what == "refused" for one in answers):
        errors = sorted({one.more["error"] for one in answers})
        yield Finding(
            "refused and done", f"{name} was refused ({', '.join(errors)}) and is stored at {stored}"
        )
