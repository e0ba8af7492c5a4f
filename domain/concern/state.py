"""A policy concern as its facts made it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any

import msgspec
from msgspec.structs import replace

from domain.concern import facts
from domain.concern.facts import Came, ConcernFact
from domain.errors import Bilingual, Lang
from domain.fact import Fold


class ConcernStage(StrEnum):
    UNKNOWN = "unknown"  # nobody raised it
    OPEN = "open"
    CHOSEN = "chosen"
    DEFERRED = "deferred"
    DROPPED = "dropped"
    REVIEWED = "reviewed"

    def say(self, lang: Lang) -> str:
        return self.label.say(lang)

    @property
    def label(self) -> Bilingual:
        return _LABELS[self]


_LABELS: Mapping[ConcernStage, Bilingual] = {
    ConcernStage.UNKNOWN: Bilingual("미제기", "not raised"),
    ConcernStage.OPEN: Bilingual("숙의 중", "deliberated"),
    ConcernStage.CHOSEN: Bilingual("대안 채택", "an alternative chosen"),
    ConcernStage.DEFERRED: Bilingual("보류", "deferred"),
    ConcernStage.DROPPED: Bilingual("종결", "dropped"),
    ConcernStage.REVIEWED: Bilingual("사후 점검 완료", "reviewed"),
}


CAME: Mapping[Came, Bilingual] = {
    "as_expected": Bilingual("예상대로 됨", "as expected"),
    "in_part": Bilingual("일부만 예상대로 됨", "in part as expected"),
    "otherwise": Bilingual("예상과 다름", "otherwise than expected"),
}


class Alternative(msgspec.Struct, frozen=True, gc=False):
    """`dropped`: it is no longer looked at."""

    added: facts.AlternativeAdded
    dropped: bool = False


class Concern(msgspec.Struct, frozen=True, gc=False):
    """`raised_at`: when it was so; `round`, `until`: the last round of opinions, and its last day; `invited`: the agencies that are
    asked, all where there is none. `alternatives`: by number; `chosen`: the one that was. `deferred_until`: when it is to be
    taken up again.
    """

    stage: ConcernStage = ConcernStage.UNKNOWN
    raised: facts.Raised | None = None
    raised_at: datetime | None = None
    round: int = 0
    until: date | None = None
    invited: tuple[str, ...] = ()
    opinions: tuple[facts.OpinionGiven, ...] = ()
    alternatives: Mapping[int, Alternative] = msgspec.field(default_factory=dict)
    chosen: int | None = None
    review_on: date | None = None
    deferred_until: date | None = None
    follow_ups: tuple[str, ...] = ()
    reviewed: facts.Reviewed | None = None

    @property
    def standing(self) -> tuple[int, ...]:
        """The numbers of the alternatives that were not dropped."""
        return tuple(number for number, one in sorted(self.alternatives.items()) if not one.dropped)

    @property
    def heard(self) -> frozenset[str | None]:
        """Who has given an opinion in this round; None: the city."""
        return frozenset(one.agency for one in self.opinions if one.round == self.round)


def _apply_raised(concern: Concern, fact: facts.Raised, at: datetime) -> Concern:
    return replace(
        concern,
        stage=ConcernStage.OPEN,
        raised=fact,
        raised_at=at,
        round=1,
        until=fact.until,
        invited=fact.invited,
    )


def _apply_alternative(concern: Concern, fact: facts.AlternativeAdded, at: datetime) -> Concern:
    return replace(concern, alternatives={**concern.alternatives, fact.alternative: Alternative(fact)})


def _apply_alternative_dropped(concern: Concern, fact: facts.AlternativeDropped, at: datetime) -> Concern:
    if fact.alternative not in concern.alternatives:  # in a slice in which it was added later
        return concern
    dropped = replace(concern.alternatives[fact.alternative], dropped=True)
    return replace(concern, alternatives={**concern.alternatives, fact.alternative: dropped})


def _apply_round(concern: Concern, fact: facts.RoundOpened, at: datetime) -> Concern:
    # who asks all goes on asking all
    more = fact.invited if concern.invited else ()
    return replace(
        concern,
        stage=ConcernStage.OPEN,
        round=fact.round,
        until=fact.until,
        invited=tuple(dict.fromkeys((*concern.invited, *more))),
        deferred_until=None,
    )


def _apply_chosen(concern: Concern, fact: facts.Chosen, at: datetime) -> Concern:
    return replace(concern, stage=ConcernStage.CHOSEN, chosen=fact.alternative, review_on=fact.review_on)


_APPLY: Mapping[type, Callable[[Concern, Any, datetime], Concern]] = {
    facts.Raised: _apply_raised,
    facts.OpinionGiven: lambda concern, fact, at: replace(concern, opinions=(*concern.opinions, fact)),
    facts.AlternativeAdded: _apply_alternative,
    facts.AlternativeDropped: _apply_alternative_dropped,
    facts.RoundOpened: _apply_round,
    facts.Chosen: _apply_chosen,
    facts.Deferred: lambda concern, fact, at: replace(
        concern, stage=ConcernStage.DEFERRED, deferred_until=fact.until
    ),
    facts.Dropped: lambda concern, fact, at: replace(concern, stage=ConcernStage.DROPPED),
    facts.Linked: lambda concern, fact, at: replace(
        concern, follow_ups=(*concern.follow_ups, fact.follow_up)
    ),
    facts.Reviewed: lambda concern, fact, at: replace(concern, stage=ConcernStage.REVIEWED, reviewed=fact),
}


def evolve(concern: Concern, fact: ConcernFact, at: datetime, version: int) -> Concern:
    """The concern after the fact."""
    return _APPLY[type(fact)](concern, fact, at)


CONCERN = Fold.of("concern", Concern(), ConcernFact, evolve)
