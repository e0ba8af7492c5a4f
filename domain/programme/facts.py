"""What can happen to a year's programme. The kinds and fields are stored for ever."""

from __future__ import annotations

from datetime import date
from typing import Literal, get_args

from domain.aggregate import Fact
from domain.values import LocalText, Phase, TextRef, Value

Office = Literal["planner", "department"]
OFFICES: tuple[Office, ...] = get_args(Office)


class Area(Value, frozen=True):
    """One of the programme's fields, e.g. id "culture"."""

    id: str
    name: LocalText


class Opened(Fact, frozen=True):
    """A year's programme was opened. The declared counts are what the city announced, where it did."""

    kind = "programme.opened"
    name: LocalText
    city: LocalText
    areas: tuple[Area, ...]
    declared_task_count: int | None = None
    declared_agency_count: int | None = None


class TaskAdded(Fact, frozen=True):
    """The city put a task on the year's list: its number, its area, and the agency that is to propose it."""

    kind = "programme.task_added"
    task: str
    area: str
    lead: str
    title: LocalText
    summary: TextRef | None = None
    not_before: date | None = None
    phases: tuple[Phase, ...] = ()


class Closed(Fact, frozen=True):
    kind = "programme.closed"


class ContactSet(Fact, frozen=True):
    """Where an office of the city is reached by mail in this year; no `address`: no more."""

    kind = "programme.contact_set"
    office: Office
    address: str | None = None


ProgrammeFact = Opened | TaskAdded | Closed | ContactSet
