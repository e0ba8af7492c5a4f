"""Watches over the keepers for as long as `up` runs: one that is gone, however it ended, is followed by another."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from threading import Event, Thread

from domain.errors import DonghaengError
from trail.logs import Logger
from workers.servers.client import keep_on
from workers.servers.troubles import trouble_of
from workflows.resting import Rests

_log = Logger()
LOOK_SECONDS = 1.0
LONGEST_PAUSE_SECONDS = 32.0


@contextmanager
def watch_servers(data: Path, kinds: Sequence[str]) -> Iterator[None]:
    """`kinds`: of the servers in the data folder that the block holds a share of. Each is looked at once a second."""
    with beside(*(partial(_watch, data.resolve(), kind) for kind in kinds)):
        yield


@contextmanager
def beside(*jobs: Callable[[Event], None]) -> Iterator[None]:
    """Each in a thread of its own beside the block; when that is over the event is set, and they are waited for."""
    over = Event()
    threads = [Thread(target=one, args=(over,), daemon=True) for one in jobs]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        over.set()
        for thread in threads:
            thread.join()


def _watch(data: Path, kind: str, over: Event) -> None:
    rests, pause, told = Rests(2 * LOOK_SECONDS, LONGEST_PAUSE_SECONDS), LOOK_SECONDS, 0
    while not over.wait(pause):
        try:
            if keep_on(data, kind):
                _log.warning("keeper_restarted", server=kind)
        except DonghaengError as error:
            pause = rests.note_failure()
            _log.error("keeper_not_started", server=kind, error=error.say("en"), again_in=pause)
            continue
        rests.well()
        pause = LOOK_SECONDS
        found = trouble_of(data, kind)
        if found is not None and found.times > told:
            _log.error(
                "server_keeps_ending", server=kind, times=found.times, error=found.problem, rest=found.rest
            )
        told = 0 if found is None else found.times
