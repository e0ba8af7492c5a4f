"""A batch of stored facts on its way into rows: decoded, then folded, as far as its facts can be."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial
from typing import Any

from domain.errors import DonghaengError
from projections.view import View
from store.log import Store
from store.recorded import Recorded

_LONGEST = 500
_AT_A_TIME = 100


class Folding:
    """`good`: how many of the stored facts were folded; `problem`: why the one after them was not, if there is one.

    `before`, `after`: the touched rows by key; None where there is no row any more. `skips`: the positions that may be
    passed over where they cannot be folded, asked for only then. `store`: from which they are, and which reads them.
    """

    def __init__(
        self, store: Store, view: View, rows: Sequence[Any], skips: Callable[[], Collection[int]] = tuple
    ) -> None:
        self._store, self._view, self._rows, self._skips = store, view, rows, skips
        self.good = len(rows)
        self.problem: str | None = None
        self.before: dict[str, Any] = {}
        self.after: dict[str, Any] = {}

    def run(self, look_up: Callable[[list[str]], Mapping[str, Any]]) -> None:
        """Fold the facts into the rows that `look_up` finds under their keys, a hundred facts at a time."""
        # decoded all at once they would leave the processor's cache before they are folded
        for first in range(0, len(self._rows), _AT_A_TIME):
            facts = self._decoded(first)
            keys = {key: None for _, _, keys in facts for key in keys if key not in self.after}
            found = look_up(list(keys))
            self.before.update(found)
            self.after.update({key: found.get(key) for key in keys})
            self._fold(facts)
            if self.problem is not None:
                return

    def _decoded(self, first: int) -> list[tuple[int, Recorded[Any], tuple[str, ...]]]:
        """The facts of the view's kinds. A kind that nobody knows is a problem, another view's is not."""
        facts = []
        for number, row in enumerate(self._rows[first : first + _AT_A_TIME], start=first):
            try:
                if (read := self._read(row)) is not None:
                    facts.append((number, *read))
            except Exception as error:
                self._stop(number, error, partial(self._read, row))
                if self.problem is not None:
                    break
        return facts

    def _read(self, row: Any) -> tuple[Recorded[Any], tuple[str, ...]] | None:
        if row[3] not in self._view.kinds and row[3] in self._store.register.facts:
            return None
        recorded = self._store.decoded(row)  # which refuses a kind that nobody knows
        return recorded, self._view.keys(recorded)

    def _fold(self, facts: list[tuple[int, Recorded[Any], tuple[str, ...]]]) -> None:
        fold, after = self._view.fold, self.after
        for number, recorded, _ in facts:
            try:
                fold(after, recorded)
            except Exception as error:
                self._stop(number, error, partial(fold, after, recorded))
                if self.problem is not None:
                    break

    def _stop(self, number: int, error: Exception, again: Callable[[], object]) -> None:
        """Stop in front of this fact if it fails again and may not be skipped.

        If it does not fail again, the fault is not the fact's, as when a job times out.
        """
        try:
            again()
        except Exception:
            if self._rows[number][0] not in self._skips():
                self.good, self.problem = number, in_words(error)
        else:
            raise error


def in_words(error: Exception) -> str:
    """An error in one line that a table can hold."""
    said = error.say("en") if isinstance(error, DonghaengError) else f"{type(error).__name__}: {error}"
    line = " ".join(said.split())[:_LONGEST]
    return "".join(letter if letter.isprintable() else "�" for letter in line)
