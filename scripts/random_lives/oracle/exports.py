"""Reads the facts of an export (`docs/data.md`) into the records that a case holds."""

from __future__ import annotations

import json
from pathlib import Path

from scripts.random_lives.oracle.cases import Record


def read_export(folder: Path) -> list[Record]:
    """All facts of the exported folder, by position."""
    lines = [line for path in sorted((folder / "facts").glob("*.jsonl")) for line in _lines(path)]
    return sorted((read_line(line) for line in lines), key=_position)


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


def _lines(path: Path) -> list[str]:
    return [line for line in path.read_text(encoding="utf-8").split("\n") if line]


def _position(record: Record) -> int:
    return int(record["position"])
