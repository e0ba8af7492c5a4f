"""Slices of the log: what was known at a moment, and what was so at a moment as all that is known now tells it."""

from __future__ import annotations

import heapq
from collections.abc import Collection, Iterable, Iterator
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any

import msgspec

from domain.errors import Refusal
from domain.seoul import Moment, midnight
from store.log import Store
from store.recorded import RecordedFact
from store.stated_times import last_before, load_stated_times, span
from store.without_gc import without_gc
from trail.stored import KNOWN_AT, POSITION, StoredFact

_CHUNK = 4000  # rows at a time: who folds and the server take turns, and on a busy machine each turn waits
_AT_A_TIME = 100


class AsOfMoments(msgspec.Struct, frozen=True):
    """Which facts. Both moments are aware, and themselves excluded; None: no bound. See `end_of` for a day.

    `as_of`: what was known before that moment, in the order of the log. `effective`: of all that is known now what was
    so before that moment, ordered by when it was so, then by position. Both: of what was known by the one what was so
    by the other.
    """

    as_of: datetime | None = None
    effective: datetime | None = None

    def __post_init__(self) -> None:
        for moment in (self.as_of, self.effective):
            if moment is not None and moment.tzinfo is None:
                raise ValueError("the moments of a slice are aware")


class AsOf(msgspec.Struct, frozen=True):
    """A slice on a log that goes on: what it holds never changes. `last`: the position of the last fact known."""

    last: int
    effective: datetime | None = None


class NothingKnownThen(Refusal):
    """`first`: when the first fact became known."""

    ko = "{given} 전에는 아무 기록도 없습니다. 첫 기록은 {first}에 있습니다. 그 뒤의 날짜를 지정하십시오."
    en = "Before {given} there is no fact at all. The first one is of {first}. Give a later day."


def end_of(day: date) -> datetime:
    """The next midnight in Seoul: a day in a slice is meant to its end."""
    return midnight(day) + timedelta(days=1)


def resolve_as_of(store: Store, wanted: AsOfMoments) -> AsOf:
    """The slice on the log as it is now."""
    last = store.head().position
    if wanted.as_of is not None:
        with store.connection() as connection:
            last = last_before(connection, last, wanted.as_of)
    return AsOf(last, wanted.effective)


def resolve_known_as_of(store: Store, wanted: AsOfMoments) -> AsOf:
    """The same. Raises NothingKnownThen where the slice holds no fact, unless the whole log holds none."""
    found = resolve_as_of(store, wanted)
    given = [moment for moment in (wanted.as_of, wanted.effective) if moment is not None]
    if given and next(rows_of_facts(store, found), None) is None and (first := store.at([1])):
        raise NothingKnownThen(given=Moment(min(given)), first=Moment(first[0].known_at))
    return found


def facts_of(
    store: Store, wanted: AsOfMoments | AsOf, kinds: Collection[str] | None = None, since: AsOf | None = None
) -> Iterator[RecordedFact[Any]]:
    """The facts of a slice in its order, of these kinds or all; memory stays flat.

    `since`: only those that an earlier cut in the same sense does not hold. Raises UnreadableFact, NewerFact (also for
    a kind that nobody knows, whatever kinds are asked for).
    """
    rows = rows_of_facts(store, wanted, kinds, since)
    while chunk := list(islice(rows, _AT_A_TIME)):
        with without_gc():
            facts = [store.decode(row) for row in chunk]
        yield from facts


def rows_of_facts(
    store: Store, wanted: AsOfMoments | AsOf, kinds: Collection[str] | None = None, since: AsOf | None = None
) -> Iterator[StoredFact]:
    """The same facts with their stored bytes, as Store.rows_after gives them.

    The order of the effective sense is exact: a fact that states no time was so when it became known, and that never
    goes back along the log, so those come in order by themselves, ties by position. The others, which may have been so
    before or (by seconds) after they became known, are few: their times are read first and sorted, and the two are
    merged by (when it was so, position). Each fact is in one of the two, by its bytes. Of the few only time and
    position are held in memory.
    """
    at = wanted if isinstance(wanted, AsOf) else resolve_as_of(store, wanted)
    without = [] if kinds is None else sorted(store.register.facts.keys() - frozenset(kinds))
    if at.effective is None:
        yield from _span(store, 0 if since is None else since.last, at.last, without, unmarked=False)
        return
    begin = None if since is None else since.effective
    with store.connection() as connection:
        after = 0 if begin is None else last_before(connection, at.last, begin)
        last = last_before(connection, at.last, at.effective)
        dated = [
            one
            for one in load_stated_times(connection, at.last, without)
            if one[0] < at.effective and (begin is None or one[0] >= begin)
        ]
    undated = (
        ((row[KNOWN_AT], row[POSITION]), row) for row in _span(store, after, last, without, unmarked=True)
    )
    merged = heapq.merge(undated, _rows_in_order(store, dated), key=lambda pair: pair[0])
    yield from (row for _, row in merged)


def of_stream(facts: Iterable[RecordedFact[Any]], at: AsOf | None) -> list[RecordedFact[Any]]:
    """Of a stream's facts, or several streams' in the order of the log, those of the slice, in its order. None: all."""
    found = [one for one in facts if at is None or one.position <= at.last]
    if at is None or at.effective is None:
        return found
    so = [one for one in found if one.effective_at < at.effective]
    return sorted(so, key=lambda one: (one.effective_at, one.position))


def _span(store: Store, after: int, last: int, without: list[str], *, unmarked: bool) -> Iterator[StoredFact]:
    while after < last:
        with store.connection() as connection:
            rows = span(connection, after, last, without, _CHUNK, unmarked=unmarked)
        yield from rows
        after = rows[-1][POSITION] if len(rows) == _CHUNK else last


def _rows_in_order(
    store: Store, dated: list[tuple[datetime, int]]
) -> Iterator[tuple[tuple[datetime, int], StoredFact]]:
    for first in range(0, len(dated), _AT_A_TIME):
        some = dated[first : first + _AT_A_TIME]
        rows = {row[POSITION]: row for row in store.recorder.rows_at([position for _, position in some])}
        yield from ((one, rows[one[1]]) for one in some)
