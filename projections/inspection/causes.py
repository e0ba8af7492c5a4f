"""What led to a fact: rules name the fact, or the fact of a stream, because of which they acted."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from domain.streams import kind_of
from store.log import Store
from store.recorded import RecordedFact

_NAMED = re.compile(r"(?P<stream>[a-z]+/[^#]+)(#(?P<number>[0-9]{1,9}))?")
_SPANS = ("agency.substitute_appointed", "agency.decision_delegated")


def chain(store: Store, one: RecordedFact[Any], most: int) -> list[RecordedFact[Any]]:
    """What led to a fact, the nearest first, back to what nobody but its actor caused; at most so many."""
    found: list[RecordedFact[Any]] = []
    while len(found) < most and (before := cause_of(store, one)) is not None:
        found.append(before)
        one = before
    return found


def cause_of(store: Store, one: RecordedFact[Any]) -> RecordedFact[Any] | None:
    """The fact because of which a rule made this one; it is always an earlier one."""
    cause = one.envelope.cause
    if cause is None:
        return None
    earlier: Sequence[RecordedFact[Any]] = ()
    if cause.fact is not None:
        earlier = store.at([cause.fact])
    elif cause.due is not None and (named := _NAMED.fullmatch(cause.due)):
        stream = store.read(named["stream"])
        earlier = stream if named["number"] is None else [f for f in stream if cause.due in names_of(f)]
    earlier = [fact for fact in earlier if fact.position < one.position]
    return earlier[-1] if earlier else None


def names_of(one: RecordedFact[Any]) -> tuple[str, ...]:
    """Under what names rules speak of a fact: its version in the stream, or the span of an agency by number."""
    if one.kind in _SPANS:
        return (f"{one.stream}#{one.fact.number}",)
    return () if kind_of(one.stream) == "agency" else (f"{one.stream}#{one.version}",)
