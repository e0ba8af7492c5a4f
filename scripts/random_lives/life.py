"""What a life is: who takes part, and who does what at which moment. Plain data, the same for the same seed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

SEOUL = ZoneInfo("Asia/Seoul")
TAKE = "task_step"  # a step of a definition's own


class Step(msgspec.Struct, frozen=True, omit_defaults=True):
    """`do`: a name of `acts.ACTS` or `machine.TURNS`; `late`: since when it was so, for a late entry.

    What depends on what came before (which report is corrected, who leads by now) is said in words and found when the
    step is taken, so that steps before it can be left out.
    """

    at: datetime
    do: str
    task: str | None = None
    agency: str | None = None
    late: datetime | None = None
    values: Mapping[str, Any] = {}

    def __str__(self) -> str:
        about = " ".join(one for one in (self.task, self.agency) if one)
        given = " ".join(f"{name}={value}" for name, value in self.values.items())
        late = f" (was so {self.late.astimezone(SEOUL):%Y-%m-%d %H:%M})" if self.late else ""
        return f"{self.at.astimezone(SEOUL):%Y-%m-%d %H:%M} {self.do} {about} {given}".rstrip() + late


class Life(msgspec.Struct, frozen=True):
    """`until`: when it is looked back on; `supervisor`: with real worker processes."""

    seed: int
    until: datetime
    steps: tuple[Step, ...]
    supervisor: bool = False

    @property
    def tasks(self) -> list[str]:
        return list(dict.fromkeys(one.task for one in self.steps if one.task))

    @property
    def agencies(self) -> list[str]:
        return list(dict.fromkeys(one.agency for one in self.steps if one.agency))


def moment(day: date, hour: int = 0, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), SEOUL)
