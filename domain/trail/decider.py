"""Every rule of the trail's own facts."""

from __future__ import annotations

from domain.aggregate import Aggregate, DecisionContext
from domain.trail import commands as c
from domain.trail import facts
from domain.trail.refusals import (
    DifferenceKnown,
    KeyKnown,
    KeyNotInUse,
    LastKey,
    NothingDiffers,
    NotLarger,
)
from domain.trail.state import TRAIL, Trail


def decide(command: c.TrailCommand, trail: Trail, context: DecisionContext) -> tuple[facts.TrailFact, ...]:
    """Turn a command into facts, or refuse it."""
    match command:
        case c.AddKey(vkey=vkey, note=note):
            if vkey in trail.keys + trail.retired:
                raise KeyKnown(vkey=vkey)
            return (facts.KeyAdded(vkey=vkey, note=note),)
        case c.RetireKey(vkey=vkey, note=note):
            if vkey not in trail.keys:
                raise KeyNotInUse(vkey=vkey)
            if len(trail.keys) == 1:
                raise LastKey(vkey=vkey)
            return (facts.KeyRetired(vkey=vkey, note=note),)
        case c.RecordSeal(size=size) as seal:
            late = size == trail.sealed and not set(seal.witnesses) <= set(trail.witnesses)
            if size <= trail.sealed and not late:
                raise NotLarger(size=size, sealed=trail.sealed)
            return (seal.make_fact(facts.Sealed),)
        case c.RecordMap(origin=origin, size=size, streams=streams, root=root):
            return (facts.Mapped(origin=origin, size=size, streams=streams, root=root),)
        case c.RecordTimestamp(size=size) as stamp:
            return (facts.Timestamped(size=size, note=stamp.note, token=stamp.token, at=stamp.at),)
        case c.RecordDifference(part=part, what=what, position=position, row=row, size=size):
            if (part, what, position, row) in trail.differing:
                raise DifferenceKnown(part=part, what=what, position=position or row or "–")
            return (facts.DifferenceFound(part=part, what=what, size=size, position=position, row=row),)
        case c.RecordAgreement(part=part, size=size):
            if not any(one[0] == part for one in trail.differing):
                raise NothingDiffers(part=part)
            return (facts.AgreedAgain(part=part, size=size),)


AGGREGATE = Aggregate.on(TRAIL, c.TrailCommand, decide)
