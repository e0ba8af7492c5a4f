"""A task's life as its commands and facts declare it: what each place allows, and where a command leads."""

from __future__ import annotations

from typing import get_args

from domain.task import commands as c
from domain.task.stages import NOT_PROPOSED, OPEN_STAGES, PLACES, Place

COMMANDS: tuple[type[c.OnTask], ...] = get_args(c.TaskCommand)
_ALLOWED = {place: tuple(one for one in COMMANDS if place in one.where) for place in (NOT_PROPOSED, *PLACES)}


def commands_at(place: Place) -> tuple[type[c.OnTask], ...]:
    """The commands that a task may be given there; none where there is no such place.

    In a place of a definition's own it is what the stage by itself allows: the definition says which of it.
    """
    found = _ALLOWED.get(place)
    if found is None:
        found = _ALLOWED.get(place.ordinary, ()) if place.stage in OPEN_STAGES else ()
    return found


def leads_to(command: type[c.OnTask], place: Place) -> Place:
    """Where a task stands after a command of this kind, which is allowed there."""
    move = None if command.makes is None else command.makes.moves
    return place if move is None else move.of(place)
