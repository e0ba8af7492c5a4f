"""A fresh fold of a view over the log in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, MutableMapping, Sequence
from functools import cached_property
from itertools import groupby, islice
from typing import Any

import psycopg

from domain.errors import Refusal
from projections.folding import Folding, Reader
from projections.skips import load_skips
from projections.tables import add_to_tally, difference, write_rows
from projections.view import Tally, View
from store.log import Store
from store.recorded import RecordedFact
from store.without_gc import without_gc
from trail.stored import KIND, POSITION, StoredFact

_CHUNK = 5000


class Unfoldable(Refusal):
    """A fact that the view cannot fold and that nobody has said it may skip."""

    ko = "{view} 조회 화면은 {position}번 기록을 처리할 수 없습니다: {problem}"
    en = "The view {view} cannot fold the fact at position {position}: {problem}"


def fold(view: View, recordeds: Iterable[RecordedFact[Any]]) -> dict[str, Any]:
    """The view's rows after these facts, by key."""
    rows: dict[str, Any] = {}
    for recorded in recordeds:
        if recorded.kind in view.kinds:
            view.fold(rows, recorded)
    return {key: row for key, row in rows.items() if row is not None}


def tally_rows(tally: Tally, rows: Mapping[str, Any]) -> dict[tuple[Any, ...], tuple[int, ...]]:
    """The tally's amounts over these rows, by key."""
    return difference(tally, {}, rows)


class Fresh:
    """A view's rows, folded from the first fact on. `rows`: by key; `position`: of the fact folded last.

    `reader`: reads the facts in the store's stead; `rows`: where they are to be held, else in a dictionary.
    """

    def __init__(
        self,
        store: Store,
        view: View,
        reader: Reader | None = None,
        rows: MutableMapping[str, Any] | None = None,
    ) -> None:
        self._store, self.view, self._reader = store, view, reader or store
        self.rows: MutableMapping[str, Any] = {} if rows is None else rows
        self.position = 0

    def fold_up_to(self, last: int, progress: Callable[[int], None] = lambda _: None) -> None:
        """Fold the facts up to this position. Raises Unfoldable at one that may not be skipped."""
        while self.position < last:
            self.fold_in(self._store.rows_after(self.position, min(_CHUNK, last - self.position)))
            progress(self.position)

    def fold_in(self, stored_facts: Iterable[StoredFact]) -> None:
        """Fold these stored facts, whatever order they are in. Raises Unfoldable at one that may not be skipped."""
        if not self.skips:
            self._fold_in(stored_facts)
            return
        # a fact that may be skipped is a batch of its own
        for _, facts in groupby(
            stored_facts, lambda row: row[POSITION] if row[POSITION] in self.skips else 0
        ):
            while batch := list(islice(facts, _CHUNK)):
                self._take(batch)

    # complexipy: ignore - a call a fact would take longer
    def _fold_in(self, stored_facts: Iterable[StoredFact]) -> None:
        """Fold facts of which none may be skipped: each is put into the rows before the next one is read, so that all of it
        is still in the processor's cache.
        """
        kinds, known, keys_of = self.view.kinds, self._reader.register.facts, self.view.keys
        fold, read, rows = self.view.fold_under, self._reader.decode, self.rows
        evolve, alone = self.view.evolve, self.view.folds_single_keys_alone
        held = rows.get
        with without_gc():
            for stored in stored_facts:
                if stored[KIND] in kinds or stored[KIND] not in known:  # what nobody knows is refused
                    try:
                        recorded = read(stored)
                        keys = keys_of(recorded)
                        if alone and len(keys) == 1:
                            touched, (key,) = None, keys
                            row = evolve(held(key), recorded)
                        else:
                            touched = {key: held(key) for key in keys}
                            fold(keys, touched, recorded)
                    except Exception:
                        self._take([stored])  # which raises where it fails again
                        raise
                    # most facts touch one row, and most rows are there afterwards
                    if touched is None and row is not None:
                        rows[key] = row
                    else:
                        self._put({key: row} if touched is None else touched)
                self.position = stored[POSITION]

    def _take(self, stored_facts: Sequence[StoredFact]) -> None:
        folding = Folding(self._reader, self.view, stored_facts, lambda: self.skips)
        with without_gc():
            held = self.rows.get
            folding.run(lambda keys: {key: row for key in keys if (row := held(key)) is not None})
        if folding.problem is not None:
            raise Unfoldable(
                view=self.view.name, position=stored_facts[folding.good][POSITION], problem=folding.problem
            )
        alone = len(stored_facts) == 1 and stored_facts[0][POSITION] in self.skips
        self._put({} if alone and not self._writable(folding) else folding.after)
        self.position = stored_facts[-1][POSITION]

    def _put(self, after: Mapping[str, Any]) -> None:
        for key, row in after.items():
            if row is None:
                self.rows.pop(key, None)
            else:
                self.rows[key] = row

    @cached_property
    def skips(self) -> frozenset[int]:
        """The positions that a person has let the view pass over."""
        return load_skips(self._store, self.view)

    def _writable(self, folding: Folding) -> bool:
        """Whether the tables take the rows; tried, and taken back. The runner skips what they do not."""
        with self._store.connection() as connection, connection.transaction(force_rollback=True):
            try:
                write_rows(connection, self.view, folding.before, folding.after)
                for tally in self.view.tallies:
                    add_to_tally(connection, tally, folding.before, folding.after)
            except (psycopg.OperationalError, psycopg.InterfaceError):
                raise
            except Exception:
                return False
        return True
