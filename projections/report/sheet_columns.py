"""How wide a sheet's columns are: as wide as what stands in them, narrower where the letters would be too small on paper."""

from __future__ import annotations

from collections.abc import Sequence

from projections.report.document import Kind
from projections.report.letters import lines, width
from projections.report.sheet_pages import scale_of

EM = 1.9  # column units in one em
NARROWEST, WIDEST = 9.0, 60.0  # of a column, in its units
_DEFAULT = 8.43  # units of a column that nobody set
_NARROW = 24.0  # to which a column of texts may shrink on a wide sheet, taking more lines
_SMALL = 80  # percent; smaller letters are not well read on paper


class Columns:
    """`widths`: of each column, in its units."""

    def __init__(self) -> None:
        self.widths: dict[int, float] = {0: 18.0, 1: 14.0}
        self._least = dict(self.widths)  # no narrower than that

    def hold(self, at: int, said: str) -> None:
        """Make room for what takes one line."""
        self._least[at] = max(self._least.get(at, NARROWEST), min(width(said) * EM + 2, WIDEST))
        self.widths[at] = max(self.widths.get(at, NARROWEST), self._least[at])

    def widen(self, at: int, head: str, texts: Sequence[str], kind: Kind, more: float) -> None:
        """Make room for a table's column. `more`: units that are kept free."""
        longest = max((width(word) for word in head.split()), default=1.0)
        needed = min(max([longest, *map(width, texts)]) * EM + more, WIDEST)
        least = min(needed, _NARROW) if kind == "text" else needed
        self.widths[at] = max(self.widths.get(at, NARROWEST), needed)
        self._least[at] = max(self._least.get(at, NARROWEST), least)

    def lines(self, at: int, text: str) -> int:
        """How many it takes in this column."""
        return lines(text, (self.widths.get(at, NARROWEST) - (2 if at else 1)) / EM)

    def points(self, across: int) -> float:
        """The width of so many columns."""
        return sum(self.widths.get(at, _DEFAULT) * 5.25 + 3.75 for at in range(across))

    def narrow(self, across: int) -> None:
        """Take from the widest columns of texts until the letters are large enough, or nothing can be taken."""
        while scale_of(self.points(across)) < _SMALL:
            wide = [at for at in range(across) if self.widths.get(at, 0) > self._least.get(at, WIDEST)]
            if not wide:
                return
            widest = max(wide, key=lambda at: self.widths[at])
            self.widths[widest] = max(self.widths[widest] - 1, self._least[widest])
