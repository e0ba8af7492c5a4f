"""Every rule of redaction."""

from __future__ import annotations

from datetime import datetime

import msgspec

from domain.aggregate import Aggregate, Given
from domain.subject.decider import check_not_held
from domain.text import facts
from domain.text.commands import Redact
from domain.text.refusals import NoSuchText, RedactedAlready


class FreeText(msgspec.Struct, frozen=True, gc=False):
    redacted: bool = False


def decide(command: Redact, text: FreeText, given: Given) -> tuple[facts.TextFact, ...]:
    """Turn a command into facts, or refuse it."""
    if text.redacted:
        raise RedactedAlready(text=command.text)
    if not command.appears_in:
        raise NoSuchText(text=command.text)
    check_not_held(command, given)
    return (facts.Redacted(),)


def reads(command: Redact, text: FreeText) -> tuple[str, ...]:
    """What refers to the text, lest it be on hold."""
    return command.appears_in


def evolve(text: FreeText, fact: facts.TextFact, at: datetime, version: int) -> FreeText:
    return FreeText(redacted=True)


TEXT = Aggregate(
    name="text",
    initial=FreeText(),
    facts=(facts.Redacted,),
    commands=(Redact,),
    decide=decide,
    evolve=evolve,
    reads=reads,
)
