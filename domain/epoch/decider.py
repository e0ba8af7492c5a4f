"""Every rule of the store's epochs."""

from __future__ import annotations

from domain.aggregate import Aggregate, DecisionContext
from domain.epoch import facts
from domain.epoch.commands import EpochCommand
from domain.epoch.refusals import EpochBegunAlready
from domain.epoch.state import EPOCH, Epoch


def decide(command: EpochCommand, epoch: Epoch, context: DecisionContext) -> tuple[facts.EpochFact, ...]:
    """Turn a command into facts, or refuse it."""
    if command.number <= epoch.number:
        raise EpochBegunAlready(number=command.number, current=epoch.number)
    return (facts.EpochBegun(number=command.number, after=command.after),)


AGGREGATE = Aggregate.on(EPOCH, EpochCommand, decide)
