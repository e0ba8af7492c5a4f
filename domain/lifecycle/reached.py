"""Whom a rung of a ladder reaches: somebody at the agency, an office of the city, or who holds a position of the city's own."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

from pydantic import AfterValidator

from domain.limits import check_position_id
from domain.refusals import validation_error
from domain.streams import position_stream

# upwards: the officer on duty, who stands in for somebody, the agency's head, the city's department, its planner
STEPS = ("officer", "substitute", "head", "department", "planner")
CITY_STEPS = frozenset(("department", "planner"))
_POSITION = position_stream("")


def position_of(step: str) -> str | None:
    """The position of the city's that is written to, by its id, e.g. of `position/vice-mayor`."""
    return step.removeprefix(_POSITION) if step.startswith(_POSITION) else None


def is_of_city(step: str) -> bool:
    return step in CITY_STEPS or position_of(step) is not None


def positions_among(steps: Iterable[str]) -> frozenset[str]:
    """The positions that are written to."""
    return frozenset(one for step in steps if (one := position_of(step)) is not None)


def _check_step(said: str) -> str:
    if said in STEPS:
        return said
    position = position_of(said)
    if position is None:
        raise validation_error("climbs_nowhere", step=said[:60], known=", ".join(STEPS))
    check_position_id(position)
    return said


Step = Annotated[str, AfterValidator(_check_step)]
