"""Using the servers in a data folder: starts what is missing, attaches to what runs, lets go at the end."""

from __future__ import annotations

import fcntl
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workers.servers import errors
from workers.servers.data_folder import made_folder, unusable
from workers.servers.keeper import lock_files

APPLICATION = "donghaeng_app"


@dataclass(frozen=True)
class Addresses:
    """Where the servers are. `owner_dsn`, `app_dsn`: libpq connection strings; `redis`: arguments of redis.Redis."""

    owner_dsn: str | None
    app_dsn: str | None
    redis: dict[str, Any] | None


@contextmanager
def running(data: Path, *, postgres: bool = True, redis: bool = True) -> Iterator[Addresses]:
    """The servers of a data folder, running for the length of the block and as long as anybody else is in one.

    Raises ServerUnreachable: a named reason, and what to do.
    """
    made_folder(data)
    data = data.resolve()
    with ExitStack() as held:
        owner = held.enter_context(_kept(data, "postgres")) if postgres else None
        socket = held.enter_context(_kept(data, "redis")) if redis else None
        yield Addresses(
            owner_dsn=owner,
            app_dsn=None if owner is None else owner.replace("user=donghaeng_owner", f"user={APPLICATION}"),
            redis=None if socket is None else {"unix_socket_path": socket},
        )


@contextmanager
def _kept(data: Path, kind: str) -> Iterator[str]:
    """One server's address, with our lock on the clients' file."""
    start_file, clients_file, keeper_file = lock_files(data, kind)
    try:
        start, clients = start_file.open("ab"), clients_file.open("ab")
    except OSError as error:
        raise unusable(data, error) from None
    with clients:
        with start:
            fcntl.flock(start, fcntl.LOCK_EX)
            # Waits here while a keeper that nobody needed any more stops its server.
            fcntl.flock(clients, fcntl.LOCK_SH)
            told = data / f"{kind}.address"
            if _is_free(keeper_file):
                address = _started(data, kind)
                told.write_text(address, encoding="utf-8")
            else:
                address = told.read_text(encoding="utf-8")
        yield address


def _is_free(path: Path) -> bool:
    with path.open("ab") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
    return True


def _started(data: Path, kind: str) -> str:
    """Start a keeper in a session of its own, and wait for its one line."""
    log = made_folder(data / "logs") / f"{kind}.keeper.log"
    with log.open("ab") as words:
        keeper = subprocess.Popen(
            [sys.executable, "-m", "workers.servers.keeper", str(data), kind],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=words,
            start_new_session=True,
            cwd=Path(__file__).parents[2],
            env=os.environ | {"PYTHONDONTWRITEBYTECODE": "1"},
        )
    assert keeper.stdout is not None
    with keeper.stdout:
        line = keeper.stdout.readline()
    # The keeper is nobody's child to wait for: it outlives us when others still need the server.
    keeper.returncode = 0
    said: dict[str, Any] = json.loads(line) if line else {"error": "DidNotStart"}
    if "address" in said:
        return str(said["address"])
    details: dict[str, Any] = said.get("details") or {
        "program": kind,
        "problem": "the keeper ended",
        "log": log,
    }
    raise getattr(errors, said["error"])(**details)
