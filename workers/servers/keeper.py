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
import time
from contextlib import suppress
from pathlib import Path
from queue import SimpleQueue
from subprocess import Popen
from threading import Thread
from typing import Literal, NamedTuple

from domain.errors import DonghaengError
from workers.servers.data_folder import made_folder
from workers.servers.postgres import PostgresServer
from workers.servers.valkey import ValkeyServer

SERVERS: dict[str, type[PostgresServer] | type[ValkeyServer]] = {
    "postgres": PostgresServer,
    "redis": ValkeyServer,
}
BUSY = "Busy"
_PATIENCE_SECONDS = 1.0
_SHORT_LIFE_SECONDS = 10.0
_SHORT_LIVES = 3

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
    keeper, clients = (os.open(path, os.O_RDWR | os.O_CREAT, 0o644) for path in (own.keeper, own.clients))
    if not _had(keeper):
        _say({"error": BUSY})
        return 0
    try:
        server = SERVERS[kind](data, made_folder(data / "logs") / f"{kind}.log")
        server.start()
        _write(own.address, server.address)
    except DonghaengError as error:
        details = {name: str(value) for name, value in error.details.items()}
        _say({"error": error.name, "details": details})
        return error.exit_code
    _say({})
    events: SimpleQueue[Event] = SimpleQueue()
    signal.signal(signal.SIGTERM, lambda *_: events.put("told to stop"))
    Thread(target=_until_unneeded, args=(clients, events), daemon=True).start()
    try:
        _until_over(server, events)
    finally:
        own.address.unlink(missing_ok=True)
        server.stop()
    return 0


def _until_over(server: PostgresServer | ValkeyServer, events: SimpleQueue[Event]) -> None:
    """A server that ends by itself is started again at the same address, unless it keeps ending."""
    short_lives = 0
    while short_lives < _SHORT_LIVES:
        began = time.monotonic()
        assert server.process is not None
        Thread(target=_until_ended, args=(server.process, events), daemon=True).start()
        if events.get() != "it ended":
            return
        short_lives = short_lives + 1 if time.monotonic() - began < _SHORT_LIFE_SECONDS else 0
        server.start()


def _until_unneeded(clients: int, events: SimpleQueue[Event]) -> None:
    fcntl.flock(clients, fcntl.LOCK_EX)
    events.put("nobody needs it")


def _until_ended(process: Popen[bytes], events: SimpleQueue[Event]) -> None:
    process.wait()
    events.put("it ended")


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
    # What root makes for a server's user must be open to it.
    os.umask(0o022)
    sys.exit(keep(Path(sys.argv[1]), sys.argv[2]))
