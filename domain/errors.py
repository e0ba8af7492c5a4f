"""What can go wrong, by name, in the reader's language. The names of one aggregate's refusals live with it.

DonghaengError
├── Refusal                exit 1: the command was understood and not carried out; nothing was written
│   ├── BadInput           a value is outside its limits
│   ├── NotAllowedNow      the stage does not allow the command
│   ├── NotPermitted       the actor may not give the command
│   ├── Conflict           somebody else changed the same thing meanwhile
│   └── …                  each aggregate's own
├── ServerUnreachable      exit 3: PostgreSQL or Redis cannot be had
└── OutcomeUnknown         exit 4: it may or may not have been carried out; ask again with the same command id
"""

from __future__ import annotations

from typing import ClassVar, Literal

from domain.particles import filled, settled

Lang = Literal["ko", "en"]


class DonghaengError(Exception):
    """An error with a sentence in Korean and in English: what was refused, why, and what to do.

    The templates `ko` and `en` are filled with the keyword arguments; a value that has `say(lang)` words itself.
    A particle that is open in `ko`, as in “{task}을(를)”, is settled by the value before it.
    """

    exit_code: ClassVar[int] = 1
    ko: ClassVar[str]
    en: ClassVar[str]

    def __init__(self, **details: object) -> None:
        self.details = details
        super().__init__(self.say("en"))

    @property
    def name(self) -> str:
        return type(self).__name__

    def say(self, lang: Lang) -> str:
        template = self.ko if lang == "ko" else self.en
        return filled(template, **{key: worded(value, lang) for key, value in self.details.items()})


class Refusal(DonghaengError):
    """The command was understood and not carried out; nothing was written."""


class BadInput(Refusal):
    """A value is outside its limits. `field`: where; `problem`: what is wrong with it, worded."""

    ko = "‘{field}’ 값을 받을 수 없습니다: {problem} 고쳐서 다시 시도하십시오."
    en = "The value of “{field}” cannot be taken: {problem} Correct it and try again."


class ServerUnreachable(DonghaengError):
    """A server cannot be had. Subclasses say which, why and what to do."""

    exit_code = 3


class OutcomeUnknown(DonghaengError):
    """The reply to a COMMIT was lost and the server is gone. `command_id`: the id to ask again with."""

    exit_code = 4
    ko = (
        "명령 {command_id}의 처리 결과를 알 수 없습니다: 저장소와 연결이 끊겼습니다. "
        "같은 명령 번호(--command-id {command_id})로 다시 실행하면 두 번 처리되지 않습니다."
    )
    en = (
        "The outcome of command {command_id} is not known: the connection to the store was lost. "
        "Run it again with the same id (--command-id {command_id}); it will not be carried out twice."
    )


class Worded:
    """A pair of phrases, for the details of an error; open particles in the Korean one are settled."""

    def __init__(self, ko: str, en: str) -> None:
        self.ko, self.en = settled(ko), en

    def say(self, lang: Lang) -> str:
        return self.ko if lang == "ko" else self.en


def worded(value: object, lang: Lang) -> str:
    """A detail in the reader's language: labels say themselves, sequences are listed."""
    say = getattr(value, "say", None)
    if say is not None:
        return str(say(lang))
    if isinstance(value, tuple | list | frozenset):
        return ", ".join(worded(item, lang) for item in value) or ("없음" if lang == "ko" else "none")
    return str(value)
