"""Clients of the servers in processes of their own, to be stopped in every way there is."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import psycopg
import redis

TOP = Path(__file__).parents[2]
_CLIENT = """
import dataclasses, json, sys
from pathlib import Path
from domain.errors import DonghaengError
from workers.servers import running
try:
    with running(Path(sys.argv[1])) as addresses:
        print(json.dumps(dataclasses.asdict(addresses)), flush=True)
        sys.stdin.read()
except DonghaengError as error:
    print(json.dumps({"error": error.name, "en": error.say("en"), "ko": error.say("ko")}), flush=True)
except KeyboardInterrupt:
    sys.exit(130)
"""


class Client:
    """A process inside `running(data)`. `python`: the interpreter, and what to start it under."""

    def __init__(self, data: Path, python: Sequence[str] = (sys.executable,), **environment: str) -> None:
        self.process = subprocess.Popen(
            [*python, "-c", _CLIENT, str(data)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=TOP,
            env=os.environ | {"PYTHONPATH": str(TOP), "PYTHONDONTWRITEBYTECODE": "1"} | environment,
        )

    def said(self) -> dict[str, Any]:
        """The addresses, or the error, once there are any."""
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        said: dict[str, Any] = json.loads(line)
        return said

    def leave(self) -> None:
        """The orderly end."""
        self.process.communicate(timeout=60)

    def end(self, how: signal.Signals) -> None:
        self.process.send_signal(how)
        self.process.communicate(timeout=60)


def answers(said: dict[str, Any]) -> bool:
    """Whether both servers can be used."""
    try:
        with psycopg.connect(said["owner_dsn"]) as connection:
            connection.execute("SELECT 1")
        return bool(redis.Redis(**said["redis"]).ping())
    except (psycopg.OperationalError, redis.exceptions.ConnectionError):
        return False


def processes(data: Path) -> dict[int, str]:
    """Everything that works for a data folder: named in its command line, or holding one of its locks."""
    locks = {os.path.realpath(path) for path in data.rglob("*.lock")} | {
        f"{pointer.read_text(encoding='utf-8').strip()}/server.lock" for pointer in data.glob("*.location")
    }
    found = {}
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            words = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            held = {os.path.realpath(file) for file in (process / "fd").iterdir()}
            if int(process.name) != os.getpid() and (f"{data}" in words or held & locks):
                found[int(process.name)] = words
    return found


def keepers_of(data: Path, kind: str) -> list[int]:
    end = f"workers.servers.keeper {data} {kind} "
    return [pid for pid, words in processes(data).items() if words.endswith(end)]


def keeper_of(data: Path, kind: str) -> int:
    """The keeper's process id."""
    (pid,) = keepers_of(data, kind)
    return pid


def postmaster_of(data: Path) -> int:
    """The process id of PostgreSQL's first process."""
    return int((data / "postgres" / "cluster" / "postmaster.pid").read_text().split()[0])


def eventually(true: Callable[[], object], seconds: float = 20) -> bool:
    """Whether it comes true in time; no test asks how soon."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if true():
            return True
        time.sleep(0.02)
    return False
