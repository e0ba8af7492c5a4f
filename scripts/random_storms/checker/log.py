"""Positions and versions have no hole, times do not go back, and the head says where the log ends."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise

from scripts.random_storms.checker.evidence import Evidence, Finding


def check_log(evidence: Evidence) -> Iterator[Finding]:
    versions: dict[str, int] = defaultdict(int)
    for number, fact in enumerate(evidence.facts, start=1):
        if fact.position != number:
            yield Finding("hole", f"fact {number} of the log stands at position {fact.position}")
            return
        versions[fact.stream] += 1
        if fact.version != versions[fact.stream]:
            yield Finding(
                "hole", f"{fact.stream} has version {fact.version} where {versions[fact.stream]} comes next"
            )
            return
    for before, after in pairwise(evidence.facts):
        if after.recorded_at < before.recorded_at or after.known_at < before.known_at:
            yield Finding("time went back", f"fact {after.position} is older than the one before it")
    if evidence.head != len(evidence.facts):
        yield Finding("hole", f"the head says {evidence.head}, the log ends at {len(evidence.facts)}")
