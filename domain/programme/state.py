"""A year's programme as its facts made it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum

import msgspec
from msgspec.structs import replace

from domain.errors import Lang
from domain.programme.facts import Closed, ContactSet, Opened, ProgrammeFact, TaskAdded
from domain.stamps import Stamps, with_item
from domain.values import LocalText, Phase


class ProgrammeStage(StrEnum):
    UNKNOWN = "unknown"  # nobody opened this year
    OPEN = "open"
    CLOSED = "closed"

    def say(self, lang: Lang) -> str:
        ko, en = _LABELS[self]
        return ko if lang == "ko" else en


_LABELS: Mapping[ProgrammeStage, tuple[str, str]] = {
    ProgrammeStage.UNKNOWN: ("미개시", "not opened"),
    ProgrammeStage.OPEN: ("진행", "open"),
    ProgrammeStage.CLOSED: ("마감", "closed"),
}


class Listed(msgspec.Struct, frozen=True, gc=False):
    """A task as the city put it on the year's list."""

    task: str
    area: str
    lead: str
    title: LocalText
    not_before: date | None = None
    phases: tuple[Phase, ...] = ()


class Programme(msgspec.Struct, frozen=True, gc=False):
    """`areas`: names by id. `tasks`: the list by task number, in the order in which it was made.

    `contacts`: mail addresses of the city's offices; `stamps`: since when they are so.
    """

    stage: ProgrammeStage = ProgrammeStage.UNKNOWN
    name: LocalText | None = None
    city: LocalText | None = None
    areas: Mapping[str, LocalText] = msgspec.field(default_factory=dict)
    tasks: Mapping[str, Listed] = msgspec.field(default_factory=dict)
    declared_task_count: int | None = None
    declared_agency_count: int | None = None
    contacts: Mapping[str, str] = msgspec.field(default_factory=dict)
    stamps: Stamps = msgspec.field(default_factory=dict)


def evolve(programme: Programme, fact: ProgrammeFact, at: datetime, version: int) -> Programme:
    """The programme after the fact."""
    match fact:
        case Opened():
            return replace(
                programme,
                stage=ProgrammeStage.OPEN,
                name=fact.name,
                city=fact.city,
                areas={area.id: area.name for area in fact.areas},
                declared_task_count=fact.declared_task_count,
                declared_agency_count=fact.declared_agency_count,
            )
        case TaskAdded():
            listed = Listed(fact.task, fact.area, fact.lead, fact.title, fact.not_before, fact.phases)
            return replace(programme, tasks={**programme.tasks, fact.task: listed})
        case Closed():
            return replace(programme, stage=ProgrammeStage.CLOSED)
        case ContactSet():
            return with_item(programme, (at, version), "contacts", fact.office, fact.address)
