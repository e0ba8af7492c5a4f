"""Every stream, how many facts it has and which: a Merkle tree by the hash of the streams' names, with a path for each.

The tree of a set of streams is one and the same whatever the order in which they came. A subtree of no stream is 32 zero
bytes, one of a single stream is that stream's leaf, and any other hashes its two halves, by the next bit of the name's
SHA-256. So a path shows that a stream is there, or that it is not. Released: how the root is made never changes.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from hashlib import sha256

import msgspec

from trail.leaf import quote
from trail.tree import leaf_hash, node_hash

EMPTY = bytes(32)
_SINGLE = b"\x00"  # stands before the hash of a subtree that is one stream's leaf alone
Counted = tuple[int, bytes]  # how many facts, and their chain


class Stream(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A leaf. `chain`: over the leaves of the stream's facts in their order, hex; `n`: how many they are."""

    chain: str
    n: int
    stream: str

    def __bytes__(self) -> bytes:
        return f'{{"chain":"{self.chain}","n":{self.n},"stream":{quote(self.stream)}}}'.encode()


def extend_chain(before: bytes | None, hashed: bytes) -> bytes:
    """The chain with one more leaf's hash; that of a single leaf is its hash."""
    return hashed if before is None else node_hash(before, hashed)


def key_of(name: str) -> bytes:
    return sha256(name.encode()).digest()


@lru_cache(maxsize=1 << 16)
def _beginning(name: str) -> int:
    """The first sixteen bits of a name's hash: most facts are of streams of which there was one a moment ago."""
    return int.from_bytes(key_of(name)[:2], "big")


class Path(msgspec.Struct, frozen=True):
    """`leaf`: at the end of the path that a name's hash takes: the stream's own, another's where it is not there, or None.

    `siblings`: from there up to the root.
    """

    leaf: Stream | None
    siblings: tuple[bytes, ...]


def root_of(name: str, path: Path) -> bytes | None:
    """The root to which a path for this name leads; None where it cannot be one."""
    key, depth = key_of(name), len(path.siblings)
    if depth > 256 or any(len(one) != 32 for one in path.siblings):
        return None
    found = EMPTY
    if path.leaf is not None:
        own = key_of(path.leaf.stream)
        if any(_bit(own, at) != _bit(key, at) for at in range(depth)):
            return None
        found = leaf_hash(bytes(path.leaf))
    for at, sibling in zip(range(depth - 1, -1, -1), path.siblings, strict=True):
        found = node_hash(sibling, found) if _bit(key, at) else node_hash(found, sibling)
    return found


class Streams:
    """The streams of a log, counted leaf by leaf, in so many buckets (2 to the power of `bits`) by the name's hash.

    `nodes`: the buckets' roots, where they were counted before; `load`: what a bucket then holds.
    """

    def __init__(
        self,
        bits: int = 16,
        nodes: Sequence[bytes] | None = None,
        load: Callable[[int], dict[str, Counted]] = lambda _: {},
        count: int = 0,
    ) -> None:
        self.count = count
        self.touched: set[int] = set()  # the buckets to which something was added
        self._bits, self._load = bits, load
        self._buckets: dict[int, dict[str, Counted]] = {}
        self._nodes = [EMPTY] * (2 << bits)  # the top is 1, below n are 2n and 2n + 1
        self._due: set[int] = set()
        if nodes is not None:
            self._nodes[1 << bits :] = nodes
            for at in range((1 << bits) - 1, 0, -1):
                self._nodes[at] = _join(self._nodes[2 * at], self._nodes[2 * at + 1])

    def add(self, name: str, hashed: bytes) -> None:
        """One more fact of a stream, by its leaf's hash."""
        number = _beginning(name) >> (16 - self._bits)
        bucket = self._buckets.get(number)
        if bucket is None:
            bucket = self.bucket(number)
        before = bucket.get(name)
        if before is None:
            bucket[name] = (1, hashed)
            self.count += 1
        else:  # node_hash written out: this is asked of each leaf
            bucket[name] = (before[0] + 1, sha256(b"\x01" + before[1] + hashed).digest())
        self._due.add(number)

    def root(self) -> bytes:
        first = 1 << self._bits
        for number in self._due:
            self._nodes[first + number] = top_of(self.bucket(number), self._bits)
        level = {(first + number) >> 1 for number in self._due}
        self.touched |= self._due
        self._due = set()
        while level:
            for at in level:
                self._nodes[at] = _join(self._nodes[2 * at], self._nodes[2 * at + 1])
            level = {at >> 1 for at in level if at > 1}
        return self._nodes[1][-32:]

    def bucket(self, number: int) -> dict[str, Counted]:
        found = self._buckets.get(number)
        if found is None:
            found = self._buckets[number] = self._load(number)
        return found

    def tops(self) -> Sequence[bytes]:
        """The buckets' roots, once `root` was asked for."""
        return self._nodes[1 << self._bits :]

    def path(self, name: str) -> Path:
        """How `name` is shown to be there, or not to be. Only once `root` was asked for."""
        key, at, siblings = key_of(name), 1, list[bytes]()
        for depth in range(self._bits):
            if len(self._nodes[at]) != 32 or self._nodes[at] == EMPTY:
                return Path(self._single_below(at), tuple(reversed(siblings)))
            at = 2 * at + _bit(key, depth)
            siblings.append(self._nodes[at ^ 1][-32:])
        entries = _entries(self.bucket(at - (1 << self._bits)))
        low, high, depth = 0, len(entries), self._bits
        while high - low > 1:
            middle = _middle(entries, low, high, depth)
            halves = (low, middle), (middle, high)
            bit = _bit(key, depth)
            siblings.append(_top(entries, *halves[1 - bit], depth + 1)[-32:])
            (low, high), depth = halves[bit], depth + 1
        leaf = entries[low][1] if high > low else None
        return Path(leaf, tuple(reversed(siblings)))

    def _single_below(self, at: int) -> Stream | None:
        if self._nodes[at] == EMPTY:
            return None
        while at < 1 << self._bits:
            at = 2 * at + (self._nodes[2 * at] == EMPTY)
        return _entries(self.bucket(at - (1 << self._bits)))[0][1]


def leaves_of(bucket: dict[str, Counted]) -> Iterator[Stream]:
    """In the order of their names' hashes."""
    return (leaf for _, leaf in _entries(bucket))


def top_of(bucket: dict[str, Counted], bits: int) -> bytes:
    """The root of a bucket, marked where it is one stream's leaf."""
    entries = _entries(bucket)
    return _top(entries, 0, len(entries), bits)


_Entries = Sequence[tuple[bytes, Stream]]


def _entries(bucket: dict[str, Counted]) -> _Entries:
    return sorted(
        ((key_of(name), Stream(chain.hex(), n, name)) for name, (n, chain) in bucket.items()),
        key=lambda one: one[0],
    )


def _top(entries: _Entries, low: int, high: int, depth: int) -> bytes:
    """The root over the entries low … high - 1, whose keys are the same up to `depth` bits."""
    if high == low:
        return EMPTY
    if high - low == 1:
        return _SINGLE + leaf_hash(bytes(entries[low][1]))
    middle = _middle(entries, low, high, depth)
    return _join(_top(entries, low, middle, depth + 1), _top(entries, middle, high, depth + 1))


def _middle(entries: _Entries, low: int, high: int, depth: int) -> int:
    return bisect_left(entries, 1, low, high, key=lambda one: _bit(one[0], depth))


def _join(left: bytes, right: bytes) -> bytes:
    if left == EMPTY and (right == EMPTY or len(right) > 32):
        return right
    if right == EMPTY and len(left) > 32:
        return left
    return node_hash(left[-32:], right[-32:])


def _bit(key: bytes, at: int) -> int:
    return key[at >> 3] >> (7 - (at & 7)) & 1


def count_streams(leaves: Iterable[tuple[str, bytes]]) -> Streams:
    """All of them from the first leaf: (stream, the leaf's hash)."""
    found = Streams()
    for name, hashed in leaves:
        found.add(name, hashed)
    return found
