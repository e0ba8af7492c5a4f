"""Between which outside times a fact was recorded: not before what an earlier fact holds, not after it was seen."""

from __future__ import annotations

import base64
from datetime import datetime

import msgspec

from domain.errors import Worded
from projections.trail.errors import AuthorityNotTrusted, NotTrusted
from projections.trail.leaves import is_sane
from projections.trail.note import Note, parse_note
from projections.trail.policy import Policy
from projections.trail.signed import clock, not_forged, seen_between
from projections.trail.timestamps import verify
from projections.trail.verdict import Verdict
from store.json_bytes import BROKEN

SEALED, TIMESTAMPED = "trail.sealed", "trail.timestamped"


class _Seen(msgspec.Struct, frozen=True):
    note: str
    at: datetime | None = None
    token: str | None = None


class Held(msgspec.Struct, frozen=True):
    """What a fact about the trail holds of others: a note with cosignatures; an authority's token (DER) and its time."""

    note: Note
    at: datetime | None
    token: bytes | None


def held_in(origin: str, kind: str, state: bytes, where: str) -> Held | None:
    """None in other facts than those about the trail.

    `state`: stored bytes. Facts of an earlier log say nothing. Raises NotTrusted.
    """
    if kind not in (SEALED, TIMESTAMPED):
        return None
    try:
        seen = msgspec.json.decode(state.partition(b"\n")[2], type=_Seen)
        token = None if seen.token is None else base64.b64decode(seen.token)
    except BROKEN:
        problem = Worded("봉인 기록을 읽을 수 없습니다", "the fact about the trail cannot be read")
        raise NotTrusted(where=where, problem=problem) from None
    if seen.at is not None and not is_sane(seen.at):
        raise NotTrusted(
            where=where,
            problem=Worded("시점확인의 시각을 읽을 수 없습니다", "the time of its timestamp cannot be read"),
        )
    note = parse_note(seen.note.encode(), where)
    if note.text.partition("\n")[0] != origin:
        return None
    return Held(note, seen.at, token)


def floor_of(policy: Policy, held: Held, where: str) -> datetime | None:
    """The time before which neither the fact nor what comes after it can have been recorded; None where it says none.

    Raises NotTrusted.
    """
    between = seen_between(policy, not_forged(held.note, policy, where))
    times = [] if between is None else [between[0]]
    return max([*times, held.at] if held.at is not None else times, default=None)


def check_held_token(held: Held, certificates: bytes | None, verdict: Verdict, where: str) -> None:
    """That the token is over the note and says the time that the fact says. Raises NotTrusted.

    `certificates`: PEM of the authorities that are trusted; of others, and without any, nothing is said for sure.
    """
    if held.token is None or held.at is None:
        return
    if certificates is None:
        verdict.remarks(where, "시점확인기관의 인증서가 없습니다", "there is no certificate of an authority")
        return
    try:
        at = verify(held.token, str(held.note).encode(), certificates, where)
    except AuthorityNotTrusted as error:  # another was asked in those days
        problem = error.details["problem"]
        assert isinstance(problem, Worded)
        verdict.remarks(where, problem.ko, problem.en)
        return
    if at != held.at:
        problem = Worded(
            f"시점확인 토큰은 {clock(at)}인데 기록은 {clock(held.at)}이라고 합니다(날짜 소급)",
            f"its timestamp is of {clock(at)}, and the fact says {clock(held.at)}: it is back-dated",
        )
        raise NotTrusted(where=where, problem=problem)
