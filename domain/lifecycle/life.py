"""What a definition narrows of a task's life, and whether a life by it is sound: checked as a graph when it is loaded."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise
from typing import Annotated, Any, NamedTuple

from pydantic import Field, model_validator

from domain.lifecycle.lines import ApprovalLine
from domain.lifecycle.part import Part
from domain.lifecycle.requirements import MOST_REQUIREMENTS, Requirement
from domain.lifecycle.steps import Own, check_first_ways, check_own
from domain.lifecycle.ways import (
    Way,
    describe_circle,
    describe_missing,
    describe_places,
    describe_way,
    search,
    turn_round,
)
from domain.limits import check_once
from domain.refusals import validation_error
from domain.roles import ROLES, Role
from domain.task import lifecycle
from domain.task.commands import OnTask
from domain.task.lifecycle import commands_at, leads_to
from domain.task.lining import OnLine
from domain.task.stages import NOT_PROPOSED, OPEN, OPEN_STAGES, PLACES, Condition, Place, Stage, find_place
from domain.task.stepping import TakeStep

# which a definition may narrow; its steps are its own, and who signs its lines say
COMMANDS: Mapping[str, type[OnTask]] = {
    command.name: command for command in lifecycle.COMMANDS if not issubclass(command, TakeStep | OnLine)
}
NOTHING_OWN = Own()


def place_of(name: str) -> Place | None:
    """`stage` or `stage/condition`; None where there is no such place."""
    found = find_place(name)
    return found if found is not None and commands_at(found) else None


class StageRule(Part):
    """A stage with those of its conditions that there are; without any there is no such stage. A stage that no entry is
    about is as the program has it. `open`: somebody still has something to do.
    """

    stage: Stage
    open: bool | None = None
    conditions: tuple[Condition, ...]

    @model_validator(mode="after")
    def _can_be(self) -> StageRule:
        for place in self.places:
            if place.condition.is_own or not commands_at(place):
                raise validation_error(
                    "no_such_condition", "conditions", stage=self.stage, condition=place.condition
                )
        if self.open not in (None, self.stage in OPEN_STAGES):
            raise validation_error("open_or_over", "open", stage=self.stage)
        return self

    @property
    def places(self) -> Iterator[Place]:
        return (Place(self.stage, condition) for condition in self.conditions)


class CommandRule(Part):
    """Who may give a command, and where: less than the program allows, never more. What is absent is as the program has it.

    `by`: nobody where it is empty; `to`: where it leads, for who reads the file; `guards`: what is checked of it beside;
    `requirements`: what the definition requires of it on top; `line`: who signs before it is carried out.
    """

    command: str
    by: tuple[Role, ...] | None = None
    places: Annotated[tuple[str, ...] | None, Field(alias="from", min_length=1)] = None
    to: str | None = None
    guards: tuple[str, ...] = ()
    requirements: Annotated[tuple[Requirement, ...], Field(max_length=MOST_REQUIREMENTS)] = ()
    line: ApprovalLine = ()

    @model_validator(mode="after")
    def _narrows(self) -> CommandRule:
        kind = COMMANDS.get(self.command)
        if kind is None:
            raise validation_error("unknown_command", "command", command=self.command)
        for number, role in enumerate(self.by or ()):
            if role not in kind.by:
                raise validation_error(
                    "role_may_not", f"by[{number}]", role=ROLES[role].title, command=self.command
                )
        for number, name in enumerate(self.places or ()):
            self._check_place(kind, name, f"from[{number}]")
        for place in self.places_granted(kind):
            if self.to is not None and str(leads := leads_to(kind, place)) != self.to:
                raise validation_error("leads_elsewhere", "to", command=self.command, place=leads)
        for number, guard in enumerate(self.guards):
            if guard not in kind.guards:
                raise validation_error(
                    "no_such_guard", f"guards[{number}]", guard=guard, command=self.command
                )
        return self

    @model_validator(mode="after")
    def _may_require(self) -> CommandRule:
        if self.requirements and set(COMMANDS[self.command].by) == {"system"}:
            raise validation_error("requirement_of_system", "requirements", command=self.command)
        return self

    @model_validator(mode="after")
    def _may_have_a_line(self) -> CommandRule:
        """What people do with a task that is open: a proposal has no task yet in whose history its line could stand."""
        kind = COMMANDS[self.command]
        if self.line and (set(kind.by) == {"system"} or not set(kind.where) <= set(OPEN)):
            raise validation_error("line_not_here", "line", command=self.command)
        return self

    def places_granted(self, kind: type[OnTask]) -> tuple[Place, ...]:
        """Where it may be given: as it says, else as the program has it."""
        if self.places is None:
            return tuple(kind.where)
        return tuple(place for name in self.places if (place := place_of(name)) is not None)

    def _check_place(self, kind: type[OnTask], name: str, at: str) -> None:
        place = place_of(name)
        if place is None:
            raise validation_error("no_such_place", at, place=name)
        if kind not in commands_at(place):
            stage, condition = place
            raise validation_error(
                "no_such_command", at, command=self.command, stage=stage, condition=condition
            )


class Grant(NamedTuple):
    """Who may give a command by a definition, and where."""

    command: type[OnTask]
    by: tuple[Role, ...]
    places: tuple[Place, ...]

    @property
    def moves(self) -> Iterator[tuple[Place, Place]]:
        """From which place to which other it leads."""
        led = ((place, leads_to(self.command, place)) for place in self.places)
        return ((place, to) for place, to in led if to != place)


def places_of(stages: Iterable[StageRule], own: Own = NOTHING_OWN) -> tuple[Place, ...]:
    """Where a task may be: everywhere but where a stage is said to have fewer conditions, and in the definition's own places.

    In the order of the stages, its own behind the program's.
    """
    listed = {one.stage: one.conditions for one in stages}
    found = [place for place in PLACES if place.condition in listed.get(place.stage, (place.condition,))]
    for one in own.places:
        at = max((number for number, place in enumerate(found) if place.stage is one.at.stage), default=-1)
        found.insert(at + 1, one.at)
    return tuple(found)


def _is_given_by_default(kind: type[OnTask], place: Place) -> bool:
    """Whether a command is given in a place of the definition's own though nothing is said of it: what the whole stage allows
    and what leaves the task where it is or ends it. What takes it on, the definition gives there or not.
    """
    whole = all(kind in commands_at(one) for one in PLACES if one.stage is place.stage)
    to = leads_to(kind, place)
    return whole and (to == place or to.stage not in OPEN_STAGES)


def grants_of(
    stages: Iterable[StageRule], commands: Iterable[CommandRule], own: Own = NOTHING_OWN
) -> dict[str, Grant]:
    """By command, what is granted of it: all that the program allows, but for what is narrowed."""
    there = {NOT_PROPOSED, *places_of(stages, own)}
    rules = {one.command: one for one in commands}
    granted = {}
    for name, kind in COMMANDS.items():
        rule = rules.get(name) or CommandRule(command=name)
        by = tuple(kind.by) if rule.by is None else rule.by
        places = (
            rule.places_granted(kind) if rule.places is not None else _places_by_default(kind, there, own)
        )
        if by and places:
            granted[name] = Grant(kind, by, places)
    return granted


def _places_by_default(kind: type[OnTask], there: Container[Place], own: Own) -> tuple[Place, ...]:
    """Where a command may be given of which the definition does not say it."""
    usual = [one for one in kind.where if one in there and leads_to(kind, one) in there]
    return (*usual, *(one.at for one in own.places if _is_given_by_default(kind, one.at)))


def check_life(stages: Iterable[StageRule], commands: Iterable[CommandRule], own: Own = NOTHING_OWN) -> None:
    """Refuse a life in which a place is not reached, or an open one is never left; the refusal says how a task gets there."""
    stages, commands = list(stages), list(commands)
    check_once([one.command for one in commands], "commands[{}].command")
    check_own(own)
    places, granted = places_of(stages, own), grants_of(stages, commands, own)
    for number, rule in enumerate(commands):
        if rule.command in granted:
            _check_listed(granted[rule.command], places, f"commands[{number}]")
    for number, step in enumerate(own.steps):
        for place in (*step.at, *(to for _, to in step.moves)):
            if place not in places:
                raise validation_error("place_not_listed", f"steps[{number}]", place=place)
    _check_ways(places, granted, own)
    if own.steps:
        check_first_ways(own, ways_of(granted, own))


def _check_ways(places: Iterable[Place], granted: Mapping[str, Grant], own: Own) -> None:
    ways, names = ways_of(granted, own), own.names
    found = search([NOT_PROPOSED], ways)
    if (place := next((one for one in places if one not in found), None)) is not None:
        given = {(one, name) for name, grant in granted.items() for one in grant.places}
        given |= {(one.place, one.name) for one in own.ways}
        way = describe_missing(place, [*_ways_of_program(), *own.ways], given, found, names)
        raise validation_error("unreachable", "stages", place=place, way=way)
    over = search([place for place in places if place.stage not in OPEN_STAGES], turn_round(ways))
    if (place := next((one for one in places if one not in over), None)) is not None:
        way, ahead = describe_way(place, found, names), describe_places(search([place], ways), names)
        raise validation_error("no_way_out", "stages", place=place, way=way, ahead=ahead)


def _check_listed(grant: Grant, places: Iterable[Place], at: str) -> None:
    for place in (*grant.places, *(to for _, to in grant.moves)):
        if place not in (NOT_PROPOSED, *places):
            raise validation_error("place_not_listed", at, place=place)


def ways_of(granted: Mapping[str, Grant], own: Own = NOTHING_OWN) -> list[Way]:
    """All that leads from one place to another."""
    given = [
        Way(place, name, grant.command.label, to)
        for name, grant in granted.items()
        for place, to in grant.moves
    ]
    return given + own.ways


def _ways_of_program() -> Iterator[Way]:
    """The same where nothing is narrowed."""
    for kind in COMMANDS.values():
        for place in kind.where:
            if (to := leads_to(kind, place)) != place:
                yield Way(place, kind.name, kind.label, to)


def _way_of_rule(rule: Any, own: Own) -> Way | None:
    """Where a rule leads by its command or step; None where that is not known, which is refused elsewhere."""
    if (kind := COMMANDS.get(rule.command)) is not None and kind in commands_at(rule.place):
        return Way(rule.place, kind.name, kind.label, leads_to(kind, rule.place), rule.rule)
    ways = [way for one in own.steps if one.step == rule.command for way in one.ways]
    return next((way._replace(rule=rule.rule) for way in ways if way.place == rule.place), None)


def check_no_cycle(rules: Iterable[Any], granted: Mapping[str, Grant], own: Own = NOTHING_OWN) -> None:
    """Refuse automatic transitions that would chase a task round for ever. `rules`: TransitionRule, each."""
    before: dict[Place, dict[Place, Way]] = {}
    for rule in rules:
        if (way := _way_of_rule(rule, own)) is not None:
            before.setdefault(way.to, {}).setdefault(rule.place, way)
    try:
        TopologicalSorter(before).prepare()
    except CycleError as error:
        places = error.args[1]
        circle = [before[to][place] for place, to in pairwise(places)]
        found, names = search([NOT_PROPOSED], ways_of(granted, own)), own.names
        raise validation_error(
            "cycle",
            "transitions",
            places=" → ".join(map(str, places)),
            circle=describe_circle(circle, names),
            way=describe_way(places[0], found, names),
        ) from None
