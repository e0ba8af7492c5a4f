"""How the facts of reminders and their messages are told."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from domain.english import many
from domain.errors import Worded
from domain.seoul import Moment
from projections.sentences.telling import Told, fixed

PROBLEMS: Mapping[str, Worded] = {
    "no_address": Worded("받는 주소를 모름", "no address is known"),
    "bad_address": Worded("받는 주소가 잘못됨", "the address is no address"),
    "not_public": Worded("사설 네트워크의 주소임", "the host lies in a private network"),
    "unreachable": Worded("상대 서버와 연결되지 않음", "the server was not reached"),
    "not_now": Worded("상대 서버가 지금은 받지 않음", "the server does not take it now"),
    "refused": Worded("상대 서버가 거부함", "the server refused it"),
    "redirected": Worded("다른 주소로 보내려 함", "the server pointed elsewhere"),
    "no_answer": Worded("보낸 뒤 응답이 없음", "no answer came after it was handed over"),
    "worker_lost": Worded("보내던 작업자가 멈춤", "the worker that was sending it stopped"),
    "restored": Worded(
        "저장소가 복원되어 이미 보냈을 수 있음", "it may have gone before the store was restored"
    ),
}


def _notice_due(told: Told) -> str:
    fact = told.fact
    what = f"{fact.task} {told.deadline(fact.deadline, fact.item)} {fact.due}"
    late = told.either(", 늦음", ", late") if fact.late else ""
    held = told.either(", 보류", ", held") if fact.held else ""
    return told.say(
        f"알림 대상: {what} ({fact.days:+d}영업일{late}{held}) → {fact.recipient}.",
        f"armed a reminder of {what} ({fact.days:+d} business days{late}{held}) for {fact.recipient}.",
    )


def _not_sent(ko: str, en: str) -> Callable[[Told], str]:
    """A phrase with the attempt, and the problem in words."""

    def told_so(told: Told) -> str:
        later = getattr(told.fact, "later", None)
        words = (
            told.fact.attempt,
            PROBLEMS[told.fact.problem].say(told.lang),
            "" if later is None else Moment(later).say(told.lang),
        )
        return told.say(ko.format(*words), en.format(*words))

    return told_so


_PUT_OFF = _not_sent("{0}번째 발송을 미루었음: {1}.", "put off after attempt {0}: {1}.")
_PUT_OFF_UNTIL = _not_sent(
    "{0}번째 발송을 미루었음: {1}, 상대 서버가 {2} 이후를 요청함.",
    "put off after attempt {0}: {1}; the server asked for no sooner than {2}.",
)

_CANCELLED: Mapping[str, tuple[str, str]] = {
    "moved": ("기한이 바뀌었거나 끝남", "the deadline has moved or was met"),
    "person": ("사람이 취소", "by hand"),
    "readdressed": ("받을 사람이 바뀜", "it is for somebody else now"),
}
REMINDERS: Mapping[str, Callable[[Told], str]] = {
    "notice.due": _notice_due,
    "notice.released": fixed("보류된 알림을 보내기로 하였음.", "let the held reminder go."),
    "notice.composed": fixed(
        "알림을 메시지 {message}에 담았음.", "put the reminder into the message {message}."
    ),
    "notice.cancelled": lambda told: told.say(
        f"알림을 취소하였음({_CANCELLED[told.fact.why][0]}).",
        f"cancelled the reminder, {_CANCELLED[told.fact.why][1]}.",
    ),
    "notice.acknowledged": fixed("알림을 확인하였음.", "acknowledged the reminder."),
    "message.composed": lambda told: told.say(
        f"메시지를 작성하였음: 알림 {len(told.fact.notices)}건, 받는 이 {told.fact.recipient}.",
        f"composed a message of {many(len(told.fact.notices), 'reminder')} for {told.fact.recipient}.",
    ),
    "message.attempted": fixed(
        "메시지를 보내기 시작하였음({number}번째).", "began attempt {number} to send the message."
    ),
    "message.sent": fixed(
        "메시지를 보냈음({attempt}번째, 응답 {code}).", "sent the message at attempt {attempt}; reply {code}."
    ),
    "message.deferred": lambda told: (_PUT_OFF if told.fact.later is None else _PUT_OFF_UNTIL)(told),
    "message.failed": _not_sent(
        "{0}번째 발송으로 끝내 보내지 못하였음: {1}.", "gave up after attempt {0}: {1}."
    ),
    "message.unknown": _not_sent(
        "{0}번째 발송의 결과를 알 수 없음: {1}.", "does not know what came of attempt {0}: {1}."
    ),
    "message.cancelled": fixed("메시지를 취소하였음.", "cancelled the message."),
    "message.retried": fixed("메시지를 다시 보내게 하였음.", "had the message tried again."),
}
