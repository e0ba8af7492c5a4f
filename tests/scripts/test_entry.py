"""`donghaeng` before it begins: interrupted while it loads, or called for a folder that is not there."""

from __future__ import annotations

import gc
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from scripts.cli.entry import begin
from scripts.cli.main import app

_INTERRUPTED = """
import os, signal, sys

class Interrupting:
    def find_spec(self, name, *rest):
        if name == "{module}":
            os.kill(os.getpid(), signal.SIGINT)

sys.meta_path.insert(0, Interrupting())
sys.argv = ["donghaeng", "task", "list"]
"""
_WHOLE = "scripts.cli.main"
_BEHIND_A_NAME = "scripts.cli.task"


@pytest.mark.parametrize(
    ("start", "module", "quiet"),
    [
        ("from scripts.cli.entry import run; run()", _WHOLE, True),
        ("from scripts.cli.entry import run; run()", _BEHIND_A_NAME, True),
        ("import scripts.cli.main", _WHOLE, False),
    ],
    ids=["by its entry", "behind a name", "the control"],
)
def test_an_interrupted_start_ends_without_a_traceback(start: str, module: str, quiet: bool) -> None:
    command = [sys.executable, "-c", _INTERRUPTED.replace("{module}", module) + start]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == -signal.SIGINT
    assert ("Traceback" in done.stderr) is not quiet


def test_what_starts_with_interrupts_ignored_goes_on() -> None:
    ignoring = "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN)\n"
    start = "sys.argv = ['donghaeng', '--help']; from scripts.cli.entry import run; run()"
    command = [sys.executable, "-c", ignoring + _INTERRUPTED.replace("{module}", _WHOLE) + start]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, "trail" in done.stdout) == (0, True)


def test_a_command_that_begins_is_interrupted_in_order_and_collects_again() -> None:
    before = signal.signal(signal.SIGINT, signal.SIG_DFL)
    gc.disable()
    try:
        begin()
        assert (signal.getsignal(signal.SIGINT), gc.isenabled()) == (signal.default_int_handler, True)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        begin()
        assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, before)
        gc.enable()
        gc.unfreeze()


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
