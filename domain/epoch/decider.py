"""Every rule of the store's epochs."""

from __future__ import annotations

from domain.aggregate import Aggregate, Given
from domain.epoch import facts
from domain.epoch.commands import BeginEpoch, EpochCommand
from domain.epoch.refusals import EpochBegunAlready
from domain.epoch.state import Epoch, evolve


def decide(command: EpochCommand, epoch: Epoch, given: Given) -> tuple[facts.EpochFact, ...]:
    """Turn a command into facts, or refuse it."""
    if command.number <= epoch.number:
        raise EpochBegunAlready(number=command.number, current=epoch.number)
    return (facts.EpochBegun(number=command.number, after=command.after),)


EPOCH = Aggregate(
    name="store",
    initial=Epoch(),
    facts=(facts.EpochBegun,),
    commands=(BeginEpoch,),
    decide=decide,
    evolve=evolve,
)
