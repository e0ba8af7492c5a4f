"""The keeper of one server: has it as a child for as long as anybody holds a shared lock on the clients' file.

`python -m workers.servers.keeper DATA KIND` is started by the first client, in a session of its own. It says on
stdout, in one line of JSON, that the server is there or why it cannot be had. See docs/decisions/0003.
"""

from __future__ import annotations

import fcntl
import json
import os
import signal
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from queue import Empty, SimpleQueue
from subprocess import Popen
from threading import Thread
from typing import Literal, NamedTuple

from domain.errors import DonghaengError
from trail.files import close_to_others
from trail.locks import open_lock
from workers.servers.data_folder import ensure_folder
from workers.servers.postgres import PostgresServer
from workers.servers.troubles import Troubles, log_of
from workers.servers.valkey import ValkeyServer

SERVERS: dict[str, type[PostgresServer] | type[ValkeyServer]] = {
    "postgres": PostgresServer,
    "redis": ValkeyServer,
}
BUSY = "Busy"
_PATIENCE_SECONDS = 1.0
_LOOK_SECONDS = 1.0
SHORT_LIFE_SECONDS = 10.0
CLIENTS_SECONDS = 5.0

Event = Literal["nobody needs it", "it ended", "told to stop"]


class Files(NamedTuple):
    """The locks of one server, and where it can be reached. Locks are taken in this order."""

    start: Path  # held by a client while it starts or attaches
    keeper: Path  # held by the keeper
    clients: Path  # shared by the clients
    address: Path  # written and removed by the keeper


def files(data: Path, kind: str) -> Files:
    start, keeper, clients = (data / f"{kind}.{name}.lock" for name in ("start", "keeper", "clients"))
    return Files(start, keeper, clients, data / f"{kind}.address")


def keep(data: Path, kind: str) -> int:
    """Start the server, say where it is, wait until nobody needs it, stop it."""
    own = files(data, kind)
    # Never closed: the kernel lets go of them when nothing is left of us.
    keeper, clients = (open_lock(path) for path in (own.keeper, own.clients))
    if not _had(keeper):
        _say({"error": BUSY})
        return 0
    troubles = Troubles(data, kind)
    try:
        ensure_folder(data / "logs")
        server = SERVERS[kind](data, log_of(data, kind))
        server.start()
        _write(own.address, server.address)
    except DonghaengError as error:
        details = {name: str(value) for name, value in error.details.items()}
        _say({"error": error.name, "details": details})
        return error.exit_code
    troubles.over()
    _say({})
    events: SimpleQueue[Event] = SimpleQueue()
    signal.signal(signal.SIGTERM, lambda *_: events.put("told to stop"))
    Thread(target=_until_unneeded, args=(clients, events), daemon=True).start()
    try:
        _until_over(server, events, troubles)
    finally:
        own.address.unlink(missing_ok=True)
        troubles.over()
        server.stop()
    return 0


def _until_over(
    server: PostgresServer | ValkeyServer, events: SimpleQueue[Event], troubles: Troubles
) -> None:
    """A server that ends by itself is started again at the same address, as often as it ends and as long as it is needed."""
    while True:
        assert server.process is not None
        Thread(target=_until_ended, args=(server, server.process, events), daemon=True).start()
        event = _next(events, SHORT_LIFE_SECONDS)
        if event is None:  # it lives
            troubles.over()
            event = events.get()
        if event != "it ended" or not _start_again(server, events, troubles):
            return


def _start_again(
    server: PostgresServer | ValkeyServer, events: SimpleQueue[Event], troubles: Troubles
) -> bool:
    """Start it until it runs: at once, then after growing rests; False where it is needed no longer.

    Whatever stands in the way, a full disk too, may be gone at the next try.
    """
    problem = "it ended by itself"
    while True:
        rest = troubles.began(problem)
        if rest and _next(events, rest) is not None:
            return False
        try:
            server.start()
        except (DonghaengError, OSError) as error:
            problem = error.say("en") if isinstance(error, DonghaengError) else str(error)
            continue
        troubles.runs()
        return True


def _next(events: SimpleQueue[Event], seconds: float) -> Event | None:
    """What happens in this time, if anything does."""
    try:
        return events.get(timeout=seconds)
    except Empty:
        return None


def _until_unneeded(clients: int, events: SimpleQueue[Event]) -> None:
    fcntl.flock(clients, fcntl.LOCK_EX)
    events.put("nobody needs it")


def _until_ended(
    server: PostgresServer | ValkeyServer, process: Popen[bytes], events: SimpleQueue[Event]
) -> None:
    """One that somebody has told to stop, and that waits for its clients, is told not to wait: ours never leave."""
    ended = threading.Event()
    Thread(target=_set_at_end, args=(process, ended), daemon=True).start()
    stopping = 0
    while not ended.wait(_LOOK_SECONDS):
        stopping = stopping + 1 if server.stopping else 0
        if stopping * _LOOK_SECONDS >= CLIENTS_SECONDS:
            process.send_signal(signal.SIGINT)
    events.put("it ended")


def _set_at_end(process: Popen[bytes], ended: threading.Event) -> None:
    """Waits in the kernel: a wait with a time limit would look twenty times a second."""
    process.wait()
    ended.set()


def _had(lock: int) -> bool:
    """The keeper's lock, tried for a moment: others only look whether it is free."""
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < deadline:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(0.01)
        else:
            return True
    return False


def _write(path: Path, words: str) -> None:
    half = path.with_suffix(".address.part")
    half.write_text(words, encoding="utf-8")
    half.replace(path)


def _say(line: dict[str, object]) -> None:
    """One line for the client that waits, if it still does; then nothing more is ever written there."""
    with suppress(BrokenPipeError):
        os.write(1, (json.dumps(line) + "\n").encode())
    null = os.open(os.devnull, os.O_RDWR)
    os.dup2(null, 1)
    os.close(null)


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    close_to_others()
    sys.exit(keep(Path(sys.argv[1]), sys.argv[2]))
