"""One step of a simulated year: who does what at which moment."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time

import msgspec

from domain.aggregate import Command
from domain.seoul import FIRST_HOUR, LAST_HOUR, SEOUL
from domain.task.commands import Correct, CorrectEvaluated
from store.envelope import Actor


class Step(msgspec.Struct, frozen=True):
    """`at`: aware; the store's clock is moved there before the command is handed in.

    `by_rule`: nobody hands it in; by then a rule has done it. `details`: what the vault is told of a new person.
    `on_behalf_of`: in whose place the actor acts. `effective_at`: when it was so, of a late entry. `refused`: the name
    of the refusal that it is to meet. `corrects`: the kind of which it corrects the last fact, whose number depends on
    what rules have done by then.
    """

    at: datetime
    command: Command
    actor: Actor
    reason: str
    by_rule: bool = False
    details: Mapping[str, str] = {}
    on_behalf_of: Actor | None = None
    effective_at: datetime | None = None
    refused: str | None = None
    corrects: str | None = None

    def command_after(self, kinds: Sequence[str]) -> Command:
        """The command to hand in where its stream holds facts of these kinds, oldest first."""
        if self.corrects is None or not isinstance(self.command, Correct | CorrectEvaluated):
            return self.command
        version = max(number for number, kind in enumerate(kinds, start=1) if kind == self.corrects)
        return self.command.model_copy(update={"fact": f"{self.command.stream}#{version}"})


def while_offices_work(day: date, chance: random.Random) -> datetime:
    """A moment of that day between 09:00 and 17:59 in Seoul."""
    return datetime.combine(day, time(chance.randrange(FIRST_HOUR, LAST_HOUR), chance.randrange(60)), SEOUL)
