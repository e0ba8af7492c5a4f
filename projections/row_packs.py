"""A view's rows as they are kept of a slice: by key in small packs, so that a page of them is read without the others."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import msgspec

_ROWS = 250  # in a pack
_LENGTH = 8  # of the contents, in bytes before them
READ_FIRST = 2**16  # as much as a page is wont to need: the contents, and the first rows

Read = Callable[[int, int], bytes]


class _Pack(msgspec.Struct, array_like=True):
    """`last`: the key of its last row; where it begins behind the contents, and how long it is, in bytes."""

    last: str
    begin: int
    length: int


def pack_rows(rows: Mapping[str, Any]) -> bytes:
    """The rows by key, each pack zipped JSON, behind a list of the packs."""
    keys, packs, contents, begin = sorted(rows), list[bytes](), list[_Pack](), 0
    for first in range(0, len(keys), _ROWS):
        some = keys[first : first + _ROWS]
        packs.append(zlib.compress(msgspec.json.encode({key: rows[key] for key in some}), 1))
        contents.append(_Pack(some[-1], begin, len(packs[-1])))
        begin += len(packs[-1])
    head = msgspec.json.encode(contents)
    return b"".join((len(head).to_bytes(_LENGTH, "big"), head, *packs))


def unpack_rows(stored: bytes, kind: Any) -> dict[str, Any]:
    """The rows by key, each as this type. Raises what zlib and msgspec raise of what nobody packed."""
    return dict(_rows(lambda begin, length: stored[begin : begin + length], kind, None))


def unpack_in_order(stored: bytes) -> dict[str, msgspec.Raw] | None:
    """The rows by key as they are stored; None where who reads on from a key might miss some: keys ascend from pack to
    pack, and each pack ends with the key that the contents say. Raises as `unpack_rows`.
    """
    found: dict[str, msgspec.Raw] = {}
    before: str | None = None
    for pack, rows in _packs(lambda begin, length: stored[begin : begin + length], msgspec.Raw, None):
        keys = list(rows)
        if keys != sorted(keys) or keys[-1:] != [pack.last] or (before is not None and keys[0] <= before):
            return None
        found |= rows
        before = pack.last
    return found


def rows_behind(read: Read, kind: Any, after: str | None) -> Iterator[tuple[str, Any]]:
    """The keys and rows that come after a key, None: all, in order; read in pieces, and only as far as they are asked for.

    `read`: so many bytes from an offset on, fewer at the end.
    """
    beginning = read(0, READ_FIRST)

    def piece(begin: int, length: int) -> bytes:
        end = begin + length
        return beginning[begin:end] if end <= len(beginning) else read(begin, length)

    yield from _rows(piece, kind, after)


def _rows(read: Read, kind: Any, after: str | None) -> Iterator[tuple[str, Any]]:
    for _, rows in _packs(read, kind, after):
        yield from ((key, row) for key, row in rows.items() if after is None or key > after)


def _packs(read: Read, kind: Any, after: str | None) -> Iterator[tuple[_Pack, dict[str, Any]]]:
    length = int.from_bytes(read(0, _LENGTH), "big")
    decode = msgspec.json.Decoder(dict[str, kind]).decode
    for pack in msgspec.json.decode(read(_LENGTH, length), type=list[_Pack]):
        if after is None or pack.last > after:
            yield pack, decode(zlib.decompress(read(_LENGTH + length + pack.begin, pack.length)))
