"""What was looked at, and what was seen."""

from __future__ import annotations

from typing import Literal

import msgspec

from domain.errors import Bilingual, DonghaengError, Lang

State = Literal["ok", "warn", "wrong"]


class Finding(msgspec.Struct, frozen=True):
    """`todo` is empty where nothing is to be done."""

    check: str
    state: State
    seen: Bilingual
    todo: Bilingual = Bilingual("", "")

    def say(self, lang: Lang) -> tuple[str, str]:
        return self.seen.say(lang), self.todo.say(lang)


def command_text(command: str) -> Bilingual:
    """A command, which is the same in both languages."""
    return Bilingual(command, command)


def finding_of(check: str, error: DonghaengError) -> Finding:
    return Finding(check, "wrong", Bilingual(error.say("ko"), error.say("en")))


def finding_of_unseen(check: str, problem: str, in_english: str | None = None) -> Finding:
    """`problem`: in both languages, or in Korean alone where `in_english` says it too."""
    return Finding(
        check,
        "wrong",
        Bilingual(f"확인할 수 없음: {problem}", f"it could not be looked at: {in_english or problem}"),
        Bilingual("위의 문제를 먼저 해결하십시오.", "Solve what is above first."),
    )
