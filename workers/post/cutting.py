"""An end to any dialogue, however busy the other side looks: a timeout of a single step never comes where something always does."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress


@contextmanager
def cut_off(connected: Callable[[], socket.socket | None], seconds: float) -> Iterator[threading.Event]:
    """Break the connection off when the time is over; the event says that it was. `connected`: the one of that moment."""
    over = threading.Event()

    def end() -> None:
        over.set()
        one = connected()
        if one is not None:
            with suppress(OSError):
                socket.socket.shutdown(one, socket.SHUT_RDWR)  # past TLS, which would wait for the other side

    timer = threading.Timer(seconds, end)
    timer.daemon = True
    timer.start()
    try:
        yield over
    finally:
        timer.cancel()
