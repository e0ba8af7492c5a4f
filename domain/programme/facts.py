"""What can happen to a year's programme. The kinds and fields are stored for ever."""

from __future__ import annotations

from datetime import date
from typing import ClassVar, Literal, get_args

from domain.errors import Lang
from domain.fact import Fact
from domain.values import LocalText, Phase, TextRef, Value

Office = Literal["planner", "department"]
OFFICES: tuple[Office, ...] = get_args(Office)


class Area(Value, frozen=True):
    """One of the programme's fields, e.g. id "culture"."""

    id: str
    name: LocalText


class Opened(Fact, frozen=True):
    """A year's programme was opened. The declared counts are what the city announced, where it did.

    `definition`: the lifecycle definition by which its tasks go, "name/version"; where none is said, that of the year.
    """

    kind = "programme.opened"
    schema_version: ClassVar[int] = 2
    name: LocalText
    city: LocalText
    areas: tuple[Area, ...]
    declared_task_count: int | None = None
    declared_agency_count: int | None = None
    definition: str | None = None


class TaskAdded(Fact, frozen=True):
    """The city put a task on the year's list: its number, its area, and the agency that is to propose it.

    `definition`: by which it goes, as the programme said when it was opened.
    """

    kind = "programme.task_added"
    schema_version: ClassVar[int] = 2
    task: str
    area: str
    lead: str
    title: LocalText
    summary: TextRef | None = None
    not_before: date | None = None
    phases: tuple[Phase, ...] = ()
    definition: str | None = None


class Changed(Fact, frozen=True):
    """What the programme's entry said was put right. What is absent stayed as it was."""

    kind = "programme.changed"
    name: LocalText | None = None
    city: LocalText | None = None
    declared_task_count: int | None = None
    declared_agency_count: int | None = None


class AreaAdded(Fact, frozen=True):
    kind = "programme.area_added"
    area: str
    name: LocalText


class AreaRenamed(Fact, frozen=True):
    kind = "programme.area_renamed"
    area: str
    name: LocalText


class TaskChanged(Fact, frozen=True):
    """What the year's list says of a task was put right, before anybody proposed it. What is absent stayed as it was.

    `without`: what the list does not say of it any more, of not_before, phases and summary.
    """

    kind = "programme.task_changed"
    task: str
    area: str | None = None
    lead: str | None = None
    title: LocalText | None = None
    summary: TextRef | None = None
    not_before: date | None = None
    phases: tuple[Phase, ...] | None = None
    without: tuple[str, ...] = ()


class Closed(Fact, frozen=True):
    kind = "programme.closed"


class ContactSet(Fact, frozen=True):
    """Where an office of the city is reached by mail in this year; no `address`: no more."""

    kind = "programme.contact_set"
    office: Office
    address: str | None = None


class LanguageChosen(Fact, frozen=True):
    """In which language an office of the city is written to in this year; where none is chosen, in Korean."""

    kind = "programme.language_chosen"
    office: Office
    lang: Lang


ProgrammeFact = (
    Opened
    | TaskAdded
    | Closed
    | ContactSet
    | Changed
    | AreaAdded
    | AreaRenamed
    | TaskChanged
    | LanguageChosen
)
