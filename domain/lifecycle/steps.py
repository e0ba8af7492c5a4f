"""What of a task's life is the definition's own: places inside the stages, and steps between them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Annotated, NamedTuple

from pydantic import Field, model_validator

from domain.errors import Bilingual
from domain.lifecycle.forms import FieldRule
from domain.lifecycle.lines import ApprovalLine
from domain.lifecycle.naming import BothLanguages, OwnName, alike, check_names
from domain.lifecycle.part import Part
from domain.lifecycle.requirements import MOST_REQUIREMENTS, Requirement
from domain.lifecycle.ways import Names, Way, describe_way, search
from domain.refusals import validation_error
from domain.roles import ROLES, Role
from domain.task import lifecycle
from domain.task.commands import OpenRating, SubmitFinalReport
from domain.task.on_task import OnTask
from domain.task.stages import (
    NOT_PROPOSED,
    OPEN_STAGES,
    PLACES,
    RATED,
    REPORTED,
    SUSPENDED,
    Place,
    find_place,
    place_named,
)
from domain.task.stepping import MOST_FIELDS, TakeStep

# into these a task comes by what the program's own command records of it, whatever else leads there
_FIRST_BY: Mapping[Place, type[OnTask]] = {REPORTED: SubmitFinalReport, RATED: OpenRating}


class PlaceRule(Part):
    """A place of the definition's own, inside an open stage: `stage/condition`. `label`: what people call the condition."""

    place: str
    label: BothLanguages

    @property
    def at(self) -> Place:
        return place_named(self.place)

    @model_validator(mode="after")
    def _can_be(self) -> PlaceRule:
        found = find_place(self.place)
        if found is None or not found.condition.is_own or found.stage not in OPEN_STAGES:
            raise validation_error("place_not_own", "place", place=self.place)
        return self


class StepRule(Part):
    """A command of the definition's own. `from`: where it is taken; `to`: where it leads, absent where the task stays.

    `by`: who may take it; `needs_reason`: whether it is refused without one; `requirements`: as of a command; `form`: what
    is filled in; `line`: who signs before it is carried out.
    """

    step: OwnName
    label: BothLanguages
    by: Annotated[tuple[Role, ...], Field(min_length=1)]
    places: Annotated[tuple[str, ...], Field(alias="from", min_length=1)]
    to: str | None = None
    needs_reason: bool = False
    requirements: Annotated[tuple[Requirement, ...], Field(max_length=MOST_REQUIREMENTS)] = ()
    form: Annotated[tuple[FieldRule, ...], Field(max_length=MOST_FIELDS)] = ()
    line: ApprovalLine = ()

    @model_validator(mode="after")
    def _can_be(self) -> StepRule:
        for number, role in enumerate(self.by):
            if role not in TakeStep.by:
                raise validation_error(
                    "role_may_not", f"by[{number}]", role=ROLES[role].title, command=self.step
                )
        to = None if self.to is None else self._check_place(self.to, "to")
        for number, name in enumerate(self.places):
            place = self._check_place(name, f"from[{number}]")
            if to is not None and to.stage is not place.stage:
                raise validation_error("step_changes_stage", "to", frm=place, to=to)
        check_names([(one.field, one.label) for one in self.form], "form", "field")
        return self

    def _check_place(self, name: str, at: str) -> Place:
        place = find_place(name)
        if place is None or TakeStep not in lifecycle.commands_at(place):
            raise validation_error("no_such_place", at, place=name)
        if place == SUSPENDED:
            raise validation_error("step_suspends", at)
        return place

    @property
    def at(self) -> tuple[Place, ...]:
        return tuple(place_named(one) for one in self.places)

    def leads_to(self, place: Place) -> Place:
        return place if self.to is None else place_named(self.to)

    @property
    def moves(self) -> Iterator[tuple[Place, Place]]:
        """From which place to which other it leads."""
        return ((place, self.leads_to(place)) for place in self.at if self.leads_to(place) != place)

    @property
    def ways(self) -> Iterator[Way]:
        return (Way(place, self.step, _both(self.label), to) for place, to in self.moves)

    @property
    def needed(self) -> FieldRule | None:
        """The first field that it cannot do without."""
        return next((one for one in self.form if one.required), None)


class Own(NamedTuple):
    """The places and steps of a definition's own."""

    places: tuple[PlaceRule, ...] = ()
    steps: tuple[StepRule, ...] = ()

    @property
    def names(self) -> Names:
        return {one.at: _both(one.label) for one in self.places}

    @property
    def ways(self) -> list[Way]:
        return [way for one in self.steps for way in one.ways]


def check_own(own: Own) -> None:
    """Refuse names that are not told apart, and places that nobody declares."""
    check_names([(one.place, one.label) for one in own.places], "places", "place")
    check_names([(one.step, one.label) for one in own.steps], "steps", "step")
    _check_not_as_commands(own.steps)
    declared = {*PLACES, *(one.at for one in own.places)}
    for number, one in enumerate(own.steps):
        named = [*((f"from[{at}]", place) for at, place in enumerate(one.at))]
        named += [] if one.to is None else [("to", place_named(one.to))]
        for at, place in named:
            if place not in declared:
                raise validation_error("place_not_declared", f"steps[{number}].{at}", place=place)


def check_first_ways(own: Own, ways: Sequence[Way]) -> None:
    """Refuse steps by which a task would come to have reported or to be rated though nothing says so of it."""
    for place, command in _FIRST_BY.items():
        found = search([NOT_PROPOSED], [way for way in ways if way.name != command.name or way.to != place])
        if place in found:
            way = describe_way(place, found, own.names)
            raise validation_error("step_skips", "steps", place=place, command=command.label, way=way)


def _check_not_as_commands(steps: Iterable[StepRule]) -> None:
    """A step that is called as a command would be taken for it."""
    names = {alike(said) for one in lifecycle.COMMANDS for said in (one.label.ko, one.label.en)}
    ids = {one.name.partition(".")[2] for one in lifecycle.COMMANDS}
    for number, one in enumerate(steps):
        if one.step in ids:
            raise validation_error("step_as_command", f"steps[{number}].step", step=one.step)
        for lang in ("ko", "en"):
            if alike(said := one.label.say(lang)) in names:
                raise validation_error("step_as_command", f"steps[{number}].label.{lang}", step=said)


def _both(said: BothLanguages) -> Bilingual:
    return Bilingual(said.ko, said.en or said.ko)
