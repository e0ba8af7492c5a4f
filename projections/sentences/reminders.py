"""How the facts of reminders and their messages are told."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from domain.errors import Bilingual
from domain.seoul import Moment
from projections.labels import CANCELLED
from projections.sentences.narration import Narration, field_labels, phrase
from trail.english import many

PROBLEMS: Mapping[str, Bilingual] = {
    "no_address": Bilingual("수신 주소를 모름", "no address is known"),
    "bad_address": Bilingual("수신 주소가 잘못됨", "the address is no address"),
    "not_public": Bilingual("사설 네트워크 주소임", "the host lies in a private network"),
    "unreachable": Bilingual("상대 서버와 연결되지 않음", "the server was not reached"),
    "not_now": Bilingual("상대 서버가 지금은 받지 않음", "the server does not take it now"),
    "refused": Bilingual("상대 서버가 거부함", "the server refused it"),
    "redirected": Bilingual("다른 주소로 보내려 함", "the server pointed elsewhere"),
    "no_answer": Bilingual("보낸 뒤 응답이 없음", "no answer came after it was handed over"),
    "worker_lost": Bilingual("발송 중이던 작업자가 멈춤", "the worker that was sending it stopped"),
    "restored": Bilingual(
        "저장소가 복원되어 이미 보냈을 수 있음", "it may have gone before the store was restored"
    ),
}


def _narrate_notice_due(narration: Narration) -> str:
    fact = narration.fact
    what = (
        f"{fact.task or fact.about} {narration.deadline(fact.deadline, fact.item, fact.kind_name)} {fact.due}"
    )
    late = narration.either(", 지연", ", late") if fact.late else ""
    held = narration.either(", 보류", ", held") if fact.held else ""
    return narration.say(
        f"알림 대상: {what} ({fact.days:+d}영업일{late}{held}) → {fact.recipient}.",
        f"armed a reminder of {what} ({fact.days:+d} business day{'' if abs(fact.days) == 1 else 's'}{late}{held}) for {fact.recipient}.",
    )


def _narrate_not_sent(ko: str, en: str) -> Callable[[Narration], str]:
    """A phrase with the attempt, and the problem in words."""

    def told_so(narration: Narration) -> str:
        later = getattr(narration.fact, "later", None)
        words = (
            narration.fact.attempt,
            PROBLEMS[narration.fact.problem].say(narration.lang),
            "" if later is None else Moment(later).say(narration.lang),
        )
        return narration.say(ko.format(*words), en.format(*words))

    return told_so


_PUT_OFF = _narrate_not_sent("{0}번째 발송을 미루었음: {1}.", "put off after attempt {0}: {1}.")
_PUT_OFF_UNTIL = _narrate_not_sent(
    "{0}번째 발송을 미루었음: {1}, 상대 서버가 {2} 이후를 요청함.",
    "put off after attempt {0}: {1}; the server asked for no sooner than {2}.",
)

REMINDERS: Mapping[str, Callable[[Narration], str]] = {
    "notice.due": _narrate_notice_due,
    "notice.released": phrase("보류된 알림을 보내기로 하였음.", "let the held reminder go."),
    "notice.composed": phrase(
        "알림을 메시지 {message}에 담았음.", "put the reminder into the message {message}."
    ),
    "notice.cancelled": lambda narration: narration.say(
        f"알림을 취소하였음({CANCELLED[narration.fact.why].ko}).",
        f"cancelled the reminder, {CANCELLED[narration.fact.why].en}.",
    ),
    "notice.acknowledged": phrase("알림을 확인하였음.", "acknowledged the reminder."),
    "message.composed": lambda narration: narration.say(
        f"메시지를 작성하였음: 알림 {len(narration.fact.notices)}건, 수신자 {narration.fact.recipient}.",
        f"composed a message of {many(len(narration.fact.notices), 'reminder')} for {narration.fact.recipient}.",
    ),
    "message.attempted": phrase(
        "메시지를 보내기 시작하였음({number}번째).", "began attempt {number} to send the message."
    ),
    "message.sent": phrase(
        "메시지를 보냈음({attempt}번째, 응답 {code}).", "sent the message at attempt {attempt}; reply {code}."
    ),
    "message.deferred": lambda narration: (_PUT_OFF if narration.fact.later is None else _PUT_OFF_UNTIL)(
        narration
    ),
    "message.failed": _narrate_not_sent(
        "{0}번째 발송까지 실패하여 발송을 중단하였음: {1}.", "gave up after attempt {0}: {1}."
    ),
    "message.unknown": _narrate_not_sent(
        "{0}번째 발송의 결과를 알 수 없음: {1}.", "does not know what came of attempt {0}: {1}."
    ),
    "message.cancelled": phrase("메시지를 취소하였음.", "cancelled the message."),
    "message.retried": phrase("메시지를 다시 보내게 하였음.", "had the message tried again."),
}

# the fields that only these facts have, as people read them
REMINDERS_FIELDS = field_labels("""
attempts|시도 횟수|attempts
attempt|시도|attempt
code|응답 코드|code
composed|작성|composed
held|보류|held
hour|시|hour
lang|언어|language
later|다음 시도|next try
left_out|제외된 알림|left out
problem|문제|problem
unknowns|결과 미확인 발송|attempts of unknown outcome
was|이전 기한일|due day before
why|이유|why
""")
