"""The rows in use beside those folded anew, row by row in the database, each difference with its cause."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

import msgspec
import psycopg

from domain.view.facts import Why
from projections.damage import columns_unlike, damage
from projections.fresh import fold
from projections.skips import load_skips
from projections.tables import difference
from projections.view import Tally, View
from store.connecting import Connection
from store.log import Store
from trail.json_bytes import BROKEN

_CHUNK = 2000
_EXAMPLES = 20
UNEXPLAINED = "unexplained"


class RowDifference(msgspec.Struct, frozen=True):
    """A row that is not what the log makes of it, as it stands in the tables; None where there is none.

    `cause`: "skip": a skipped fact is folded now; "version", "code": another one folded the rows in use; "unexplained".
    """

    table: str
    key: str
    cause: str
    live: str | None
    fresh: str | None


class Unusable(msgspec.Struct, frozen=True):
    """A table in use that could not be compared: `why` as in the fact `view.rebuilt`, `problem` in words."""

    table: str
    why: Why
    problem: str


class FoldDifferences(msgspec.Struct):
    """How many there are by cause, and some of each; and the tables of which nothing can be said."""

    counts: Counter[str] = msgspec.field(default_factory=Counter)
    examples: list[RowDifference] = msgspec.field(default_factory=list)
    not_compared: list[Unusable] = msgspec.field(default_factory=list)

    def add(self, one: RowDifference) -> None:
        self.counts[one.cause] += 1
        if self.counts[one.cause] <= _EXAMPLES:
            self.examples.append(one)

    def take(self, more: FoldDifferences) -> None:
        self.counts += more.counts
        self.examples += more.examples


def compare_folds(
    store: Store, owner: Connection, live: View, fresh: View, cause: str | None, keys: frozenset[str]
) -> FoldDifferences:
    """What differs between two folds of a view that stand at one position.

    `cause`: what explains every difference; `keys`: rows of which a skipped fact that is folded now explains it.
    """
    found = FoldDifferences()
    explained: dict[str, tuple[str | None, str | None]] = {}

    same = live.version == fresh.version
    columns = live.declared if same else {name: live.declared[name] for name in ("key", "row")}
    of_rows = partial(_differing_rows, owner, live, fresh, cause, keys, explained)
    _seek(store, owner, live, (live.table, columns), found, of_rows)
    for old, new in zip(live.tallies, fresh.tallies, strict=True) if same else ():
        of_tally = partial(_tally, owner, live, (old, new), cause, explained)
        _seek(store, owner, live, (old.table, old.declared), found, of_tally)
    return found


def _differing_rows(
    owner: Connection,
    live: View,
    fresh: View,
    cause: str | None,
    keys: Collection[str],
    explained: dict[str, tuple[str | None, str | None]],
    found: FoldDifferences,
) -> None:
    for key, *texts in _rows(owner, live, fresh):
        why = "skip" if key in keys else cause or UNEXPLAINED
        if why == "skip":
            explained[key] = (texts[0], texts[1])
        rows = texts[:2] if texts[0] != texts[1] else texts[2:]
        found.add(RowDifference(live.table, key, why, *rows))


def _seek(
    store: Store,
    owner: Connection,
    live: View,
    table: tuple[str, Mapping[str, str]],
    found: FoldDifferences,
    differing: Callable[[FoldDifferences], None],
) -> None:
    """Add what differs in one table in use; or where it cannot be read that, and no more of it."""
    name, of_table = table[0], FoldDifferences()
    unlike: tuple[Why, str] | None = columns_unlike(owner, *table)
    if unlike is None:
        try:
            with owner.transaction():
                differing(of_table)
        except psycopg.Error as error:
            damaged = damage(store, [live], error)
            if damaged is None:
                raise
            unlike = "unreadable", damaged[1]
    if unlike is None:
        found.take(of_table)
    else:
        found.not_compared.append(Unusable(name.removeprefix("views."), *unlike))


def rows_explained_by_skips(store: Store, view: View, position: int) -> frozenset[str]:
    """The rows that a skipped fact touches which this program can fold, itself or by what its stream did later."""
    keys: set[str] = set()
    for at in sorted(one for one in load_skips(store, view) if one <= position):
        try:
            stream = [one for one in store.read(store.at([at])[0].stream) if one.position <= position]
            fold(view, stream)
        except Exception:  # noqa: S112 - it still cannot be folded, so it explains nothing
            continue
        keys |= {
            key for one in stream if one.position >= at and one.kind in view.kinds for key in view.keys(one)
        }
    return frozenset(keys)


def fingerprint(owner: Connection, view: View) -> tuple[int, str]:
    """How many rows there are, and SHA-256 in hex over a line for each: key, tab, row as stored; by the keys' bytes."""
    total, rows = hashlib.sha256(), 0
    query = f"SELECT key || E'\\t' || row::text || E'\\n' FROM {view.table} ORDER BY key"
    for chunk in chunks(owner, query):
        rows += len(chunk)
        total.update("".join(row[0] for row in chunk).encode())
    return rows, total.hexdigest()


def _rows(owner: Connection, live: View, fresh: View) -> Iterator[list[Any]]:
    """Key, both rows, and the columns beside both, of the rows that differ."""
    columns = list(live.columns) if live.version == fresh.version else []
    old, new = (_columns(side, columns) for side in ("l", "f"))
    query = (
        f"SELECT coalesce(l.key, f.key), l.row::text, f.row::text, {old}, {new} "
        f"FROM {live.table} l FULL JOIN {fresh.table} f ON l.key = f.key "
        f"WHERE l.row::text IS DISTINCT FROM f.row::text OR {old} IS DISTINCT FROM {new} ORDER BY 1"
    )
    for chunk in chunks(owner, query):
        yield from map(list, chunk)


def _columns(side: str, columns: Sequence[str]) -> str:
    listed = ", ".join(f"{side}.{one}" for one in columns)
    return f"CASE WHEN {side}.key IS NOT NULL THEN ROW({listed})::text END" if columns else "NULL"


def _tally(
    owner: Connection,
    live: View,
    sides: tuple[Tally, Tally],
    cause: str | None,
    explained: Mapping[str, tuple[str | None, str | None]],
    found: FoldDifferences,
) -> None:
    old, new = sides
    added = tally_changes_by(live, old, explained)
    on = " AND ".join(f"l.{name} = f.{name}" for name in old.keys)
    keys = ", ".join(f"coalesce(l.{name}, f.{name})" for name in old.keys)
    left, right = (", ".join(f"{side}.{name}" for name in old.amounts) for side in ("l", "f"))
    query = (
        f"SELECT {keys}, {left}, {right} FROM {old.table} l FULL JOIN {new.table} f ON {on} "
        f"WHERE ROW({left}) IS DISTINCT FROM ROW({right}) ORDER BY {', '.join(map(str, range(1, len(old.keys) + 1)))}"
    )
    width, amounts = len(old.keys), len(old.amounts)
    for row in (row for chunk in chunks(owner, query) for row in chunk):
        key, was, made = row[:width], row[width : width + amounts], row[width + amounts :]
        why = "skip" if adds_up(was, added.get(key), made) else cause or UNEXPLAINED
        found.add(
            RowDifference(old.table, " ".join(map(str, key)), why, _spell_amounts(was), _spell_amounts(made))
        )


def tally_changes_by(
    live: View, tally: Tally, explained: Mapping[str, tuple[str | None, str | None]]
) -> Mapping[tuple[Any, ...], tuple[int, ...]]:
    """What the explained rows of a view, as they are and as they are to be, make of the difference of a tally's rows."""
    decode = msgspec.json.Decoder(live.row).decode
    try:
        before = {key: decode(old) for key, (old, _) in explained.items() if old is not None}
    except BROKEN:  # what stands there is no row of this view
        return {}
    after = {key: None if new is None else decode(new) for key, (_, new) in explained.items()}
    return difference(tally, before, after)


def adds_up(was: Sequence[int | None], added: Sequence[int] | None, made: Sequence[int | None]) -> bool:
    """Whether a tally's row is explained: what the explained rows add to it is the difference."""
    if added is None:
        return False
    return [(one or 0) + more for one, more in zip(was, added, strict=True)] == [one or 0 for one in made]


def _spell_amounts(amounts: tuple[Any, ...]) -> str | None:
    return None if amounts[0] is None else " ".join(map(str, amounts))


def chunks(owner: Connection, query: str) -> Iterator[list[tuple[Any, ...]]]:
    with owner.cursor(name="compared") as rows:
        rows.execute(query.encode())
        while chunk := rows.fetchmany(_CHUNK):
            yield chunk
