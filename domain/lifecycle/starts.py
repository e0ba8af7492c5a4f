"""From which day a deadline is counted, as a definition writes it, and which step fulfils one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from domain.errors import Bilingual
from domain.refusals import validation_error
from domain.task.deadline_kinds import LINE_TURN, deadline_label
from domain.task.stages import IN_PROGRESS, OPEN, RATED, REPORTED, Place
from domain.values import LocalText, Unit
from domain.year_parts import HALF_YEAR, MONTH, QUARTER, YEAR

# what a definition calls its steps, as `step.field` their fields, as `deadlines.kind` its kinds of deadlines
Labels = Mapping[str, LocalText]
_OWN = r"[a-z][a-z0-9_]{0,29}"
_OF_STEP = re.compile(rf"steps\.({_OWN})(?:\.({_OWN}))?")
_OF_DEADLINE = re.compile(r"deadlines\.([a-z][a-z_]{0,29})")
_OF_YEAR = re.compile(r"([0-9]{2})-([0-9]{2})")


class StartDay(NamedTuple):
    """From which day a deadline is counted. `only_in`: the places in which a task has one; None: in all.

    `months`: there is one in each part of the year of so many months, its first day or its last. `ahead`: the day is
    known before it comes, so that something can be due before it.
    """

    label: Bilingual
    only_in: tuple[Place, ...] | None = None
    ahead: bool = False
    months: int | None = None


STARTS: Mapping[str, StartDay] = {
    "condition": StartDay(Bilingual("해당 상태가 된 날", "the day it came to be so")),
    "final_report": StartDay(Bilingual("결과보고일", "the final report"), (REPORTED, RATED)),
    "plan_start": StartDay(Bilingual("계획 시작일", "the plan's first day"), ahead=True),
    "plan_end": StartDay(Bilingual("계획 종료일", "the plan's end"), ahead=True),
    "plan_middle": StartDay(Bilingual("계획 기간의 중간일", "the middle of the plan"), ahead=True),
    "quarter_end": StartDay(Bilingual("분기 말일", "each quarter's end"), IN_PROGRESS),
    "milestone_due": StartDay(Bilingual("추진일정의 기한일", "each milestone's day"), ahead=True),
    LINE_TURN: StartDay(Bilingual("결재 차례가 온 날", "the day on which the turn to sign came"), OPEN),
    "month_start": StartDay(Bilingual("매월 초일", "each month's first day"), months=MONTH),
    "month_end": StartDay(Bilingual("매월 말일", "each month's end"), months=MONTH),
    "quarter_start": StartDay(Bilingual("분기 초일", "each quarter's first day"), months=QUARTER),
    "half_year_start": StartDay(Bilingual("반기 초일", "each half-year's first day"), months=HALF_YEAR),
    "half_year_end": StartDay(Bilingual("반기 말일", "each half-year's end"), months=HALF_YEAR),
}
# so many units every part of so many months has, whatever days are off
LONGEST_IN: Mapping[int, Mapping[Unit, int]] = {
    MONTH: {"business_days": 15, "calendar_days": 28, "weeks": 4, "months": 1},
    QUARTER: {"business_days": 50, "calendar_days": 90, "weeks": 12, "months": 3},
    HALF_YEAR: {"business_days": 100, "calendar_days": 181, "weeks": 25, "months": 6},
}


class Taken(NamedTuple):
    """The day on which a step was taken last, or the day that a field of its form says then."""

    step: str
    field: str | None = None

    def describe(self, labels: Labels) -> Bilingual:
        """As the day from which is counted."""
        step, field = self._names(labels)
        if field is None:
            return Bilingual(
                f"‘{step.say('ko')}’ 절차를 진행한 날", f"the day of the step “{step.say('en')}”"
            )
        return Bilingual(
            f"‘{step.say('ko')}’ 절차에 적은 {field.say('ko')}",
            f"what the step “{step.say('en')}” says for “{field.say('en')}”",
        )

    def describe_step(self, labels: Labels) -> Bilingual:
        """As what fulfils something, and by which field it says of when it is."""
        step, field = self._names(labels)
        by = ("", "") if field is None else (f"({field.say('ko')})", f" ({field.say('en')})")
        return Bilingual(f"‘{step.say('ko')}’ 절차{by[0]}", f"the step “{step.say('en')}”{by[1]}")

    def _names(self, labels: Labels) -> tuple[LocalText, LocalText | None]:
        """By their ids where nobody says what they are called."""
        step = labels.get(self.step, LocalText(ko=self.step))
        if self.field is None:
            return step, None
        return step, labels.get(f"{self.step}.{self.field}", LocalText(ko=self.field))


class Start(NamedTuple):
    """One of these alone. `word`: of STARTS; `taken`: of a step; `deadline`: the day on which that one is due; `day`: a day of
    each year.
    """

    word: str | None = None
    taken: Taken | None = None
    deadline: str | None = None
    day: tuple[int, int] | None = None

    @property
    def of_program(self) -> StartDay | None:
        return None if self.word is None else STARTS[self.word]

    @property
    def months(self) -> int | None:
        """The part of the year that has one each."""
        return YEAR if self.day is not None else None if self.word is None else STARTS[self.word].months

    @property
    def begins_part(self) -> bool:
        """Whether it is a part's first day, which counts: it begins at midnight (Civil Act, art. 157)."""
        return self.months is not None and self.word is not None and self.word.endswith("_start")

    @property
    def ends_part(self) -> bool:
        return self.months is not None and self.word is not None and self.word.endswith("_end")

    @property
    def is_told(self) -> bool:
        """Whether facts tell it: by its day alone nobody would know where it is from."""
        return self.word is None or self.months is not None or self.word == LINE_TURN

    @property
    def ahead(self) -> bool:
        if self.word is not None:
            return STARTS[self.word].ahead
        return self.deadline is not None or (self.taken is not None and self.taken.field is not None)

    def describe(self, labels: Labels) -> Bilingual:
        if self.taken is not None:
            return self.taken.describe(labels)
        if self.deadline is not None:
            other = deadline_label(self.deadline, labels.get(f"deadlines.{self.deadline}"))
            return Bilingual(f"{other.ko} 기한일", f"the day on which {other.en} is due")
        if self.day is not None:
            month, day = self.day
            return Bilingual(f"매년 {month}월 {day}일", f"{month:02}-{day:02} of each year")
        assert self.word is not None
        return STARTS[self.word].label


def read_start(said: str) -> Start:
    """What a definition says. Raises PydanticCustomError."""
    if said in STARTS:
        return Start(word=said)
    if found := _OF_STEP.fullmatch(said):
        return Start(taken=Taken(found[1], found[2]))
    if found := _OF_DEADLINE.fullmatch(said):
        return Start(deadline=found[1])
    if found := _OF_YEAR.fullmatch(said):
        return Start(day=_read_day_of_year(int(found[1]), int(found[2])))
    raise validation_error("no_such_start", "start", name=said[:60], known=", ".join(STARTS))


def _read_day_of_year(month: int, day: int) -> tuple[int, int]:
    try:
        date(2023, month, day)  # no leap year: a day that every year has
    except ValueError:
        raise validation_error("no_day_of_year", "start", day=f"{month:02}-{day:02}") from None
    return month, day


def read_met_by(said: str) -> Taken:
    """The step that fulfils a deadline, and the field that says of when it is. Raises PydanticCustomError."""
    found = _OF_STEP.fullmatch(said)
    if found is None:
        raise validation_error("met_by_step", "met_by", name=said[:60])
    return Taken(found[1], found[2])
