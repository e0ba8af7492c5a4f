"""Many rows by key in little memory: those that were not touched for a while are held as zipped JSON."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, MutableMapping
from typing import Any

import msgspec

# rows twice over; a row of a task takes some kilobytes as objects, and some hundred bytes zipped
_AT_HAND = 1024
_encode = msgspec.json.Encoder().encode


class Compact(MutableMapping[str, Any]):
    """`kind`: the rows' type, which reads what it wrote: rows of views stand in their tables in the same way."""

    def __init__(self, kind: type[Any]) -> None:
        self._decode = msgspec.json.Decoder(kind).decode
        self._new: dict[str, Any] = {}
        self._old: dict[str, Any] = {}
        self._zipped: dict[str, bytes] = {}

    def __getitem__(self, key: str) -> Any:
        if (row := self.get(key)) is None:
            raise KeyError(key)
        return row

    def get(self, key: str, default: Any = None) -> Any:
        """None is no row."""
        if (row := self._new.get(key)) is not None:
            return row
        row = self._old.pop(key, None)
        if row is None:
            if (zipped := self._zipped.pop(key, None)) is None:
                return default
            row = self._decode(zlib.decompress(zipped))
        self._put(key, row)
        return row

    def __setitem__(self, key: str, row: Any) -> None:
        if key in self._new:
            self._new[key] = row
            return
        self._old.pop(key, None)
        self._zipped.pop(key, None)
        self._put(key, row)

    def _put(self, key: str, row: Any) -> None:
        self._new[key] = row
        if len(self._new) > _AT_HAND:
            self._zipped |= {name: zlib.compress(_encode(one), 1) for name, one in self._old.items()}
            self._old, self._new = self._new, {}

    def __delitem__(self, key: str) -> None:
        for rows in (self._new, self._old, self._zipped):
            if key in rows:
                del rows[key]
                return
        raise KeyError(key)

    def __contains__(self, key: object) -> bool:
        return key in self._new or key in self._old or key in self._zipped

    def __iter__(self) -> Iterator[str]:
        yield from [*self._new, *self._old, *self._zipped]

    def __len__(self) -> int:
        return len(self._new) + len(self._old) + len(self._zipped)
