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
# what is read as a word: signs, units after a figure, and words that are not read by their letters' rules
_SIGNS: dict[str, Sound] = {
    "%": "vowel",  # 퍼센트
    "℃": "vowel",  # 도
    "°": "vowel",
    "㎡": "vowel",  # 제곱미터
    "㎥": "vowel",
    "$": "vowel",  # 달러
    "₩": "consonant",  # 원
    "㎏": "consonant",  # 킬로그램
    "㎞": "vowel",  # 킬로미터
    "㎜": "vowel",
    "㎝": "vowel",
}
_UNITS: dict[str, Sound] = {
    **dict.fromkeys(("m", "km", "cm", "mm", "ha", "kB", "KB", "MB", "GB", "TB", "kW", "s", "ms"), "vowel"),
    **dict.fromkeys(("g", "kg", "mg", "t"), "consonant"),  # 그램, 톤
}
_WORDS: dict[str, Sound] = {
    "ok": "vowel",  # 오케이
    "book": "consonant",  # 북
    "notebook": "consonant",
    "facebook": "consonant",
    "task": "vowel",  # 태스크
    "row": "vowel",  # 로
    "unknown": "consonant",  # 언노운
}
_UNIT = re.compile(r"[0-9] ?([A-Za-z]{1,2})$")
_BRACKETED = re.compile(r"(?<=[\w’”\"'`])\([^()]*\)$")
_ENDINGS: tuple[tuple[re.Pattern[str], Sound], ...] = (
    (re.compile(r"le?$"), "l"),  # 파일, 테이블
    (re.compile(r"(ng|[mn]|[aeiou][mn]e)$"), "consonant"),  # 링, 폼, 라인
    (re.compile(r"(^|[^aeiou])[aeiou]([bpt]|c?k)$"), "consonant"),  # 웹, 맵, 봇, 팩; but 시트
)
_FAR = 80  # no word is longer


def sound(word: str) -> Sound | None:
    """What the word ends in as it is read in Korean; None where that is not known."""
    text = _read_part(word)
    last = text[-1:]
    if last in _SIGNS:
        return _SIGNS[last]
    if last and _FIRST <= ord(last) <= _LAST:
        return _syllable(last)
    if last.isascii() and last.isdigit():
        return _CLOSED_DIGITS.get(last, "vowel")
    return _latin(text) if last.isascii() and last else None


def _read_part(word: str) -> str:
    """The word up to its last letter: closing quotes are looked through, and a bracket that follows a word."""
    text = unicodedata.normalize("NFC", word[-_FAR:])  # names of files may come in parts of syllables
    while text and not (text[-1].isalnum() or text[-1] in _SIGNS):
        bracketed = _BRACKETED.search(text)
        text = text[: bracketed.start()] if bracketed else text[:-1]
    return text


def _syllable(last: str) -> Sound:
    final = (ord(last) - _FIRST) % _FINALS
    if final == _RIEUL:
        return "l"
    return "consonant" if final else "vowel"


def _latin(text: str) -> Sound:
    """Capitals, and what has no vowel or follows a digit, are read letter by letter; other words by their ending."""
    if (unit := _UNIT.search(text)) and unit[1] in _UNITS:
        return _UNITS[unit[1]]
    match = re.search(r"[0-9]?[A-Za-z]+$", text)
    assert match is not None
    word = match[0]
    if word.lower() in _WORDS:
        return _WORDS[word.lower()]
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


def fill(template: str, *values: object, **named: object) -> str:
    """The template filled as by `format`, its open particles settled; what stands in the values is left as it is.

    Values by place are numbered: `{0}`, not `{}`.
    """
    return _resolve(template, lambda piece: piece.format(*values, **named))


def resolve_particles(text: str) -> str:
    """A finished text with each open particle settled by what stands before it."""
    return _resolve(text, lambda piece: piece) if "(" in text else text


def _resolve(template: str, say: Callable[[str], str]) -> str:
    said = ""
    for piece in _OPEN.split(template):
        said += particle(said, cast(Open, piece)) if piece in _FORMS else say(piece)
    return said
