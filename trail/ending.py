"""How a program ends that is told to."""

from __future__ import annotations

import signal


def end_politely() -> None:
    """A polite kill unwinds like Ctrl-C, so that nothing is left behind."""

    def interrupt(signum: int, frame: object) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, interrupt)
