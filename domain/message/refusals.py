"""What a message does not allow."""

from __future__ import annotations

from domain.errors import Refusal


class NoSuchMessage(Refusal):
    ko = "{message}: 해당 메시지가 없습니다. `donghaeng notices`로 확인하십시오."
    en = "There is no message {message}. Look with `donghaeng notices`."


class ComposedAlready(Refusal):
    """The second writer loses."""

    ko = "메시지 {message}은(는) 이미 작성되었습니다."
    en = "The message {message} has been composed already."


class MessageNotNow(Refusal):
    """`stage`: which does not allow it."""

    ko = "‘{command}’ 명령을 받을 수 없습니다: 메시지 {message}의 상태는 ‘{stage}’입니다. `donghaeng notices`로 확인하십시오."
    en = "“{command}” is refused: the message {message} is {stage}. Look with `donghaeng notices`."


class LeaseLost(Refusal):
    """Another worker has taken the message over since; whoever comes late marks nothing."""

    ko = "메시지 {message}은(는) 그 사이 다른 작업자가 맡았으므로 이 작업자는 아무것도 기록하지 않습니다."
    en = "Another worker has taken the message {message} over meanwhile, so this one records nothing."
