"""Between which outside times a fact was recorded: not before what an earlier fact holds, not after it was seen."""

from __future__ import annotations

from datetime import datetime

import msgspec

from domain.errors import Worded
from projections.trail.errors import NotTrusted
from projections.trail.note import parse_note
from projections.trail.policy import Policy
from projections.trail.signed import seen_between

SEALED, TIMESTAMPED = "trail.sealed", "trail.timestamped"


class Seen(msgspec.Struct, frozen=True):
    """What a fact about the trail holds of others: a note with cosignatures, and an authority's time."""

    note: str
    at: datetime | None = None


def floor_of(policy: Policy, origin: str, kind: str, state: bytes, where: str) -> datetime | None:
    """The time before which neither the fact nor what comes after it can have been recorded; None where it says none.

    `state`: stored bytes. Facts of an earlier log say nothing. Raises NotTrusted.
    """
    if kind not in (SEALED, TIMESTAMPED):
        return None
    try:
        seen = msgspec.json.decode(state.partition(b"\n")[2], type=Seen)
    except msgspec.MsgspecError:
        problem = Worded("봉인 기록을 읽을 수 없습니다", "the fact about the trail cannot be read")
        raise NotTrusted(where=where, problem=problem) from None
    note = parse_note(seen.note.encode(), where)
    if note.text.partition("\n")[0] != origin:
        return None
    between = seen_between(policy, note)
    times = [] if between is None else [between[0]]
    return max([*times, seen.at] if seen.at is not None else times, default=None)
