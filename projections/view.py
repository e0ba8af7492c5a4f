"""What a view is: a fold over the log into rows, and tallies of sums and counts over those rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Self
from zlib import crc32

import msgspec

from store.recorded import RecordedFact
from trail.stored import STREAM, StoredFact


@dataclass(frozen=True)
class Tally:
    """Sums and counts (never means) over a base view's rows.

    `keys`: column and SQL type of what is counted by; `amounts`: the columns that are summed, the first being the
    count of rows; `contribution`: a row's key and amounts, in the order of the columns. `version`: as its view's.
    `suffix`: as its view's.
    """

    name: str
    version: int
    row: type[msgspec.Struct]
    keys: Mapping[str, str]
    amounts: tuple[str, ...]
    contribution: Callable[[Any], tuple[tuple[Any, ...], tuple[int, ...]]]
    suffix: str = ""

    @property
    def table(self) -> str:
        return f"views.{self.name}_v{self.version}{self.suffix}"

    @property
    def unique(self) -> tuple[str, ...]:
        """The columns of which each row has its own values."""
        return tuple(self.keys)

    @property
    def declared(self) -> Mapping[str, str]:
        """All columns of the table with their SQL types."""
        return {**self.keys, **dict.fromkeys(self.amounts, "numeric")}


@dataclass(frozen=True)
class View:
    """A fold into rows. `kinds`: the facts that it folds; all others leave it as it is.

    `columns`: attributes of the row that people filter by, with their SQL types; `keys`: the rows a fact touches;
    `evolve`: the row after the fact, None where there is no row. `reading`: who may read its rows is who may read this, by
    its name in workflows.permissions.READINGS. `indexes`: by name, as SQL after the table's name,
    where a column by itself is not how people look; `fill_factor`: how full pages are made, in percent, low where rows change.
    `by_stream`: no two streams ever touch the same row, so that streams can be folded apart; but for those of which none
    begins with `rows_of`, e.g. "task/": each part is given all of their facts, and folds them into its own rows alone. `marked`: rows are found by
    their position, and how far they were compared with the facts is marked (projections.marks). `suffix`: the end of the
    tables' names where they are not those in use; `shard`: which part of the streams is folded, of how many.
    """

    name: str
    version: int
    row: type[msgspec.Struct]
    columns: Mapping[str, str]
    kinds: frozenset[str]
    keys: Callable[[RecordedFact[Any]], tuple[str, ...]]
    evolve: Callable[[Any, RecordedFact[Any]], Any]
    reading: str
    tallies: tuple[Tally, ...] = ()
    indexes: Mapping[str, str] | None = None
    fill_factor: int = 50
    by_stream: bool = False
    rows_of: str = ""
    marked: bool = False
    suffix: str = ""
    shard: tuple[int, int] = (1, 1)

    @property
    def table(self) -> str:
        return f"views.{self.name}_v{self.version}{self.suffix}"

    @property
    def unique(self) -> tuple[str, ...]:
        """The columns of which each row has its own values."""
        return ("key",)

    @property
    def declared(self) -> Mapping[str, str]:
        """All columns of the table with their SQL types."""
        return {"key": "text", "row": "json", **self.columns}

    @property
    def tables(self) -> tuple[Self | Tally, ...]:
        """What has a table of its own: the view, then its tallies."""
        return (self, *self.tallies)

    @property
    def checkpoint_name(self) -> str:
        """Under what name its position stands."""
        number, of = self.shard
        return f"{self.name}{self.suffix}" + (f".{number}of{of}" if of > 1 else "")

    def as_shadow(self, beside: str) -> Self:
        """The same view in tables of its own."""
        return replace(
            self, suffix=beside, tallies=tuple(replace(one, suffix=beside) for one in self.tallies)
        )

    def in_shard(self, rows: list[StoredFact]) -> list[StoredFact]:
        """Those rows of the log whose streams are folded here."""
        if self.shard[1] == 1:
            return rows
        return [row for row in rows if not row[STREAM].startswith(self.rows_of) or self._has(row[STREAM])]

    def _has(self, stream: str) -> bool:
        """Whether the stream is folded in this part."""
        number, of = self.shard
        return crc32(stream.encode()) % of == number - 1

    def fold(self, rows: dict[str, Any], recorded: RecordedFact[Any]) -> None:
        """Put a fact into the rows that it touches: into all or, where it cannot be folded, into none."""
        self.fold_under(self.keys(recorded), rows, recorded)

    @property
    def folds_single_keys_alone(self) -> bool:
        """Whether a fact that touches one row does nothing but `evolve` it: so that who folds many need not ask each time."""
        return type(self).fold_under is View.fold_under and self.shard[1] == 1

    def fold_under(self, keys: Sequence[str], rows: dict[str, Any], recorded: RecordedFact[Any]) -> None:
        """The same, where its keys are known."""
        if self.shard[1] > 1 and not recorded.stream.startswith(self.rows_of):
            keys = [key for key in keys if self._has(self.rows_of + key)]
        if len(keys) == 1:
            (key,) = keys
            rows[key] = self.evolve(rows.get(key), recorded)
        else:
            rows.update({key: self.evolve(rows.get(key), recorded) for key in keys})
