"""Where a task stands, by name: its stage, and its condition inside the stage."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from domain.errors import Bilingual, Lang


class Stage(StrEnum):
    UNKNOWN = "unknown"  # nothing was proposed under this number
    LISTED = "listed"  # not proposed, and on the year's list: a task's own facts do not say so, lists do
    PROPOSED = "proposed"
    APPROVED = "approved"
    IN_PROGRESS = "in_progress"
    EVALUATED = "evaluated"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    DISCONTINUED = "discontinued"
    CARRIED_OVER = "carried_over"

    __hash__ = (
        str.__hash__
    )  # an enum's own is Python's and takes five times as long; each fact that is folded is asked

    @property
    def is_open(self) -> bool:
        """Somebody still has something to do."""
        return self in OPEN_STAGES

    @property
    def on_lists(self) -> Stage:
        """As lists of the year's tasks have it: a number that was freed waits to be proposed under, as at first."""
        return Stage.LISTED if self is Stage.UNKNOWN else self

    def say(self, lang: Lang) -> str:
        return _STAGES[self].say(lang)


OWN_NAME = re.compile(r"[a-z][a-z0-9_]{0,29}")  # of a condition that a definition declares


class Condition(StrEnum):
    """Those that the program has; beside them every name that a definition gives to one of its own, made when it is read."""

    NORMAL = "normal"
    RETURNED = "returned"  # a revision is asked for
    SUSPENDED = "suspended"
    REPORTED = "reported"  # the final report is in
    RATED = "rated"  # the citizens rate, or have rated

    __hash__ = str.__hash__  # as above

    @classmethod
    def _missing_(cls, value: object) -> Condition | None:
        """One of a definition's own, the same object for the same name: facts name them long after the definition is read."""
        if not isinstance(value, str) or not OWN_NAME.fullmatch(value):
            return None
        own = str.__new__(cls, value)
        own._name_, own._value_ = value, value
        known: Condition = cls._value2member_map_.setdefault(value, own)  # type: ignore[assignment]
        return known

    @property
    def is_own(self) -> bool:
        """Whether a definition declares it, and not the program."""
        return self not in _CONDITIONS

    def say(self, lang: Lang) -> str:
        """One of a definition's own by its id; the name that people read is the definition's to say."""
        return _CONDITIONS[self].say(lang) if self in _CONDITIONS else str(self)


class Place(NamedTuple):
    """A stage with a condition in it, written as `stage`, or as `stage/condition` where that is not the normal one."""

    stage: Stage
    condition: Condition = Condition.NORMAL

    def __str__(self) -> str:
        return str(self.stage) if self.condition is Condition.NORMAL else f"{self.stage}/{self.condition}"

    def say(self, lang: Lang) -> str:
        return str(self)  # as definitions write it, in either language

    @property
    def ordinary(self) -> Place:
        """Where one of a definition's own lies: the stage as it is by itself. Of the program's places it is the place."""
        return Place(self.stage) if self.condition.is_own else self


@lru_cache(maxsize=1024)
def find_place(name: str) -> Place | None:
    """As definitions and facts write it: `stage`, or `stage/condition`; None where that is no place."""
    stage, _, condition = name.partition("/")
    try:
        return Place(Stage(stage), Condition(condition or "normal"))
    except ValueError:
        return None


def place_named(name: str) -> Place:
    """The same of what was looked at before."""
    place = find_place(name)
    assert place is not None, name
    return place


class Move(NamedTuple):
    """Where a fact brings a task; without a stage it stays in its own."""

    stage: Stage | None = None
    condition: Condition = Condition.NORMAL

    def of(self, place: Place) -> Place:
        return Place(self.stage or place.stage, self.condition)


# Every place that the program has. A definition may declare others in its open stages.
NOT_PROPOSED = Place(Stage.UNKNOWN)
PROPOSED = Place(Stage.PROPOSED)
RETURNED = Place(Stage.PROPOSED, Condition.RETURNED)
APPROVED = Place(Stage.APPROVED)
UNDER_WAY = Place(Stage.IN_PROGRESS)
SUSPENDED = Place(Stage.IN_PROGRESS, Condition.SUSPENDED)
REPORTED = Place(Stage.IN_PROGRESS, Condition.REPORTED)
RATED = Place(Stage.IN_PROGRESS, Condition.RATED)
EVALUATED = Place(Stage.EVALUATED)
REJECTED = Place(Stage.REJECTED)
IN_PROGRESS = (UNDER_WAY, SUSPENDED, REPORTED, RATED)
OPEN = (PROPOSED, RETURNED, APPROVED, *IN_PROGRESS)
ENDED = (EVALUATED, *map(Place, (Stage.REJECTED, Stage.WITHDRAWN, Stage.DISCONTINUED, Stage.CARRIED_OVER)))
PLACES = (*OPEN, *ENDED)

OPEN_STAGES = frozenset(place.stage for place in OPEN)

_STAGES: Mapping[Stage, Bilingual] = {
    Stage.UNKNOWN: Bilingual("미제안", "not proposed"),
    Stage.LISTED: Bilingual("목록 등재", "listed"),
    Stage.PROPOSED: Bilingual("제안", "proposed"),
    Stage.APPROVED: Bilingual("승인", "approved"),
    Stage.IN_PROGRESS: Bilingual("추진", "in progress"),
    Stage.EVALUATED: Bilingual("평가완료", "evaluated"),
    Stage.REJECTED: Bilingual("반려", "rejected"),
    Stage.WITHDRAWN: Bilingual("철회", "withdrawn"),
    Stage.DISCONTINUED: Bilingual("중단", "discontinued"),
    Stage.CARRIED_OVER: Bilingual("이월", "carried over"),
}

_CONDITIONS: Mapping[Condition, Bilingual] = {
    Condition.NORMAL: Bilingual("정상", "normal"),
    Condition.RETURNED: Bilingual("보완 요청", "returned"),
    Condition.SUSPENDED: Bilingual("일시 중지", "suspended"),
    Condition.REPORTED: Bilingual("결과보고", "reported"),
    Condition.RATED: Bilingual("시민평가", "rated"),
}
