"""`donghaeng` while it still loads: who interrupts it sees nothing of its inside."""

from __future__ import annotations

import signal
import subprocess
import sys

import pytest

_INTERRUPTED = """
import os, signal, sys

class Interrupting:
    def find_spec(self, name, *rest):
        if name == "scripts.cli.main":
            os.kill(os.getpid(), signal.SIGINT)

sys.meta_path.insert(0, Interrupting())
"""


@pytest.mark.parametrize(
    ("start", "quiet"),
    [("from scripts.cli.entry import run; run()", True), ("import scripts.cli.main", False)],
    ids=["by its entry", "the control"],
)
def test_an_interrupted_start_ends_without_a_traceback(start: str, quiet: bool) -> None:
    command = [sys.executable, "-c", _INTERRUPTED + start]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == -signal.SIGINT
    assert ("Traceback" in done.stderr) is not quiet


def test_what_starts_with_interrupts_ignored_goes_on() -> None:
    ignoring = "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN)\n"
    start = "sys.argv = ['donghaeng', '--help']; from scripts.cli.entry import run; run()"
    command = [sys.executable, "-c", ignoring + _INTERRUPTED + start]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, "trail" in done.stdout) == (0, True)
