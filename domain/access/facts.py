"""What can happen to the access log, which itself lies beside the facts. The kinds and fields are stored for ever."""

from __future__ import annotations

from datetime import date
from typing import ClassVar, Literal

from domain.fact import Fact
from domain.values import TextRef


class Reviewed(Fact, frozen=True):
    """Somebody has looked at who read what in the month. `unusual`: how many findings were shown to them.

    `rows_sha256`: over the month's readings as they stood then, so that a later change of them shows.
    """

    kind = "access.reviewed"
    readings: int
    unusual: int
    rows_sha256: str
    note: TextRef


class Pruned(Fact, frozen=True):
    """What was read before that day in Seoul was taken out of the access log with this fact: so many readings.

    `gone`: the positions of entries whose readings of before that day were gone when this was asked, and which no earlier
    pruning took. Of a thousand or more the first thousand.
    """

    kind = "access.pruned"
    schema_version: ClassVar[int] = 2
    before: date
    count: int
    gone: tuple[int, ...] = ()


class GapAcknowledged(Fact, frozen=True):
    """Somebody has looked into why entries of the log of readings and refusals are missing, or are not those that were
    sealed, from one position to another. It is sealed on over them. `note`: what came of it.
    """

    kind = "access.gap_acknowledged"
    first: int
    last: int
    note: TextRef


Differing = Literal["entry", "reading", "refusal", "pruning"]


class RowExamined(Fact, frozen=True):
    """Somebody has looked into a reading or refusal that is not what was written down: `entry`, by the position of the
    entry that commits to another one, or to one that is gone; `reading` or `refusal`, by its id: no entry is of it;
    `pruning`, by the position of its entry: it took another number of readings than are gone.

    `found`: SHA-256 over what stands there, with its salt, or of a pruning over both numbers; absent where nothing does.
    Another content is another difference. `note`: what came of it.
    """

    kind = "access.row_examined"
    schema_version: ClassVar[int] = 2
    what: Differing
    number: int
    note: TextRef
    found: str | None = None


AccessFact = Reviewed | Pruned | GapAcknowledged | RowExamined
