"""What the log says of its streams: facts that count all of them, and whether they count what stands before them."""

from __future__ import annotations

import base64
from hashlib import sha256

import msgspec

from trail.bilingual import Bilingual
from trail.english import many
from trail.errors import NotTrusted
from trail.json_bytes import BROKEN
from trail.leaves import parse_leaf
from trail.signed import require_file
from trail.sources import Source
from trail.streams import Streams
from trail.verdict import Verdict

MAPPED = "trail.mapped"
HASH = 32


class Commitment(msgspec.Struct, frozen=True):
    """`size`: of the first so many facts; `streams`: how many these are of; `root`: over the streams."""

    size: int
    streams: int
    root: bytes


class _Said(msgspec.Struct, frozen=True):
    origin: str
    size: int
    streams: int
    root: str


def file_of(position: int) -> str:
    """Where the stored bytes of such a fact lie beside the tiles: who has the trail alone has no facts."""
    return f"maps/{position}.json"


def read_commitment(origin: str, position: int, state: bytes, where: str) -> Commitment | None:
    """What the fact at a position says, by its stored bytes. None where it is of another log, or is not the very next fact
    after those that it counts: then it says nothing. Raises NotTrusted.
    """
    try:
        said = msgspec.json.decode(state.partition(b"\n")[2], type=_Said)
        root = base64.b64decode(said.root, validate=True)
    except BROKEN:
        root = b""
    if len(root) != HASH:
        problem = Bilingual("이력별 건수를 읽을 수 없습니다", "the count of the streams cannot be read")
        raise NotTrusted(where=where, problem=problem)
    if said.origin != origin or said.size != position - 1:
        return None
    return Commitment(said.size, said.streams, root)


class Recounted:
    """The streams counted again from the leaves, one after the other, with what the log's own facts have to say of them."""

    def __init__(self) -> None:
        self._streams = Streams()
        self._found: list[tuple[int, str, Commitment]] = []

    def leaf(self, position: int, stream: str, kind: str, leaf: bytes, hashed: bytes) -> None:
        """`hashed`: the leaf's hash."""
        if kind == MAPPED:
            counted = Commitment(position - 1, self._streams.count, self._streams.root())
            state = parse_leaf(leaf, file_of(position)).state
            self._found.append((position, state, counted))
        self._streams.add(stream, hashed)

    def check(self, source: Source, origin: str, verdict: Verdict) -> None:
        """Each of the facts that count the streams, by its bytes in the trail. Says in the verdict what does not hold."""
        good = 0
        for position, state, counted in self._found:
            name = file_of(position)
            with verdict.checking(name):
                given = require_file(source, name)
                if sha256(given).hexdigest() != state:
                    problem = Bilingual("봉인된 내용과 다릅니다", "its content is not what was sealed")
                    raise NotTrusted(where=name, problem=problem)
                said = read_commitment(origin, position, given, name)
                if said is not None and said != counted:
                    raise NotTrusted(where=name, problem=_wrong(position))
                good += said is not None
        if good:
            verdict.holds(
                "maps",
                f"이력별 건수 기록 {good:,}건이 모두 그 앞의 기록에서 다시 집계한 것과 같습니다",
                f"{many(good, 'count of the streams is what the facts before it make', 'counts of the streams are what the facts before them make')}",
            )


def _wrong(position: int) -> Bilingual:
    return Bilingual(
        f"{position}번 기록의 이력별 건수가 그 앞의 기록에서 다시 집계한 것과 다릅니다: "
        "이 체크포인트의 묶음에서는 어느 이력에서 사건이 빠졌을 수 있습니다",
        f"what event {position} says of the streams is not what the facts before it make: "
        "packs by this checkpoint may leave out events of a stream",
    )
