"""The entries of the trail against the facts: folded anew, and held against the rows that readings look up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from functools import cached_property
from operator import attrgetter
from typing import Any

import msgspec

from domain.errors import Refusal, Worded
from projections.folding import in_words
from projections.fresh import Unfoldable
from projections.positions import stands_at
from projections.skips import skipped
from projections.trail.entries import TRAIL_ENTRIES, Entry, about, entry, is_shared
from projections.trail.leaves import Tick
from store.arrays import Integers
from store.connecting import Connection
from store.log import Store
from store.recorded import Recorded
from store.without_gc import without_gc

_AT_A_TIME = 2000
_FIRST, _LAST = -(2**62), 2**62
_LISTS = ("others", "texts")
_PLAIN = [name for name in TRAIL_ENTRIES.columns if name not in _LISTS]
_ALL = f"{', '.join(_PLAIN)}, {', '.join(f'NULLIF({name}, $${{}}$$) AS {name}' for name in _LISTS)}"
_NAMES = ("row", "key", *_PLAIN, *_LISTS)
_ROWS = f"SELECT row::text, key, {_ALL} FROM {TRAIL_ENTRIES.table} WHERE "
_BETWEEN = f"{_ROWS} position > %b AND position <= %b ORDER BY position, key".encode()
_AT = f"{_ROWS} position = ANY(%b) ORDER BY position, key".encode()
_STREAMS = f"{_ROWS} position IS NULL AND key > %b ORDER BY key LIMIT %b".encode()
_plain = attrgetter(*_PLAIN)
_encode = msgspec.json.Encoder().encode

Row = tuple[Any, ...]  # as _NAMES


class Fault(StrEnum):
    MISSING = "missing"
    ADDED = "added"
    CHANGED = "changed"


class Difference(msgspec.Struct, frozen=True):
    """The first row that is not what the facts make of it. `position`: of its fact; None: a stream's own row.

    `field`: the first value that differs, with what the row has (`live`) and what the fact makes of it (`fresh`).
    """

    fault: Fault
    key: str
    position: int | None = None
    field: str = ""
    live: str = ""
    fresh: str = ""

    @property
    def words(self) -> Worded:
        table = TRAIL_ENTRIES.name
        of = Worded(f"{self.position}번 기록", f"event {self.position}")
        if self.position is None:
            of = Worded(f"{self.key} 묶음", f"the stream {self.key}")
        match self.fault:
            case Fault.MISSING:
                return Worded(
                    f"조회 화면 {table}에 {of.ko}의 행이 없습니다",
                    f"the view {table} has no row of {of.en}",
                )
            case Fault.ADDED:
                return Worded(
                    f"조회 화면 {table}의 행 ‘{self.key}’({of.ko})은(는) 어느 기록에서도 나오지 않습니다",
                    f"the view {table} has a row “{self.key}” ({of.en}) that no fact makes",
                )
        return Worded(
            f"조회 화면 {table}에서 {of.ko}의 행이 기록과 다릅니다: {self.field}이(가) 행에는 ‘{self.live}’, 기록대로면 ‘{self.fresh}’입니다",
            f"the view {table} has another row of {of.en} than its fact makes: {self.field} is “{self.live}”, and “{self.fresh}” by the fact",
        )


class EntriesDiffer(Refusal):
    """What would be looked up is not what the facts say, so that something may be left out or be shown wrongly."""

    ko = "{said}. 빠지거나 잘못된 것이 있을 수 있어 보여 주지 않습니다. 누가 조회 화면을 고쳤는지 알아보고, `donghaeng views rebuild trail_entries`로 다시 만든 뒤 다시 하십시오."
    en = "{said}. Since something could be left out or be wrong, nothing is shown. Find out who changed the view, make it anew with `donghaeng views rebuild trail_entries`, and try again."


class Compared(msgspec.Struct, frozen=True):
    """`up_to`: every row up to this position was compared with its fact; `difference`: the first, None where there is none."""

    up_to: int
    difference: Difference | None = None


def compare(store: Store, tick: Tick = lambda _: None, up_to: int | None = None) -> Compared:
    """Every row of the entries with one folded anew from its fact, in order, as of one moment; memory stays flat.

    `up_to`: a position, by default where the view stands; then the streams' own rows are compared too.
    Raises Unfoldable, ViewNotBuilt.
    """
    with store.connection() as connection, connection.transaction():
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        place = stands_at(connection, TRAIL_ENTRIES)
        last = place if up_to is None else min(up_to, place)
        refolding = _Refolding(store)
        position, low = 0, _FIRST
        while position < last:
            facts = store.rows_after(position, min(_AT_A_TIME, last - position), connection)
            position = facts[-1][0] if facts else last
            with without_gc():
                fresh = refolding.rows(facts)
                found = connection.execute(_BETWEEN, (low, position), prepare=True, binary=True).fetchall()
                difference = _first(found, fresh)
                if difference is not None and difference.fault is Fault.MISSING and refolding.skips:
                    # what could not be folded once, or not be written, may not be there
                    there = {row[2] for row in found}
                    fresh = [row for row in fresh if row[2] in there or row[2] not in refolding.skips]
                    difference = _first(found, fresh)
            if difference is not None:
                return Compared(position, difference)
            low = position
            tick(len(facts))
        if last < place:
            return Compared(last)
        beyond = connection.execute(_BETWEEN, (low, _LAST), prepare=True, binary=True).fetchall()
        return Compared(last, _first(beyond, []) or _first_stream(connection, refolding.streams))


def check(store: Store, up_to: int, tick: Tick = lambda _: None) -> Compared:
    """Raises EntriesDiffer where an entry up to this position is not what its fact makes it."""
    found = compare(store, tick, up_to)
    if found.difference is not None:
        raise EntriesDiffer(said=found.difference.words)
    return found


def check_shown(
    connection: Connection, positions: Sequence[int], facts: Sequence[Recorded[Any]], streams: Streams
) -> None:
    """That the rows at these positions are what the facts there make of them. Raises EntriesDiffer.

    `streams`: all facts of the shared streams among them.
    """
    fresh = [_row(str(one.position), refolded(one, streams)) for one in facts]
    found = connection.execute(_AT, (Integers(positions),), prepare=False, binary=True).fetchall()
    if (difference := _first(found, fresh)) is not None:
        raise EntriesDiffer(said=difference.words)


Streams = Mapping[str, Sequence[Recorded[Any]]]


def refolded(recorded: Recorded[Any], streams: Streams) -> Entry:
    """A fact's entry, told from the whole stream before it where the stream says whose matter it is."""
    if not is_shared(recorded.stream):
        rows: dict[str, Any] = {}
        TRAIL_ENTRIES.fold(rows, recorded)
        found: Entry = rows[str(recorded.position)]
        return found
    before: Entry | None = None
    for one in streams[recorded.stream][: recorded.version - 1]:
        before = about(before, one)
    return entry(before, about(before, recorded), recorded)


class _Refolding:
    """The entries of one fact after the other. `streams`: the rows of the streams that several facts share."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.streams: dict[str, Any] = {}

    def rows(self, facts: Sequence[Any]) -> list[Row]:
        found = []
        fold, rows, decoded = TRAIL_ENTRIES.fold, self.streams, self._store.decoded
        for fact in facts:
            key = str(fact[0])
            try:
                fold(rows, decoded(fact))
            except Exception as error:
                if fact[0] not in self.skips:
                    raise Unfoldable(
                        view=TRAIL_ENTRIES.name, position=fact[0], problem=in_words(error)
                    ) from None
                continue
            found.append(_row(key, rows.pop(key)))
        return found

    @cached_property
    def skips(self) -> frozenset[int]:
        """The positions that a person has let the view pass over."""
        return skipped(self._store, TRAIL_ENTRIES)


def _row(key: str, one: Entry) -> Row:
    """How an entry stands in the table, as `_ROWS` reads it."""
    return (_encode(one).decode(), key, *_plain(one), list(one.others) or None, list(one.texts) or None)


def _first_stream(connection: Connection, streams: Mapping[str, Entry]) -> Difference | None:
    """The first of the streams' own rows that differs: what later entries are folded on."""
    keys, done, low = sorted(streams, key=str.encode), 0, ""
    while True:
        found = connection.execute(_STREAMS, (low, _AT_A_TIME), prepare=True, binary=True).fetchall()
        high = found[-1][1] if len(found) == _AT_A_TIME else None
        upto = done
        while upto < len(keys) and (high is None or keys[upto].encode() <= high.encode()):
            upto += 1
        fresh = [_row(key, streams[key]) for key in keys[done:upto]]
        if (difference := _first(found, fresh, place=1)) is not None or high is None:
            return difference
        done, low = upto, high


def _first(found: Sequence[Any], fresh: Sequence[Row], place: int = 2) -> Difference | None:
    """The first in order of which one side has no equal. `place`: of what both are in order by: position, or key."""
    if found == fresh:
        return None
    for live, made in zip(found, fresh, strict=False):
        if live == made:
            continue
        if live[1] == made[1] and live[place] == made[place]:
            return _changed(live, made)
        return _alone(live, Fault.ADDED) if _before(live, made, place) else _alone(made, Fault.MISSING)
    both = min(len(found), len(fresh))
    if len(found) > both:
        return _alone(found[both], Fault.ADDED)
    return _alone(fresh[both], Fault.MISSING) if len(fresh) > both else None


def _before(live: Row, made: Row, place: int) -> bool:
    return bool((live[place], live[1]) < (made[place], made[1]))


def _alone(row: Row, fault: Fault) -> Difference:
    return Difference(fault, row[1], row[2])


def _changed(live: Row, made: Row) -> Difference:
    # the row as JSON holds all, and says least
    names = [*range(2, len(_NAMES)), 0]
    at = next(one for one in names if live[one] != made[one])
    return Difference(Fault.CHANGED, made[1], made[2], _NAMES[at], _said(live[at]), _said(made[at]))


def _said(value: Any) -> str:
    return "–" if value is None else ", ".join(value) if isinstance(value, list) else str(value)
