"""Korean particles, whose form follows the last sound of the word before them."""

from __future__ import annotations

_FIRST, _LAST, _FINALS = 0xAC00, 0xD7A3, 28  # the syllables of Unicode, 28 for each initial and vowel
_CLOSED_DIGITS = frozenset("013678")  # 영, 일, 삼, 육, 칠, 팔 end in a consonant


def object_particle(word: str) -> str:
    """을 or 를; both where the sound is not known, as after Latin letters."""
    last = next((letter for letter in reversed(word) if letter.isalnum()), "")
    if _FIRST <= ord(last or " ") <= _LAST:
        return "을" if (ord(last) - _FIRST) % _FINALS else "를"
    if last in set("0123456789"):
        return "을" if last in _CLOSED_DIGITS else "를"
    return "을(를)"
