"""Which processes a machine consists of, found in /proc by their command lines and parents."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path


def find(name: str, data: Path, up: int) -> int | None:
    """The process of this name (see weather.PROCESSES, without clients), if it runs. `up`: the process of `donghaeng up`."""
    if name == "up":
        return up
    if name.startswith("keeper "):
        return _one(
            lambda words: words[-2:] == [str(data), name.split()[1]] and "workers.servers.keeper" in words
        )
    if name in ("postgres", "redis"):
        keeper = find(f"keeper {name}", data, up)
        return next(iter(children(keeper)), None) if keeper is not None else None
    return next((pid for pid in children(up) if words_of(pid)[-len(name.split()) :] == name.split()), None)


def children(pid: int) -> list[int]:
    return [int(one.parent.name) for one in Path("/proc").glob("[0-9]*/stat") if _parent(one) == pid]


def family(pid: int) -> list[int]:
    """The process and all that come from it."""
    return [pid, *(more for child in children(pid) for more in family(child))]


def words_of(pid: int) -> list[str]:
    with suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace").split("\0")[:-1]
    return []


def send(pids: list[int], what: signal.Signals) -> None:
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, what)


def _one(wanted: Callable[[list[str]], bool]) -> int | None:
    return next((pid for pid in _all() if wanted(words_of(pid))), None)


def _all() -> Iterator[int]:
    for one in Path("/proc").glob("[0-9]*"):
        yield int(one.name)


def _parent(stat: Path) -> int | None:
    with suppress(OSError):
        return int(stat.read_text(encoding="utf-8", errors="replace").rpartition(") ")[2].split()[1])
    return None
