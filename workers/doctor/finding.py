"""What was looked at, and what was seen."""

from __future__ import annotations

from typing import Literal

import msgspec

from domain.errors import DonghaengError, Lang

State = Literal["ok", "warn", "wrong"]


class Finding(msgspec.Struct, frozen=True):
    """`seen`, `todo`: in Korean and English; `todo` is empty where nothing is to be done."""

    check: str
    state: State
    seen: tuple[str, str]
    todo: tuple[str, str] = ("", "")

    def say(self, lang: Lang) -> tuple[str, str]:
        place = 0 if lang == "ko" else 1
        return self.seen[place], self.todo[place]


def said(check: str, error: DonghaengError) -> Finding:
    return Finding(check, "wrong", (error.say("ko"), error.say("en")))


def unseen(check: str, problem: str, in_english: str | None = None) -> Finding:
    """`problem`: in both languages, or in Korean alone where `in_english` says it too."""
    return Finding(
        check,
        "wrong",
        (f"확인할 수 없음: {problem}", f"it could not be looked at: {in_english or problem}"),
        ("위의 문제를 먼저 푸십시오.", "Solve what is above first."),
    )
