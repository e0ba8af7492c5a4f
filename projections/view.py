"""What a view is: a fold over the log into rows, and tallies of sums and counts over those rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from store.recorded import Recorded


@dataclass(frozen=True)
class Tally:
    """Sums and counts (never means) over a base view's rows.

    `keys`: column and SQL type of what is counted by; `amounts`: the columns that are summed, the first being the
    count of rows; `contribution`: a row's key and amounts, in the order of the columns.
    """

    name: str
    version: int
    row: type[msgspec.Struct]
    keys: Mapping[str, str]
    amounts: tuple[str, ...]
    contribution: Callable[[Any], tuple[tuple[Any, ...], tuple[int, ...]]]

    @property
    def table(self) -> str:
        return f"views.{self.name}_v{self.version}"


@dataclass(frozen=True)
class View:
    """A fold into rows. `kinds`: the facts that it folds; all others leave it as it is.

    `columns`: attributes of the row that people filter by, with their SQL types; `keys`: the rows a fact touches;
    `evolve`: the row after the fact, None where there is no row. `indexes`: by name, as SQL after the table's name,
    where a column by itself is not how people look; `room`: how full pages are made, in percent, low where rows change.
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

    @property
    def table(self) -> str:
        return f"views.{self.name}_v{self.version}"

    def fold(self, rows: dict[str, Any], recorded: Recorded[Any]) -> None:
        """Put a fact into the rows that it touches: into all or, where it cannot be folded, into none."""
        rows.update({key: self.evolve(rows.get(key), recorded) for key in self.keys(recorded)})
