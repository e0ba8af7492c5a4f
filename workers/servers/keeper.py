"""The keeper of one server: has it as a child for as long as anybody holds a shared lock on the clients' file.

`python -m workers.servers.keeper DATA KIND` is started by the first client, in a session of its own. It says on
stdout, in one line of JSON, where the server is or why it cannot be had. See docs/decisions/0003.
"""

from __future__ import annotations

import fcntl
import json
import os
import signal
import sys
from pathlib import Path
from types import FrameType

from domain.errors import DonghaengError
from workers.servers.data_folder import made_folder
from workers.servers.postgres import PostgresServer
from workers.servers.valkey import ValkeyServer

SERVERS: dict[str, type[PostgresServer] | type[ValkeyServer]] = {
    "postgres": PostgresServer,
    "redis": ValkeyServer,
}


def lock_files(data: Path, kind: str) -> tuple[Path, Path, Path]:
    """Held while starting; shared by the clients; held by the keeper."""
    return tuple(data / f"{kind}.{name}.lock" for name in ("start", "clients", "keeper"))  # type: ignore[return-value]


class _ServerEnded(Exception):
    """The child ended by itself, or we were told to stop."""


def _ended(signum: int, frame: FrameType | None) -> None:
    raise _ServerEnded


def keep(data: Path, kind: str) -> int:
    """Start the server, say where it is, wait until nobody needs it, stop it."""
    _, clients_file, keeper_file = lock_files(data, kind)
    with keeper_file.open("ab") as keeper_lock:
        fcntl.flock(keeper_lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        try:
            server = SERVERS[kind](data, made_folder(data / "logs") / f"{kind}.log")
            server.start()
        except DonghaengError as error:
            _say(
                {"error": error.name, "details": {name: str(value) for name, value in error.details.items()}}
            )
            return error.exit_code
        with clients_file.open("ab") as clients:
            try:
                signal.signal(signal.SIGTERM, _ended)
                signal.signal(signal.SIGCHLD, _ended)
                if server.process is not None and server.process.poll() is None:
                    _say({"address": server.address})
                    fcntl.flock(clients, fcntl.LOCK_EX)
            except _ServerEnded:
                pass
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            server.stop()
    return 0


def _say(line: dict[str, object]) -> None:
    """One line for the client that waits; then nothing more is ever written there."""
    os.write(1, (json.dumps(line) + "\n").encode())
    null = os.open(os.devnull, os.O_RDWR)
    os.dup2(null, 1)
    os.close(null)


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    sys.exit(keep(Path(sys.argv[1]), sys.argv[2]))
