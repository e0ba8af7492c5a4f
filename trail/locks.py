"""Lock files: their owner's alone, waited for with a limit, and who holds one is named."""

from __future__ import annotations

import fcntl
import os
import pwd
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from trail.bilingual import ServerUnreachable

_LONGEST = 100  # letters of a command that are told


class LockHeld(ServerUnreachable):
    """`holders`: who has had the lock at `path` for `seconds`."""

    ko = "{path}의 잠금을 {seconds}초 기다렸으나 얻지 못했습니다. 쥐고 있는 것: {holders}. 그것이 끝난 뒤, 또는 끝내고 다시 실행하십시오."
    en = "The lock {path} was waited for, {seconds} second(s) long. It is held by: {holders}. Run this again when that has ended, or end it."


def open_lock(path: Path) -> int:
    """The lock file's descriptor; one that others may open, as older programs made them, is closed to them."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    found = os.fstat(handle)
    if found.st_uid == os.geteuid() and stat.S_IMODE(found.st_mode) & 0o077:
        os.fchmod(handle, 0o600)
    return handle


@contextmanager
def hold_lock(path: Path, seconds: float) -> Iterator[int]:
    """The lock for ourselves alone, for the block: its descriptor, which may be left to a child. Raises LockHeld."""
    handle = open_lock(path)
    try:
        wait_for(handle, path, fcntl.LOCK_EX, seconds)
        yield handle
    finally:
        os.close(handle)


def wait_for(handle: int, path: Path, how: int, seconds: float) -> None:
    """Have the lock, LOCK_EX or LOCK_SH, within so many seconds. Raises LockHeld, which names who has it."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            fcntl.flock(handle, how | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            if time.monotonic() > deadline:
                raise LockHeld(path=path, seconds=f"{seconds:g}", holders=_describe_holders(handle)) from None
        time.sleep(0.01)


def holders(handle: int) -> list[int]:
    """The processes that have locked the file; where those have ended, who has inherited it open from them."""
    file = os.fstat(handle)
    having, waiting = _by_the_kernel(file.st_ino)
    living = [pid for pid in having if Path(f"/proc/{pid}").exists()]
    return living or sorted(_with_it_open(file) - {os.getpid(), *waiting}) or having


def _by_the_kernel(inode: int) -> tuple[list[int], list[int]]:
    """Who took the lock, and who waits for it."""
    having, waiting = list[int](), list[int]()
    with suppress(OSError), open("/proc/locks", encoding="ascii") as lines:
        for line in lines:
            # 1: FLOCK ADVISORY WRITE 4711 08:02:131106 0 EOF; with an arrow, 1: -> FLOCK …, one that waits
            _, *parts = line.split()
            waits = parts[0] == "->"
            kind, _, _, pid, file = parts[waits : waits + 5]
            if kind == "FLOCK" and int(file.rpartition(":")[2]) == inode:
                (waiting if waits else having).append(int(pid))
    return having, waiting


def _with_it_open(file: os.stat_result) -> set[int]:
    """As far as we may look into other processes."""
    found = set()
    for entry in Path("/proc").glob("[0-9]*/fd/*"):
        with suppress(OSError):
            if os.path.samestat(entry.stat(), file):
                found.add(int(entry.parts[2]))
    return found


def _describe_holders(handle: int) -> str:
    return ", ".join(map(_process, holders(handle))) or "?"


def _process(pid: int) -> str:
    """Its number, user and command, e.g. “pid 4711 (nobody: flock …)”."""
    try:
        user = name_of_user(Path(f"/proc/{pid}").stat().st_uid)
        words = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return f"pid {pid}"
    # whoever holds it chose these words
    command = "".join(letter if letter.isprintable() else "?" for letter in words.strip()[:_LONGEST])
    return f"pid {pid} ({user}: {command})"


def name_of_user(uid: int) -> str:
    """The name, or the number where there is none."""
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)
