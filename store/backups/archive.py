"""What a backup holds, one section after the other, compressed: tables as COPY writes them, key files, a closing."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator

import msgspec

from store.backups.errors import BackupDamaged
from store.backups.sealing import SealedWriter

_AT_ONCE = 1024 * 1024
_SECTION, _DATA, _CLOSING = b"S", b"D", b"C"


class Section(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the data that follow are: rows of `table` (schema, name) in these columns, or the key file `key`."""

    table: tuple[str, str] | None = None
    columns: tuple[str, ...] = ()
    key: str | None = None


class Closing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`rows`: by table; `log`: SHA-256 over the facts as COPY writes them in order; `sequences`: last values."""

    rows: dict[str, int]
    log: str
    sequences: dict[str, int]


class ArchiveWriter:
    """Sections and their data, into a sealed file."""

    def __init__(self, sealed: SealedWriter) -> None:
        self._sealed = sealed
        self._pressed = zlib.compressobj(1)
        self._waiting = bytearray()

    def begin(self, section: Section) -> None:
        self._flush()
        self._frame(_SECTION, msgspec.json.encode(section))

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self._waiting += data
        if len(self._waiting) > _AT_ONCE:
            self._flush()

    def close(self, closing: Closing) -> None:
        """The end: what was written must add up to this on reading."""
        self._flush()
        self._frame(_CLOSING, msgspec.json.encode(closing))
        self._sealed.write(self._pressed.flush())
        self._sealed.finish()

    def _flush(self) -> None:
        if self._waiting:
            self._frame(_DATA, bytes(self._waiting))
            self._waiting.clear()

    def _frame(self, kind: bytes, content: bytes) -> None:
        head = kind + len(content).to_bytes(4, "big")
        self._sealed.write(self._pressed.compress(head) + self._pressed.compress(content))


def frames(chunks: Iterable[bytes], name: object) -> Iterator[Section | bytes | Closing]:
    """What an ArchiveWriter wrote, a piece at a time, the closing last. Raises BackupDamaged."""
    source = _Bytes(_decompress(chunks))
    while head := source.take(5):
        content = source.take(int.from_bytes(head[1:], "big"))
        kind = head[:1]
        if kind == _DATA:
            yield content
        elif kind == _SECTION:
            yield msgspec.json.decode(content, type=Section)
        else:
            yield msgspec.json.decode(content, type=Closing)
            break
    else:
        raise BackupDamaged(file=name, problem="no closing")
    if source.take(1):
        raise BackupDamaged(file=name, problem="something behind the closing")


def _decompress(chunks: Iterable[bytes]) -> Iterator[bytes]:
    pressed = zlib.decompressobj()
    for chunk in chunks:
        piece = pressed.decompress(chunk, _AT_ONCE)
        while piece:
            yield piece
            piece = pressed.decompress(pressed.unconsumed_tail, _AT_ONCE)
    yield pressed.flush()


class _Bytes:
    """So many bytes at a time out of pieces of any size."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._held = bytearray()

    def take(self, count: int) -> bytes:
        """Fewer only at the end."""
        while len(self._held) < count:
            piece = next(self._pieces, None)
            if piece is None:
                break
            self._held += piece
        taken = bytes(self._held[:count])
        del self._held[:count]
        return taken
