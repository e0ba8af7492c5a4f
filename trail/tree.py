"""The Merkle tree of RFC 6962 over SHA-256: hashes, proofs, and checking them. Nothing here knows where hashes lie."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from hashlib import sha256

Subtree = Callable[[int, int], bytes]
EMPTY_ROOT = sha256(b"").digest()


def leaf_hash(data: bytes) -> bytes:
    return sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


def _is_hash(given: bytes) -> bool:
    return len(given) == 32


def split(n: int) -> int:
    """The largest power of two that is smaller than `n`, which is 2 or more."""
    return 1 << ((n - 1).bit_length() - 1)


def root_of(hashes: Sequence[bytes]) -> bytes:
    """The root over hashes of one height, bottom up: MTH of RFC 6962, section 2.1."""
    if not hashes:
        return EMPTY_ROOT
    level = list(hashes)
    while len(level) > 1:
        # node_hash written out: half of the time of building a tree is here
        paired = [sha256(b"\x01" + a + b).digest() for a, b in zip(level[::2], level[1::2], strict=False)]
        level = [*paired, level[-1]] if len(level) % 2 else paired
    return level[0]


class RootOfMany:
    """The same root over leaves that come one after the other; of so many it holds the roots of a few full trees."""

    def __init__(self) -> None:
        self._size = 0
        self._full: list[bytes] = []  # the largest first, as the bits of the size

    def add(self, hashed: bytes) -> None:
        """One more leaf's hash."""
        self._size += 1
        size = self._size
        while size % 2 == 0:
            hashed, size = node_hash(self._full.pop(), hashed), size // 2
        self._full.append(hashed)

    def root(self) -> bytes:
        if not self._full:
            return EMPTY_ROOT
        found = self._full[-1]
        for left in reversed(self._full[:-1]):
            found = node_hash(left, found)
        return found


def inclusion_proof(index: int, size: int, subtree: Subtree) -> list[bytes]:
    """The path from leaf `index` to the root of `size` leaves, the leaf's sibling first.

    `subtree(lo, hi)`: the root over the leaves lo … hi - 1.
    """
    path: list[bytes] = []
    low, high = 0, size
    while high - low > 1:
        middle = low + split(high - low)
        if index < middle:
            path.append(subtree(middle, high))
            high = middle
        else:
            path.append(subtree(low, middle))
            low = middle
    return path[::-1]


def consistency_proof(old: int, new: int, subtree: Subtree) -> list[bytes]:
    """That the first `old` of `new` leaves are the tree of `old`: RFC 6962, section 2.1.2. `old` 1 or more."""
    path: list[bytes] = []
    low, high, whole = 0, new, True
    while old != high:
        middle = low + split(high - low)
        if old <= middle:
            path.append(subtree(middle, high))
            high = middle
        else:
            path.append(subtree(low, middle))
            low, whole = middle, False
    return ([] if whole else [subtree(low, high)]) + path[::-1]


def root_of_inclusion(hashed: bytes, index: int, size: int, proof: Sequence[bytes]) -> bytes | None:
    """The root to which a leaf's hash and its path lead; None where they are not what they must be, by their lengths."""
    if not 0 <= index < size or not all(map(_is_hash, (hashed, *proof))):
        return None
    at, last, found, left = index, size - 1, hashed, len(proof)
    for sibling in proof:
        if last == 0:
            return None
        if at % 2 or at == last:
            found = node_hash(sibling, found)
            while not at % 2 and at:
                at, last = at >> 1, last >> 1
        else:
            found = node_hash(found, sibling)
        at, last, left = at >> 1, last >> 1, left - 1
    return found if last == 0 and left == 0 else None


def is_consistent(old: int, new: int, proof: Sequence[bytes], old_root: bytes, new_root: bytes) -> bool:
    """Whether the tree of `new` leaves begins with that of `old` ones: RFC 9162, section 2.1.4.2.

    Of no leaves at all every tree is a beginning, which says nothing: there it is False.
    """
    if not 0 < old <= new or not all(map(_is_hash, proof)):
        return False
    if old == new:
        return not proof and old_root == new_root
    path = [old_root, *proof] if old & (old - 1) == 0 else list(proof)
    if not path:
        return False
    at, last = _up(old - 1, new - 1, while_odd=True)
    first = second = path[0]
    for sibling in path[1:]:
        if last == 0:
            return False
        if at % 2 or at == last:
            first, second = node_hash(sibling, first), node_hash(sibling, second)
            at, last = _up(at, last, while_odd=False)
        else:
            second = node_hash(second, sibling)
        at, last = at >> 1, last >> 1
    return last == 0 and first == old_root and second == new_root


def _up(at: int, last: int, *, while_odd: bool) -> tuple[int, int]:
    """Both places some levels up: as long as the first one is odd, or as long as it is even and not 0."""
    while at % 2 if while_odd else at and not at % 2:
        at, last = at >> 1, last >> 1
    return at, last
