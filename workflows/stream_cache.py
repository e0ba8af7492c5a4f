"""Streams as this process last saw them, so that a command on one of them needs no reading first.

What is decided on them is as safe as on what was just read: the append refuses if any of them has changed since, and
what would be refused is looked at again on what the store says.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import msgspec

from store.log import Loaded, Store
from store.recorded import Appended, Batch, RecordedFact

_MOST_STREAMS = 500
_MOST_FACTS = 100  # of one stream; a longer one is read anew each time


class _Seen(msgspec.Struct, frozen=True):
    """`now`, `at`: the store's clock when it was last heard, and our own monotonic one, which nobody sets."""

    now: datetime
    at: float

    @property
    def by_now(self) -> datetime:
        return self.now + timedelta(seconds=time.monotonic() - self.at)


class StreamCache:
    """Remembers nothing in a simulated store, whose clock stands until it is moved.

    Everything is forgotten when a new connection is made: behind it may be another database under the same name.
    """

    def __init__(self, store: Store, most: int = _MOST_STREAMS) -> None:
        self._store = store
        self._most = 0 if store.simulated else most
        self._streams: dict[str, list[RecordedFact[Any]]] = {}
        self._made = store.connections.made
        self._seen: _Seen | None = None

    def load(self, names: Iterable[str], perhaps_new: str = "") -> Loaded | None:
        """The streams by these names, if all are remembered.

        `perhaps_new`: one of them that is taken for empty where nobody remembers it: the append will tell.
        """
        if self._made != self._store.connections.made:
            self._streams, self._made = {}, self._store.connections.made
        seen, streams = self._seen, self._streams
        try:
            found = {name: streams[name] if name != perhaps_new else streams.get(name, []) for name in names}
        except KeyError:
            return None
        if seen is None:
            return None
        return Loaded(streams=found, now=seen.by_now)

    def read(self, loaded: Loaded) -> None:
        """Remember what was read."""
        if not self._most:
            return
        self._seen = _Seen(loaded.now, time.monotonic())
        for name, facts in loaded.streams.items():
            self._keep(name, facts)

    def remember(self, batch: Batch, streams: dict[str, list[RecordedFact[Any]]], appended: Appended) -> None:
        """Add to what is remembered what a command has just appended."""
        if not self._most or appended.repeated:
            return
        grown: dict[str, list[RecordedFact[Any]]] = {}
        for position, new in enumerate(batch.facts, start=appended.first_position):
            facts = grown.setdefault(new.stream, list(streams[new.stream]))
            facts.append(
                RecordedFact(
                    position,
                    new.stream,
                    new.version,
                    new.fact.kind,
                    appended.recorded_at,
                    appended.known_at,
                    new.envelope,
                    new.fact,
                )
            )
        for name, facts in grown.items():
            self._keep(name, facts)
        # a busy machine hears of the time late; what follows is not to be dated before what has just been recorded
        if self._seen is None or self._seen.by_now < appended.known_at:
            self._seen = _Seen(appended.known_at, time.monotonic())

    def forget(self, names: Iterable[str]) -> None:
        for name in names:
            self._streams.pop(name, None)

    def _keep(self, name: str, facts: list[RecordedFact[Any]]) -> None:
        self._streams.pop(name, None)
        if len(facts) <= _MOST_FACTS:
            self._streams[name] = facts
        while len(self._streams) > self._most:
            try:
                self._streams.pop(next(iter(self._streams)))
            except (StopIteration, KeyError, RuntimeError):  # another thread was faster
                return
