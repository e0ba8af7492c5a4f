"""Looks at the machine from outside while the storm is on: what `donghaeng doctor` says, and each checkpoint that is published."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial

from scripts.random_storms.checker.alarms import BROKE
from scripts.random_storms.machine import Machine
from workers.doctor.examining import examine
from workers.doctor.servers import restarts
from workers.servers.watching import beside
from workers.settings import Settings

_EVERY_SECONDS = 1.5
_FOLDER_SECONDS = 0.02


def look(machine: Machine) -> dict[str, str]:
    """What doctor finds that is not well, by check."""
    local = Settings(data=machine.data)
    found = [*restarts(local), *examine(machine.settings)]
    return {one.check: one.state for one in found if one.state != "ok"}


@contextmanager
def watch(machine: Machine) -> Iterator[None]:
    with beside(partial(_doctor, machine), partial(_seals, machine)):
        yield


def _doctor(machine: Machine, over: threading.Event) -> None:
    while not over.wait(_EVERY_SECONDS):
        began = time.monotonic()
        try:
            found = look(machine)
        except Exception as error:
            found = {BROKE: f"{type(error).__name__}: {error}"}
        machine.put("looks", began=began, found=found, ended=time.monotonic())


def _seals(machine: Machine, over: threading.Event) -> None:
    """A checkpoint appears whole, by a rename; each that was there at one of the looks is kept."""
    last = b""
    while not over.wait(_FOLDER_SECONDS):
        with suppress(OSError):
            now = (machine.data / "trail" / "checkpoint").read_bytes()
            if now != last:
                last = now
                _, size, root, *_ = now.decode().split("\n")
                machine.put("checkpoints", size=int(size), root=root)
