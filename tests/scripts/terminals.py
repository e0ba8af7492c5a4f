"""A terminal with somebody at it: what is shown is read, and lines are typed."""

from __future__ import annotations

import os
import pty
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from typing import NamedTuple

CTRL_C = "\x03"
DONGHAENG = (sys.executable, "-c", "from scripts.cli.entry import run; run()")


class Ended(NamedTuple):
    """`shown`: on the terminal; `stdout`: of the command, where it is not the terminal too."""

    exit_code: int
    shown: str
    stdout: str


def at_terminal(
    words: Sequence[str],
    lines: Sequence[str] = (),
    *,
    env: Mapping[str, str] | None = None,
    whole: bool = False,
    command: Sequence[str] = DONGHAENG,
) -> Ended:
    """Run it with these lines typed; "\\x03" is Ctrl-C. `whole`: stdout is the terminal too."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [*command, *words],
        stdin=theirs,
        stdout=theirs if whole else subprocess.PIPE,
        stderr=theirs,
        env={**os.environ, **(env or {})},
    )
    os.close(theirs)
    typed = list(lines)
    shown = ""
    while True:
        try:
            piece = os.read(ours, 65536)
        except OSError:  # it has ended
            break
        if not piece:
            break
        shown += piece.decode(errors="replace")
        if typed and shown.rstrip("\r\n").endswith((": ", "… ", ":")):
            line = typed.pop(0)
            if line == CTRL_C:
                process.send_signal(signal.SIGINT)
            else:
                os.write(ours, f"{line}\n".encode())
    stdout = "" if process.stdout is None else process.stdout.read().decode()
    if process.stdout is not None:
        process.stdout.close()
    os.close(ours)
    return Ended(process.wait(), shown, stdout)
