"""A file of scenarios: what it may say, and how it is read. Beside NAME.toml it is NAME.scenarios.toml."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Any, get_args

import msgspec
from pydantic import Field, ValidationError, model_validator
from pydantic_core import PydanticCustomError

from domain.aggregate import Command
from domain.attachments import describe_file, pretend_content
from domain.calendar.commands import Proclaim, WithdrawDay
from domain.errors import BadInput, Bilingual, Refusal
from domain.lifecycle.content import name_entry
from domain.lifecycle.life import COMMANDS, place_of
from domain.lifecycle.part import Part
from domain.lifecycle.reached import Step
from domain.limited import Line
from domain.limits import FIRST_YEAR, LAST_YEAR, MOST_ITEMS, check_once, check_position_id
from domain.plan_limits import Day, SoundPlan
from domain.refusals import bad_input, validation_error
from domain.roles import AGENCY_ROLES, Role
from domain.task.lining import Object, Sign, WithdrawLine
from domain.task.stages import NOT_PROPOSED, Place, Stage
from domain.task.stepping import TakeStep
from domain.values import Grade
from trail.files import MOST_TYPED, problem_of, read_foreign
from workflows.definitions.templates import (
    SCENARIOS_NAMED_BY,
    extend,
    file_of_template,
    scenarios_beside,
)
from workflows.scenarios.words import AREA, LEAD, PARTNER, TEXT, TITLE

MOST_SCENARIOS, MOST_STEPS, MOST_IN_ALL = 100, 100, 2000  # of a file, of a scenario, steps of a file
_BY_PERSONS: Mapping[str, type[Command]] = {
    TakeStep.name: TakeStep,
    **{name: kind for name, kind in COMMANDS.items() if set(kind.by) - {"system"}},
    **{kind.name: kind for kind in (Sign, Object, WithdrawLine, Proclaim, WithdrawDay)},
}
_ROLES = tuple(role for role in get_args(Role) if role != "system")
_AGENCIES = (LEAD, PARTNER)


class NotScenarios(Refusal):
    """The file cannot be read as scenarios."""

    ko = "파일 {path}은(는) 시나리오 파일이 아닙니다: {problem}."
    en = "The file {path} is no file of scenarios: {problem}."


class DueExpected(Part):
    kind: Line
    item: Line | None = None
    due: Day


class ReminderExpected(Part):
    on: Day
    kind: Line
    item: Line | None = None
    to: tuple[Step, ...]


class ScenarioStep(Part):
    """What is given on a day, and how the task then stands. Without `give` or `take` it is only looked at.

    `take`: a step of the definition, with its form's fields.

    `by`: a role, ROLE@AGENCY, or ROLE:POSITION of who holds a position of the city's; `fields`: of the command, what it cannot do without stands there by itself; `effective`:
    the day on which it was so, where it is entered late. What is expected is said whole or not at all: `refused`: the
    refusal's name; `place`; `deadlines`: all that is due; `reminders`, `rules`: all since the step before; `grade`.
    """

    on: Day
    by: str | None = None
    give: str | None = None
    take: str | None = None
    fields: dict[str, Any] = Field(default_factory=dict, alias="with")
    effective: Day | None = None
    refused: Line | None = None
    place: str | None = None
    deadlines: Annotated[tuple[DueExpected, ...] | None, Field(max_length=MOST_ITEMS)] = None
    reminders: Annotated[tuple[ReminderExpected, ...] | None, Field(max_length=MOST_ITEMS)] = None
    rules: Annotated[tuple[Line, ...] | None, Field(max_length=MOST_ITEMS)] = None
    grade: Grade | None = None

    @model_validator(mode="after")
    def _can_be(self) -> ScenarioStep:
        if self.place is not None and place_in(self.place) is None:
            raise validation_error("no_such_place", "place", place=self.place)
        if self.give is not None and self.take is not None:
            raise validation_error("given_and_taken", "take")
        if self.command is None:
            self._check_nothing_given()
            return self
        known = _BY_PERSONS.keys() - {TakeStep.name}
        if self.give is not None and self.give not in known:
            raise validation_error("unknown_command", "give", command=self.give)
        self._check_by()
        return self

    def _check_nothing_given(self) -> None:
        for name, said in (("by", self.by), ("with", self.fields or None), ("refused", self.refused)):
            if said is not None:
                raise validation_error("nothing_given", name)

    def _check_by(self) -> None:
        office, _, position = (self.by or "").partition(":")
        if position:
            check_position_id(position, "by")
        role, _, agency = office.partition("@")
        if role not in _ROLES:
            raise validation_error("no_such_role", "by", role=role or "–", known=", ".join(_ROLES))
        if agency and (role not in AGENCY_ROLES or agency not in _AGENCIES):
            raise validation_error("no_such_agency", "by", agency=agency, known=", ".join(_AGENCIES))

    @property
    def command(self) -> str | None:
        """The name of the command that is given."""
        return self.give if self.take is None else TakeStep.name

    @property
    def said(self) -> str | None:
        """What is given or taken, as the file has it."""
        return self.take or self.give


class Scenario(Part):
    """`plan`: as it is proposed; `listed`: when the task comes on the year's list, by default on the first step's day."""

    name: Line
    plan: SoundPlan
    listed: Day | None = None
    days_off: Annotated[tuple[Day, ...], Field(max_length=MOST_ITEMS)] = ()
    steps: Annotated[tuple[ScenarioStep, ...], Field(min_length=1, max_length=MOST_STEPS)]

    @property
    def begins(self) -> date:
        return self.listed or self.steps[0].on

    @property
    def task(self) -> str:
        """The task's number."""
        return f"{self.plan.start.year}-01"

    @model_validator(mode="after")
    def _days_in_order(self) -> Scenario:
        first, last = date(self.plan.start.year - 1, 1, 1), date(self.plan.end.year + 2, 12, 31)
        first, last = max(first, date(FIRST_YEAR, 1, 1)), min(last, date(LAST_YEAR - 1, 12, 31))
        if not first <= self.begins <= last:
            raise validation_error(
                "day_outside",
                "listed" if self.listed else "steps[0].on",
                day=self.begins,
                first=first,
                last=last,
            )
        before = self.begins
        for number, step in enumerate(self.steps):
            if step.on < before:
                raise validation_error("day_too_early", f"steps[{number}].on", day=step.on, before=before)
            if step.on > last:
                raise validation_error(
                    "day_outside", f"steps[{number}].on", day=step.on, first=first, last=last
                )
            before = step.on
        return self


class ScenarioFile(Part):
    """`days_off`: of all of its scenarios, beside Saturdays and Sundays."""

    days_off: Annotated[tuple[Day, ...], Field(max_length=MOST_ITEMS)] = ()
    scenarios: Annotated[tuple[Scenario, ...], Field(min_length=1, max_length=MOST_SCENARIOS)]

    @model_validator(mode="after")
    def _named_once(self) -> ScenarioFile:
        check_once([one.name for one in self.scenarios], "scenarios[{}].name")
        if sum(len(one.steps) for one in self.scenarios) > MOST_IN_ALL:
            raise validation_error("too_many", "scenarios[].steps", max=MOST_IN_ALL)
        return self


def place_in(name: str) -> Place | None:
    """As definitions write it; `listed`: before the proposal."""
    return NOT_PROPOSED if name == Stage.LISTED else place_of(name)


def read_scenarios(path: Path) -> ScenarioFile:
    """The checked scenarios. Raises NotScenarios, UnknownDefinition, BadInput naming scenario and step."""
    return check_scenarios(extend(read_content(path), _content_of_template, SCENARIOS_NAMED_BY))


def check_scenarios(content: Mapping[str, Any]) -> ScenarioFile:
    """The scenarios that a file's content says. Raises BadInput naming scenario and step."""
    try:
        found = ScenarioFile.model_validate(content)
        for number, one in enumerate(found.scenarios):
            for at, step in enumerate(one.steps):
                if step.command is not None:
                    make_command(one, step, f"scenarios[{number}].steps[{at}].with")
    except ValidationError as error:
        refusal = bad_input(error)
    except BadInput as error:
        refusal = error
    else:
        return found
    refusal.details["field"] = name_entry(str(refusal.details["field"]), content, SCENARIOS_NAMED_BY)
    raise BadInput(**refusal.details) from None


def make_command(scenario: Scenario, step: ScenarioStep, at: str = "with") -> Command:
    """The command that the step gives. Raises BadInput naming its field under `at`."""
    assert step.command is not None, "it gives one"
    kind = _BY_PERSONS[step.command]
    there: dict[str, Any] = {
        "task": scenario.task,
        "title": {"ko": TITLE.ko},
        "area": AREA,
        "lead": LEAD,
        "plan": msgspec.to_builtins(scenario.plan),
        "text": TEXT,
        "basis": TEXT,
        "raters": 1,
    }
    needed = {
        name: there[name] for name, one in kind.model_fields.items() if one.is_required() and name in there
    }
    try:
        if "task" in step.fields:  # there is one
            raise validation_error("extra_forbidden", "task")
        said = step.fields if step.take is None else {"step": step.take, "form": _form(step.fields)}
        return kind.model_validate_json(json.dumps({**needed, **said}, default=str))
    except (ValidationError, PydanticCustomError) as error:
        raise bad_input(error, at) from None


def _form(fields: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What the form is filled in with, as people type it: in TOML a number or a day need not be quoted. Of a file as @NAME
    there is no more than that.
    """
    spelt = {
        name: str(value).lower() if isinstance(value, bool) else str(value) for name, value in fields.items()
    }
    return [{"field": name, **_value(value)} for name, value in spelt.items()]


def _value(typed: str) -> dict[str, Any]:
    if not typed.startswith("@") or typed.startswith("@@"):
        return {"value": typed.removeprefix("@")}
    file = describe_file(pretend_content(typed[1:]))
    return {"value": typed[1:], "file": {"size": file.size, "sha256": file.sha256}}


def pretend_files(command: Command) -> dict[str, bytes]:
    """The bytes of the files that a scenario names, by their SHA-256."""
    if not isinstance(command, TakeStep):
        return {}
    named = [(one.value, one.file) for one in command.form if one.file is not None]
    return {file.sha256: pretend_content(name) for name, file in named}


def _content_of_template(identity: str) -> dict[str, Any]:
    """Raises UnknownDefinition."""
    return read_content(scenarios_beside(file_of_template(identity)))


def read_content(path: Path) -> dict[str, Any]:
    """Raises NotScenarios."""
    try:
        return tomllib.loads(read_foreign(path, MOST_TYPED).decode())
    except OSError as error:
        raise NotScenarios(path=path, problem=problem_of(error)) from None
    except (ValueError, RecursionError) as error:
        said = " ".join(str(error).split())[:200]
        problem = Bilingual(f"TOML이 아닙니다({said})", f"it is not TOML ({said})")
        raise NotScenarios(path=path, problem=problem) from None
