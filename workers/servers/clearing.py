"""Making a data folder anew: everything of ours in it goes, if nobody uses it and nothing else lies in it."""

from __future__ import annotations

import shutil
from contextlib import ExitStack
from pathlib import Path

from domain.errors import Refusal
from trail.locks import LockHeld, hold_lock
from workers.servers.keeper import SERVERS, files
from workers.servers.place import pointer_of, read_pointer

_OURS = {"postgres", "redis", "logs", "out", "acted-on", "keys", "trail", "witnesses"}
_OUR_ENDINGS = (".lock", ".address", ".location")
_PATIENCE_SECONDS = 30.0


class NotOurFolder(Refusal):
    """Something lies in the folder that this program did not put there."""

    ko = "폴더 {path}에 이 프로그램의 것이 아닌 {found}이(가) 있어 지우지 않았습니다. --data로 다른 폴더를 지정하십시오."
    en = "The folder {path} holds {found}, which is not this program's; nothing was removed. Name another with --data."


class InUse(Refusal):
    """Another command works on the data folder."""

    ko = "자료 폴더 {path}을(를) 다른 명령이 쓰고 있습니다({holders}). 그것이 끝난 뒤 다시 실행하십시오."
    en = "Another command uses the data folder {path} ({holders}). Run this again when it has ended."


def clear(data: Path) -> None:
    """Empty the data folder, its lock files apart. Raises NotOurFolder, InUse; then nothing was removed."""
    if not data.exists():
        return
    for entry in data.iterdir():
        if entry.name not in _OURS and entry.suffix not in _OUR_ENDINGS:
            raise NotOurFolder(path=data, found=entry.name)
    with ExitStack() as held:
        for kind in SERVERS:
            for path in files(data, kind)[:3]:
                _hold(held, path, data)
        for pointer in (pointer_of(data, kind) for kind in SERVERS):
            if pointer.exists():
                shutil.rmtree(read_pointer(pointer).parent, ignore_errors=True)
        for entry in data.iterdir():
            _remove(entry)


def _remove(entry: Path) -> None:
    if entry.is_dir():
        shutil.rmtree(entry)
    elif entry.suffix != ".lock":
        entry.unlink()


def _hold(held: ExitStack, path: Path, data: Path) -> None:
    """The lock for ourselves, waiting for a server that is just being stopped."""
    try:
        held.enter_context(hold_lock(path, _PATIENCE_SECONDS))
    except LockHeld as error:
        raise InUse(path=data, holders=error.details["holders"]) from None
