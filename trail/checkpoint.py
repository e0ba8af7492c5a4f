"""A checkpoint: how many facts there are and the root over them, as C2SP tlog-checkpoint has it."""

from __future__ import annotations

import base64
import re

import msgspec

from trail.bilingual import Bilingual
from trail.errors import BadCheckpoint
from trail.note import Note, decode_base64

_SIZE = re.compile(r"0|[1-9][0-9]{0,15}")


class Checkpoint(msgspec.Struct, frozen=True):
    """`size`: facts, from the first; `root`: 32 bytes."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"


def parse_checkpoint(note: Note, where: str, origin: str | None = None) -> Checkpoint:
    """What a note says, once it is verified. `origin`: the one that it has to be of. Raises BadCheckpoint.

    Our log writes no extension lines, so one is refused.
    """
    lines = note.text[:-1].split("\n")
    if len(lines) > 3:
        raise _bad(
            where, f"덧붙은 줄 “{lines[3][:40]}”이 있습니다", f"it has an extension line “{lines[3][:40]}”"
        )
    try:
        name, size, root = lines
        raw = decode_base64(root)
    except ValueError:
        raise _bad(where, "체크포인트의 형식이 아닙니다", "it has not the form of a checkpoint") from None
    if not name or not _SIZE.fullmatch(size) or len(raw) != 32:
        raise _bad(where, "체크포인트의 형식이 아닙니다", "it has not the form of a checkpoint")
    if origin is not None and name != origin:
        raise _bad(where, f"다른 기록({name[:80]})의 것입니다", f"it is of another log ({name[:80]})")
    return Checkpoint(name, int(size), raw)


def _bad(where: str, ko: str, en: str) -> BadCheckpoint:
    return BadCheckpoint(where=where, problem=Bilingual(ko, en))
