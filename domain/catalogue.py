"""All aggregates and commands by the names under which they are stored and asked for: those of the register, with what decides."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module

from domain.aggregate import Aggregate, Command
from domain.fact import Fold
from domain.register import FOLDS
from domain.streams import kind_of


def _aggregate_on(fold: Fold) -> Aggregate:
    """What decides on it stands in the same folder."""
    folder = type(fold.initial).__module__.rpartition(".")[0]
    found: Aggregate = import_module(f"{folder}.decider").AGGREGATE
    return found


AGGREGATES: Mapping[str, Aggregate] = {name: _aggregate_on(fold) for name, fold in FOLDS.items()}
COMMANDS: Mapping[str, type[Command]] = {
    command.name: command for aggregate in AGGREGATES.values() for command in aggregate.commands
}


def aggregate_of(stream: str) -> Aggregate:
    """The aggregate of a stream, e.g. that of tasks for "task/2024-07". Raises KeyError for streams of no aggregate."""
    return AGGREGATES[kind_of(stream)]
