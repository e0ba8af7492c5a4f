"""Using the servers in a data folder: starts what is missing, attaches to what runs, lets go at the end."""

from __future__ import annotations

import fcntl
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from trail.locks import hold_lock, open_lock, wait_for
from workers.servers import errors
from workers.servers.data_folder import ensure_folder, unusable
from workers.servers.keeper import BUSY, Files, files
from workers.servers.place import ensure_passable
from workers.servers.process import environment_for_child
from workers.servers.troubles import log_of, name_of_server, trouble_of

OWNER, APPLICATION = "user=donghaeng_owner", "user=donghaeng_app"
_LEAVE_SECONDS = 60.0
_LOCK_SECONDS = 120.0  # longer than a server takes to be made and started, or stopped


@dataclass(frozen=True)
class Addresses:
    """Where the servers are. `owner_dsn`, `app_dsn`: libpq connection strings; `redis`: arguments of redis.Redis."""

    owner_dsn: str | None
    app_dsn: str | None
    redis: dict[str, Any] | None


@contextmanager
def running(data: Path, *, postgres: bool = True, redis: bool = True) -> Iterator[Addresses]:
    """The servers of a data folder, running for the length of the block and as long as anybody else is in one.

    Whoever leaves last waits until they are stopped. Raises ServerUnreachable: a named reason, and what to do.
    """
    ensure_passable(data)
    data = data.resolve()
    held: list[_Held] = []
    try:
        owner = _join(data, "postgres", held) if postgres else None
        socket = _join(data, "redis", held) if redis else None
        yield Addresses(
            owner_dsn=owner,
            app_dsn=None if owner is None else APPLICATION.join(owner.rsplit(OWNER, 1)),
            redis=None if socket is None else {"unix_socket_path": socket},
        )
    finally:
        last = [one for one in held if _leave(one.clients)]
        for one in last:
            _wait_until_stopped(one)


def is_free(path: Path) -> bool:
    """Whether nobody holds this lock file for himself."""
    lock = open_lock(path)
    try:
        fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    finally:
        os.close(lock)
    return True


@dataclass
class _Held:
    """Our share of one server, and its keeper if it is our child."""

    own: Files
    clients: int
    keeper: subprocess.Popen[bytes] | None = None


def _join(data: Path, kind: str, held: list[_Held]) -> str:
    """One server's address; our lock on the clients' file is added to `held`."""
    own = files(data, kind)
    try:
        with hold_lock(own.start, _LOCK_SECONDS):
            clients = open_lock(own.clients)
            held.append(ours := _Held(own, clients))
            # Waits here while a keeper that nobody needed any more stops its server.
            wait_for(clients, own.clients, fcntl.LOCK_SH, _LOCK_SECONDS)
            while True:
                if is_free(own.keeper):
                    ours.keeper = _start(data, kind, own)
                with suppress(FileNotFoundError):
                    address = own.address.read_text(encoding="utf-8")
                    # Read first and looked at then: a keeper that goes takes its address with it.
                    if not is_free(own.keeper):
                        _check_there(data, kind)
                        return address
                time.sleep(0.01)
    except OSError as error:
        raise unusable(data, error) from None


def keep_on(data: Path, kind: str) -> bool:
    """Start another keeper where the last one is gone; whether it was. For who holds a share of the server already.

    Raises ServerUnreachable.
    """
    own = files(data, kind)
    try:
        if not is_free(own.keeper):
            return False
        with hold_lock(own.start, _LOCK_SECONDS):
            if not is_free(own.keeper):
                return False
            _start(data, kind, own)
            return True
    except OSError as error:
        raise unusable(data, error) from None


def _check_there(data: Path, kind: str) -> None:
    """Raises KeepsEnding."""
    found = trouble_of(data, kind)
    if found is not None and found.state == "away" and found.rest:
        raise errors.KeepsEnding(
            program=name_of_server(kind),
            times=found.times,
            problem=found.problem,
            rest=f"{found.rest:.0f}",
            log=log_of(data, kind),
        )


def _start(data: Path, kind: str, own: Files) -> subprocess.Popen[bytes]:
    """Start a keeper in a session of its own, and wait for its one line."""
    own.address.unlink(missing_ok=True)
    log = ensure_folder(data / "logs") / f"{kind}.keeper.log"
    with log.open("ab") as words:
        keeper = subprocess.Popen(
            [sys.executable, "-m", "workers.servers.keeper", str(data), kind],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=words,
            start_new_session=True,
            cwd=Path(__file__).parents[2],
            env=environment_for_child() | {"PYTHONDONTWRITEBYTECODE": "1"},
        )
    assert keeper.stdout is not None
    with keeper.stdout:
        line = keeper.stdout.readline()
    said: dict[str, Any] = json.loads(line) if line else {"error": None}
    if "error" not in said:
        # Not waited for: it outlives us when others still need the server.
        keeper.returncode = 0
        return keeper
    keeper.wait()
    if said["error"] is None:
        raise errors.DidNotStart(program=kind, problem="the keeper ended", log=log)
    if said["error"] != BUSY:
        raise getattr(errors, said["error"])(**said["details"])
    return keeper


def _leave(clients: int) -> bool:
    """Let go of the server, also for processes forked from this one; whether nobody else holds it."""
    try:
        fcntl.flock(clients, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return True
    except BlockingIOError:
        return False
    finally:
        fcntl.flock(clients, fcntl.LOCK_UN)
        os.close(clients)


def _wait_until_stopped(one: _Held) -> None:
    """Until the keeper is gone, or somebody new has come and keeps the server running."""
    deadline = time.monotonic() + _LEAVE_SECONDS
    with suppress(FileNotFoundError):
        while not is_free(one.own.keeper):
            if time.monotonic() > deadline or _is_shared(one.own.clients):
                return
            time.sleep(0.01)
    if one.keeper is not None:
        with suppress(ChildProcessError):
            os.waitpid(one.keeper.pid, 0)


def _is_shared(path: Path) -> bool:
    """Whether clients hold the file, and not the keeper that stops."""
    with path.open("r+b") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return is_free(path)
    return False
