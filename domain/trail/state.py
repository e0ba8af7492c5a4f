"""The trail as its facts made it: of the stream of keys those in use, of a day's stream how far it is sealed, of that
of comparisons what differs."""

from __future__ import annotations

from datetime import datetime

import msgspec
from msgspec.structs import replace

from domain.fact import Fold
from domain.trail.facts import AgreedAgain, DifferenceFound, KeyAdded, KeyRetired, Sealed, TrailFact


class Trail(msgspec.Struct, frozen=True, gc=False):
    """`keys`: in use, the oldest first; `retired`: never to be used again; `sealed`: the largest size.

    `witnesses`: who has cosigned that. `differing`: part, how, at which fact's position and in which row the database was
    found not to be what was sealed.
    """

    keys: tuple[str, ...] = ()
    retired: tuple[str, ...] = ()
    sealed: int = 0
    witnesses: tuple[str, ...] = ()
    differing: tuple[tuple[str, str, int | None, str | None], ...] = ()


def evolve(trail: Trail, fact: TrailFact, at: datetime, version: int) -> Trail:
    """The trail after the fact."""
    match fact:
        case KeyAdded(vkey=vkey):
            return replace(trail, keys=(*trail.keys, vkey))
        case KeyRetired(vkey=vkey):
            keys = tuple(key for key in trail.keys if key != vkey)
            return replace(trail, keys=keys, retired=(*trail.retired, vkey))
        case Sealed(size=size, witnesses=witnesses):
            return replace(trail, sealed=size, witnesses=witnesses)
        case DifferenceFound(part=part, what=what, position=position, row=row):
            return replace(trail, differing=(*trail.differing, (part, what, position, row)))
        case AgreedAgain(part=part):
            return replace(trail, differing=tuple(one for one in trail.differing if one[0] != part))
    return trail


TRAIL = Fold.of("trail", Trail(), TrailFact, evolve)
