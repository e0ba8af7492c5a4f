"""All facts, and how each kind of stream is folded, by the names under which they are stored. What decides is in the catalogue."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from domain.access.state import ACCESS
from domain.agency.state import AGENCY
from domain.audit.state import AUDIT
from domain.calendar.state import CALENDAR
from domain.concern.state import CONCERN
from domain.definition.state import DEFINITION
from domain.epoch.state import EPOCH
from domain.fact import Fact, Fold
from domain.finding.state import FINDING
from domain.fund.state import FUND
from domain.meeting.state import MEETING
from domain.message.state import MESSAGE
from domain.money.state import MONEY
from domain.notice.state import NOTICE
from domain.position.facts import POSITION
from domain.programme.state import PROGRAMME
from domain.reform.state import REFORM
from domain.streams import kind_of
from domain.subject.state import SUBJECT
from domain.task.state import TASK
from domain.text.state import TEXT
from domain.token.state import TOKEN
from domain.trail.state import TRAIL
from domain.view.state import VIEW

Fields = dict[str, Any]
Upcasters = Mapping[tuple[str, int], Callable[[Fields], Fields]]

FOLDS: Mapping[str, Fold] = {
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
        DEFINITION,
        POSITION,
        MEETING,
        MONEY,
        FUND,
        CONCERN,
        REFORM,
    )
}
FACTS: Mapping[str, type[Fact]] = {fact.kind: fact for fold in FOLDS.values() for fact in fold.facts}
# (kind, version) to the fields of the next version; a version that only gained optional fields needs none
UPCASTERS: Upcasters = {}


@dataclass(frozen=True)
class Register:
    """The facts that a program reads, by kind, each in its present version, and how older ones come to it."""

    facts: Mapping[str, type[Fact]]
    upcasters: Upcasters


REGISTER = Register(FACTS, UPCASTERS)


def fold_of(stream: str) -> Fold:
    """How a stream is folded, e.g. TASK of "task/2024-07". Raises KeyError for streams of no aggregate."""
    return FOLDS[kind_of(stream)]


def upcast(
    fact: type[Fact], version: int, fields: Fields, upcasters: Upcasters = REGISTER.upcasters
) -> Fields:
    """The stored fields of a fact, written at `version`, as its class reads them today."""
    for known in range(version, fact.schema_version):
        step = upcasters.get((fact.kind, known))
        fields = fields if step is None else step(fields)
    return fields
