"""How wide each column of a table is, and how small its letters must be so that no figure and no word is cut."""

from __future__ import annotations

from typing import NamedTuple

from domain.errors import Lang
from projections.report.document import Column, Table, format_value
from projections.report.letters import clean, width

LONGEST_WORD = 7.0  # em; a longer word of a text is cut, since it would leave no room for the other columns
LONGEST_HEAD = 12.0  # em; the same for what a row is called by
EASY_HEAD = 15.0  # em; the most that it gets before other columns get more than they need
READABLE = 6.5  # points; no letter is made smaller than these for that
SIDES = 0.9  # em; the room on both sides of a cell's text
SIZES = (9.0, 8.5, 8.0, 7.5, 7.0, 6.5, 6.0)  # points, the largest that fits is taken


class Layout(NamedTuple):
    """`size`: of the letters, in points. `widths`: of the columns, in points, with the sides; they fill the room."""

    size: float
    widths: tuple[float, ...]


def layout(table: Table, lang: Lang, room: float) -> Layout:
    """For a page `room` points wide. Letters are somewhat smaller where rows' heads would be squeezed otherwise."""
    least = [_least_width(table, column, at, lang) for at, column in enumerate(table.columns)]
    size = next((size for size in SIZES if sum(least) * size <= room), SIZES[-1])
    size, head = _ease_heads(least, max(least[0], _easy_width(table, lang)), room, size)
    needed = [head, *least[1:]]
    wanted = [
        max(need, min(_full_width(table, column, at, lang), 30.0))
        for at, (column, need) in enumerate(zip(table.columns, needed, strict=True))
    ]
    shares = _shares(needed, wanted, [column.weight for column in table.columns], room / size)
    return Layout(size, tuple(share * size for share in shares))


def _ease_heads(least: list[float], easy: float, room: float, size: float) -> tuple[float, float]:
    """The size of letters and the width of rows' heads, in em: as wide as is easy, or as there is room for."""
    rest = sum(least[1:])
    for smaller in (one for one in SIZES if READABLE <= one <= size):
        if (easy + rest) * smaller <= room:
            return smaller, easy
        left = room / smaller - rest
        if smaller == READABLE and left > least[0]:
            return smaller, left
    return size, least[0]


def least_width(table: Table, lang: Lang) -> float:
    """In em, what a table needs so that no figure and no word of it is cut."""
    return sum(_least_width(table, column, at, lang) for at, column in enumerate(table.columns))


def _texts(table: Table, at: int, lang: Lang) -> list[str]:
    kind = table.columns[at].kind
    return [clean(format_value(row[at].value, kind, lang)) for row in (*table.rows, *table.totals)]


def _least_width(table: Table, column: Column, at: int, lang: Lang) -> float:
    """The longest that must not be cut, in em: every figure and date as a whole, texts and heads by their words."""
    texts = [word for text in _texts(table, at, lang) for word in text.split()]
    heads = clean(column.label.say(lang)).split()
    if column.kind == "text":
        return (
            min(max(map(width, [*texts, *heads]), default=1.0), LONGEST_WORD if at else LONGEST_HEAD) + SIDES
        )
    whole = max(map(width, texts), default=1.0)
    return max(whole, min(max(map(width, heads), default=1.0), LONGEST_WORD)) + SIDES


def _easy_width(table: Table, lang: Lang) -> float:
    """What shows the head of each row on two lines, in em."""
    longest = max((width(text) for text in _texts(table, 0, lang)), default=1.0)
    return min(longest, max(longest / 2 + LONGEST_WORD / 2, LONGEST_WORD), EASY_HEAD) + SIDES


def _full_width(table: Table, column: Column, at: int, lang: Lang) -> float:
    """What shows every text on one line, in em."""
    return max(map(width, [*_texts(table, at, lang), clean(column.label.say(lang))]), default=1.0) + SIDES


def _shares(needed: list[float], wanted: list[float], weights: list[int], room: float) -> list[float]:
    """First what each needs, then what is left to those who want more, by their weights; the rest to all by weight."""
    if sum(needed) > room:
        return [need * room / sum(needed) for need in needed]
    shares = list(needed)
    for _ in needed:  # each turn satisfies at least one column or gives everything away
        left = room - sum(shares)
        short = [at for at in range(len(shares)) if wanted[at] - shares[at] > 1e-9]
        if left <= 1e-9 or not short:
            break
        total = sum(weights[at] for at in short)
        for at in short:
            shares[at] += min(wanted[at] - shares[at], left * weights[at] / total)
    left = max(0.0, room - sum(shares))
    return [share + left * weight / sum(weights) for share, weight in zip(shares, weights, strict=True)]
