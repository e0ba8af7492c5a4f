"""What was typed, before a command sees it."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from datetime import date
from typing import Any

from domain.errors import Refusal
from domain.limits import FIRST_YEAR, LAST_YEAR
from domain.refusals import bad_input, validation_error


class NotText(Refusal):
    """Bytes that are no UTF-8, as of a terminal with another encoding."""

    ko = "‘{field}’의 글자가 UTF-8이 아니어서 받지 않았습니다. 터미널의 문자 집합을 UTF-8로 바꾸고 다시 입력하십시오."
    en = (
        "The value of “{field}” is not UTF-8 and was not taken. Set your terminal to UTF-8 and type it again."
    )


def show_odd_names() -> None:
    """A file's name may hold bytes that are no text: they are shown as \\udcff instead of ending the command."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]


def check_given(given: Mapping[str, Any]) -> None:
    """Raises NotText; BadInput for a day of a year that no task has, so that nothing counts past the calendar's end."""
    for name, value in given.items():
        for one in value if isinstance(value, list | tuple) else (value,):
            if isinstance(one, str) and not _is_text(one):
                raise NotText(field=name)
            if isinstance(one, date) and not FIRST_YEAR <= one.year <= LAST_YEAR:
                raise bad_input(validation_error("year_range", min=FIRST_YEAR, max=LAST_YEAR), field=name)


def _is_text(word: str) -> bool:
    try:
        word.encode()
    except UnicodeEncodeError:
        return False
    return True
