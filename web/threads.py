"""Handlers wait for the database, so each runs in a thread.

Litestar's own `sync_to_thread` wraps a handler twice where two share a path, and then answers with a coroutine.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial, wraps
from typing import ParamSpec, TypeVar

from anyio import to_thread

P = ParamSpec("P")
R = TypeVar("R")


def in_thread(function: Callable[P, R]) -> Callable[P, Awaitable[R]]:
    @wraps(function)
    async def call(*args: P.args, **given: P.kwargs) -> R:
        return await to_thread.run_sync(partial(function, *args, **given))

    return call
