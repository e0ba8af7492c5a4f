"""Wakes workers from a thread of its own, so that no command waits for Redis, slow or gone as it may be."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

_REST_SECONDS = 0.02


class Waker:
    """`wake(name, trace)` is called soon after `ask(name, trace)`, once for many askings. It must not raise."""

    def __init__(self, wake: Callable[[str, str | None], object]) -> None:
        self._wake = wake
        self._changed = threading.Condition()
        self._asked: dict[str, str | None] = {}
        self._busy = False
        self._thread: threading.Thread | None = None

    def ask(self, name: str, trace: str | None = None) -> None:
        """Have it woken; returns at once. Of many askings the first one's trace goes along."""
        with self._changed:
            self._asked.setdefault(name, trace)
            # a forked process starts without its parent's thread
            if self._thread is None or not self._thread.is_alive():
                self._busy = False
                self._thread = threading.Thread(target=self._run, name="waker", daemon=True)
                self._thread.start()
            self._changed.notify_all()

    def flush(self, patience: float = 2.0) -> None:
        """Wait until all that was asked for is done, or for so many seconds."""
        with self._changed:
            self._changed.wait_for(lambda: not (self._asked or self._busy), patience)

    def _run(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: bool(self._asked))
                asked, self._asked, self._busy = self._asked, {}, True
            for name, trace in asked.items():
                self._wake(name, trace)
            with self._changed:
                self._busy = False
                self._changed.notify_all()
            # a wake-up a command would take a fifth of its time; what comes meanwhile is one wake-up
            time.sleep(_REST_SECONDS)
