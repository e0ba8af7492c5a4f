"""What a storm left behind, as the checker takes it: facts, rows of views, ledgers, mails, checkpoints, faults, alarms."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple


class Finding(NamedTuple):
    """`kind`: by which findings are alike; `said`: what is wrong, of what."""

    kind: str
    said: str


class Fact(NamedTuple):
    """A row of the log. `state`: the envelope as a line of JSON, and the fact as another."""

    position: int
    stream: str
    version: int
    kind: str
    recorded_at: datetime
    known_at: datetime
    state: bytes

    @property
    def envelope(self) -> dict[str, Any]:
        document: dict[str, Any] = json.loads(self.state.split(b"\n", 1)[0])
        return document

    @property
    def content(self) -> dict[str, Any]:
        document: dict[str, Any] = json.loads(self.state.split(b"\n", 1)[1])
        return document


class Entry(NamedTuple):
    """A line of a ledger. `t`: seconds of the machine's monotonic clock. See scripts/random_storms/ledger.py."""

    t: float
    pid: int
    what: str
    id: str
    more: Mapping[str, Any]


class Mail(NamedTuple):
    """One that came. `message`: the id of the message."""

    t: float
    message: str


class Checkpoint(NamedTuple):
    """`root`: in base64, as it was published; `t`: when."""

    size: int
    root: str
    t: float = 0.0


class Made(NamedTuple):
    """A fault that was made. `pids`: of the processes that it stopped or ended."""

    kind: str
    target: str
    began: float
    ended: float
    more: Mapping[str, Any]

    @property
    def pids(self) -> list[int]:
        return list(self.more.get("pids", ()))

    @property
    def missed(self) -> bool:
        """Whether it met nobody: a point that nobody came by, a victim that was away already."""
        return "problem" in self.more or self.more.get("pids") == []


class Look(NamedTuple):
    """What `donghaeng doctor` said at a moment that is not well: check to state."""

    began: float
    ended: float
    found: Mapping[str, str]


@dataclass
class Evidence:
    """`positions`: of each view, and its state; `rows`: of each view by key; `unreadable`: why those of a view cannot be read; `commands`: id to first and last position.

    `logged`: JSON lines of `up` and its parts. `well`: what doctor said before the storm; `after`: what it said last.
    `rested`: seconds from when the clients had paused, all faults being over, until all was done; None where it never was. `differing`: what the
    product's own fold finds between its tables and the log, view by view.
    """

    facts: Sequence[Fact] = ()
    commands: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    head: int = 0
    positions: Mapping[str, tuple[int, str]] = field(default_factory=dict)
    rows: Mapping[str, Mapping[str, Mapping[str, Any]]] = field(default_factory=dict)
    unreadable: Mapping[str, str] = field(default_factory=dict)
    tallies: Mapping[str, Mapping[tuple[Any, ...], int]] = field(default_factory=dict)
    ledger: Sequence[Entry] = ()
    mails: Sequence[Mail] = ()
    checkpoints: Sequence[Checkpoint] = ()
    faults: Sequence[Made] = ()
    looks: Sequence[Look] = ()
    well: Mapping[str, str] = field(default_factory=dict)
    after: Mapping[str, str] = field(default_factory=dict)
    logged: Sequence[Mapping[str, Any]] = ()
    began: float = 0.0
    rested: float | None = 0.0
    differing: Mapping[str, str] = field(default_factory=dict)
