"""What was done with the access log, as its facts made it: a month's review, or what was taken out of it."""

from __future__ import annotations

from datetime import date, datetime

import msgspec
from msgspec.structs import replace

from domain.access.facts import AccessFact, Pruned, Reviewed
from domain.fact import Fold


class Access(msgspec.Struct, frozen=True, gc=False):
    """`review`: of the stream's month; `pruned`: what was read before that day is gone."""

    review: Reviewed | None = None
    pruned: date | None = None


def evolve(access: Access, fact: AccessFact, at: datetime, version: int) -> Access:
    if isinstance(fact, Pruned):
        return replace(access, pruned=fact.before)
    if isinstance(fact, Reviewed):
        return replace(access, review=fact)
    return access


ACCESS = Fold.of("access", Access(), AccessFact, evolve)
