"""Entries of the trail folded anew from the facts, and how each stands in its table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from operator import attrgetter
from typing import Any

import msgspec

from projections.compact import Compact
from projections.folding import in_words
from projections.fresh import Unfoldable
from projections.inspection.entries import TRAIL_ENTRIES, EntryRow, about, entry, is_shared
from projections.skips import load_skips
from store.beside_found import Known
from store.log import Store
from store.recorded import RecordedFact

LISTS = ("others", "texts")
PLAIN = [name for name in TRAIL_ENTRIES.columns if name not in LISTS]
NAMES = ("row", "key", *PLAIN, *LISTS)
_plain = attrgetter(*PLAIN)
_encode = msgspec.json.Encoder().encode
Row = tuple[Any, ...]  # as NAMES
UNFOLDABLE = "unfoldable"  # beside the faults of rows: of a fact that makes none
Streams = Mapping[str, Sequence[RecordedFact[Any]]]


def refold_entry(recorded: RecordedFact[Any], streams: Streams) -> EntryRow:
    """A fact's entry, told from the whole stream before it where the stream says whose matter it is."""
    if not is_shared(recorded.stream):
        rows: dict[str, Any] = {}
        TRAIL_ENTRIES.fold(rows, recorded)
        found: EntryRow = rows[str(recorded.position)]
        return found
    before: EntryRow | None = None
    for one in streams[recorded.stream][: recorded.version - 1]:
        before = about(before, one)
    return entry(before, about(before, recorded), recorded)


class Refolding:
    """The entries of one fact after the other. `streams`: the rows of the streams that several facts share.

    `passed_over`: positions of facts that are known not to be readable.
    """

    def __init__(self, store: Store, known: Known = ()) -> None:
        self._store = store
        self._unfoldable = frozenset(
            position for what, position, _ in known if what == UNFOLDABLE and position
        )
        self.streams = Compact(EntryRow)
        self.passed_over: list[int] = []

    def rows(self, facts: Sequence[Any]) -> list[Row]:
        found = []
        fold, keys_of = TRAIL_ENTRIES.fold_under, TRAIL_ENTRIES.keys
        streams, decoded = self.streams, self._store.decode
        for fact in facts:
            try:
                recorded = decoded(fact)
                keys = keys_of(recorded)
                key, stream = keys[0], keys[-1]  # the same where no other fact's row follows from the stream
                was = streams.get(stream)
                rows: dict[str, Any] = {stream: was}
                fold(keys, rows, recorded)
            except Exception as error:
                if fact[0] in self._unfoldable:
                    self.passed_over.append(fact[0])
                elif fact[0] not in self.skips:
                    raise Unfoldable(
                        view=TRAIL_ENTRIES.name, position=fact[0], problem=in_words(error)
                    ) from None
                continue
            if stream != key and rows[stream] is not was:  # most facts say nothing of the stream
                streams[stream] = rows[stream]
            found.append(row_of(key, rows[key]))
        return found

    @cached_property
    def skips(self) -> frozenset[int]:
        """The positions that a person has let the view pass over."""
        return load_skips(self._store, TRAIL_ENTRIES) | self._unfoldable


def row_of(key: str, one: EntryRow) -> Row:
    """How an entry stands in the table, as `_ROWS` reads it."""
    return (_encode(one).decode(), key, *_plain(one), list(one.others) or None, list(one.texts) or None)
