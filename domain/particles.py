"""Korean particles, whose form follows the last sound of the word before them.

A template holds the particle open (“{task}을(를)”); it is settled once the word is known.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from typing import Literal, cast

Open = Literal["을(를)", "이(가)", "은(는)", "과(와)", "(으)로"]
Sound = Literal["vowel", "l", "consonant"]

# after a consonant, after a vowel; ㄹ is a consonant to all but 로
_FORMS = {
    "을(를)": ("을", "를"),
    "이(가)": ("이", "가"),
    "은(는)": ("은", "는"),
    "과(와)": ("과", "와"),
    "(으)로": ("으로", "로"),
}
_OPEN = re.compile("(" + "|".join(map(re.escape, _FORMS)) + ")")

_FIRST, _LAST, _FINALS, _RIEUL = (
    0xAC00,
    0xD7A3,
    28,
    8,
)  # the syllables of Unicode, 28 for each initial and vowel
# 영, 일, 삼, 육, 칠, 팔; 엘, 엠, 엔, 알
_CLOSED_DIGITS: dict[str, Sound] = {
    "0": "consonant",
    "1": "l",
    "3": "consonant",
    "6": "consonant",
    "7": "l",
    "8": "l",
}
_CLOSED_LETTERS: dict[str, Sound] = {"L": "l", "M": "consonant", "N": "consonant", "R": "l"}
_BRACKETED = re.compile(r"(?<=[\w’”\"'`])\([^()]*\)$")
_ENDINGS: tuple[tuple[re.Pattern[str], Sound], ...] = (
    (re.compile(r"le?$"), "l"),  # 파일, 테이블
    (re.compile(r"(ng|[mn]|[aeiou][mn]e)$"), "consonant"),  # 링, 폼, 라인
    (re.compile(r"(^|[^aeiou])[aeiou]([bpt]|c?k)$"), "consonant"),  # 웹, 맵, 봇, 팩; but 시트
)
_FAR = 80  # no word is longer


def sound(word: str) -> Sound | None:
    """What the word ends in as it is read in Korean; None where that is not known.

    Closing quotes are looked through, and a bracket that follows a word: the particle goes by the word itself.
    """
    text = unicodedata.normalize("NFC", word[-_FAR:])  # names of files may come in parts of syllables
    end = len(text)
    while end and not (text[end - 1].isalnum() or text[end - 1] == "%"):
        if bracketed := _BRACKETED.search(text, 0, end):
            end = bracketed.start()
        else:
            end -= 1
    last = text[end - 1 : end]
    if last == "%":
        return "vowel"  # 퍼센트
    if last and _FIRST <= ord(last) <= _LAST:
        final = (ord(last) - _FIRST) % _FINALS
        return "l" if final == _RIEUL else "consonant" if final else "vowel"
    if last.isascii() and last.isdigit():
        return _CLOSED_DIGITS.get(last, "vowel")
    return _latin(text[:end]) if last.isascii() and last else None


def _latin(text: str) -> Sound:
    """Capitals, and what has no vowel or follows a digit, are read letter by letter; other words by their ending."""
    match = re.search(r"[0-9]?[A-Za-z]+$", text)
    assert match is not None
    word = match[0]
    if len(word) == 1 or word[0].isdigit() or word.isupper() or not re.search("[aeiouy]", word.lower()):
        return _CLOSED_LETTERS.get(word[-1].upper(), "vowel")
    return next((heard for ending, heard in _ENDINGS if ending.search(word.lower())), "vowel")


def particle(word: str, form: Open) -> str:
    """The form's choice after the word, e.g. 를 of 을(를); both where the sound is not known."""
    heard = sound(word)
    if heard is None:
        return form
    closed, bare = _FORMS[form]
    return bare if heard == "vowel" or (heard == "l" and form == "(으)로") else closed


def filled(template: str, *values: object, **named: object) -> str:
    """The template filled as by `format`, its open particles settled; what stands in the values is left as it is.

    Values by place are numbered: `{0}`, not `{}`.
    """
    return _settled(template, lambda piece: piece.format(*values, **named))


def settled(text: str) -> str:
    """A finished text with each open particle settled by what stands before it."""
    return _settled(text, lambda piece: piece) if "(" in text else text


def _settled(template: str, say: Callable[[str], str]) -> str:
    said = ""
    for piece in _OPEN.split(template):
        said += particle(said, cast(Open, piece)) if piece in _FORMS else say(piece)
    return said
