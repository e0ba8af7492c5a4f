"""How a sheet is parted into pages: no wider than the paper, and parted only where nothing is left alone.

Every row has a height of ours and every break is set, so that no program finds one of its own. Nothing is fitted to the page's
width by the program that opens it, since that ignores breaks; the scale leaves room for wider fonts.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import pairwise

import msgspec
from xlsxwriter.worksheet import Worksheet

ROW, ROW_PIXELS = (
    15.75,
    21,
)  # points and pixels of a row that nothing else sets; the library's own is not written
GAP = 9.0  # points between what stands below each other
# points between the margins of A4 across; fonts differ in width, and a row at another scale is rounded
WIDE, HIGH = 0.78 * 10.69 * 72, 0.98 * 172 / 25.4 * 72
LEAST, A_LITTLE = 10, 1.1  # percent; times the height of a page


class Parting(msgspec.Struct, frozen=True):
    """Where a sheet may be parted. `heights`: of all rows. `whole`: rows (from, before) of a table or a chart, which stay on a
    page where they fit on one, since the head of a table is not there on the next; `sections`: rows under a heading, which do
    so where no half page is left free for it; `glued`: rows before which no page ends, as a table's first two rows, its last
    one and its totals.
    """

    heights: Sequence[float]
    whole: Sequence[tuple[int, int]] = ()
    sections: Sequence[tuple[int, int]] = ()
    glued: Collection[int] = ()


class Rows:
    """What is known of a sheet's rows while they are written. `heights`: of those that are not as the others;
    `count`: until the last in which something stands.
    """

    def __init__(self) -> None:
        self.heights: dict[int, float] = {}
        self.count = 0
        self._opening: int | None = None  # the last heading's row, below which nothing but words stands yet
        self._starts: list[int] = []
        self._whole: list[tuple[int, int]] = []
        self._glued: set[int] = set()

    def begin_section(self, row: int) -> None:
        """A heading stands in this row, and something below it."""
        self._starts.append(row)
        self._glued.add(row + 1)
        self._opening = row

    def add_table(self, first: int, end: int, totals: int) -> None:
        """A caption in row `first`, a head, and rows until before `end`, of which the last are totals."""
        last = end - totals
        self._glued.update(range(first + 1, min(first + 4, end)), range(last - 1, end))
        self.keep(first, end)

    def add_figures(self) -> None:
        """What comes below them is not what the heading above them introduces."""
        self._opening = None

    def keep(self, first: int, end: int) -> None:
        """A table, with its chart, which with the heading and the words above it stays on a page where all fit on one."""
        self._whole.append((first, end))
        if self._opening is not None:
            self._whole.append((self._opening, end))
        self.fill(end - 1)

    def fill(self, row: int) -> None:
        """Something stands in it."""
        self.count = max(self.count, row + 1)

    def parting(self) -> Parting:
        """Rows below the last in which something stands are on no page."""
        sections = pairwise([*sorted(set(self._starts)), self.count])
        heights = [self.heights.get(row, ROW) for row in range(self.count)]
        return Parting(heights, self._whole, list(sections), self._glued)


def scale_of(width: float) -> int:
    """Percent at which columns of this width, in points, fit on the paper."""
    return max(LEAST, min(100, int(100 * WIDE / max(width, 1.0))))


def lay_out_pages(
    page: Worksheet, width: float, parting: Parting, repeated: int, tables: Sequence[tuple[int, int]] = ()
) -> None:
    """`width`: of all columns, in points; `repeated`: how many rows stand at the head of every page.

    `tables`: the head's row and the last one of each. A sheet has one range of rows that its pages repeat: where one table is
    parted and no page comes after it, that is the table's head in place of the sheet's, which the margin says too.
    """
    scale = keep_whole(parting, scale_of(width), repeated)
    room = HIGH * 100 / scale
    breaks = find_breaks(parting, room, repeated)
    page.repeat_rows(0, repeated - 1)
    head = _head_to_repeat(breaks, tables)
    if head is not None and head >= repeated:
        # less room, since pages with the head have it too
        narrower = find_breaks(parting, room - parting.heights[head], repeated)
        if _head_to_repeat(narrower, tables) == head:
            page.repeat_rows(head, head)
            breaks = narrower
    page.set_print_scale(scale)
    page.set_h_pagebreaks(breaks)


def _head_to_repeat(breaks: Sequence[int], tables: Sequence[tuple[int, int]]) -> int | None:
    """That of the one table that is parted, where no page begins below it; None where there is no such table."""
    parted = [(head, last) for head, last in tables if any(head < row <= last for row in breaks)]
    if len(parted) != 1 or breaks[-1] > parted[0][1]:
        return None
    return parted[0][0]


def keep_whole(parting: Parting, scale: int, repeated: int) -> int:
    """The scale, a little smaller where what would be parted fits on a page then."""
    room = HIGH * 100 / scale
    head = sum(parting.heights[:repeated])
    needed = [head + sum(parting.heights[start:stop]) for start, stop in parting.whole]
    fitting = max((one for one in needed if room < one <= room * A_LITTLE), default=room)
    return scale if fitting == room else int(100 * HIGH / fitting)


def find_breaks(parting: Parting, room: float, repeated: int) -> list[int]:
    """The rows before which a page ends. `room`: points on a page."""
    later = room - sum(parting.heights[:repeated])
    found: list[int] = []
    first, end = 0, _first_beyond(parting.heights, 0, room)
    while end < len(parting.heights):
        first = _place(parting, first, end, later)
        found.append(first)
        end = _first_beyond(parting.heights, first, later)
    return found


def _first_beyond(heights: Sequence[float], first: int, room: float) -> int:
    """The first row that is not on a page that begins with `first`; a row that is higher than a page has one."""
    used, row = heights[first], first + 1
    while row < len(heights) and used + heights[row] <= room:
        used += heights[row]
        row += 1
    return row


def _place(parting: Parting, first: int, end: int, room: float) -> int:
    """Where to part before row `end`: as late as nothing is left alone, else as late as can be."""

    def high(start: int, stop: int) -> float:
        return sum(parting.heights[start:stop])

    def cuts(row: int, ranges: Sequence[tuple[int, int]]) -> bool:
        return any(start < row < stop and high(start, stop) <= room for start, stop in ranges)

    free = [row for row in range(end, first, -1) if row not in parting.glued]
    whole = [row for row in free if not cuts(row, parting.whole)]
    kept = [row for row in whole if not cuts(row, parting.sections) and high(first, row) >= room / 2]
    return next(iter((*kept, *whole, *free)), end)
