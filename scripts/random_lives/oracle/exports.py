"""Reads a line of an exported history (`docs/data.md`) into the record that a case holds."""

from __future__ import annotations

import json

from scripts.random_lives.oracle.cases import Record


def read_line(line: str) -> Record:
    row = json.loads(line)
    first, _, second = row["state"].partition("\n")
    envelope, fact = json.loads(first), json.loads(second)
    known = row.get("known_at") or envelope["known_at"]
    stated = row.get("effective_at") or envelope.get("effective_at")
    return {
        "position": row["position"],
        "stream": row["stream"],
        "version": row["version"],
        "kind": row["kind"],
        "recorded_at": row.get("recorded_at") or envelope.get("recorded_at") or known,
        "known_at": known,
        "effective_at": stated or known,
        "stated": bool(envelope.get("effective_at")) or (stated or known) != known,
        "actor": envelope.get("actor") or {},
        "cause": envelope.get("cause"),
        "fact": fact,
    }
