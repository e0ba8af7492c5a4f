"""An end to any dialogue, however busy the other side looks: a timeout of a single step never comes where something always does."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress


def break_off(connected: socket.socket | None) -> None:
    """End the connection, if there is one; who waits for it ends then and closes it."""
    if connected is not None:
        with suppress(OSError):
            socket.socket.shutdown(
                connected, socket.SHUT_RDWR
            )  # past TLS, which would wait for the other side


@contextmanager
def break_off_after(connected: Callable[[], socket.socket | None], seconds: float) -> Iterator[None]:
    """Break the connection off when the time is over. `connected`: the one of that moment."""
    timer = threading.Timer(seconds, lambda: break_off(connected()))
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
