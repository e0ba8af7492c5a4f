"""The entries of the trail against the facts: folded anew, and held against the rows that readings look up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
from typing import Any

import msgspec

from domain.errors import Refusal
from projections.damage import name_damage
from projections.inspection.entries import TRAIL_ENTRIES, EntryRow
from projections.inspection.refolding import LISTS, PLAIN, Refolding, Row, Streams, refold_entry, row_of
from projections.inspection.unlike import EntryDifference, Seeking, first_unlike
from projections.positions import stands_at
from projections.query import Query
from store.arrays import Integers
from store.beside_found import Known
from store.connecting import Connection
from store.log import Store
from store.recorded import RecordedFact
from store.whole_log import WholeLog, snapshot
from store.without_gc import without_gc
from trail.leaves import Tick

_AT_A_TIME = 1024
_FIRST, _LAST = -(2**62), 2**62
_ALL = f"{', '.join(PLAIN)}, {', '.join(f'NULLIF({name}, $${{{{}}}}$$) AS {name}' for name in LISTS)}"
_ROWS = f"SELECT row::text, key, {_ALL} FROM {{trail_entries}} AS entry WHERE"
_BETWEEN = Query(f"{_ROWS} position > %b AND position <= %b ORDER BY position, key", TRAIL_ENTRIES)
_AT = Query(f"{_ROWS} position = ANY(%b) ORDER BY position, key", TRAIL_ENTRIES)
_STREAMS = Query(f"{_ROWS} position IS NULL AND key > %b ORDER BY key LIMIT %b", TRAIL_ENTRIES)


class EntriesDiffer(Refusal):
    """What would be looked up is not what the facts say, so that something may be left out or be shown wrongly."""

    ko = "{said}. 빠지거나 잘못된 것이 있을 수 있어 보여 주지 않습니다. 누가 조회 화면을 고쳤는지 알아보고, `donghaeng views rebuild trail_entries`로 다시 만든 뒤 다시 하십시오."
    en = "{said}. Since something could be left out or be wrong, nothing is shown. Find out who changed the view, make it anew with `donghaeng views rebuild trail_entries`, and try again."


class Compared(msgspec.Struct, frozen=True):
    """`up_to`: every row up to this position was compared with its fact; `difference`: the first, None where there is none.

    `news`: the first that was not known before; `unfoldable`: facts that are known not to be readable, and were passed over.
    """

    up_to: int
    difference: EntryDifference | None = None
    news: EntryDifference | None = None
    unfoldable: tuple[int, ...] = ()


class Comparing:
    """The rows of the entries beside those folded anew from the facts, as these pass, from the first one on; memory is flat.

    `connection`: in the snapshot that the facts are read in; `up_to`: a position, by default where the view stands:
    then the streams' own rows are compared too. `known`: what was found before; it goes on behind that.
    """

    def __init__(
        self, store: Store, connection: Connection, up_to: int | None = None, known: Known = ()
    ) -> None:
        self._store, self._connection, self._up_to = store, connection, up_to
        self._refolding, self._seeking = Refolding(store, known), Seeking(known)
        self._low = _FIRST
        self._position = 0
        self.over = False  # something is news: nothing after it is looked at

    @cached_property
    def _place(self) -> int:
        return stands_at(self._connection, TRAIL_ENTRIES)

    @cached_property
    def last(self) -> int:
        """The last position of which the row is compared. Raises ViewNotBuilt."""
        return self._place if self._up_to is None else min(self._up_to, self._place)

    def take(self, facts: Sequence[Any]) -> None:
        """The next facts, as `Store.rows_after` gives them. Raises Unfoldable, ViewNotBuilt, ViewDamaged."""
        if self.over or facts[0][0] > self.last:
            return
        with _apart(self._store, self._connection):
            for first in range(0, len(facts), _AT_A_TIME):
                some = facts[first : first + _AT_A_TIME]
                if some[-1][0] > self.last:
                    some = [one for one in some if one[0] <= self.last]
                if some and not self.over:
                    self._compare(some)

    def _compare(self, facts: Sequence[Any]) -> None:
        refolding, self._position = self._refolding, facts[-1][0]
        with without_gc():
            fresh = refolding.rows(facts)
            found = self._between(self._position)
            if refolding.passed_over:
                found = [row for row in found if row[2] not in refolding.passed_over]
            if found != fresh and refolding.skips:
                # what could not be folded once, or not be written, may not be there
                there = {row[2] for row in found}
                fresh = [row for row in fresh if row[2] in there or row[2] not in refolding.skips]
            self.over = self._seeking.finds(found, fresh)
        self._low = self._position

    def _between(self, last: int) -> list[Row]:
        return self._connection.execute(_BETWEEN.sql, (self._low, last), prepare=True, binary=True).fetchall()

    def end(self) -> Compared:
        """What came of it: there are no more facts. Raises ViewNotBuilt, ViewDamaged."""
        if self.over:
            return self._sum_up(self._position)
        whole = self.last == self._place
        with _apart(self._store, self._connection):
            if not self._seeking.finds(self._between(_LAST if whole else self.last), []) and whole:
                _seek_streams(self._connection, self._refolding.streams, self._seeking)
        return self._sum_up(self.last)

    def _sum_up(self, up_to: int) -> Compared:
        passed_over = tuple(self._refolding.passed_over)
        return Compared(up_to, self._seeking.first, self._seeking.news, passed_over)


def compare(
    store: Store, tick: Tick = lambda _: None, up_to: int | None = None, known: Known = ()
) -> Compared:
    """Every row of the entries with one folded anew from its fact, in order, as of one moment; memory stays flat.

    `up_to`, `known`: as for Comparing. Raises Unfoldable, ViewNotBuilt.
    """
    with snapshot(store) as connection:
        comparing = Comparing(store, connection, up_to, known)
        for count in WholeLog(store, connection, (comparing,), comparing.last).all():
            tick(count)
            if comparing.over:
                break
        return comparing.end()


def check(store: Store, up_to: int, tick: Tick = lambda _: None) -> Compared:
    """Raises EntriesDiffer where an entry up to this position is not what its fact makes it."""
    found = compare(store, tick, up_to)
    if found.difference is not None:
        raise EntriesDiffer(said=found.difference.words)
    return found


def check_page(
    store: Store, positions: Sequence[int], facts: Sequence[RecordedFact[Any]], streams: Streams
) -> None:
    """That the rows at these positions are what the facts there make of them. Raises EntriesDiffer, ViewDamaged.

    `streams`: all facts of the shared streams among them.
    """
    fresh = [row_of(str(one.position), refold_entry(one, streams)) for one in facts]
    with store.connection() as connection, name_damage(store, [TRAIL_ENTRIES]):
        found = connection.execute(_AT.sql, (Integers(positions),), prepare=False, binary=True).fetchall()
    if (difference := first_unlike(found, fresh)) is not None:
        raise EntriesDiffer(said=difference.words)


@contextmanager
def _apart(store: Store, connection: Connection) -> Iterator[None]:
    """A damaged table ends what is asked in the block, and not the snapshot in which others are compared. Raises ViewDamaged."""
    with name_damage(store, [TRAIL_ENTRIES]), connection.transaction():
        yield


def _seek_streams(connection: Connection, streams: Mapping[str, EntryRow], seeking: Seeking) -> None:
    """Among the streams' own rows: what later entries are folded on."""
    keys, done, low = sorted(streams, key=str.encode), 0, ""
    while True:
        found = connection.execute(_STREAMS.sql, (low, _AT_A_TIME), prepare=True, binary=True).fetchall()
        high = found[-1][1] if len(found) == _AT_A_TIME else None
        upto = done
        while upto < len(keys) and (high is None or keys[upto].encode() <= high.encode()):
            upto += 1
        fresh = [row_of(key, streams[key]) for key in keys[done:upto]]
        if seeking.finds(found, fresh, place=1) or high is None:
            return
        done, low = upto, high
