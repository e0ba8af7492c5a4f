"""What a notice does not allow."""

from __future__ import annotations

from domain.errors import Refusal


class NoSuchNotice(Refusal):
    ko = "{notice}: 해당 알림이 없습니다. `donghaeng notices`로 확인하십시오."
    en = "There is no notice {notice}. Look with `donghaeng notices`."


class NoticeArmedAlready(Refusal):
    """The second writer loses."""

    ko = "알림 {notice}은(는) 이미 있습니다. `donghaeng notice show`로 확인하십시오."
    en = "The notice {notice} is there already. Look with `donghaeng notice show`."


class NotNow(Refusal):
    """`stage`: which does not allow it."""

    ko = "‘{command}’ 명령을 받을 수 없습니다: 알림 {notice}의 상태는 ‘{stage}’입니다. `donghaeng notice show`로 확인하십시오."
    en = "“{command}” is refused: the notice {notice} is {stage}. Look with `donghaeng notice show`."


class AcknowledgedAlready(Refusal):
    ko = "알림 {notice}은(는) 이미 확인되었습니다. 다시 할 것은 없습니다."
    en = "The notice {notice} has been acknowledged before. Nothing is left to do."


class HandedOver(Refusal):
    """What has gone out cannot be taken back."""

    ko = "알림 {notice}은(는) 이미 보냈거나 보내는 중이어서 취소할 수 없습니다."
    en = "The notice {notice} has been sent, or is being sent, and cannot be cancelled any more."
