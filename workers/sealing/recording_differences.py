"""What differs from what was sealed is put on record as a fact, and that it agrees again."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

import msgspec

from domain.errors import Refusal
from domain.trail.commands import RecordAgreement, RecordDifference
from projections.differing import Part, in_words
from trail.logs import Logger
from workers.engine import Engine
from workflows.ruling import by_rule
from workflows.trail.alarms import alarms

_log = Logger()
_RULE, _RULE_VERSION = "trail.compare", "1"


class Found(msgspec.Struct, frozen=True):
    """One thing that differs."""

    what: str
    position: int | None = None
    row: str | None = None


def record(engine: Engine, part: Part, size: int, found: Sequence[Found]) -> None:
    """One at a time for each part, until somebody has looked into it: a log that was cut has a thousand."""
    for one in found:
        said = in_words(part, one.what, one.position).en
        _log.error("not_as_sealed", differs=part, how=one.what, position=one.position, said=said)
    known = [one for one in alarms(engine.store) if one.part == part]
    if any(not one.examined for one in known):
        return
    seen = {(one.what, one.position, one.row) for one in known}
    new = next((one for one in found if (one.what, one.position, one.row) not in seen), None)
    if new is not None:
        command = RecordDifference(part=part, what=new.what, position=new.position, row=new.row, size=size)
        _give(engine, command)


def agree(engine: Engine, part: Part, size: int) -> None:
    if any(one.part == part for one in alarms(engine.store)):
        _give(engine, RecordAgreement(part=part, size=size))


def _give(engine: Engine, command: RecordDifference | RecordAgreement) -> None:
    envelope = by_rule(
        engine.store.id,
        command,
        rule=_RULE,
        version=_RULE_VERSION,
        about=f"{command.part} {command.size}",
        named=uuid.uuid4().hex,  # the same may differ, agree and differ again
    )
    try:
        engine.handler.handle(envelope)
    except Refusal as refusal:  # another has put it on record this moment
        _log.info("not_recorded", refusal=refusal.name)
