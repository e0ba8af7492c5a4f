"""A lifecycle definition: what it narrows of the program's own tables, what is due of a task and what happens by rule."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Annotated

from pydantic import Field, model_validator

from domain.calendar.periods import describe_length
from domain.errors import Bilingual
from domain.lifecycle.bounds import MOST_PLACES, MOST_STEPS
from domain.lifecycle.calling import check_called, name_kinds
from domain.lifecycle.concerns import ConcernRules
from domain.lifecycle.criteria import (
    MOST_CRITERIA,
    Criterion,
    Rounding,
    check_criteria,
    vocabulary_of_criteria,
)
from domain.lifecycle.inputs import OF_TASK
from domain.lifecycle.inputs_of_commands import Vocabulary, inputs_of, vocabulary_of
from domain.lifecycle.inputs_of_steps import inputs_of_form, inputs_of_steps
from domain.lifecycle.letters import MOST_LETTERS, LetterRule, check_letters, find_letter
from domain.lifecycle.life import (
    COMMANDS,
    CommandRule,
    Grant,
    StageRule,
    check_life,
    check_no_cycle,
    grants_of,
    places_of,
    ways_of,
)
from domain.lifecycle.lines import Conditions, LineEntry, check_line, make_conditions, positions_in
from domain.lifecycle.meetings import MeetingRules, check_meeting_ladders
from domain.lifecycle.money import MoneyRules
from domain.lifecycle.part import Part
from domain.lifecycle.quiet_days import MOST_SPANS, QuietDays, check_quiet_days
from domain.lifecycle.reached import Step, is_of_city
from domain.lifecycle.requirements import (
    Required,
    Requirement,
    check_requirements,
    make_expressions,
)
from domain.lifecycle.rules import (
    DeadlineRule,
    EscalationPolicy,
    GradeRule,
    ReminderStepRule,
    TransitionRule,
)
from domain.lifecycle.starting import check_starts
from domain.lifecycle.starts import Labels
from domain.lifecycle.steps import Own, PlaceRule, StepRule
from domain.lifecycle.ways import Names, describe_place, describe_way, search
from domain.limited import DefinitionName
from domain.limits import check_once
from domain.refusals import validation_error
from domain.roles import ROLES, Role
from domain.task.stages import NOT_PROPOSED, OPEN_STAGES, Place
from domain.values import Grade, LocalText


class Definition(Part):
    """`name` and `version` together are what a task pins. Of stages and commands it says only what it narrows."""

    name: DefinitionName
    version: Annotated[int, Field(ge=1, le=10_000)]
    stages: tuple[StageRule, ...] = ()
    commands: tuple[CommandRule, ...] = ()
    deadlines: tuple[DeadlineRule, ...]
    grades: tuple[GradeRule, ...] = ()
    transitions: tuple[TransitionRule, ...] = ()
    ladders: tuple[EscalationPolicy, ...] = ()
    criteria: Annotated[tuple[Criterion, ...], Field(max_length=MOST_CRITERIA)] = ()
    rounding: Rounding = Rounding()
    places: Annotated[tuple[PlaceRule, ...], Field(max_length=MOST_PLACES)] = ()
    steps: Annotated[tuple[StepRule, ...], Field(max_length=MOST_STEPS)] = ()
    letters: Annotated[tuple[LetterRule, ...], Field(max_length=MOST_LETTERS)] = ()
    quiet_days: Annotated[tuple[QuietDays, ...], Field(max_length=MOST_SPANS)] = ()
    meetings: MeetingRules = MeetingRules()
    money: MoneyRules = MoneyRules()
    concerns: ConcernRules = ConcernRules()

    @model_validator(mode="after")
    def _life_is_sound(self) -> Definition:
        check_life(self.stages, self.commands, self.own)
        check_no_cycle(self.transitions, self.grants, self.own)
        self._places_are_declared()
        check_starts(self.deadlines, self.steps)
        self._requirements_can_be_asked()
        self._lines_can_be_signed()
        for number, rule in enumerate(self.transitions):
            if rule.is_step:
                self._check_step_by_rule(number, rule)
                continue
            kind, grant = COMMANDS.get(rule.command), self.grants.get(rule.command)
            if kind is not None and "system" not in kind.by:
                at = f"transitions[{number}].command"
                raise validation_error("role_may_not", at, role=ROLES["system"].title, command=rule.command)
            if grant is None or "system" not in grant.by or rule.place not in grant.places:
                raise validation_error("rule_may_not", f"transitions[{number}].command", command=rule.command)
            if (
                grant.command.makes is None
            ):  # a rule moves tasks; all else that the system says of them, it counts
                raise validation_error("not_by_rule", f"transitions[{number}].command", command=rule.command)
        if any(rule.command == "task.evaluate" for rule in self.transitions) and not (
            self.grades and Decimal(self.grades[-1].least) == 0
        ):
            raise validation_error("grades_incomplete", "grades")
        return self

    def _places_are_declared(self) -> None:
        """Nothing may be due and no rule act where the definition has no place."""
        for of, rules in (("deadlines", self.deadlines), ("transitions", self.transitions)):
            for number, rule in enumerate(rules):
                if rule.condition.is_own and rule.place not in self.standing:
                    raise validation_error(
                        "place_not_declared", f"{of}[{number}].condition", place=rule.place
                    )

    def _requirements_can_be_asked(self) -> None:
        for at, name, one in self._given:
            if one.requirements:
                check_requirements(one.requirements, self.vocabulary_for(name), at)

    def _lines_can_be_signed(self) -> None:
        """A line is of what people ask for: a rule would wait for people, and has nobody to whom it comes back."""
        by_rule = {one.command for one in self.transitions}
        for at, name, one in self._given:
            if one.line and name in by_rule:
                raise validation_error("line_by_rule", f"{at}.line", command=name)
            if one.line:
                check_line(one.line, self.vocabulary_for(name), at)

    @property
    def _given(self) -> Iterator[tuple[str, str, CommandRule | StepRule]]:
        """What people give, commands before steps: its entry, its name, what is said of it."""
        for number, command in enumerate(self.commands):
            yield f"commands[{number}]", command.command, command
        for number, step in enumerate(self.steps):
            yield f"steps[{number}]", step.step, step

    def _check_step_by_rule(self, number: int, rule: TransitionRule) -> None:
        """A rule takes a step that leads on, that the system may take and that asks it nothing."""
        at, step = f"transitions[{number}].command", self.step(rule.command)
        if step is None:
            raise validation_error("unknown_command", at, command=rule.command)
        if "system" not in step.by or rule.place not in step.at:
            raise validation_error("rule_may_not", at, command=rule.command)
        if step.leads_to(rule.place) == rule.place:  # it would be taken again and again
            raise validation_error("not_by_rule", at, command=rule.command)
        if step.needed is not None:
            raise validation_error("step_asks_by_rule", at, step=step.step, field=step.needed.field)

    @model_validator(mode="after")
    def _criteria_are_weighed(self) -> Definition:
        check_criteria(self.criteria, self.vocabulary_of_criteria)
        evaluates = any(rule.command == "task.evaluate" for rule in self.transitions)
        if (self.criteria or "rounding" in self.model_fields_set) and not evaluates:
            raise validation_error("criteria_unused", "criteria" if self.criteria else "rounding")
        return self

    @model_validator(mode="after")
    def _ladders_reach_somebody(self) -> Definition:
        names = [one.name for one in self.ladders]
        check_once(names, "ladders[{}].name")
        for number, rule in enumerate(self.deadlines):
            at = f"deadlines[{number}].ladder"
            if rule.ladder is not None and rule.ladder not in names:
                raise validation_error("no_such_ladder", at, ladder=rule.ladder)
            for rung in self.rungs(rule.kind):
                if rule.who == "city" and not any(map(is_of_city, rung.to)):
                    raise validation_error("climbs_to_nobody", at, days=rung.days)
                if rule.start == "condition" and -rung.days > rule.most_business_days:
                    length = describe_length(rule.within, rule.counting)
                    raise validation_error("rung_before_start", at, days=rung.days, length=length)
        return self

    @model_validator(mode="after")
    def _people_can_be_written_to(self) -> Definition:
        check_letters(self.letters, self.ladders)
        check_quiet_days(self.quiet_days)
        check_meeting_ladders(self.meetings, self.ladders)
        return self

    @model_validator(mode="after")
    def _kinds_once(self) -> Definition:
        check_once([one.kind for one in self.deadlines], "deadlines[{}].kind")
        check_called(self.deadlines, self.grades)
        check_once([one.rule for one in self.transitions], "transitions[{}].rule")
        for number, one in enumerate(self.transitions):
            known = self.rule(one.deadline) if one.deadline is not None else None
            at = f"transitions[{number}].deadline"
            if one.deadline is not None and (known is None or known.place != one.place):
                raise validation_error("no_such_deadline", at, deadline=one.deadline)
        self._every_open_stage_is_left()
        return self

    def _every_open_stage_is_left(self) -> None:
        """No task may lie in an open stage for ever with nothing due: somebody owes a step, or a rule takes it."""
        for here in sorted(one for one in self.standing if one.stage in OPEN_STAGES):
            if all(rule.place != here for rule in (*self.deadlines, *self.transitions)):
                ways = ways_of(self.grants, self.own)
                way = describe_way(here, search([NOT_PROPOSED], ways), self.own.names)
                place = describe_place(here, self.own.names)
                raise validation_error("never_left", "deadlines", place=place, way=way)

    @property
    def identity(self) -> str:
        return f"{self.name}/{self.version}"

    @cached_property
    def own(self) -> Own:
        """What of the places and of what is done in them is not the program's."""
        return Own(self.places, self.steps)

    @cached_property
    def standing(self) -> frozenset[Place]:
        """Where a task may stand."""
        return frozenset(places_of(self.stages, self.own))

    @property
    def places_in_order(self) -> tuple[Place, ...]:
        return places_of(self.stages, self.own)

    @cached_property
    def _step_by_name(self) -> Mapping[str, StepRule]:
        return {one.step: one for one in self.steps}

    def step(self, name: str) -> StepRule | None:
        return self._step_by_name.get(name)

    @cached_property
    def steps_at(self) -> Mapping[Place, tuple[StepRule, ...]]:
        """By place, the steps that are taken there."""
        return {place: tuple(one for one in self.steps if place in one.at) for place in self.standing}

    def taken_on_by(self, place: Place) -> tuple[Role, ...]:
        """The roles, but for the system, that may lead a task out of a place, by a step or by a command of the program."""
        return tuple(sorted({role for one in self.ways_on(place) for role in one.by} - {"system"}))

    def ways_on(self, place: Place) -> list[StepRule | Grant]:
        """The steps and the commands of the program that lead a task out of a place."""
        return self._ways_on.get(place, [])

    @cached_property
    def _ways_on(self) -> Mapping[Place, list[StepRule | Grant]]:
        """By place; each step that is taken asks it."""
        found: dict[Place, list[StepRule | Grant]] = {}
        given: tuple[StepRule | Grant, ...] = (*self.steps, *self.grants.values())
        for one in given:
            for place in dict.fromkeys(frm for frm, _ in one.moves):
                found.setdefault(place, []).append(one)
        return found

    def name_of(self, place: Place) -> Bilingual | None:
        """What the definition calls a place of its own; None where it has none."""
        return self._names.get(place)

    @cached_property
    def _names(self) -> Names:
        return self.own.names

    @cached_property
    def labels(self) -> Labels:
        """What steps are called, as `step.field` the fields of their forms, as `deadlines.kind` kinds of deadlines."""
        fields = {f"{one.step}.{each.field}": each.label for one in self.steps for each in one.form}
        kinds = {f"deadlines.{kind}": label for kind, label in self.kind_labels.items()}
        return {one.step: one.label for one in self.steps} | fields | kinds

    @cached_property
    def kind_labels(self) -> Mapping[str, LocalText]:
        """What kinds of deadlines of its own are called."""
        return name_kinds(self.deadlines, self.own)

    def rule(self, kind: str) -> DeadlineRule | None:
        return next((one for one in self.deadlines if one.kind == kind), None)

    @cached_property
    def grants(self) -> Mapping[str, Grant]:
        """By command, who may give it, and where; none where nobody may."""
        return grants_of(self.stages, self.commands, self.own)

    @cached_property
    def requirements(self) -> Mapping[str, tuple[Requirement, ...]]:
        """By command or step, what is required of it; none where nothing is."""
        return {name: one.requirements for _, name, one in self._given if one.requirements}

    def expressions(self, name: str) -> Required:
        """What is required of a command or step, each with its expression, made when it is first asked."""
        if name not in self._expressions:
            required = self.requirements.get(name, ())
            self._expressions[name] = (
                make_expressions(required, self.vocabulary_for(name)) if required else ()
            )
        return self._expressions[name]

    @cached_property
    def lines(self) -> Mapping[str, tuple[LineEntry, ...]]:
        """By command or step, who signs before it is carried out; none where nobody does."""
        return {name: one.line for _, name, one in self._given if one.line}

    @property
    def positions(self) -> frozenset[str]:
        """Those of the city's that it names, in lines and ladders."""
        return positions_in(self.lines.values()).union(*(one.positions for one in self.ladders))

    def conditions(self, name: str) -> Conditions:
        """The entries of the line of a command or step, each with its condition, made when it is first asked."""
        if name not in self._conditions:
            self._conditions[name] = make_conditions(self.lines.get(name, ()), self.vocabulary_for(name))
        return self._conditions[name]

    @cached_property
    def _conditions(self) -> dict[str, Conditions]:
        return {}

    @cached_property
    def _expressions(self) -> dict[str, Required]:
        return {}

    @cached_property
    def _vocabularies(self) -> dict[str, Vocabulary]:
        return {}

    @cached_property
    def vocabulary_of_criteria(self) -> Vocabulary:
        return vocabulary_of_criteria(self.steps)

    def vocabulary_for(self, name: str) -> Vocabulary:
        """What is required of it may ask about; that of the program where the definition has no steps."""
        if not self.steps:
            return vocabulary_of(COMMANDS[name])
        if name not in self._vocabularies:
            step = self.step(name)
            own = inputs_of(COMMANDS[name]).values() if step is None else (*OF_TASK, *inputs_of_form(step))
            self._vocabularies[name] = Vocabulary([*own, *inputs_of_steps(self.steps)])
        return self._vocabularies[name]

    @cached_property
    def grade_names(self) -> Mapping[str, LocalText]:
        """What the city calls grades, those that it has a name for."""
        return {one.grade: one.label for one in self.grades if one.label is not None}

    def grade(self, score: str) -> Grade:
        """What the score is worth."""
        return next(one.grade for one in self.grades if Decimal(score) >= Decimal(one.least))

    def whom_to_remind(self, kind: str, days: int) -> tuple[Step, ...]:
        """Whom the step of these days is for, of a deadline of this kind; the planner where there is no such step any more."""
        return next((one.to for one in self.rungs(kind) if one.days == days), ("planner",))

    def letter(self, name: str) -> LetterRule | None:
        return next((one for one in self.letters if one.letter == name), None)

    def letter_for(self, kind: str, days: int) -> str | None:
        """By which letter the rung of these days goes out, of a deadline of this kind, e.g. `gunsan/1/soon`; None: by the program's."""
        rule = self.rule(kind)
        if rule is None or rule.ladder is None:
            return None
        found = find_letter(self.letters, rule.ladder, days)
        return None if found is None else f"{self.identity}/{found.letter}"

    def is_quiet(self, day: date) -> bool:
        """Whether nobody is written to on that day."""
        return any(one.covers(day) for one in self.quiet_days)

    def rungs(self, kind: str) -> tuple[ReminderStepRule, ...]:
        """When to remind of deadlines of this kind, and whom."""
        rule = self.rule(kind)
        found = None if rule is None else next((one for one in self.ladders if one.name == rule.ladder), None)
        return () if found is None else found.rungs
