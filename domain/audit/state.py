"""An audit as its facts made it. Before it is closed, and after it was opened again, nothing is known of it here."""

from __future__ import annotations

from datetime import datetime

import msgspec
from msgspec.structs import replace

from domain.audit.facts import AuditFact, Closed, PointSettled, Reopened
from domain.fact import Fold
from domain.streams import stream_under_audit


class Audit(msgspec.Struct, frozen=True, gc=False):
    """`closed`: how it was closed last, None while it is not; `settled`: the numbers of its points that are done with."""

    closed: Closed | None = None
    settled: tuple[int, ...] = ()

    @property
    def open_points(self) -> tuple[int, ...]:
        """The numbers of the inspector's own points that are not done with."""
        points = () if self.closed is None else range(1, len(self.closed.points) + 1)
        return tuple(point for point in points if point not in self.settled)


def evolve(audit: Audit, fact: AuditFact, at: datetime, version: int) -> Audit:
    """The audit after the fact."""
    match fact:
        case Closed():
            return Audit(closed=fact)
        case PointSettled():
            return replace(audit, settled=(*audit.settled, fact.point))
        case Reopened():
            return Audit()


AUDIT = Fold.of("audit", Audit(), AuditFact, evolve, beside=stream_under_audit)
