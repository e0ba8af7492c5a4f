"""What can happen to the audit of a task or of a year's programme. The kinds and fields are stored for ever."""

from __future__ import annotations

from domain.fact import Fact
from domain.values import TextRef


class Closed(Fact, frozen=True):
    """An inspector has closed the audit as a whole, over all facts up to a position.

    `findings`: how many findings there were of it; `open`: the names of those that nobody had examined; `points`: what
    else is left open, in the inspector's words, numbered from 1; `note`: what the audit came to.
    """

    kind = "audit.closed"
    up_to: int
    findings: int
    note: TextRef
    open: tuple[str, ...] = ()
    points: tuple[TextRef, ...] = ()


class PointSettled(Fact, frozen=True):
    """An open point of the audit is done with. `point`: its number; `note`: what came of it."""

    kind = "audit.point_settled"
    point: int
    note: TextRef


class Reopened(Fact, frozen=True):
    """The audit goes on; the envelope's reason says why."""

    kind = "audit.reopened"


AuditFact = Closed | PointSettled | Reopened
