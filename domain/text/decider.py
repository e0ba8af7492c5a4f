"""Every rule of redaction."""

from __future__ import annotations

from domain.aggregate import Aggregate, DecisionContext
from domain.subject.decider import check_not_held
from domain.text import facts
from domain.text.commands import Redact
from domain.text.refusals import NoSuchText, RedactedAlready
from domain.text.state import TEXT, FreeText


def decide(command: Redact, text: FreeText, context: DecisionContext) -> tuple[facts.TextFact, ...]:
    """Turn a command into facts, or refuse it."""
    if text.redacted:
        raise RedactedAlready(text=command.text)
    if not command.appears_in:
        raise NoSuchText(text=command.text)
    check_not_held(command, context)
    return (facts.Redacted(),)


def reads(command: Redact, text: FreeText) -> tuple[str, ...]:
    """What refers to the text, lest it be on hold."""
    return command.appears_in


AGGREGATE = Aggregate.on(TEXT, Redact, decide, reads)
