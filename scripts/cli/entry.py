"""The command `donghaeng`, before its modules are there: who interrupts it by then sees no traceback."""

from __future__ import annotations

import signal


def run() -> None:
    """The entry point."""
    before = signal.getsignal(signal.SIGINT)
    if before is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # nothing is begun yet
    from scripts.cli.main import app  # noqa: PLC0415 - takes some tenths of a second

    signal.signal(signal.SIGINT, before)
    app()
