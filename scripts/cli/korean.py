"""The two languages of `--help`, which stand side by side: “English. = Korean.”, or a paragraph in Korean that begins with “= ”."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from trail.lang import Lang

_TYPES: Mapping[str, str] = {
    "str": "글",
    "int": "정수",
    "float": "수",
    "path": "경로",
    "int range": "정수",
    "bool": "예/아니요",
    "datetime": "날짜",
}
_EXTRAS = (("default: ", "기본값: "), ("env var: ", "환경 변수: "), ("required", "필수"))
_MARK = re.compile(r"(?:^| )= ")  # the Korean begins behind it
_FORM = re.compile(r"%[YmdHM]")
_LETTERS = {"%Y": "YYYY", "%m": "MM", "%d": "DD", "%H": "HH", "%M": "MM"}
HEADS: Mapping[str, str] = {
    "Usage": "사용법",
    "Arguments": "인자",
    "Options": "옵션",
    "Commands": "명령",
    "[OPTIONS]": "[옵션]",
    "COMMAND [ARGS]...": "명령 [인자]...",
}


class HelpText(NamedTuple):
    """What help says, in both languages, a paragraph each under the other."""

    en: str
    ko: str

    def say(self, lang: Lang) -> str:
        return self.ko if lang == "ko" and self.ko else self.en


def parse_help(text: str | None) -> HelpText:
    """A help text as it is written beside a command or an option. A docstring's lines are joined to paragraphs."""
    said: list[str] = []
    korean: list[str] = []
    for paragraph in (text or "").split("\n\n"):
        en, *ko = _MARK.split(" ".join(paragraph.split()), maxsplit=1)
        said += [en] if en else []
        korean += ko
    return HelpText("\n\n".join(said), "\n\n".join(korean))


def type_in_korean(names: str) -> str:
    """An option's names with the type of its value, as `--most <정수>`."""
    return re.sub(r"<(?:list\[)?([a-z ]+?)\]?>", lambda found: f"<{_TYPES.get(found[1], found[1])}>", names)


def extras_in_korean(extras: str) -> str:
    """What stands behind a help text in brackets: default, range, required."""
    for english, korean in _EXTRAS:
        extras = extras.replace(english, korean)
    return extras


def spell_form(names: str) -> str:
    """A date's form as people write it: YYYY-MM-DD."""
    return _FORM.sub(lambda found: _LETTERS[found[0]], names)
