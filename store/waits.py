"""For how long anybody waits for PostgreSQL, said once. docs/operations.md has the same as a table, held to this by a test.

The server is told to give up a little before the program does: what it says so of was not done, and the session goes on.
Where it says nothing at all, being stopped or behind a proxy that swallows everything, the program closes the socket.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

import msgspec

COMMAND_SECONDS = 15.0  # a command, all of its questions together
CONNECT_SECONDS = 5.0


class Waits(msgspec.Struct, frozen=True):
    """Of one session, in seconds. `answer`: for one answer, then the socket is closed; `idle`: the server ends a
    transaction of ours in which nothing is asked for so long.

    `whole`: statements may take as long as they need, as long as the server, asked by another connection, says that
    it is at work: after each `answer` seconds. A lock is waited for no longer all the same.
    """

    answer: float
    idle: float = 60.0
    whole: bool = False

    @property
    def holder(self) -> float:
        """After which a session that holds a lock and does nothing is ended: before those who wait for it give up."""
        return 0.8 * self.answer

    @property
    def lock(self) -> float:
        """After which the server no longer waits for a lock."""
        return 0.9 * self.answer

    @property
    def statement(self) -> float:
        """After which the server gives up a statement; 0: never."""
        return 0.0 if self.whole else 0.95 * self.answer


READING = Waits(answer=10.0)
JOB = Waits(answer=60.0, idle=30.0)
WHOLE = Waits(answer=60.0, whole=True)  # migrating, backing up, rebuilding, taking in a history


class _Left:
    def __init__(self, seconds: float) -> None:
        self.seconds = seconds


_left: ContextVar[_Left | None] = ContextVar("left", default=None)


@contextmanager
def in_all(seconds: float) -> Iterator[None]:
    """What is waited for in the block takes no longer than this together; an inner block takes no more than is left."""
    outer = _left.get()
    own = _Left(seconds if outer is None else min(seconds, outer.seconds))
    began = own.seconds
    token = _left.set(own)
    try:
        yield
    finally:
        _left.reset(token)
        if outer is not None:
            outer.seconds -= began - own.seconds


def seconds_left(most: float) -> float:
    """For how many seconds may still be waited, at most so many."""
    found = _left.get()
    return most if found is None else max(0.0, min(most, found.seconds))


def spend(since: float) -> None:
    """The time since that moment, by time.monotonic(), was waiting."""
    found = _left.get()
    if found is not None:
        found.seconds -= time.monotonic() - since
