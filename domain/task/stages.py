"""Where a task stands, by name: its stage, and its condition inside the stage."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from domain.errors import Lang


class Stage(StrEnum):
    UNKNOWN = "unknown"  # nothing was proposed under this number
    PROPOSED = "proposed"
    APPROVED = "approved"
    IN_PROGRESS = "in_progress"
    EVALUATED = "evaluated"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    DISCONTINUED = "discontinued"
    CARRIED_OVER = "carried_over"

    @property
    def is_open(self) -> bool:
        """Somebody still has something to do."""
        return self in OPEN_STAGES

    def say(self, lang: Lang) -> str:
        ko, en = _STAGES[self]
        return ko if lang == "ko" else en


class Condition(StrEnum):
    NORMAL = "normal"
    RETURNED = "returned"  # a revision is asked for
    SUSPENDED = "suspended"
    REPORTED = "reported"  # the final report is in
    RATED = "rated"  # the citizens rate, or have rated

    def say(self, lang: Lang) -> str:
        ko, en = _CONDITIONS[self]
        return ko if lang == "ko" else en


OPEN_STAGES = frozenset({Stage.PROPOSED, Stage.APPROVED, Stage.IN_PROGRESS})

_STAGES: Mapping[Stage, tuple[str, str]] = {
    Stage.UNKNOWN: ("미제안", "not proposed"),
    Stage.PROPOSED: ("제안", "proposed"),
    Stage.APPROVED: ("승인", "approved"),
    Stage.IN_PROGRESS: ("추진", "in progress"),
    Stage.EVALUATED: ("평가완료", "evaluated"),
    Stage.REJECTED: ("반려", "rejected"),
    Stage.WITHDRAWN: ("철회", "withdrawn"),
    Stage.DISCONTINUED: ("중단", "discontinued"),
    Stage.CARRIED_OVER: ("이월", "carried over"),
}

_CONDITIONS: Mapping[Condition, tuple[str, str]] = {
    Condition.NORMAL: ("정상", "normal"),
    Condition.RETURNED: ("보완 요청", "returned"),
    Condition.SUSPENDED: ("일시 중지", "suspended"),
    Condition.REPORTED: ("결과보고", "reported"),
    Condition.RATED: ("시민평가", "rated"),
}
