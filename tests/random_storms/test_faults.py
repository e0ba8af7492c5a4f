"""What a storm does to a process: several faults at once, and one that has ended meanwhile spoils none of the others."""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from scripts.random_storms.faults import limit_memory
from scripts.random_storms.rig import LOSE, arm, shim_of
from scripts.random_storms.shim import NO_DISK, make_shim, shim_process

_TELLING = """
import os, sys, time
file = os.open(sys.argv[1], os.O_RDWR | os.O_CREAT)
while sys.stdin.readline():
    try:
        os.pwrite(file, b"x", 0)
        wrote = "wrote"
    except OSError as error:
        wrote = os.strerror(error.errno)
    print(int(time.time()), wrote.replace(" ", "_"), flush=True)
"""


class Met:
    """A process behind the shim; what time it has, and what comes of its writing."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process

    def tells(self) -> tuple[int, str]:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        at, wrote = self.process.stdout.readline().split()
        return round((int(at) - time.time()) / 60), wrote


@contextmanager
def met(folder: Path) -> Iterator[Met]:
    library, table = shim_of(folder)
    pipe = subprocess.PIPE
    with subprocess.Popen(
        [sys.executable, "-c", _TELLING, str(folder / "written")],
        stdin=pipe,
        stdout=pipe,
        text=True,
        env=os.environ | {"LD_PRELOAD": str(library), "STORM_SHIM": str(table)},
    ) as process:
        yield Met(process)


@pytest.mark.skipif(shutil.which("cc") is None, reason="there is no compiler")
def test_two_faults_on_one_process_both_last(tmp_path: Path) -> None:
    make_shim(tmp_path)
    with met(tmp_path) as one:
        pid = one.process.pid
        assert one.tells() == (0, "wrote"), "the control"
        with shim_process(tmp_path, pid, seconds=3600):
            assert one.tells() == (60, "wrote")
            with shim_process(tmp_path, pid, fails=NO_DISK), shim_process(tmp_path, pid, seconds=-60):
                assert one.tells() == (59, "Input/output_error")
        with shim_process(tmp_path, pid, fails=NO_DISK), shim_process(tmp_path, pid, seconds=3600):
            assert one.tells() == (60, "Input/output_error")
        with shim_process(tmp_path, pid + 1, fails=NO_DISK, seconds=3600):
            assert one.tells() == (0, "wrote"), "the control: another process's"


@contextmanager
def sleeping() -> Iterator[int]:
    with subprocess.Popen(
        [sys.executable, "-c", "import sys; sys.stdin.read()"], stdin=subprocess.PIPE
    ) as one:
        yield one.pid


def limit_of(pid: int) -> tuple[int, int]:
    return resource.prlimit(pid, resource.RLIMIT_AS)


def ended() -> int:
    with sleeping() as pid:
        pass
    return pid


def test_one_that_has_ended_leaves_the_others_limited_and_all_that_have_ended_are_no_fault() -> None:
    with sleeping() as pid:
        before = limit_of(pid)
        with limit_memory([ended(), pid]):
            assert limit_of(pid)[0] < 2**40
        assert limit_of(pid) == before
    with pytest.raises(LookupError), limit_memory([ended()]):
        pass


def test_two_at_once_leave_no_limit_behind() -> None:
    with sleeping() as pid:
        before = limit_of(pid)
        first, second = limit_memory([pid]), limit_memory([pid])
        first.__enter__()
        second.__enter__()
        first.__exit__(None, None, None)
        second.__exit__(None, None, None)
        assert limit_of(pid) == before


def test_two_faults_that_begin_at_once_do_not_take_each_others_action(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rename, others = Path.rename, [("grow", "before", "STOP")]

    def meanwhile(self: Path, target: Path) -> Path:
        while others:
            arm(tmp_path, *others.pop())
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", meanwhile)
    arm(tmp_path, "append", "after", LOSE)
    assert {one.name: one.read_text() for one in tmp_path.iterdir()} == {
        "append after": LOSE,
        "grow before": "STOP",
    }
