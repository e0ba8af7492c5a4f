"""What can happen to the access log, which itself lies beside the facts. The kinds and fields are stored for ever."""

from __future__ import annotations

from datetime import date

from domain.aggregate import Fact
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
    """What was read before that day in Seoul was taken out of the access log with this fact: so many readings."""

    kind = "access.pruned"
    before: date
    count: int


AccessFact = Reviewed | Pruned
