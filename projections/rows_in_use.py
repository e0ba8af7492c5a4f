"""The rows in use of views beside a fresh fold of the facts, row by row and byte for byte; nothing is written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

import msgspec

from domain.errors import Bilingual, DonghaengError
from projections.compact import Compact
from projections.damage import name_damage
from projections.folding import ReadOnce
from projections.fresh import Fresh
from projections.positions import ViewNotBuilt, stands_at
from projections.rebuilding.errors import LogShorterThanView
from projections.rebuilding.fold_comparison import (
    UNEXPLAINED,
    adds_up,
    chunks,
    rows_explained_by_skips,
    tally_changes_by,
)
from projections.rows_as_of import is_as_kept, is_kept_as_folded, list_kept
from projections.slices import AsOf
from projections.tables import difference, encode_rows
from projections.view import Tally, View
from store.connecting import Connection
from store.log import Store
from store.whole_log import WholeLog, snapshot
from trail.stored import POSITION, StoredFact

_FOLDED_AT_ONCE = 256  # by one view after the other, read once, while they are in the processor's cache
_CHUNK = 1000
_NAMED = 20


class InUseDifference(msgspec.Struct, frozen=True):
    """A row that is not what the log makes of it. `live`, `fresh`: None where there is no row.

    A view's row is its JSON and its columns as they stand in the table, a tally's is its amounts.
    """

    table: str
    key: str
    live: tuple[Any, ...] | None
    fresh: tuple[Any, ...] | None


class InUse(msgspec.Struct, frozen=True, kw_only=True):
    """What came of comparing a view and its tallies up to `position`. `differences`: the first of them, of `count`.

    `slices`: how many past states are kept of it, all of which were compared too; `another`: the ends of those that are
    not what the facts make of them. `skipped`: how many differ by a skipped fact that can be folded now. `problem`: why it could not be compared;
    `not_built`: the same where this program's version of it is not there.
    """

    view: str
    tables: tuple[str, ...]
    position: int = 0
    lag: int = 0
    rows: int = 0
    count: int = 0
    skipped: int = 0
    differences: tuple[InUseDifference, ...] = ()
    slices: int = 0
    another: tuple[int, ...] = ()
    problem: Bilingual | None = None
    not_built: Bilingual | None = None


class ComparingViews:
    """Views beside what the facts make of them, as these pass, from the first one on; each is read once for all of them.

    `connection`: in the snapshot that the facts are read in. Rows are held in memory as projections.compact has them.
    """

    def __init__(self, store: Store, connection: Connection, views: Sequence[View]) -> None:
        self._reader, self._head = ReadOnce(store), 0
        self._views = [_OfView(store, connection, self._reader, view) for view in views]

    def take(self, rows: Sequence[StoredFact]) -> None:
        """The next facts, as `Store.rows_after` gives them."""
        for first in range(0, len(rows), _FOLDED_AT_ONCE):
            some = rows[first : first + _FOLDED_AT_ONCE]
            for view in self._views:
                view.take(some)
            self._reader.forget()
        self._head = rows[-1][POSITION]

    def end(self) -> list[InUse]:
        """What came of it, view by view: there are no more facts."""
        return [view.end(self._head) for view in self._views]


def compare_views(store: Store, views: Sequence[View]) -> list[InUse]:
    """The rows in use of these views, as of one moment."""
    with snapshot(store) as connection:
        comparing = ComparingViews(store, connection, views)
        for _ in WholeLog(store, connection, (comparing,)).all():
            pass
        return comparing.end()


_Sums = dict[tuple[Any, ...], Sequence[int]]


def _add_up(sums: _Sums, more: Mapping[tuple[Any, ...], Sequence[int]]) -> None:
    for name, amounts in more.items():
        before = sums.get(name)
        sums[name] = (
            amounts if before is None else [was + one for was, one in zip(before, amounts, strict=True)]
        )


class _OfView:
    """One of them; what is wrong with it is its own."""

    def __init__(self, store: Store, connection: Connection, reader: ReadOnce, view: View) -> None:
        self._store, self._connection, self._view = store, connection, view
        self._fresh = Fresh(store, view, reader, Compact(view.row))
        self._place: int | None = None
        self._problem: DonghaengError | None = None
        self._counts: Counter[str] = Counter()
        self._named: list[InUseDifference] = []
        self._kept: list[AsOf] | None = None
        self._same: dict[AsOf, bool] = {}

    def take(self, rows: Sequence[StoredFact]) -> None:
        if self._problem is None:
            try:
                place = self._stands_at()
                if rows[-1][POSITION] > place:
                    rows = [row for row in rows if row[POSITION] <= place]
                self._fold(rows)
            except DonghaengError as error:
                self._problem = error

    def _fold(self, rows: Sequence[StoredFact]) -> None:
        """Where a slice is kept of what was known, it is compared in passing, so that nothing is folded twice for it."""
        if self._kept is None:
            self._kept = list_kept(self._store, self._view)
            self._passed = iter([one for one in self._kept if one.effective is None])
            self._next = next(self._passed, None)
        while rows and self._next is not None and self._next.last <= rows[-1][POSITION]:
            at = self._next
            before = [row for row in rows if row[POSITION] <= at.last]
            self._fresh.fold_in(before)
            self._same[at] = is_as_kept(self._store, self._fresh, at)
            rows, self._next = rows[len(before) :], next(self._passed, None)
        self._fresh.fold_in(rows)

    def _slices(self) -> dict[AsOf, bool]:
        """The slices that are kept, and whether each is what the facts make of it."""
        cuts = list_kept(self._store, self._view) if self._kept is None else self._kept
        others = [one for one in cuts if one not in self._same]
        return self._same | {one: is_kept_as_folded(self._store, self._view, one) for one in others}

    def _stands_at(self) -> int:
        if self._place is None:  # nothing is asked before: the snapshot is of the first question
            self._place = stands_at(self._connection, self._view)
        return self._place

    def end(self, head: int) -> InUse:
        view, rows, slices = self._view, 0, dict[AsOf, bool]()
        if self._problem is None:
            try:
                if head < self._stands_at():
                    raise LogShorterThanView(view=view.name, position=f"{self._place:,}", end=f"{head:,}")
                # a damaged table ends its own comparison, and not the snapshot in which others are compared
                with name_damage(self._store, [view]), self._connection.transaction():
                    rows = self._compare_all()
                slices = self._slices()
            except DonghaengError as error:
                self._problem = error
        place, problem = self._place or 0, self._problem
        said = None if problem is None else Bilingual(problem.say("ko"), problem.say("en"))
        not_built = isinstance(problem, ViewNotBuilt)
        return InUse(
            view=view.name,
            tables=tuple(one.name for one in view.tables),
            position=place,
            lag=max(0, head - place),
            rows=rows,
            count=self._counts[UNEXPLAINED],
            skipped=self._counts["skip"],
            differences=tuple(sorted(self._named, key=lambda one: (one.table, one.key))),
            slices=len(slices),
            another=tuple(at.last for at, same in slices.items() if not same),
            problem=None if not_built else said,
            not_built=said if not_built else None,
        )

    def _compare_all(self) -> int:
        """How many rows the facts make."""
        view, rows = self._view, 0
        skips = rows_explained_by_skips(self._store, view, self._stands_at())
        explained: dict[str, tuple[str | None, str | None]] = {}
        sums: dict[str, _Sums] = {tally.table: {} for tally in view.tallies}
        for live, fresh in self._side_by_side():
            rows += len(fresh)
            self._compare_rows(live, fresh, skips, explained)
            for tally in view.tallies:
                _add_up(sums[tally.table], difference(tally, {}, fresh))
        for tally in view.tallies:
            self._compare_tally(tally, sums[tally.table], tally_changes_by(view, tally, explained))
        return rows

    def _compare_rows(
        self,
        live: Mapping[str, tuple[Any, ...]],
        fresh: Mapping[str, Any],
        skips: Collection[str],
        explained: dict[str, tuple[str | None, str | None]],
    ) -> None:
        """Add what differs; what a skipped fact explains goes into `explained` too."""
        made = dict(zip(fresh, zip(*encode_rows(self._view, list(fresh.values())), strict=True), strict=True))
        for key in sorted(live.keys() | made.keys()):
            is_there, is_made = live.get(key), made.get(key)
            if is_there == is_made:
                continue
            if key in skips:
                explained[key] = is_there[0] if is_there else None, is_made[0] if is_made else None
            why = "skip" if key in skips else UNEXPLAINED
            self._add(why, InUseDifference(self._view.table, key, is_there, is_made))

    def _side_by_side(self) -> Iterator[tuple[dict[str, tuple[Any, ...]], dict[str, Any]]]:
        """Rows as they stand in the table, and as the facts make them, some at a time; in the end those of which none stands there."""
        fresh = self._fresh.rows
        listed = "".join(f", {name}::text" for name in self._view.columns)
        query = f"SELECT key, row::text{listed} FROM {self._view.table} ORDER BY key"
        for found in chunks(self._connection, query):
            live = {key: tuple(row) for key, *row in found}
            yield live, {key: fresh.pop(key) for key in live if key in fresh}
        keys = sorted(fresh)
        for first in range(0, len(keys), _CHUNK):
            yield {}, {key: fresh.pop(key) for key in keys[first : first + _CHUNK]}

    def _compare_tally(
        self,
        tally: Tally,
        sums: Mapping[tuple[Any, ...], Sequence[int]],
        added: Mapping[tuple[Any, ...], Sequence[int]],
    ) -> None:
        listed, width = ", ".join([*tally.keys, *tally.amounts]), len(tally.keys)
        found = self._connection.execute(f"SELECT {listed} FROM {tally.table}".encode())
        live = {row[:width]: tuple(map(int, row[width:])) for row in found}
        made = {name: tuple(amounts) for name, amounts in sums.items() if any(amounts)}
        none = (None,) * len(tally.amounts)
        for name in sorted(live.keys() | made.keys()):
            if live.get(name) != made.get(name):
                key = " ".join(map(str, name))
                skip = adds_up(live.get(name, none), added.get(name), made.get(name, none))
                self._add(
                    "skip" if skip else UNEXPLAINED,
                    InUseDifference(tally.table, key, live.get(name), made.get(name)),
                )

    def _add(self, why: str, one: InUseDifference) -> None:
        self._counts[why] += 1
        if why == UNEXPLAINED and len(self._named) < _NAMED:
            self._named.append(one)
