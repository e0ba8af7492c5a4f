"""What a keeper says of a server that keeps ending: a file beside its log, for people, `doctor` and `up`."""

from __future__ import annotations

import sys
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import msgspec

from trail.json_bytes import json_in

AT_ONCE = 3  # deaths after which it is started again at once
LONGEST_REST_SECONDS = 60.0
_SERVER = {"postgres": "PostgreSQL", "redis": "Valkey"}


def log_of(data: Path, kind: str) -> Path:
    """Where a server's own words are."""
    return data / "logs" / f"{kind}.log"


class Trouble(msgspec.Struct, frozen=True):
    """`times`: how often it ended or did not start, one after the other; `problem`: why it is not there.

    `state`: whether it was started since; `rest`: seconds before the next try, counted from `at`.
    """

    state: Literal["away", "runs"]
    times: int
    problem: str
    at: datetime
    rest: float


class Troubles:
    """Written by the keeper of one server."""

    def __init__(self, data: Path, kind: str) -> None:
        self._file, self._kind = _file(data, kind), kind
        self._last = Trouble("runs", 0, "", datetime.now(UTC), 0.0)

    def began(self, problem: str) -> float:
        """It ended, or could not be started; for how many seconds to rest before it is started again."""
        times = self._last.times + 1
        rest = 0.0 if times <= AT_ONCE else min(2.0 ** (times - AT_ONCE - 1), LONGEST_REST_SECONDS)
        self._write(Trouble("away", times, problem, datetime.now(UTC), rest))
        said = f"{self._last.at:%Y-%m-%dT%H:%M:%SZ} {self._kind}: {problem} (time {times}); started again "
        with suppress(OSError):  # its own log may be what the disk is full of
            print(said + (f"in {rest:.0f} s" if rest else "at once"), file=sys.stderr, flush=True)  # noqa: T201
        return rest

    def runs(self) -> None:
        """It was started; whether it stays is to be seen."""
        self._write(msgspec.structs.replace(self._last, state="runs"))

    def over(self) -> None:
        """It has stayed, or is needed no longer."""
        self._last = Trouble("runs", 0, "", datetime.now(UTC), 0.0)
        with suppress(OSError):
            self._file.unlink(missing_ok=True)

    def _write(self, last: Trouble) -> None:
        self._last = last
        with suppress(OSError):
            half = self._file.with_suffix(".part")
            half.write_bytes(msgspec.json.encode(last))
            half.replace(self._file)


def trouble_of(data: Path, kind: str) -> Trouble | None:
    """What its keeper said last, if there is trouble."""
    with suppress(OSError):
        return json_in(_file(data, kind), Trouble)
    return None


def _file(data: Path, kind: str) -> Path:
    return data / "logs" / f"{kind}.trouble"


def name_of_server(kind: str) -> str:
    return _SERVER[kind]
