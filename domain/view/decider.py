"""Every rule of what a view may pass over."""

from __future__ import annotations

from domain.aggregate import Aggregate, Given
from domain.view import facts
from domain.view.commands import SkipFact, ViewCommand
from domain.view.refusals import SkippedAlready
from domain.view.state import Skips, evolve


def decide(command: ViewCommand, skips: Skips, given: Given) -> tuple[facts.ViewFact, ...]:
    """Turn a command into facts, or refuse it."""
    if command.position in skips.positions:
        raise SkippedAlready(view=command.view, position=command.position)
    return (facts.FactSkipped(position=command.position),)


VIEW = Aggregate(
    name="view",
    initial=Skips(),
    facts=(facts.FactSkipped,),
    commands=(SkipFact,),
    decide=decide,
    evolve=evolve,
)
