"""How tables look on a screen of any width: which columns may shrink and how, for all of them alike."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.table import Table
from rich.text import Text

from domain.errors import Bilingual, Lang

_LONG_WORD = 14  # cells; only a longer word is broken
_LEAST_TITLE = 10


class Column(NamedTuple):
    """`kind`: whole and figure (to the right) are never cut, text wraps between words, a title ends with an ellipsis."""

    ko: str
    en: str
    kind: Literal["whole", "figure", "text", "title"] = "whole"


Cell = str | Text


NOTHING = Bilingual("해당하는 항목이 없습니다.", "Nothing to list.")


def say_nothing(out: Console, lang: Lang, empty: Bilingual = NOTHING) -> None:
    """What stands in the place of a list without entries."""
    out.print(empty.say(lang), style="dim", soft_wrap=True, markup=False)


def say_first(out: Console, lang: Lang, most: int) -> None:
    """That a list is cut off."""
    out.print(Bilingual(f"처음 {most}건만 표시합니다.", f"Only the first {most} are shown.").say(lang))


def say_lines(
    out: Console, lang: Lang, lines: Iterable[Cell], empty: Bilingual = NOTHING, most: int | None = None
) -> None:
    """Print a list of which each entry is a line, never broken. `most`: it is cut off there."""
    shown = list(lines)
    for line in shown:
        out.print(line, soft_wrap=True, markup=False, highlight=False)
    if not shown:
        say_nothing(out, lang, empty)
    elif len(shown) == most:
        say_first(out, lang, most)


def say_table(
    out: Console,
    lang: Lang,
    columns: Sequence[Column],
    rows: Iterable[Sequence[Cell]],
    empty: Bilingual = NOTHING,
) -> None:
    """Print the rows under their heads. Where the screen is too narrow for columns, a row takes several lines.

    Without rows no heads are printed, but that there is nothing.
    """
    heads = [Text(one.ko if lang == "ko" else one.en, style="bold") for one in columns]
    cells = [[one if isinstance(one, Text) else Text(one) for one in row] for row in rows]
    if not cells:
        say_nothing(out, lang, empty)
        return
    for gap in (2, 1):
        widths = _widths(columns, [heads, *cells], out.width - gap * (len(columns) - 1))
        if widths is not None:
            out.print(_table(columns, heads, cells, widths, gap))
            return
    for row in (heads, *cells):
        _say_compact(out, row)


def _widths(columns: Sequence[Column], rows: Sequence[Sequence[Text]], room: int) -> list[int] | None:
    """Cells for each column, taken from the widest that may still shrink; None where they cannot fit."""
    widths = [max(1, *(row[at].cell_len for row in rows)) for at in range(len(columns))]
    least = [
        min(width, _least(column, [row[at].plain for row in rows]))
        for at, (column, width) in enumerate(zip(columns, widths, strict=True))
    ]
    if sum(least) > room:
        return None
    while sum(widths) > room:
        shrinking = max((at for at in range(len(widths)) if widths[at] > least[at]), key=widths.__getitem__)
        widths[shrinking] -= 1
    return widths


def _least(column: Column, texts: Sequence[str]) -> int:
    match column.kind:
        case "title":
            return _LEAST_TITLE
        case "text":
            return min(
                _LONG_WORD, max((cell_len(word) for text in texts for word in text.split()), default=1)
            )
        case _:
            return max(map(cell_len, texts))


def _table(
    columns: Sequence[Column],
    heads: Sequence[Text],
    rows: Sequence[Sequence[Text]],
    widths: Sequence[int],
    gap: int,
) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, gap, 0, 0))
    for column, head, width in zip(columns, heads, widths, strict=True):
        # "fold" alone loses nothing: at a line's end Rich's ellipsis takes the last letter of a Korean word
        table.add_column(
            head,
            width=width,
            justify="right" if column.kind == "figure" else "left",
            overflow="fold",
            no_wrap=column.kind != "text",
        )
    for row in rows:
        shown = zip(columns, row, widths, strict=True)
        table.add_row(
            *(_shorten(one, width) if column.kind == "title" else one for column, one, width in shown)
        )
    return table


def _shorten(title: Text, cells: int) -> Text:
    """The title in so many columns of the screen; Korean letters take two."""
    if title.cell_len <= cells:
        return title
    return Text(set_cell_size(title.plain, cells - 1).rstrip() + "…", style=title.style)


def _say_compact(out: Console, row: Sequence[Text]) -> None:
    """The row's cells one after the other, as many to a line as fit, the further lines indented."""
    line = Text()
    for cell in (one for one in row if one.plain):
        if line and line.cell_len + 2 + cell.cell_len > out.width:
            out.print(line)
            line = Text("  ")
        elif line:
            line.append("  ")
        line.append_text(cell)
    out.print(line)
