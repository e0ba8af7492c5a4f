"""What lies beside the facts is compared part by part, as the facts pass: each is given all of them and says what came of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any, Protocol

from domain.errors import DonghaengError
from store.connecting import Connection
from store.log import Store
from store.whole_log import WholeLog
from trail.verdict import Verdict


class Part(Protocol):
    """`where`: its name in a verdict."""

    where: str

    def take(self, rows: Sequence[Any]) -> None:
        """The next facts, as `Store.rows_after` gives them; from the first one on."""

    def end(self) -> None:
        """There are no more facts. In the snapshot still."""

    def say(self, verdict: Verdict) -> None:
        """What came of it, once it has ended."""

    def close(self) -> None:
        """In the snapshot still; whether it has ended or not."""


# given a connection in the snapshot that the facts will be read in, and of which nothing was asked yet
Begin = Callable[[Connection], Part]


class Apart:
    """A part whose error is its own: the others are given all facts, and it is told with what came of them."""

    def __init__(self, part: Part) -> None:
        self.where = part.where
        self._part = part
        self._problem: DonghaengError | None = None

    def take(self, rows: Sequence[Any]) -> None:
        self._try(lambda: self._part.take(rows))

    def end(self) -> None:
        self._try(self._part.end)

    def say(self, verdict: Verdict) -> None:
        with verdict.checking(self.where):
            if self._problem is not None:
                raise self._problem
            self._part.say(verdict)

    def _try(self, work: Callable[[], None]) -> None:
        if self._problem is None:
            try:
                work()
            except DonghaengError as error:
                self._problem = error


@contextmanager
def begin_parts(
    store: Store, connection: Connection, parts: Sequence[Begin]
) -> Iterator[tuple[WholeLog, list[Apart]]]:
    """The log that is to be read, and the parts that are given it."""
    with ExitStack() as stack:
        apart = []
        for begin in parts:
            part = begin(connection)
            stack.callback(part.close)
            apart.append(Apart(part))
        yield WholeLog(store, connection, apart), apart
