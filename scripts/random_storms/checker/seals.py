"""Every checkpoint that was ever published is of this log: its root is that of the log's first facts (RFC 6962)."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from itertools import pairwise

from scripts.random_storms.checker.evidence import Evidence, Fact, Finding


def check_seals(evidence: Evidence) -> Iterator[Finding]:
    hashes = [sha256(b"\0" + leaf(fact)).digest() for fact in evidence.facts]
    for one in evidence.checkpoints:
        if one.size > len(hashes):
            yield Finding("seal broken", f"{one.size} facts were sealed, the log has {len(hashes)}")
        elif base64.b64encode(root(hashes[: one.size])).decode() != one.root:
            yield Finding("seal broken", f"the log's first {one.size} facts are not those that were sealed")
    for before, after in pairwise(evidence.checkpoints):
        if after.size < before.size:
            yield Finding(
                "seal broken", f"after {before.size} facts a checkpoint of {after.size} was published"
            )


def leaf(fact: Fact) -> bytes:
    """As docs/trust.md has it: RFC 8785 JSON, keys in order, times in UTC with microseconds."""
    said = {
        "i": fact.position - 1,
        "known_at": _instant(fact.known_at),
        "recorded_at": _instant(fact.recorded_at),
        "state_sha256": sha256(fact.state).hexdigest(),
        "stream": fact.stream,
        "topic": fact.kind,
        "v": 1,
        "ver": fact.version,
    }
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()


def root(hashes: Sequence[bytes]) -> bytes:
    """Level by level: whole pairs are hashed together, and what is left over goes up as it is."""
    if not hashes:
        return sha256(b"").digest()
    level = list(hashes)
    while len(level) > 1:
        above = [sha256(b"\1" + level[i] + level[i + 1]).digest() for i in range(0, len(level) - 1, 2)]
        level = above + level[len(level) - len(level) % 2 :]
    return level[0]


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
