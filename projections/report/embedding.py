"""The shipped font cut down to the letters that a page uses, small enough to lie within it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from projections.report.letters import FALLBACK, FAMILY, FONTS, advances, first_font

_FIRST = ((FAMILY, 400, "PretendardGOV-Regular.otf"), (FAMILY, 700, "PretendardGOV-Bold.otf"))
_SECOND = ((FALLBACK, 400, "DonghaengSigns-Regular.ttf"), (FALLBACK, 700, "DonghaengSigns-Bold.ttf"))
_FEATURES = (b"kern", b"tnum", b"ccmp", b"locl", b"mark", b"mkmk")
_NAMES = {0, 1, 2, 3, 4, 5, 6, 13, 14}  # the licence travels with the font
_ALWAYS = frozenset(map(chr, range(0x20, 0x7F)))  # a chart may show what stands in no text


def subset_fonts(said: str) -> Sequence[tuple[str, int, bytes]]:
    """(family, weight, OpenType font) with the letters of `said`, the second family only where it is needed.

    Not compressed, since compressors differ between machines.
    """
    return _subset(tuple(sorted({ord(letter) for letter in _ALWAYS | set(said)})))


@lru_cache(maxsize=4)  # whoever holds a file against the facts draws the page again, with the same letters
def _subset(letters: tuple[int, ...]) -> tuple[tuple[str, int, bytes], ...]:
    second = [letter for letter in letters if letter not in first_font() and letter in advances()]
    return tuple(
        (family, weight, _cut(name, letters))
        for family, weight, name in (*_FIRST, *(_SECOND if second else ()))
    )


def _cut(name: str, letters: tuple[int, ...]) -> bytes:
    import uharfbuzz  # noqa: PLC0415 - only who writes a report needs it

    wanted = uharfbuzz.SubsetInput()
    wanted.sets(uharfbuzz.SubsetInputSets.UNICODE).set(set(letters))
    wanted.sets(uharfbuzz.SubsetInputSets.NAME_ID).set(_NAMES)
    features = wanted.sets(uharfbuzz.SubsetInputSets.LAYOUT_FEATURE_TAG)
    features.clear()
    features.set({int.from_bytes(feature, "big") for feature in _FEATURES})
    # unused subroutines do not have to be found
    wanted.flags = uharfbuzz.SubsetFlags.NO_HINTING | uharfbuzz.SubsetFlags.DESUBROUTINIZE
    face = uharfbuzz.Face(uharfbuzz.Blob.from_file_path(str(FONTS / name)))
    return bytes(uharfbuzz.subset(face, wanted).blob.data)
