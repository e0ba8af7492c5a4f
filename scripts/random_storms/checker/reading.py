"""Takes the evidence from PostgreSQL, by SQL of its own, and from the files of the machine."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg

from scripts.random_storms.checker.evidence import Checkpoint, Entry, Evidence, Fact, Look, Made, Mail

_FACTS = "SELECT position, stream, version, kind, recorded_at, known_at, state FROM donghaeng.facts ORDER BY position"
_COMMANDS = "SELECT replace(id::text, '-', ''), first_position, last_position FROM donghaeng.commands"
_VIEWS = (
    "SELECT view, version, position, state FROM views.positions WHERE view NOT LIKE '%\\_next%'"
    " AND view NOT LIKE '%\\_check%'"
)
_SUMMARY = (
    "SELECT tablename FROM pg_tables WHERE schemaname = 'views' AND tablename ~ '^programme_summary_v[0-9]+$'"
)


def read_evidence(owner: str, folder: Path, began: float, logged: int = 0) -> Evidence:
    """All that there is. `began`: the moment of the storm's begin, `logged`: the lines of `up`'s log until then; faults,
    looks and lines of before are of earlier storms on the machine.
    """
    found = Evidence(began=began)
    with psycopg.connect(owner) as connection:
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        found.facts = [Fact(*row) for row in _all(connection, _FACTS)]
        found.commands = {name: (first, last) for name, first, last in _all(connection, _COMMANDS)}
        found.head = _all(connection, "SELECT position FROM donghaeng.head")[0][0]
        views = _all(connection, _VIEWS)
        found.positions = {view: (position, state) for view, _, position, state in views}
        found.rows, found.unreadable = {}, {}
        for view, version, _, _ in views:
            try:
                with connection.transaction():
                    rows = _all(connection, f"SELECT key, row FROM views.{view}_v{version}")  # noqa: S608
                found.rows[view] = dict(rows)
            except psycopg.errors.DataCorrupted as error:
                found.unreadable[view] = str(error)
        ((table,),) = _all(connection, _SUMMARY)
        counts = _all(connection, f"SELECT stage, sum(tasks)::bigint FROM views.{table} GROUP BY 1")  # noqa: S608
        found.tallies = {"programme_summary": {(stage,): count for stage, count in counts}}
    found.ledger = sorted(
        Entry(line.pop("t"), line.pop("pid"), line.pop("what"), line.pop("id"), line)
        for path in sorted(folder.glob("*.ledger"))
        for line in _lines(path)
    )
    found.mails = [Mail(one["t"], one["message"]) for one in _lines(folder / "mails")]
    found.checkpoints = [
        Checkpoint(one["size"], one["root"], one["t"]) for one in _lines(folder / "checkpoints")
    ]
    found.faults = [
        Made(one.pop("kind"), one.pop("target"), one.pop("began"), one.pop("ended"), one)
        for one in _lines(folder / "faults")
        if one["began"] >= began
    ]
    found.looks = [
        Look(one["began"], one["ended"], one["found"])
        for one in _lines(folder / "looks")
        if one["began"] >= began
    ]
    found.logged = list(_lines(folder / "up.log", logged))
    return found


def _all(connection: psycopg.Connection[Any], query: str) -> list[Any]:
    return connection.execute(query.encode()).fetchall()


def _lines(path: Path, after: int = 0) -> Iterator[dict[str, Any]]:
    """The JSON documents of a file; what is none, as of a process that was killed in the middle of a line, is left out."""
    if not path.exists():
        return
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines()[after:]:
        try:
            document = json.loads(line)
        except ValueError:
            continue
        if isinstance(document, dict):
            yield document
