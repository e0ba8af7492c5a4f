"""A Valkey to kill, stop and start again, and workers on it in processes of their own."""

from __future__ import annotations

import os
import secrets
import signal
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal, get_args

from redis import Redis
from redis.exceptions import RedisError

from tests.workers.recording_jobs import JOBS
from workers.queues import Queues
from workers.servers.process import dies_with_parent
from workers.servers.programs import valkey_program

Refusing = Literal["memory full", "a replica", "no rights"]
REFUSING: tuple[Refusing, ...] = get_args(Refusing)
_TOP = Path(__file__).parents[2]


class Valkey:
    """Keeps nothing on disk: killed, it forgets everything."""

    def __init__(self, folder: Path) -> None:
        self.address = {"unix_socket_path": str(folder / "valkey.sock")}
        self.raw = Redis(**self.address)
        self.process: subprocess.Popen[bytes] | None = None
        self._folder = folder

    def start(self) -> None:
        command = [valkey_program(), "--port", "0", "--unixsocket", self.address["unix_socket_path"]]
        self.process = subprocess.Popen(
            dies_with_parent([*command, "--save", "", "--dir", str(self._folder)]), stdout=subprocess.DEVNULL
        )
        until(self._answers)

    def kill(self) -> None:
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def send(self, number: signal.Signals) -> None:
        assert self.process is not None
        self.process.send_signal(number)

    def refuse(self, how: Refusing) -> None:
        """Answer, and take no writes."""
        match how:
            case "memory full":
                self.raw.config_set("maxmemory-policy", "noeviction")
                self.raw.config_set("maxmemory", 1)
            case "a replica":
                self.raw.replicaof("127.0.0.1", 1)
            case "no rights":
                self.raw.execute_command("ACL", "SETUSER", "default", "-@write")

    def serve(self) -> None:
        """Take them again."""
        self.raw.replicaof("NO", "ONE")
        self.raw.config_set("maxmemory", 0)
        self.raw.execute_command("ACL", "SETUSER", "default", "+@all")

    def _answers(self) -> bool:
        try:
            return bool(self.raw.ping())
        except RedisError:
            return False


class WorkerProcess:
    """One worker on one queue, as `donghaeng worker` runs it; with `plain` RQ's own, on the same jobs.

    `log`: a file for what it tells; `loud`: see tests.workers.worker_program.
    """

    def __init__(
        self, queues: Queues, queue: str, *, plain: bool = False, loud: bool = False, log: Path | None = None
    ) -> None:
        how = [*(["plain"] if plain else []), *(["loud"] if loud else [])]
        self._told = None if log is None else log.open("wb")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.workers.worker_program", queue, *how],
            cwd=_TOP,
            env=os.environ
            | {
                "SOCKET": queues.address["unix_socket_path"],
                "STORE": queues.store_id,
                "KEY": queues.job_class.signing_key.hex(),
                "PYTHONDONTWRITEBYTECODE": "1",
                "PYTHONUNBUFFERED": "1",
            },
            stdout=self._told or subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def close(self) -> None:
        if self._told is not None:
            self._told.close()

    def end(self, how: signal.Signals = signal.SIGTERM) -> int:
        """The exit code after that signal."""
        self.process.send_signal(how)
        return self.process.wait(30)


@contextmanager
def own_valkey() -> Iterator[Valkey]:
    with tempfile.TemporaryDirectory(prefix="donghaeng-test-") as folder:
        valkey = Valkey(Path(folder))
        valkey.start()
        try:
            yield valkey
        finally:
            valkey.kill()


def queues_on(valkey: Valkey) -> Queues:
    """Queues of a new store there."""
    return Queues(valkey.address, uuid.uuid4().hex, secrets.token_bytes(32), JOBS)


@contextmanager
def at_work(
    queues: Queues,
    queue: str = "projections",
    *,
    plain: bool = False,
    loud: bool = False,
    log: Path | None = None,
) -> Iterator[WorkerProcess]:
    """The worker is gone after the block."""
    worker = WorkerProcess(queues, queue, plain=plain, loud=loud, log=log)
    try:
        yield worker
    finally:
        worker.process.kill()
        worker.process.wait()
        worker.close()


def until(true: Callable[[], object], seconds: float = 30.0) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it never came true"
        time.sleep(0.01)
