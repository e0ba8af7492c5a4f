"""All aggregates, facts and commands by the names under which they are stored and asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from domain.access.decider import ACCESS
from domain.agency.decider import AGENCY
from domain.aggregate import Aggregate, Command, Fact
from domain.audit.decider import AUDIT
from domain.calendar.decider import CALENDAR
from domain.epoch.decider import EPOCH
from domain.errors import Refusal
from domain.finding.decider import FINDING
from domain.message.decider import MESSAGE
from domain.notice.decider import NOTICE
from domain.programme.decider import PROGRAMME
from domain.refusals import bad_input
from domain.subject.decider import SUBJECT
from domain.task.decider import TASK
from domain.text.decider import TEXT
from domain.token.decider import TOKEN
from domain.trail.decider import TRAIL
from domain.view.decider import VIEW

Fields = dict[str, Any]
Upcasters = Mapping[tuple[str, int], Callable[[Fields], Fields]]

AGGREGATES: Mapping[str, Aggregate] = {
    one.name: one
    for one in (
        TASK,
        AGENCY,
        PROGRAMME,
        TOKEN,
        EPOCH,
        SUBJECT,
        TEXT,
        VIEW,
        CALENDAR,
        NOTICE,
        MESSAGE,
        ACCESS,
        TRAIL,
        FINDING,
        AUDIT,
    )
}
FACTS: Mapping[str, type[Fact]] = {
    fact.kind: fact for aggregate in AGGREGATES.values() for fact in aggregate.facts
}
COMMANDS: Mapping[str, type[Command]] = {
    command.name: command for aggregate in AGGREGATES.values() for command in aggregate.commands
}
# (kind, version) to the fields of the next version; a version that only gained optional fields needs none
UPCASTERS: Upcasters = {}


@dataclass(frozen=True)
class Register:
    """The facts that a program reads, by kind, each in its present version, and how older ones come to it."""

    facts: Mapping[str, type[Fact]]
    upcasters: Upcasters


REGISTER = Register(FACTS, UPCASTERS)


class UnknownCommand(Refusal):
    """`known`: every command there is."""

    ko = "‘{command}’ 명령은 없습니다. 있는 명령: {known}."
    en = "There is no command “{command}”. The commands are: {known}."


def aggregate_of(stream: str) -> Aggregate:
    """The aggregate of a stream, e.g. TASK of "task/2024-07". Raises KeyError for streams of no aggregate."""
    return AGGREGATES[stream.partition("/")[0]]


def upcast(
    fact: type[Fact], version: int, fields: Fields, upcasters: Upcasters = REGISTER.upcasters
) -> Fields:
    """The stored fields of a fact, written at `version`, as its class reads them today."""
    for known in range(version, fact.schema_version):
        step = upcasters.get((fact.kind, known))
        fields = fields if step is None else step(fields)
    return fields


def read_command(name: str, body: str | bytes) -> Command:
    """A command from JSON, with no conversions: 1.0 is no whole number. Raises UnknownCommand, BadInput."""
    command = COMMANDS.get(name)
    if command is None:
        raise UnknownCommand(command=name[:60], known=tuple(COMMANDS))
    try:
        return command.model_validate_json(body, strict=True)
    except ValidationError as error:
        raise bad_input(error) from None
