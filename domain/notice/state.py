"""A notice as its facts made it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

import msgspec
from msgspec.structs import replace

from domain.errors import Bilingual, Lang
from domain.fact import Fold
from domain.notice.facts import Acknowledged, Cancelled, Composed, Due, NoticeFact, Released


class NoticeStage(StrEnum):
    UNKNOWN = "unknown"  # there is no such notice
    HELD = "held"
    DUE = "due"
    COMPOSED = "composed"
    CANCELLED = "cancelled"

    def say(self, lang: Lang) -> str:
        return _LABELS[self].say(lang)


_LABELS: Mapping[NoticeStage, Bilingual] = {
    NoticeStage.UNKNOWN: Bilingual("없음", "not there"),
    NoticeStage.HELD: Bilingual("보류", "held"),
    NoticeStage.DUE: Bilingual("발송 대기", "due"),
    NoticeStage.COMPOSED: Bilingual("메시지에 담김", "composed"),
    NoticeStage.CANCELLED: Bilingual("취소", "cancelled"),
}


class Notice(msgspec.Struct, frozen=True, gc=False):
    """`due`: what it reminds of and whom; `message`: the one it is in."""

    stage: NoticeStage = NoticeStage.UNKNOWN
    due: Due | None = None
    message: str | None = None
    acknowledged: bool = False

    @property
    def agency(self) -> str | None:
        """The agency that answers for what it reminds of."""
        return None if self.due is None else self.due.agency


def evolve(notice: Notice, fact: NoticeFact, at: datetime, version: int) -> Notice:
    """The notice after the fact."""
    match fact:
        case Due():
            return replace(notice, stage=NoticeStage.HELD if fact.held else NoticeStage.DUE, due=fact)
        case Released():
            return replace(notice, stage=NoticeStage.DUE)
        case Composed():
            return replace(notice, stage=NoticeStage.COMPOSED, message=fact.message)
        case Cancelled():
            return replace(notice, stage=NoticeStage.CANCELLED)
        case Acknowledged():
            return replace(notice, acknowledged=True)


NOTICE = Fold.of("notice", Notice(), NoticeFact, evolve)
