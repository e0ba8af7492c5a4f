"""Every rule of what a view may pass over."""

from __future__ import annotations

from domain.aggregate import Aggregate, DecisionContext
from domain.view import facts
from domain.view.commands import RecordRebuilt, SkipFact, ViewCommand
from domain.view.refusals import SkippedAlready
from domain.view.state import VIEW, Skips


def decide(command: ViewCommand, skips: Skips, context: DecisionContext) -> tuple[facts.ViewFact, ...]:
    """Turn a command into facts, or refuse it."""
    if not isinstance(command, SkipFact):
        kind = facts.Rebuilt if isinstance(command, RecordRebuilt) else facts.Verified
        return (
            kind(**{name: getattr(command, name) for name in type(command).model_fields if name != "view"}),
        )
    if command.position in skips.positions:
        raise SkippedAlready(view=command.view, position=command.position)
    return (facts.FactSkipped(position=command.position),)


AGGREGATE = Aggregate.on(VIEW, ViewCommand, decide)
