"""The count of the streams as it lies in a trail's folder: enough for the next seal, and for any stream's path."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from trail.bilingual import Bilingual
from trail.errors import NotTrusted
from trail.json_bytes import BROKEN
from trail.streams import EMPTY, Counted, Stream, Streams, leaves_of, top_of

FOLDER = "streams"
BITS = 12
Read = Callable[[str], bytes | None]


def file_of(number: int) -> str:
    """Where a bucket lies."""
    return f"{FOLDER}/{number:03x}"


class Kept(msgspec.Struct, frozen=True):
    """`size`: of so many facts; `last`: the last one's leaf hash; `count`: how many streams; `tops`: the buckets' roots. Hex.

    Of a bucket that holds nothing the root is left empty.
    """

    size: int
    last: str
    count: int
    tops: tuple[str, ...]


class KeptStreams:
    """`size`, `last`: as in Kept."""

    def __init__(self, read: Read, kept: Kept, tops: list[bytes]) -> None:
        self.size, self.last = kept.size, kept.last
        self._read, self._count, self._tops = read, kept.count, tops

    def streams(self) -> Streams:
        """Buckets are read when they are needed. Raises NotTrusted then, where one is not what it was."""
        return Streams(BITS, self._tops, self._bucket, self._count)

    def _bucket(self, number: int) -> dict[str, Counted]:
        if self._tops[number] == EMPTY:
            return {}
        name = file_of(number)
        given = self._read(name) or b""
        try:
            leaves = [msgspec.json.decode(line, type=Stream) for line in given.splitlines()]
            found = {one.stream: (one.n, bytes.fromhex(one.chain)) for one in leaves}
        except BROKEN:
            found = {}
        if top_of(found, BITS) != self._tops[number]:
            problem = Bilingual(
                "이력별 건수가 서로 맞지 않습니다", "the count of the streams does not fit together"
            )
            raise NotTrusted(where=name, problem=problem)
        return found


def load_kept_streams(read: Read) -> KeptStreams | None:
    """None where there is none, or it cannot be read."""
    given = read(f"{FOLDER}/top")
    try:
        kept = msgspec.json.decode(given or b"", type=Kept)
        tops = [bytes.fromhex(one) or EMPTY for one in kept.tops]
    except BROKEN:
        return None
    whole = len(tops) == 1 << BITS and all(len(one) in (32, 33) for one in tops) and kept.size > 0
    return KeptStreams(read, kept, tops) if whole else None


def lines_of(bucket: dict[str, Counted]) -> bytes:
    """A bucket as it lies in its file: a leaf a line, as they are hashed."""
    return b"".join(bytes(leaf) + b"\n" for leaf in leaves_of(bucket))
