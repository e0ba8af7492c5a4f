"""What came of a life: what was said of each step, what was seen on the way, and how it broke where it did."""

from __future__ import annotations

import traceback
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from domain.errors import DonghaengError
from scripts.random_lives.life import Life, Step
from scripts.random_lives.observing import Observed
from workflows.command_envelope import CommandEnvelope


@dataclass
class Told:
    """What was said of one step: given to the command handler as this order, and refused by that name, where it was.

    `details`: of the refusal, as its sentence is filled with; `position`: the log's last when it was refused.
    """

    step: Step
    envelope: CommandEnvelope | None = None
    refused: str | None = None
    details: dict[str, str] = field(default_factory=dict)
    position: int = 0


@dataclass
class Lived:
    """What came of a life. `away`: when the ticker was not there; `lost`: from when to when a restored store knows nothing;
    `broken`: a traceback or a hang, by which it ended early.
    """

    life: Life
    told: list[Told] = field(default_factory=list)
    away: list[tuple[datetime, datetime]] = field(default_factory=list)
    lost: list[tuple[datetime, datetime]] = field(default_factory=list)
    people: dict[str, str | None] = field(default_factory=dict)
    people_changes: list[tuple[datetime, str, str | None]] = field(default_factory=list)
    observed: list[Observed] = field(default_factory=list)
    month_ends: list[date] = field(default_factory=list)
    broken: str | None = None

    def was_lost(self, at: datetime) -> bool:
        """Whether the store that stands does not know what was done at that moment."""
        return any(began < at <= ended for began, ended in self.lost)

    @property
    def refusals(self) -> Counter[str]:
        return Counter(one.refused for one in self.told if one.refused)


def in_words(error: Exception) -> str:
    """Where it broke and of what, without the machine's paths."""
    frames = [one for one in traceback.extract_tb(error.__traceback__) if "site-packages" not in one.filename]
    at = [f"{'/'.join(Path(one.filename).parts[-3:])}:{one.lineno} in {one.name}" for one in frames[-8:]]
    said = error.say("en") if isinstance(error, DonghaengError) else str(error)
    return "\n".join([*at, f"{type(error).__name__}: {said}"])
