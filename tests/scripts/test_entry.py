"""`donghaeng` before it begins: interrupted while it loads, or called for a folder that is not there."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from scripts.cli.main import app

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


def test_a_mistyped_data_folder_is_refused_and_not_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("DATABASE_URL", "REDIS_URL"):
        monkeypatch.delenv(name, raising=False)
    typo = tmp_path / "typo"
    for lang, said in (("en", "There is no data folder"), ("ko", "자료 폴더")):
        result = CliRunner().invoke(app, ["task", "list", "--data", str(typo), "--lang", lang])
        assert (result.exit_code, said in result.stderr) == (3, True), result.output
        assert not typo.exists()
