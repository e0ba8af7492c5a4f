"""A year's programme as its facts made it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any

import msgspec
from msgspec.structs import replace

from domain.errors import Bilingual, Lang
from domain.fact import Fold
from domain.programme.facts import (
    AreaAdded,
    AreaRenamed,
    Changed,
    Closed,
    ContactSet,
    LanguageChosen,
    Opened,
    ProgrammeFact,
    TaskAdded,
    TaskChanged,
)
from domain.stamps import Stamp, Stamps, is_outdone, with_item, with_values
from domain.values import LocalText, Phase, TextRef


class ProgrammeStage(StrEnum):
    UNKNOWN = "unknown"  # nobody opened this year
    OPEN = "open"
    CLOSED = "closed"

    def say(self, lang: Lang) -> str:
        return _LABELS[self].say(lang)


_LABELS: Mapping[ProgrammeStage, Bilingual] = {
    ProgrammeStage.UNKNOWN: Bilingual("미개시", "not opened"),
    ProgrammeStage.OPEN: Bilingual("진행", "open"),
    ProgrammeStage.CLOSED: Bilingual("마감", "closed"),
}


class Listed(msgspec.Struct, frozen=True, gc=False):
    """A task as the city put it on the year's list."""

    task: str
    area: str
    lead: str
    title: LocalText
    not_before: date | None = None
    phases: tuple[Phase, ...] = ()
    definition: str | None = None
    summary: TextRef | None = None


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
    definition: str | None = None
    contacts: Mapping[str, str] = msgspec.field(default_factory=dict)
    languages: Mapping[str, Lang] = msgspec.field(default_factory=dict)
    stamps: Stamps = msgspec.field(default_factory=dict)


def _with_area(programme: Programme, fact: AreaAdded | AreaRenamed, stamp: Stamp) -> Programme:
    """In the place where it stands; a new one at the end."""
    if is_outdone(programme.stamps, f"areas {fact.area}", stamp):
        return programme
    stamps = {**programme.stamps, f"areas {fact.area}": stamp}
    return replace(programme, areas={**programme.areas, fact.area: fact.name}, stamps=stamps)


_SAID_OF_TASKS = ("area", "lead", "title", "not_before", "phases", "summary")


def _with_task(programme: Programme, fact: TaskChanged, stamp: Stamp) -> Programme:
    """The list with those of the values that no later fact has given."""
    listed, stamps = programme.tasks.get(fact.task), dict(programme.stamps)
    if listed is None:
        return programme
    said = {name: getattr(fact, name) for name in _SAID_OF_TASKS}
    given: dict[str, Any] = {name: value for name, value in said.items() if value is not None}
    given |= {name: _NOTHING[name] for name in fact.without if name in _NOTHING}
    for name, value in given.items():
        key = f"tasks {fact.task} {name}"
        if not is_outdone(stamps, key, stamp):
            stamps[key] = stamp
            listed = replace(listed, **{name: value})
    return replace(programme, tasks={**programme.tasks, fact.task: listed}, stamps=stamps)


_NOTHING: Mapping[str, Any] = {"not_before": None, "phases": (), "summary": None}


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
                definition=fact.definition,
            )
        case Changed():
            said = msgspec.structs.asdict(fact)
            return with_values(programme, (at, version), **{n: v for n, v in said.items() if v is not None})
        case AreaAdded() | AreaRenamed():
            return _with_area(programme, fact, (at, version))
        case TaskChanged():
            return _with_task(programme, fact, (at, version))
        case TaskAdded():
            listed = Listed(
                fact.task,
                fact.area,
                fact.lead,
                fact.title,
                fact.not_before,
                fact.phases,
                fact.definition,
                fact.summary,
            )
            return replace(programme, tasks={**programme.tasks, fact.task: listed})
        case Closed():
            return replace(programme, stage=ProgrammeStage.CLOSED)
        case ContactSet():
            return with_item(programme, (at, version), "contacts", fact.office, fact.address)
        case LanguageChosen():
            return with_item(programme, (at, version), "languages", fact.office, fact.lang)


PROGRAMME = Fold.of("programme", Programme(), ProgrammeFact, evolve)
