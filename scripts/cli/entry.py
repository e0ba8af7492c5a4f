"""The command `donghaeng`, before its modules are there: who interrupts it by then sees no traceback."""

from __future__ import annotations

import gc
import signal


def run() -> None:
    """The entry point. What is loaded stays, so the collector, which would walk it again and again, waits for the command."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # nothing is begun yet
    gc.disable()
    from scripts.cli.main import app  # noqa: PLC0415 - takes a tenth of a second

    app()


def begin() -> None:
    """The command's modules are there: from now on it is interrupted in order, and what it leaves behind is collected."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_DFL:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    if not gc.isenabled():
        gc.freeze()
        gc.enable()
