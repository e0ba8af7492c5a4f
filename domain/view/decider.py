"""Every rule of what a view may pass over."""

from __future__ import annotations

from domain.aggregate import Aggregate, Given
from domain.view import facts
from domain.view.commands import RecordRebuilt, RecordVerified, SkipFact, ViewCommand
from domain.view.refusals import SkippedAlready
from domain.view.state import Skips, evolve


def decide(command: ViewCommand, skips: Skips, given: Given) -> tuple[facts.ViewFact, ...]:
    """Turn a command into facts, or refuse it."""
    if not isinstance(command, SkipFact):
        kind = facts.Rebuilt if isinstance(command, RecordRebuilt) else facts.Verified
        return (kind(**command.model_dump(exclude={"view"})),)
    if command.position in skips.positions:
        raise SkippedAlready(view=command.view, position=command.position)
    return (facts.FactSkipped(position=command.position),)


VIEW = Aggregate(
    name="view",
    initial=Skips(),
    facts=(facts.FactSkipped, facts.Verified, facts.Rebuilt),
    commands=(SkipFact, RecordVerified, RecordRebuilt),
    decide=decide,
    evolve=evolve,
)
