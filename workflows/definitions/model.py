"""A lifecycle definition as it is written in TOML: which deadlines a task has, by which rule, on what basis."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from decimal import Decimal
from functools import cache, cached_property
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from domain.errors import BadInput, Refusal, Worded
from domain.limits import MOST_BUSINESS_DAYS, MOST_RUNGS, Score
from domain.refusals import bad_input, wrong
from domain.task.lifecycle import allowed
from domain.task.stages import OPEN_STAGES, Condition, Stage
from domain.values import Grade, LocalText
from store.envelope import Role
from store.files import read_foreign
from workflows.definitions.life import CommandRule, Place, StageRule, check_life, check_no_cycle

_HERE = Path(__file__).parent
# what a rule's command needs, the system can find out
BY_RULE = frozenset({"task.start", "task.withdraw", "task.carry_over", "task.open_rating", "task.evaluate"})
# upwards: the officer on duty, who stands in for somebody, the agency's head, the city's department, its planner
Step = Literal["officer", "substitute", "head", "department", "planner"]
STEPS: tuple[Step, ...] = get_args(Step)
CITY_STEPS = frozenset(("department", "planner"))
# what a rule may look at only where a task has it
KNOWN: Mapping[str, frozenset[Place]] = {
    "final_report": frozenset(
        {(Stage.IN_PROGRESS, Condition.REPORTED), (Stage.IN_PROGRESS, Condition.RATED)}
    ),
    "quarter_end": frozenset((Stage.IN_PROGRESS, one) for one in Condition),
    "rated": frozenset({(Stage.IN_PROGRESS, Condition.RATED)}),
}
Start = Literal["condition", "final_report", "plan_start", "plan_end", "quarter_end", "milestone_due"]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class RungRule(_Part):
    """A reminder `days` business days after the due day (before it: negative), and whom it is for."""

    days: Annotated[int, Field(ge=-MOST_BUSINESS_DAYS, le=MOST_BUSINESS_DAYS)]
    to: tuple[Step, ...]


class Ladder(_Part):
    """When to remind, and whom: by whoever is responsible on that day."""

    name: Annotated[str, Field(pattern=r"^[a-z][a-z_]{0,29}$")]
    rungs: Annotated[tuple[RungRule, ...], Field(min_length=1, max_length=MOST_RUNGS)]

    @model_validator(mode="after")
    def _climbs(self) -> Ladder:
        for number, one in enumerate(self.rungs):
            if not one.to:
                raise wrong("climbs_to_nobody", f"rungs[{number}].to", days=one.days)
            if one.days in [other.days for other in self.rungs[:number]]:
                raise wrong("id_twice", f"rungs[{number}].days", id=one.days)
        return self


class DeadlineRule(_Part):
    """While a task is in this stage and condition, something is due: `within` business days of `start`.

    `start`: the day the condition began, the day of the final report, the plan's first or last day, the end of each quarter of the plan that is not
    reported, the day of each milestone that is not reached.
    """

    kind: Annotated[str, Field(pattern=r"^[a-z][a-z_]{0,29}$")]
    who: Literal["agency", "city"]
    stage: Stage
    condition: Condition = Condition.NORMAL
    start: Start
    within: Annotated[int, Field(ge=0, le=MOST_BUSINESS_DAYS)]
    ladder: str | None = None
    basis: LocalText

    @model_validator(mode="after")
    def _can_be(self) -> DeadlineRule:
        if not allowed(self.stage, self.condition):
            raise wrong("no_such_condition", stage=self.stage, condition=self.condition)
        if (self.stage, self.condition) not in KNOWN.get(self.start, {(self.stage, self.condition)}):
            raise wrong(
                "not_known_here", "start", name=self.start, stage=self.stage, condition=self.condition
            )
        return self


class TransitionRule(_Part):
    """While a task is in this stage and condition, the system gives `command` on a day that `when` names.

    `deadline_day`: the day on which that deadline is due; `deadline_passed`: the day after; `year_over`: the first day
    of March after the programme's year; `at_once`: the day on which the condition began; `rated`: the day on which the
    citizens' rating was entered.
    """

    rule: Annotated[str, Field(pattern=r"^[a-z][a-z_]{0,39}$")]
    command: str
    stage: Stage
    condition: Condition = Condition.NORMAL
    when: Literal["deadline_day", "deadline_passed", "year_over", "at_once", "rated"]
    deadline: str | None = None
    basis: LocalText

    @model_validator(mode="after")
    def _can_be(self) -> TransitionRule:
        possible = [one.name for one in allowed(self.stage, self.condition)]
        if self.command not in possible:
            raise wrong("no_such_command", command=self.command, stage=self.stage, condition=self.condition)
        if (self.deadline is None) is self.when.startswith("deadline_"):
            raise wrong("deadline_needed", "deadline", when=self.when)
        if (self.stage, self.condition) not in KNOWN.get(self.when, {(self.stage, self.condition)}):
            raise wrong("not_known_here", "when", name=self.when, stage=self.stage, condition=self.condition)
        return self


class GradeRule(_Part):
    """The grade of scores from `least` on, as far as no better one is reached."""

    grade: Grade
    least: Score


class Definition(_Part):
    """`name` and `version` together are what a task pins."""

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,39}$")]
    version: Annotated[int, Field(ge=1, le=10_000)]
    stages: Annotated[tuple[StageRule, ...], Field(min_length=1)]
    commands: Annotated[tuple[CommandRule, ...], Field(min_length=1)]
    deadlines: tuple[DeadlineRule, ...]
    grades: tuple[GradeRule, ...] = ()
    transitions: tuple[TransitionRule, ...] = ()
    ladders: tuple[Ladder, ...] = ()

    @model_validator(mode="after")
    def _life_is_sound(self) -> Definition:
        check_life(self.stages, self.commands)
        check_no_cycle(self.transitions)
        for number, rule in enumerate(self.transitions):
            given = self.command(rule.command)
            place = (rule.stage, rule.condition)
            if given is None or "system" not in given.by or place not in given.found_places:
                raise wrong("rule_may_not", f"transitions[{number}].command", command=rule.command)
            if rule.command not in BY_RULE:
                raise wrong("not_by_rule", f"transitions[{number}].command", command=rule.command)
        if any(rule.command == "task.evaluate" for rule in self.transitions) and not (
            self.grades and Decimal(self.grades[-1].least) == 0
        ):
            raise wrong("grades_incomplete", "grades")
        return self

    @model_validator(mode="after")
    def _ladders_reach_somebody(self) -> Definition:
        names = [one.name for one in self.ladders]
        for number, name in enumerate(names):
            if name in names[:number]:
                raise wrong("id_twice", f"ladders[{number}].name", id=name)
        for number, rule in enumerate(self.deadlines):
            at = f"deadlines[{number}].ladder"
            if rule.ladder is not None and rule.ladder not in names:
                raise wrong("no_such_ladder", at, ladder=rule.ladder)
            for rung in self.rungs(rule.kind):
                if rule.who == "city" and not CITY_STEPS.intersection(rung.to):
                    raise wrong("climbs_to_nobody", at, days=rung.days)
                if rule.start == "condition" and -rung.days > rule.within:
                    raise wrong("rung_before_start", at, days=rung.days, within=rule.within)
        return self

    @model_validator(mode="after")
    def _kinds_once(self) -> Definition:
        kinds = [one.kind for one in self.deadlines]
        for kind in kinds:
            if kinds.count(kind) > 1:
                raise wrong("id_twice", "deadlines", id=kind)
        rules = [one.rule for one in self.transitions]
        for number, one in enumerate(self.transitions):
            if one.rule in rules[:number]:
                raise wrong("id_twice", "transitions", id=one.rule)
            known = self.rule(one.deadline) if one.deadline is not None else None
            at = f"transitions[{number}].deadline"
            if one.deadline is not None and (
                known is None or (known.stage, known.condition) != (one.stage, one.condition)
            ):
                raise wrong("no_such_deadline", at, deadline=one.deadline)
        self._every_open_stage_is_left()
        return self

    def _every_open_stage_is_left(self) -> None:
        """No task may lie in an open stage for ever with nothing due: somebody owes a step, or a rule takes it."""
        for here in sorted(one for one in self.places if one[0] in OPEN_STAGES):
            stage, condition = here
            due = any((one.stage, one.condition) == here for one in self.deadlines)
            acts = any((one.stage, one.condition) == here for one in self.transitions)
            if not due and not acts:
                raise wrong("never_left", "deadlines", stage=stage, condition=condition)

    @property
    def identity(self) -> str:
        return f"{self.name}/{self.version}"

    @cached_property
    def places(self) -> frozenset[Place]:
        return frozenset(place for stage in self.stages for place in stage.places)

    def rule(self, kind: str) -> DeadlineRule | None:
        return next((one for one in self.deadlines if one.kind == kind), None)

    def command(self, name: str) -> CommandRule | None:
        return next((one for one in self.commands if one.command == name), None)

    @cached_property
    def givers(self) -> Mapping[str, tuple[frozenset[Role], frozenset[Place]]]:
        """By command: the roles that may give it, and where."""
        return {one.command: (frozenset(one.by), one.found_places) for one in self.commands}

    def grade(self, score: str) -> Grade:
        """What the score is worth."""
        return next(one.grade for one in self.grades if Decimal(score) >= Decimal(one.least))

    def rungs(self, kind: str) -> tuple[RungRule, ...]:
        """When to remind of deadlines of this kind, and whom."""
        rule = self.rule(kind)
        found = None if rule is None else next((one for one in self.ladders if one.name == rule.ladder), None)
        return () if found is None else found.rungs


class NotADefinition(Refusal):
    """The file cannot be read as a definition."""

    ko = "파일 {path}은(는) 정의가 아닙니다: {problem}"
    en = "The file {path} is no definition: {problem}"


class UnknownDefinition(Refusal):
    """A task lives by a definition that this program does not bring along."""

    ko = "정의 ‘{given}’이(가) 없습니다. 있는 정의: {known}. 그 정의를 가진 판으로 올리십시오."
    en = "There is no definition “{given}”. There are: {known}. Install the version that brings it."


UNREADABLE: Mapping[type[OSError], Worded] = {
    FileNotFoundError: Worded("그런 파일이 없습니다.", "there is no such file."),
    IsADirectoryError: Worded("폴더입니다.", "it is a folder."),
    PermissionError: Worded("읽을 권한이 없습니다.", "it may not be read."),
}
# by what an entry of each list is told from the others
_NAMED_BY = {
    "stages": "stage",
    "commands": "command",
    "deadlines": "kind",
    "ladders": "name",
    "transitions": "rule",
    "grades": "grade",
}
_LONGEST_NAME = 60


def read_definition(path: Path) -> Definition:
    """The checked definition. Raises NotADefinition, BadInput."""
    try:
        content = tomllib.loads(read_foreign(path).decode())
    except OSError as error:
        problem = UNREADABLE.get(type(error), error.strerror or str(error))
        raise NotADefinition(path=path, problem=problem) from None
    except (
        ValueError,
        RecursionError,
    ) as error:  # a number of thousands of digits, a list in a list in a list
        problem = Worded(f"TOML이 아닙니다({error}).", f"it is not TOML ({error}).")
        raise NotADefinition(path=path, problem=problem) from None
    try:
        return Definition.model_validate(content)
    except ValidationError as error:
        refusal = bad_input(error)
        refusal.details["field"] = _by_name(str(refusal.details["field"]), content)
        raise BadInput(**refusal.details) from None


def _by_name(field: str, content: Mapping[str, Any]) -> str:
    """The same place with what the entry is about in place of its number: commands[task.start].to."""
    found = re.match(r"(\w+)\[(\d+)\]", field)
    if found is None:
        return field
    entry = content[found[1]][int(found[2])] if isinstance(content.get(found[1]), list) else None
    name = entry.get(_NAMED_BY.get(found[1], "")) if isinstance(entry, dict) else None
    fit = isinstance(name, str) and name.isprintable() and len(name) <= _LONGEST_NAME
    return f"{found[1]}[{name}]{field[found.end() :]}" if fit else field


@cache
def definitions() -> dict[str, Definition]:
    """All that come along, by identity."""
    found = (read_definition(path) for path in sorted(_HERE.glob("*.toml")))
    return dict(sorted((one.identity, one) for one in found))


def definition(identity: str) -> Definition:
    """Raises UnknownDefinition."""
    found = definitions().get(identity)
    if found is None:
        raise UnknownDefinition(given=identity, known=tuple(definitions()))
    return found
