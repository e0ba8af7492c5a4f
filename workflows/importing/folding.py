"""Two writings of one name, made alike: what a keyboard, an editor or a copied cell changes without changing the name.

Used only to compare; what is stored is what `tidy` leaves.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

import msgspec

# before NFKC, which makes a vowel of ㆍ and lets the others stand
_DOTS = str.maketrans(dict.fromkeys("·ㆍ‧∙•・･⋅∘⸱ᆞ", "·"))
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−﹣－ー", "-"))
_TILDES = str.maketrans(dict.fromkeys("∼～〜˜∽", "~"))
_QUOTES = str.maketrans({**dict.fromkeys("‘’‛′´`", "'"), **dict.fromkeys("“”„″「」『』〈〉《》", '"')})
# soft hyphen, zero-width letters, direction marks: nobody sees or types them
_UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\uffa0]"
)
_USELESS = re.compile(
    "[\u00ad\u200b\u200e\u200f\u2060\ufeff]"
)  # the others join or turn letters: not ours to drop
_SPACES = re.compile(r"\s+")
_LEGAL_FORM = (
    r"\((?:재|사|주|유|합|복|의|학|특)\)"
    r"|재단법인|사단법인|주식회사|유한회사|사회복지법인|의료법인|학교법인|특수법인"
)
_AROUND = re.compile(rf"^(?:{_LEGAL_FORM})+|(?:{_LEGAL_FORM})+$")


def tidy(text: str) -> str:
    """The text as it is stored: syllables put together, no unseen letters, every kind of space a plain one."""
    seen = _USELESS.sub("", unicodedata.normalize("NFC", text))
    lines = [" ".join(line.split()) for line in re.split(r"\r\n|[\r\n\u2028\u2029]", seen)]
    return "\n".join(lines).strip()


def fold(text: str) -> str:
    """One form for all writings of a name: spaces, case, middle dots, dashes, full-width forms make no difference."""
    same = text.translate(_DOTS).translate(_DASHES).translate(_TILDES).translate(_QUOTES)
    same = _UNSEEN.sub("", unicodedata.normalize("NFKC", same))
    return _SPACES.sub("", same).casefold()


def without_legal_form(folded: str) -> str:
    """A folded name without (재), ㈜ and the like before or after it."""
    return _AROUND.sub("", folded) or folded


class Found(msgspec.Struct, frozen=True):
    """Whom a name means: none, one, or several that cannot be told apart. `bent`: it stands otherwise in the store."""

    ids: frozenset[str]
    bent: bool = False


class Directory:
    """Names to ids, looked up as they stand, then folded, without their legal form, and as CP949 loses letters."""

    def __init__(self, named: Iterable[tuple[str, str]]) -> None:
        self._named = tuple(named)
        self._steps: tuple[dict[str, set[str]], ...] = ({}, {}, {}, {})
        for name, identity in self._named:
            folded = fold(name)
            keys = (name, folded, without_legal_form(folded), fold(as_saved_in_cp949(name)))
            for step, key in zip(self._steps, keys, strict=True):
                step.setdefault(key, set()).add(identity)

    def also(self, named: Iterable[tuple[str, str]]) -> Directory:
        """The same with more names."""
        return Directory((*self._named, *named))

    @property
    def ids(self) -> tuple[str, ...]:
        """All that there are, in order."""
        return tuple(sorted({identity for _, identity in self._named}))

    def find(self, name: str) -> Found:
        folded = fold(name)
        for number, key in enumerate((name, folded, without_legal_form(folded), folded)):
            if ids := self._steps[number].get(key):
                return Found(frozenset(ids), bent=number > 1)
        return Found(frozenset())


def as_saved_in_cp949(text: str) -> str:
    """What is left of a name where a spreadsheet saves it in CP949: “?” for every letter that it has not."""
    return text.encode("cp949", "replace").decode("cp949")
