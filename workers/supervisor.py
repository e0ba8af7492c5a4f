"""Starts the parts as child processes, keeps them running, and stops them in order."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO

from domain.errors import Refusal
from trail.locks import LockHeld, hold_lock
from trail.logs import Logger
from workers.processes import PARTS
from workers.servers.data_folder import ensure_folder
from workers.servers.place import ensure_passable
from workers.servers.process import dies_with_parent, environment_for_child
from workers.settings import Settings

_log = Logger()
STOP_SECONDS = 10.0
_RESTART_SECONDS = 1.0


class Supervisor:
    """The child processes of one `up`. A part that ends by itself is started again after a second."""

    def __init__(
        self, settings: Settings, parts: Sequence[Sequence[str]] = PARTS, logs: Path | None = None
    ) -> None:
        self._settings, self._parts, self._logs = settings, parts, logs
        self._running: dict[Sequence[str], subprocess.Popen[bytes]] = {}
        self._files = ExitStack()

    @property
    def processes(self) -> list[int]:
        """The ids of those that run."""
        return [process.pid for process in self._running.values()]

    def start(self) -> None:
        for words in self._parts:
            self._start(words)

    def watch(self, stopped: Callable[[float], bool]) -> None:
        """Restart what ended, until `stopped(seconds to wait)` is true."""
        while not stopped(_RESTART_SECONDS):
            for words, process in list(self._running.items()):
                if process.poll() is not None:
                    _log.warning("part_restarted", part=" ".join(words), exit_code=process.returncode)
                    self._start(words)

    def stop(self) -> None:
        """Ask every part to finish what it has in hand; kill what has not ended after ten seconds."""
        for process in self._running.values():
            process.terminate()
        deadline = time.monotonic() + STOP_SECONDS
        for process in self._running.values():
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self._files.close()

    def _start(self, words: Sequence[str]) -> None:
        self._running[words] = subprocess.Popen(
            dies_with_parent([sys.executable, "-m", "workers", *words]),
            env=environment_for_child() | self._settings.environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=self._log_file(words),
            start_new_session=True,
        )

    def _log_file(self, words: Sequence[str]) -> IO[bytes] | None:
        if self._logs is None:
            return None
        ensure_folder(self._logs)
        return self._files.enter_context((self._logs / f"{'-'.join(words)}.log").open("ab"))


@contextmanager
def at_work(
    settings: Settings, logs: Path | None = None, parts: Sequence[Sequence[str]] = PARTS
) -> Iterator[Supervisor]:
    """The parts run inside the block and are gone after it."""
    supervisor = Supervisor(settings, parts, logs)
    try:
        supervisor.start()
        yield supervisor
    finally:
        supervisor.stop()


class AlreadyUp(Refusal):
    """One `up` at a time works on a data folder."""

    ko = "자료 폴더 {data}에서 이미 `donghaeng up`이 실행 중입니다({holders}). 그것을 쓰거나 먼저 끝내십시오."
    en = "`donghaeng up` already runs on the data folder {data} ({holders}). Use that one, or stop it first."


@contextmanager
def only_up(data: Path) -> Iterator[None]:
    """Hold the data folder's `up` for the block. The kernel lets go of it however we end."""
    with ExitStack() as held:
        try:
            held.enter_context(hold_lock(ensure_passable(data) / "up.lock", 0))
        except LockHeld as error:
            raise AlreadyUp(data=data.absolute(), holders=error.details["holders"]) from None
        yield
