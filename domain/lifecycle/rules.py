"""The parts of a lifecycle definition: which deadlines a task has, what is reminded of, what happens by rule."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Annotated, Literal, NamedTuple, get_args

from pydantic import Field, model_validator

from domain.calendar.periods import BUSINESS_DAYS, LAWS, UNITS, Law
from domain.errors import Bilingual
from domain.lifecycle.part import Part
from domain.limited import Score
from domain.limits import MOST_BUSINESS_DAYS, MOST_RUNGS, MOST_UNITS, check_once
from domain.refusals import validation_error
from domain.task.lifecycle import commands_at
from domain.task.stages import IN_PROGRESS, OPEN, RATED, REPORTED, Condition, Place, Stage
from domain.values import Counting, Grade, LocalText, Roll, Unit

# upwards: the officer on duty, who stands in for somebody, the agency's head, the city's department, its planner
Step = Literal["officer", "substitute", "head", "department", "planner"]
STEPS: tuple[Step, ...] = get_args(Step)
CITY_STEPS = frozenset(("department", "planner"))
Start = Literal[
    "condition", "final_report", "plan_start", "plan_end", "quarter_end", "milestone_due", "line_turn"
]


class StartDay(NamedTuple):
    """From which day a deadline is counted. `only_in`: the places in which a task has one; None: in all."""

    label: Bilingual
    only_in: tuple[Place, ...] | None = None


STARTS: Mapping[Start, StartDay] = {
    "condition": StartDay(Bilingual("해당 상태가 된 날", "the day it came to be so")),
    "final_report": StartDay(Bilingual("결과보고일", "the final report"), (REPORTED, RATED)),
    "plan_start": StartDay(Bilingual("계획 시작일", "the plan's first day")),
    "plan_end": StartDay(Bilingual("계획 종료일", "the plan's end")),
    "quarter_end": StartDay(Bilingual("분기 말일", "each quarter's end"), IN_PROGRESS),
    "milestone_due": StartDay(Bilingual("추진일정의 기한일", "each milestone's day")),
    "line_turn": StartDay(Bilingual("결재 차례가 온 날", "the day on which the turn to sign came"), OPEN),
}


class InPlace(Part):
    """What holds while a task is in one stage and condition; `listed`: on the year's list, and not proposed."""

    stage: Stage
    condition: Condition = Condition.NORMAL

    @property
    def place(self) -> Place:
        return Place(Stage.UNKNOWN if self.stage is Stage.LISTED else self.stage, self.condition)


class ReminderStepRule(Part):
    """A reminder `days` business days after the due day (before it: negative), and whom it is for."""

    days: Annotated[int, Field(ge=-MOST_BUSINESS_DAYS, le=MOST_BUSINESS_DAYS)]
    to: tuple[Step, ...]


class EscalationPolicy(Part):
    """When to remind, and whom: by whoever is responsible on that day."""

    name: Annotated[str, Field(pattern=r"^[a-z][a-z_]{0,29}$")]
    rungs: Annotated[tuple[ReminderStepRule, ...], Field(min_length=1, max_length=MOST_RUNGS)]

    @model_validator(mode="after")
    def _climbs(self) -> EscalationPolicy:
        for number, one in enumerate(self.rungs):
            if not one.to:
                raise validation_error("climbs_to_nobody", f"rungs[{number}].to", days=one.days)
        check_once([str(one.days) for one in self.rungs], "rungs[{}].days")
        return self


class DeadlineRule(InPlace):
    """While a task is in this stage and condition, something is due: `within` so many units of `start`.

    `start`: the day the condition began, the day of the final report, the plan's first or last day, the end of each quarter of the plan that is not
    reported, the day of each milestone that is not reached, the day on which the turn in an approval line came, of those whose
    turn it is on the side of `who`. `first_day`: whether that day counts; `roll`: to which
    business day the end moves from a day off; `law`: by which both are as it says.
    """

    kind: Annotated[str, Field(pattern=r"^[a-z][a-z_]{0,29}$")]
    who: Literal["agency", "city"]
    start: Start
    within: Annotated[int, Field(ge=0, le=MOST_UNITS)]
    unit: Unit = "business_days"
    first_day: bool = False
    roll: Roll = "next"
    law: Law | None = None
    ladder: str | None = None
    basis: LocalText

    @model_validator(mode="after")
    def _can_be(self) -> DeadlineRule:
        if not commands_at(self.place):
            raise validation_error("no_such_condition", stage=self.stage, condition=self.condition)
        only_in = STARTS[self.start].only_in
        if only_in is not None and self.place.ordinary not in only_in:
            raise validation_error(
                "not_known_here", "start", name=self.start, stage=self.stage, condition=self.condition
            )
        return self

    @model_validator(mode="after")
    def _can_be_counted(self) -> DeadlineRule:
        longest = UNITS[self.unit].longest
        if self.within > longest:
            raise validation_error("less_than_equal", "within", le=longest)
        if self.unit == "business_days" and self.roll != "next":
            raise validation_error("ends_on_business_day", "roll")
        if self.law is None:
            return self
        for said in {"first_day", "roll"}.intersection(self.model_fields_set):
            raise validation_error("law_says", said, law=LAWS[self.law].label)
        if self.unit == "business_days" and self.within < LAWS[self.law].least:
            raise validation_error(
                "law_counts_hours", "within", law=LAWS[self.law].label, least=LAWS[self.law].least
            )
        return self

    @cached_property
    def counting(self) -> Counting | None:
        """How it is counted; None where it is by business days as by default."""
        first = self.first_day if self.law is None else LAWS[self.law].first_day
        counting = Counting(unit=self.unit, first_day=first, roll=self.roll)
        return None if counting == BUSINESS_DAYS else counting

    @property
    def most_business_days(self) -> int:
        """As many as there can be in it."""
        return self.within * UNITS[self.unit].business


class TransitionRule(InPlace):
    """While a task is in this stage and condition, the system gives `command` on a day that `when` names.

    `deadline_day`: the day on which that deadline is due; `deadline_passed`: the day after; `year_over`: the first day
    of March after the programme's year; `at_once`: the day on which the condition began; `rated`: the day on which the
    citizens' rating was entered. `command`: one of the program's, or a step of the definition, by its name.
    """

    rule: Annotated[str, Field(pattern=r"^[a-z][a-z_]{0,39}$")]
    command: str
    when: Literal["deadline_day", "deadline_passed", "year_over", "at_once", "rated"]
    deadline: str | None = None
    basis: LocalText

    @property
    def is_step(self) -> bool:
        return "." not in self.command  # commands are named as task.start

    @model_validator(mode="after")
    def _can_be(self) -> TransitionRule:
        possible = [one.name for one in commands_at(self.place)]
        if self.command not in possible and (not possible or not self.is_step):
            raise validation_error(
                "no_such_command", command=self.command, stage=self.stage, condition=self.condition
            )
        if (self.deadline is None) is self.when.startswith("deadline_"):
            raise validation_error("deadline_needed", "deadline", when=self.when)
        if self.when == "rated" and self.place != RATED:
            raise validation_error(
                "not_known_here", "when", name=self.when, stage=self.stage, condition=self.condition
            )
        return self


class GradeRule(Part):
    """The grade of scores from `least` on, as far as no better one is reached."""

    grade: Grade
    least: Score
