"""What the report's fonts can show and how wide it is, read from the fonts themselves; and text made fit for paper.

A title may hold any letter. PDF/UA refuses a letter that no font has, XML refuses control letters, and letters that
turn the direction of reading could make a text look like another one.
"""

from __future__ import annotations

import re
import struct
import unicodedata
from collections.abc import Iterator
from functools import cache
from itertools import groupby
from pathlib import Path

FONTS = Path(__file__).parent / "fonts"
FAMILY = "Pretendard GOV"
FALLBACK = "Donghaeng Signs"  # what the first font has not of the letters that Korean computers write (CP949)
MISSING = "□"


@cache
def advances() -> dict[int, float]:
    """How wide each letter is in bold, in em, by code point. A letter that is not here cannot be shown."""
    return {**_advances("DonghaengSigns-Bold.ttf"), **first_font()}


@cache
def first_font() -> dict[int, float]:
    """The same of the font that shows whatever it has."""
    return _advances("PretendardGOV-Bold.otf")


def _advances(file: str) -> dict[int, float]:
    font = (FONTS / file).read_bytes()
    tables = {
        tag: font[start : start + length]
        for tag, _, start, length in struct.iter_unpack(
            ">4sIII", font[12 : 12 + 16 * int.from_bytes(font[4:6], "big")]
        )
    }
    (em,) = struct.unpack_from(">H", tables[b"head"], 18)
    (measured,) = struct.unpack_from(">H", tables[b"hhea"], 34)
    widths = [width for width, _ in struct.iter_unpack(">Hh", tables[b"hmtx"][: 4 * measured])]
    return {letter: widths[min(glyph, measured - 1)] / em for letter, glyph in _glyphs(tables[b"cmap"])}


def _glyphs(cmap: bytes) -> Iterator[tuple[int, int]]:
    """(code point, glyph) of the font's table of 32-bit letters (format 12)."""
    (count,) = struct.unpack_from(">H", cmap, 2)
    for _, _, start in struct.iter_unpack(">HHI", cmap[4 : 4 + 8 * count]):
        if struct.unpack_from(">H", cmap, start)[0] == 12:
            (groups,) = struct.unpack_from(">I", cmap, start + 12)
            for first, last, glyph in struct.iter_unpack(">III", cmap[start + 16 : start + 16 + 12 * groups]):
                yield from ((letter, glyph + letter - first) for letter in range(first, last + 1))
            return
    raise ValueError("the report's font has no table of 32-bit letters")


def clean(text: str) -> str:
    """One line, letters put together, without control letters and letters that turn the direction of reading."""
    return _without_control(" ".join(unicodedata.normalize("NFC", text).split()))


def printable(text: str) -> str:
    """`clean`, with □ for each letter that no font can show; `lacking` names them."""
    return _in_font(clean(text))


def printable_drawing(svg: str) -> str:
    """The same for a drawing's markup, whose lines stay as they are.

    What only the second font has names it: a list of families is not gone through letter by letter everywhere.
    """
    shown = "\n".join(_in_font(_without_control(line)) for line in svg.split("\n"))
    return _SAID.sub(lambda found: _in_second_font(found[0]), shown)


_SAID = re.compile(r"(?<=>)[^<>]+(?=</(?:text|tspan)>)")


def _in_second_font(said: str) -> str:
    first = first_font()
    pieces = []
    for second, letters in groupby(said, lambda letter: ord(letter) not in first):
        piece = "".join(letters)
        pieces.append(f'<tspan font-family="{FALLBACK}">{piece}</tspan>' if second else piece)
    return "".join(pieces)


def lacking(text: str) -> list[str]:
    """Each letter that `printable` shows as □, once, in the order of Unicode."""
    known = advances()
    return sorted({letter for letter in clean(text) if ord(letter) not in known})


def describe_letter(letter: str) -> str:
    """`U+1F600 GRINNING FACE`: so that a letter which cannot be shown can be spoken of."""
    return f"U+{ord(letter):04X} {unicodedata.name(letter, '')}".strip()


def _without_control(text: str) -> str:
    """What cannot be seen goes; what is no letter at all, and XML would refuse, becomes □."""
    if text.isprintable():  # nearly always: a report has hundreds of thousands of short texts
        return text
    return "".join(
        MISSING if unicodedata.category(c) == "Cs" or _is_nothing(c) else c
        for c in text
        if unicodedata.category(c) not in ("Cc", "Cf")
    )


def _is_nothing(letter: str) -> bool:
    """One of the 66 code points that never will be a letter."""
    return ord(letter) & 0xFFFE == 0xFFFE or 0xFDD0 <= ord(letter) <= 0xFDEF


def _in_font(text: str) -> str:
    known = advances()
    return "".join(c if ord(c) in known else MISSING for c in text)


def width(text: str) -> float:
    """How wide it is on one line, in em of the bold font. The regular one is a little narrower."""
    known = advances()
    return sum(known.get(ord(c), 1.0) for c in text)


def words(text: str, room: float) -> list[str]:
    """The text cut where a line may end: at spaces, and inside a word only where it is wider than `room` (em).

    A text that fits on one line is one piece.
    """
    if width(text) <= room:
        return [text]
    pieces: list[str] = []
    for word in text.split(" "):
        pieces += _pieces(word, room)
    pieces[-1] = pieces[-1][:-1]
    return pieces


def _pieces(word: str, room: float) -> list[str]:
    """Every piece is at most `room` wide; the last ends in a space, since a word ends there."""
    known = advances()
    pieces, piece, wide = [], "", 0.0
    for letter in word:
        one = known.get(ord(letter), 1.0)
        if piece and wide + one > room:
            # After a sign that parts words is a better place than between two syllables.
            end = max(piece.rfind(sign) for sign in "·‧/,-_)") + 1 or len(piece)
            pieces.append(piece[:end])
            piece = piece[end:]
            wide = width(piece)
        piece += letter
        wide += one
    return [*pieces, piece + " "]


def lines(text: str, room: float) -> int:
    """How many lines it takes where a line is `room` em wide and no word that fits in one is cut."""
    count, used = 1, 0.0
    for piece in words(text, max(room, 1.0)):
        wide = width(piece.rstrip(" "))
        if used and used + wide > room:
            count, used = count + 1, 0.0
        used += width(piece)
    return count
