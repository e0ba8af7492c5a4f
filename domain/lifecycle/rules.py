"""The parts of a lifecycle definition: which deadlines a task has, what is reminded of, what happens by rule."""

from __future__ import annotations

from functools import cached_property
from typing import Annotated, Literal

from pydantic import Field, model_validator

from domain.calendar.periods import BUSINESS_DAYS, LAWS, UNITS, Law
from domain.lifecycle.naming import BothLanguages
from domain.lifecycle.part import Part
from domain.lifecycle.reached import Step, positions_among
from domain.lifecycle.starts import LONGEST_IN, Start, Taken, read_met_by, read_start
from domain.limited import Score
from domain.limits import MOST_BUSINESS_DAYS, MOST_RUNGS, MOST_UNITS, check_once
from domain.refusals import validation_error
from domain.task.deadline_kinds import DEADLINE_KINDS
from domain.task.lifecycle import commands_at
from domain.task.stages import RATED, Condition, Place, Stage
from domain.values import Counting, Grade, LocalText, Roll, Unit


class InPlace(Part):
    """What holds while a task is in one stage and condition; `listed`: on the year's list, and not proposed."""

    stage: Stage
    condition: Condition = Condition.NORMAL

    @property
    def place(self) -> Place:
        return Place(Stage.UNKNOWN if self.stage is Stage.LISTED else self.stage, self.condition)


class ReminderStepRule(Part):
    """A reminder `days` business days after the due day (before it: negative), and whom it is for: one of STEPS, or who holds
    a position of the city's, `position/ID`.
    """

    days: Annotated[int, Field(ge=-MOST_BUSINESS_DAYS, le=MOST_BUSINESS_DAYS)]
    to: tuple[Step, ...]


class EscalationPolicy(Part):
    """When to remind, and whom: by whoever is responsible on that day."""

    name: Annotated[str, Field(pattern=r"^[a-z][a-z_]{0,29}$")]
    rungs: Annotated[tuple[ReminderStepRule, ...], Field(min_length=1, max_length=MOST_RUNGS)]

    @property
    def positions(self) -> frozenset[str]:
        """Those of the city's that it writes to."""
        return positions_among(step for rung in self.rungs for step in rung.to)

    @model_validator(mode="after")
    def _climbs(self) -> EscalationPolicy:
        for number, one in enumerate(self.rungs):
            if not one.to:
                raise validation_error("climbs_to_nobody", f"rungs[{number}].to", days=one.days)
        check_once([str(one.days) for one in self.rungs], "rungs[{}].days")
        return self


class DeadlineRule(InPlace):
    """While a task is in this stage and condition, something is due: `within` so many units of `start`.

    `label`: what people call a kind of the definition's own. `start`: one of STARTS; `steps.STEP`, the day on which that was taken last, `steps.STEP.FIELD`, the day that its form says;
    `deadlines.KIND`, the day on which that one is due; `12-15`, that day of the year. `before`: so many units before it.
    `met_by`: the step, `steps.STEP`, by which it is fulfilled; for what recurs, `steps.STEP.FIELD` says of when it is.
    `first_day`: whether the day of the start counts; `roll`: to which business day the end moves from a day off; `law`: by
    which both are as it says.
    """

    kind: Annotated[str, Field(pattern=r"^[a-z][a-z_]{0,29}$")]
    label: BothLanguages | None = None
    who: Literal["agency", "city"]
    start: str
    within: Annotated[int, Field(ge=0, le=MOST_UNITS)]
    unit: Unit = "business_days"
    before: bool = False
    first_day: bool = False
    roll: Roll = "next"
    law: Law | None = None
    met_by: str | None = None
    ladder: str | None = None
    basis: LocalText

    @model_validator(mode="after")
    def _can_be(self) -> DeadlineRule:
        if not commands_at(self.place):
            raise validation_error("no_such_condition", stage=self.stage, condition=self.condition)
        of_program = self.counted_from.of_program
        only_in = None if of_program is None else of_program.only_in
        if only_in is not None and self.place.ordinary not in only_in:
            raise validation_error(
                "not_known_here", "start", name=self.start, stage=self.stage, condition=self.condition
            )
        return self

    @model_validator(mode="after")
    def _is_called(self) -> DeadlineRule:
        if self.label is not None and self.kind in DEADLINE_KINDS:  # reports count these over all definitions
            raise validation_error("kind_of_program", "label", deadline=self.kind)
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

    @model_validator(mode="after")
    def _suits_its_start(self) -> DeadlineRule:
        start = self.counted_from
        if start.day is not None and self.within:
            raise validation_error("day_itself", "within")
        if start.day is None and start.months is not None:
            most = LONGEST_IN[start.months][self.unit]
            if not 1 <= self.within <= most:
                raise validation_error("nth_of_part", "within", most=most)
        if start.deadline is not None and not self.before:
            raise validation_error("before_needed", "before")
        if self.before:
            self._can_be_before(start)
        return self

    def _can_be_before(self, start: Start) -> None:
        if not start.ahead:
            raise validation_error("not_ahead", "before", name=self.start)
        if not self.within:
            raise validation_error("greater_than_equal", "within", ge=1)
        for said in ("law", "first_day"):
            if said in self.model_fields_set:
                raise validation_error("counted_back", said)

    @model_validator(mode="after")
    def _can_be_fulfilled(self) -> DeadlineRule:
        start, fulfilling = self.counted_from, self.fulfilling
        if fulfilling is None:
            if start.months is not None and start.day is None:
                raise validation_error("met_by_needed", "met_by", name=self.start)
            return self
        if self.kind in DEADLINE_KINDS:
            raise validation_error("met_by_program", "met_by", deadline=self.kind)
        if self.start in ("quarter_end", "milestone_due"):
            raise validation_error("met_by_itself", "met_by", name=self.start)
        if fulfilling.field is not None and start.months is None:
            raise validation_error("met_by_no_part", "met_by", name=self.start)
        return self

    @cached_property
    def counted_from(self) -> Start:
        return read_start(self.start)

    @cached_property
    def fulfilling(self) -> Taken | None:
        """The step by which it is met; None where it is as its kind says, or by leaving the place."""
        return None if self.met_by is None else read_met_by(self.met_by)

    @property
    def recurs(self) -> bool:
        """Whether there is one for each part of the year."""
        return self.counted_from.months is not None and self.fulfilling is not None

    @cached_property
    def counting(self) -> Counting | None:
        """How it is counted; None where it is by business days as by default."""
        if self.before:
            moved: Roll = self.roll if "roll" in self.model_fields_set else "previous"
            roll: Roll = "next" if self.unit == "business_days" else moved
            return Counting(unit=self.unit, roll=roll, backward=True)
        first = self.first_day if self.law is None else LAWS[self.law].first_day
        if self.counted_from.begins_part and "first_day" not in self.model_fields_set:
            first = True
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
    """The grade of scores from `least` on, as far as no better one is reached. `label`: what the city calls it."""

    grade: Grade
    least: Score
    label: BothLanguages | None = None
