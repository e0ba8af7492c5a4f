"""What a view is: a fold over the log into rows, and tallies of sums and counts over those rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Self
from zlib import crc32

import msgspec

from store.recorded import Recorded


@dataclass(frozen=True)
class Tally:
    """Sums and counts (never means) over a base view's rows.

    `keys`: column and SQL type of what is counted by; `amounts`: the columns that are summed, the first being the
    count of rows; `contribution`: a row's key and amounts, in the order of the columns. `version`: as its view's.
    `beside`: as its view's.
    """

    name: str
    version: int
    row: type[msgspec.Struct]
    keys: Mapping[str, str]
    amounts: tuple[str, ...]
    contribution: Callable[[Any], tuple[tuple[Any, ...], tuple[int, ...]]]
    beside: str = ""

    @property
    def table(self) -> str:
        return f"views.{self.name}_v{self.version}{self.beside}"


@dataclass(frozen=True)
class View:
    """A fold into rows. `kinds`: the facts that it folds; all others leave it as it is.

    `columns`: attributes of the row that people filter by, with their SQL types; `keys`: the rows a fact touches;
    `evolve`: the row after the fact, None where there is no row. `indexes`: by name, as SQL after the table's name,
    where a column by itself is not how people look; `room`: how full pages are made, in percent, low where rows change.
    `by_stream`: no two streams ever touch the same row, so that streams can be folded apart. `marked`: rows are found by
    their position, and how far they were compared with the facts is marked (projections.marks). `beside`: the end of the
    tables' names where they are not those in use; `shard`: which part of the streams is folded, of how many.
    """

    name: str
    version: int
    row: type[msgspec.Struct]
    columns: Mapping[str, str]
    kinds: frozenset[str]
    keys: Callable[[Recorded[Any]], tuple[str, ...]]
    evolve: Callable[[Any, Recorded[Any]], Any]
    tallies: tuple[Tally, ...] = ()
    indexes: Mapping[str, str] | None = None
    room: int = 50
    by_stream: bool = False
    marked: bool = False
    beside: str = ""
    shard: tuple[int, int] = (1, 1)

    @property
    def table(self) -> str:
        return f"views.{self.name}_v{self.version}{self.beside}"

    @property
    def place(self) -> str:
        """Under what name its position stands."""
        number, of = self.shard
        return f"{self.name}{self.beside}" + (f".{number}of{of}" if of > 1 else "")

    def put_beside(self, beside: str) -> Self:
        """The same view in tables of its own."""
        return replace(
            self, beside=beside, tallies=tuple(replace(one, beside=beside) for one in self.tallies)
        )

    def own(self, rows: list[Any]) -> list[Any]:
        """Those rows of the log whose streams are folded here."""
        number, of = self.shard
        return rows if of == 1 else [row for row in rows if crc32(row[1].encode()) % of == number - 1]

    def fold(self, rows: dict[str, Any], recorded: Recorded[Any]) -> None:
        """Put a fact into the rows that it touches: into all or, where it cannot be folded, into none."""
        rows.update({key: self.evolve(rows.get(key), recorded) for key in self.keys(recorded)})
