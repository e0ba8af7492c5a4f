"""The shipped font cut down to the letters that a page uses, small enough to lie within it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from io import BytesIO

from projections.report.letters import FALLBACK, FAMILY, FONTS, advances, first_font

_FIRST = ((FAMILY, 400, "PretendardGOV-Regular.otf"), (FAMILY, 700, "PretendardGOV-Bold.otf"))
_SECOND = ((FALLBACK, 400, "DonghaengSigns-Regular.ttf"), (FALLBACK, 700, "DonghaengSigns-Bold.ttf"))
_ALWAYS = frozenset(map(chr, range(0x20, 0x7F)))  # a chart may show what stands in no text


def subset_fonts(said: str) -> Sequence[tuple[str, int, bytes]]:
    """(family, weight, OpenType font) with the letters of `said`, the second family only where it is needed.

    Not compressed, since compressors differ between machines.
    """
    return _subset(tuple(sorted({ord(letter) for letter in _ALWAYS | set(said)})))


@lru_cache(maxsize=4)  # whoever holds a file against the facts draws the page again, with the same letters
def _subset(letters: tuple[int, ...]) -> tuple[tuple[str, int, bytes], ...]:
    from fontTools.subset import Options, Subsetter  # noqa: PLC0415 - a tenth of a second to load
    from fontTools.ttLib import TTFont  # noqa: PLC0415

    second = [letter for letter in letters if letter not in first_font() and letter in advances()]
    found = []
    for family, weight, name in (*_FIRST, *(_SECOND if second else ())):
        options = Options()
        options.layout_features = ["kern", "tnum", "ccmp", "locl", "mark", "mkmk"]
        options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]  # the licence travels with the font
        options.hinting = False
        options.desubroutinize = True  # quicker, and unused subroutines do not have to be found
        with TTFont(FONTS / name, recalcTimestamp=False, lazy=True) as font:
            cut = Subsetter(options)
            cut.populate(unicodes=letters)
            cut.subset(font)
            written = BytesIO()
            font.save(written, reorderTables=True)
        found.append((family, weight, written.getvalue()))
    return tuple(found)
