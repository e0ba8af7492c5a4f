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

from typing import Protocol

from trail.bilingual import Bilingual, DonghaengError, Refusal, ServerUnreachable, in_language
from trail.lang import Lang

__all__ = [
    "BadInput",
    "Bilingual",
    "DonghaengError",
    "Label",
    "Lang",
    "OutcomeUnknown",
    "Refusal",
    "ServerUnreachable",
    "in_language",
]


class Label(Protocol):
    """What has a name in each language."""

    def say(self, lang: Lang) -> str: ...


class BadInput(Refusal):
    """A value is outside its limits. `field`: where; `problem`: what is wrong with it, worded."""

    ko = "‘{field}’ 값을 받을 수 없습니다: {problem} 고쳐서 다시 시도하십시오."
    en = "The value of “{field}” cannot be taken: {problem} Correct it and try again."


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
