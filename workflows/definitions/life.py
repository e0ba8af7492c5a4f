"""The stages and commands of a definition, and whether a life by them is sound: checked as a graph when it is loaded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, model_validator

from domain.refusals import wrong
from domain.task.commands import OnTask
from domain.task.decider import TASK
from domain.task.lifecycle import allowed, leads_to
from domain.task.stages import OPEN_STAGES, Condition, Stage
from store.envelope import Role
from workflows.permissions import PERMITTED

Place = tuple[Stage, Condition]
START: Place = (Stage.UNKNOWN, Condition.NORMAL)
COMMANDS: Mapping[str, type[OnTask]] = {command.name: command for command in TASK.commands}  # type: ignore[misc]
# what a decider checks beside stage and role, and of which commands
GUARDS: Mapping[str, frozenset[str]] = {
    "on_the_list": frozenset({"task.propose"}),
    "plan_fits_the_list": frozenset({"task.propose", "task.revise"}),
    "not_before": frozenset({"task.start"}),
    "known_figures": frozenset({"task.report_progress", "task.submit_final_report"}),
    "known_milestones": frozenset({"task.report_progress"}),
    "agency_is_active": frozenset({"task.hand_over", "task.add_partner"}),
    "later_year": frozenset({"task.carry_over"}),
    "once": frozenset({"task.rate"}),
}


def place_of(name: str) -> Place | None:
    """`stage` or `stage/condition`; None where there is no such place."""
    stage, _, condition = name.partition("/")
    try:
        found = Stage(stage), Condition(condition or "normal")
    except ValueError:
        return None
    return found if allowed(*found) else None


def named(place: Place) -> str:
    return str(place[0]) if place[1] is Condition.NORMAL else f"{place[0]}/{place[1]}"


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class StageRule(_Part):
    """A stage with its conditions. `open`: somebody still has something to do."""

    stage: Stage
    open: bool
    conditions: Annotated[tuple[Condition, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _can_be(self) -> StageRule:
        for condition in self.conditions:
            if not allowed(self.stage, condition):
                raise wrong("no_such_condition", "conditions", stage=self.stage, condition=condition)
        if self.open is not (self.stage in OPEN_STAGES):
            raise wrong("open_or_over", "open", stage=self.stage)
        return self

    @property
    def places(self) -> Iterator[Place]:
        return ((self.stage, condition) for condition in self.conditions)


class CommandRule(_Part):
    """Who may give a command, where, and where it leads; `to` is absent where it moves nothing.

    It may be less than the program allows, never more: `by` among the roles of the permission table, `from` among the
    places of the program's own table.
    """

    command: str
    by: Annotated[tuple[Role, ...], Field(min_length=1)]
    places: Annotated[tuple[str, ...], Field(alias="from", min_length=1)]
    to: str | None = None
    guards: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _narrows(self) -> CommandRule:
        kind = COMMANDS.get(self.command)
        if kind is None:
            raise wrong("unknown_command", "command", command=self.command)
        for number, role in enumerate(self.by):
            if role not in PERMITTED[self.command]:
                raise wrong("role_may_not", f"by[{number}]", role=role, command=self.command)
        for number, name in enumerate(self.places):
            place = place_of(name)
            if place is None:
                raise wrong("no_such_place", f"from[{number}]", place=name)
            if kind not in allowed(*place):
                stage, condition = place
                raise wrong(
                    "no_such_command",
                    f"from[{number}]",
                    command=self.command,
                    stage=stage,
                    condition=condition,
                )
            leads = leads_to(kind, *place)
            if named(leads) != (self.to or name):
                raise wrong("leads_elsewhere", "to", command=self.command, place=named(leads))
        for number, guard in enumerate(self.guards):
            if self.command not in GUARDS.get(guard, ()):
                raise wrong("no_such_guard", f"guards[{number}]", guard=guard, command=self.command)
        return self

    @property
    def found_places(self) -> frozenset[Place]:
        return frozenset(place for name in self.places if (place := place_of(name)) is not None)

    @property
    def moves(self) -> Iterator[tuple[Place, Place]]:
        """From which place to which other it leads."""
        kind = COMMANDS[self.command]
        return (
            (place, leads_to(kind, *place)) for place in self.found_places if leads_to(kind, *place) != place
        )


def check_life(stages: Iterable[StageRule], commands: Iterable[CommandRule]) -> None:
    """Refuse a life in which a place is not reached, or an open one is never left."""
    stages, commands = list(stages), list(commands)
    names = [one.command for one in commands]
    for number, name in enumerate(names):
        if name in names[:number]:
            raise wrong("id_twice", f"commands[{number}].command", id=name)
    places = [place for stage in stages for place in stage.places]
    for number, command in enumerate(commands):
        for place in (*command.found_places, *(to for _, to in command.moves)):
            if place not in places and place != START:
                raise wrong("place_not_listed", f"commands[{number}]", place=named(place))
    edges = [move for command in commands for move in command.moves]
    reached = _closure({START}, edges)
    for place in places:
        if place not in reached:
            raise wrong("unreachable", "stages", place=named(place))
    over = {place for place in places if place[0] not in OPEN_STAGES}
    ending = _closure(over, [(to, frm) for frm, to in edges])
    for place in places:
        if place not in ending:
            raise wrong("no_way_out", "stages", place=named(place))


def check_no_cycle(rules: Iterable[Any]) -> None:
    """Refuse automatic transitions that would chase a task round for ever. `rules`: TransitionRule, each."""
    before: dict[Place, set[Place]] = {}
    for rule in rules:
        if (kind := COMMANDS.get(rule.command)) is not None and kind in allowed(rule.stage, rule.condition):
            place = (rule.stage, rule.condition)
            before.setdefault(leads_to(kind, *place), set()).add(place)
    try:
        TopologicalSorter(before).prepare()
    except CycleError as error:
        places = " → ".join(map(named, error.args[1]))
        raise wrong("cycle", "transitions", places=places) from None


def _closure(first: set[Place], edges: Iterable[tuple[Place, Place]]) -> set[Place]:
    found, edges = set(first), list(edges)
    while new := {to for frm, to in edges if frm in found} - found:
        found |= new
    return found
