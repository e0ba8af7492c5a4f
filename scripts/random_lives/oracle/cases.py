"""What the oracle is given and what it hands back, and the facts in the form in which it reads them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, timezone
from pathlib import Path
from typing import Any

Record = dict[str, Any]

SEOUL = timezone(timedelta(hours=9))


@dataclass(frozen=True)
class Case:
    """One life. The lists are plain data; moments and days in them are ISO texts.

    `lost`: from when to when the store, which was put back from a backup, knows nothing; `refused`: what people asked for
    in vain, with the refusal's name, its details and the position of the last fact before it.
    """

    facts: list[Record]
    definitions: list[Path]
    until: str
    mails: list[Record] = field(default_factory=list)
    people: dict[str, str | None] = field(default_factory=dict)
    address_changes: list[tuple[str, str, str | None]] = field(default_factory=list)
    away: list[tuple[str, str]] = field(default_factory=list)
    lost: list[tuple[str, str]] = field(default_factory=list)
    refused: list[Record] = field(default_factory=list)
    observed: list[Record] = field(default_factory=list)
    doctor: Record | None = None


@dataclass(frozen=True)
class Finding:
    """One thing that is not as the law says. `about`: a task or stream; `day`: ISO, where there is one."""

    kind: str
    about: str
    day: str
    says: str
    position: int | None = None


@dataclass(frozen=True)
class Fact:
    """A fact: `known` when it became known, `so` when it was so, `stated` whether it says the latter itself."""

    position: int
    stream: str
    version: int
    kind: str
    known: datetime
    so: datetime
    stated: bool
    actor: Record
    cause: Record
    data: Record

    @property
    def name(self) -> str:
        return bare(self.stream)

    @property
    def role(self) -> str:
        return str(self.actor.get("role", ""))


def read_facts(records: Iterable[Record]) -> list[Fact]:
    return sorted((_read(record) for record in records), key=lambda fact: fact.position)


def _read(record: Record) -> Fact:
    return Fact(
        position=record["position"],
        stream=record["stream"],
        version=record["version"],
        kind=record["kind"],
        known=moment(record["known_at"]),
        so=moment(record["effective_at"]),
        stated=record["stated"],
        actor=record.get("actor") or {},
        cause=record.get("cause") or {},
        data=record["fact"],
    )


def moment(text: str) -> datetime:
    read = datetime.fromisoformat(text)
    return read if read.tzinfo else read.replace(tzinfo=UTC)


def seoul_day(at: datetime) -> date:
    return at.astimezone(SEOUL).date()


def midnight(day: date) -> datetime:
    """The first moment of the day in Seoul."""
    return datetime.combine(day, time(), SEOUL)


def day_of(value: Any) -> date:
    return date.fromisoformat(str(value)[:10])


def bare(name: str) -> str:
    """A task's or agency's name without the room it stands in: `task/2024-07` is `2024-07`."""
    head, _, rest = name.partition("/")
    return rest if head in {"task", "agency", "subject", "notice", "message"} else name
