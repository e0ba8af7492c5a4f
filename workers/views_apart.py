"""The views compared with the facts by a process of its own, beside what else is: workers.views_told."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import msgspec

from projections.rows_in_use import InUse
from store.connecting import Connection
from store.errors import StoreFault
from trail.verdict import Verdict
from workers.engine import Engine
from workers.servers.process import start_module
from workflows.trail.parts import Begin
from workflows.trail.views import WHERE, ViewsPart, say_views

_WORTH_IT = 20_000  # facts; a process takes about as long to start as these to fold


def views_part(engine: Engine) -> Begin:
    """The part of a verification that compares the views: apart where there are many facts."""
    if engine.store.head().position < _WORTH_IT:
        return partial(ViewsPart, engine.store)
    return partial(_Apart, engine.app_dsn)


class _Apart:
    """The same, in a snapshot of its own that is taken at the beginning. See workflows.trail.parts.Part."""

    where = WHERE

    def __init__(self, dsn: str, connection: Connection) -> None:
        self._ended = False
        self._process = start_module("workers.views_told", dsn)

    def take(self, rows: Sequence[Any]) -> None:
        """It reads them itself."""

    def end(self) -> None:
        self._ended = True  # it may go on for longer, and is waited for when it is asked

    def say(self, verdict: Verdict) -> None:
        said, _ = self._process.communicate()
        if self._process.returncode:
            raise StoreFault(problem=said.decode() or f"exit code {self._process.returncode}")
        say_views(msgspec.json.decode(said, type=list[InUse]), verdict)

    def close(self) -> None:
        if not self._ended:
            self._process.terminate()
            self._process.communicate()
