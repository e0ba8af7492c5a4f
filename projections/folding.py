"""A batch of stored facts on its way into rows: decoded, then folded, as far as its facts can be."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial
from typing import Any, Protocol

from domain.errors import DonghaengError
from domain.register import Register
from projections.view import View
from store.recorded import RecordedFact
from trail.stored import KIND, POSITION, StoredFact

_LONGEST = 500
_AT_A_TIME = 100


class Reader(Protocol):
    """What reads stored facts, as a store does."""

    @property
    def register(self) -> Register: ...
    def decode(self, row: StoredFact) -> RecordedFact[Any]: ...


class ReadOnce:
    """Reads each fact once for several views that fold it one after the other."""

    def __init__(self, reader: Reader) -> None:
        self.register, self._read = reader.register, reader.decode
        self._known: dict[int, RecordedFact[Any]] = {}

    def decode(self, row: StoredFact) -> RecordedFact[Any]:
        found = self._known.get(row[POSITION])
        if found is None:
            found = self._known[row[POSITION]] = self._read(row)
        return found

    def forget(self) -> None:
        """Others come next."""
        self._known = {}


class Folding:
    """`good`: how many of the stored facts were folded; `problem`: why the one after them was not, if there is one.

    `before`, `after`: the touched rows by key; None where there is no row any more. `skips`: the positions that may be
    passed over where they cannot be folded, asked for only then. `reader`: reads them, as the store from which they are.
    """

    def __init__(
        self,
        reader: Reader,
        view: View,
        rows: Sequence[StoredFact],
        skips: Callable[[], Collection[int]] = tuple,
    ) -> None:
        self._reader, self._view, self._rows, self._skips = reader, view, rows, skips
        self.good = len(rows)
        self.problem: str | None = None
        self.before: dict[str, Any] = {}
        self.after: dict[str, Any] = {}

    def run(self, look_up: Callable[[list[str]], Mapping[str, Any]]) -> None:
        """Fold the facts into the rows that `look_up` finds under their keys, a hundred facts at a time."""
        # decoded all at once they would leave the processor's cache before they are folded
        for first in range(0, len(self._rows), _AT_A_TIME):
            facts = self._decode(first)
            keys = {key: None for _, _, keys in facts for key in keys if key not in self.after}
            found = look_up(list(keys))
            self.before.update(found)
            self.after.update({key: found.get(key) for key in keys})
            self._fold(facts)
            if self.problem is not None:
                return

    def _decode(self, first: int) -> list[tuple[int, RecordedFact[Any], tuple[str, ...]]]:
        """The facts of the view's kinds. A kind that nobody knows is a problem, another view's is not."""
        facts = []
        kinds, known, keys = self._view.kinds, self._reader.register.facts, self._view.keys
        read = self._reader.decode  # which refuses a kind that nobody knows
        for number, row in enumerate(self._rows[first : first + _AT_A_TIME], start=first):
            if row[KIND] not in kinds and row[KIND] in known:
                continue
            try:
                recorded = read(row)
                facts.append((number, recorded, keys(recorded)))
            except Exception as error:
                self._stop(number, error, lambda row=row: keys(read(row)))  # type: ignore[misc]
                if self.problem is not None:
                    break
        return facts

    def _fold(self, facts: list[tuple[int, RecordedFact[Any], tuple[str, ...]]]) -> None:
        fold, after = self._view.fold_under, self.after
        for number, recorded, keys in facts:
            try:
                fold(keys, after, recorded)
            except Exception as error:
                self._stop(number, error, partial(fold, keys, after, recorded))
                if self.problem is not None:
                    break

    def _stop(self, number: int, error: Exception, again: Callable[[], object]) -> None:
        """Stop in front of this fact if it fails again and may not be skipped.

        If it does not fail again, the fault is not the fact's, as when a job times out.
        """
        try:
            again()
        except Exception:
            if self._rows[number][POSITION] not in self._skips():
                self.good, self.problem = number, in_words(error)
        else:
            raise error


def in_words(error: Exception) -> str:
    """An error in one line that a table can hold."""
    said = error.say("en") if isinstance(error, DonghaengError) else f"{type(error).__name__}: {error}"
    line = " ".join(said.split())[:_LONGEST]
    return "".join(letter if letter.isprintable() else "�" for letter in line)
