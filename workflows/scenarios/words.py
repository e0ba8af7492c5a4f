"""Who and what there is in every scenario: two agencies, an area, a task's title."""

from __future__ import annotations

import hashlib

from domain.values import LocalText
from store.envelope import Actor

LEAD, PARTNER = "lead", "partner"  # the agency that the list names, and another one
AREA = "area"
TITLE = LocalText(ko="시나리오의 과제", en="The scenario's task")
TEXT = "시나리오"  # for what a person would write: reasons, reports, the basis of a hold
PLANNER = Actor(role="planner")
NAMES = LocalText(ko="시나리오", en="Scenario")  # of the agencies, the year, days off


def holder_of(position: str) -> str:
    """Who holds a position of the city's in every scenario, by id."""
    return hashlib.sha256(position.encode()).hexdigest()[:32]
