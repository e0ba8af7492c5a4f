"""What makers of faults have in common."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from scripts.random_storms.machine import Machine
from scripts.random_storms.processes import family

Made = Iterator[dict[str, Any]]


def pids_of(machine: Machine, name: str) -> list[int]:
    pid = machine.pid(name)
    if pid is None:
        raise LookupError(name)
    return family(pid)
