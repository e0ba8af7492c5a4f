"""A message as its facts made it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import msgspec
from msgspec.structs import replace

from domain.channels import SYSTEMS
from domain.errors import Bilingual, Lang
from domain.fact import Fold
from domain.message import facts
from domain.message.facts import Composed, MessageFact, Problem

MOST_ATTEMPTS = 8
MOST_UNKNOWN = 2  # so it is sent again once where nobody knows
_PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180, 360, 720))


class MessageStage(StrEnum):
    NOWHERE = "nowhere"  # there is no such message
    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    UNKNOWN = "unknown"
    CANCELLED = "cancelled"

    def say(self, lang: Lang) -> str:
        return _LABELS[self].say(lang)


_LABELS: Mapping[MessageStage, Bilingual] = {
    MessageStage.NOWHERE: Bilingual("없음", "not there"),
    MessageStage.WAITING: Bilingual("발송 대기", "waiting"),
    MessageStage.SENDING: Bilingual("발송 중", "being sent"),
    MessageStage.SENT: Bilingual("발송됨", "sent"),
    MessageStage.FAILED: Bilingual("실패", "failed"),
    MessageStage.UNKNOWN: Bilingual("결과 미확인", "unknown"),
    MessageStage.CANCELLED: Bilingual("취소", "cancelled"),
}


class Message(msgspec.Struct, frozen=True, gc=False):
    """`attempts`: since a person last had it tried; `number`: of the last one ever. `unknowns`: how many of them nobody knows.

    `next_try`: when it may be tried, None where it is not to be. `left_out`: of its notices.
    """

    stage: MessageStage = MessageStage.NOWHERE
    composed: Composed | None = None
    number: int = 0
    attempts: int = 0
    unknowns: int = 0
    token: int = 0
    left_out: tuple[str, ...] = ()
    problem: Problem | None = None
    code: int | None = None
    next_try: datetime | None = None

    @property
    def notices(self) -> tuple[str, ...]:
        """What it tells."""
        told = () if self.composed is None else self.composed.notices
        return tuple(one for one in told if one not in self.left_out)

    @property
    def open(self) -> bool:
        """Whether it is still to be tried."""
        return self.next_try is not None


def pause(attempts: int) -> timedelta:
    """How long to wait after so many attempts in vain."""
    return _PAUSES[min(attempts, len(_PAUSES)) - 1]


def may_have_told(message: Message, history: Iterable[Any]) -> bool:
    """Whether somebody may have been told: a system by any attempt, people by one of which nobody knows."""
    if message.composed is not None and message.composed.channel in SYSTEMS:
        return message.number > 0
    return message.unknowns > 0 or any(isinstance(one, facts.OutcomeUnknown) for one in history)


def evolve(message: Message, fact: MessageFact, at: datetime, version: int) -> Message:
    """The message after the fact."""
    match fact:
        case Composed():
            return replace(message, stage=MessageStage.WAITING, composed=fact, next_try=at)
        case facts.Attempted():
            return replace(
                message,
                stage=MessageStage.SENDING,
                number=fact.number,
                attempts=message.attempts + 1,
                token=fact.token,
                left_out=fact.left_out,
                next_try=at,  # by whoever finds that nobody holds its lease any more
            )
        case facts.Sent():
            return replace(message, stage=MessageStage.SENT, problem=None, code=fact.code, next_try=None)
        case facts.Deferred():
            later = at + pause(message.attempts)
            if fact.later is not None:  # a server that asks for less is left alone as long as any other
                later = max(later, fact.later)
            return replace(
                message, stage=MessageStage.WAITING, problem=fact.problem, code=fact.code, next_try=later
            )
        case facts.Failed():
            return replace(
                message, stage=MessageStage.FAILED, problem=fact.problem, code=fact.code, next_try=None
            )
        case facts.OutcomeUnknown():
            restored = fact.problem == "restored"
            unknowns = MOST_UNKNOWN if restored else message.unknowns + 1
            return replace(
                message,
                stage=MessageStage.UNKNOWN,
                problem=fact.problem,
                code=None,
                unknowns=unknowns,
                next_try=at if unknowns < MOST_UNKNOWN else None,
            )
        case facts.Cancelled():
            return replace(message, stage=MessageStage.CANCELLED, next_try=None)
        case facts.Retried():
            return replace(message, stage=MessageStage.WAITING, attempts=0, unknowns=0, next_try=at)


MESSAGE = Fold.of("message", Message(), MessageFact, evolve)
