"""Between which outside times a fact was recorded: not before what an earlier fact holds, not after it was seen."""

from __future__ import annotations

import base64
from datetime import datetime

import msgspec

from trail.bilingual import Bilingual
from trail.errors import AuthorityNotTrusted, NotTrusted
from trail.json_bytes import BROKEN
from trail.leaves import is_sane
from trail.note import Note, parse_note
from trail.policy import Policy
from trail.signed import check_not_forged, clock, times_seen
from trail.verdict import Verdict

SEALED, TIMESTAMPED = "trail.sealed", "trail.timestamped"


class _Seen(msgspec.Struct, frozen=True):
    note: str
    at: datetime | None = None
    token: str | None = None
    readings_size: int | None = None
    readings_root: str | None = None


class HeldTimes(msgspec.Struct, frozen=True):
    """What a fact about the trail holds of others: a note with cosignatures; an authority's token (DER) and its time; size
    and root of the log of readings and refusals.
    """

    note: Note
    at: datetime | None
    token: bytes | None
    readings: tuple[int, bytes] | None


def read_held_times(origin: str, kind: str, state: bytes, where: str) -> HeldTimes | None:
    """None in other facts than those about the trail.

    `state`: stored bytes. Facts of an earlier log say nothing. Raises NotTrusted.
    """
    if kind not in (SEALED, TIMESTAMPED):
        return None
    try:
        seen = msgspec.json.decode(state.partition(b"\n")[2], type=_Seen)
        token = None if seen.token is None else base64.b64decode(seen.token)
        readings = None
        if seen.readings_size:
            readings = seen.readings_size, base64.b64decode(seen.readings_root or "")
    except BROKEN:
        problem = Bilingual("봉인 기록을 읽을 수 없습니다", "the fact about the trail cannot be read")
        raise NotTrusted(where=where, problem=problem) from None
    if seen.at is not None and not is_sane(seen.at):
        raise NotTrusted(
            where=where,
            problem=Bilingual(
                "시점확인의 시각을 읽을 수 없습니다", "the time of its timestamp cannot be read"
            ),
        )
    note = parse_note(seen.note.encode(), where)
    if note.text.partition("\n")[0] != origin:
        return None
    return HeldTimes(note, seen.at, token, readings)


def floor_of(policy: Policy, held: HeldTimes, where: str) -> datetime | None:
    """The time before which neither the fact nor what comes after it can have been recorded; None where it says none.

    Raises NotTrusted.
    """
    between = times_seen(policy, check_not_forged(held.note, policy, where))
    times = [] if between is None else [between[0]]
    return max([*times, held.at] if held.at is not None else times, default=None)


def check_token(held: HeldTimes, certificates: bytes | None, verdict: Verdict, where: str) -> None:
    """That the token is over the note and says the time that the fact says. Raises NotTrusted.

    `certificates`: PEM of the authorities that are trusted; of others, and without any, nothing is said for sure.
    """
    if held.token is None or held.at is None:
        return
    if certificates is None:
        verdict.remarks(where, "시점확인기관의 인증서가 없습니다", "there is no certificate of an authority")
        return
    from trail.timestamps import verify  # noqa: PLC0415 - ciphers take long to load

    try:
        at = verify(held.token, str(held.note).encode(), certificates, where)
    except AuthorityNotTrusted as error:  # another was asked in those days
        problem = error.details["problem"]
        assert isinstance(problem, Bilingual)
        verdict.remarks(where, problem.ko, problem.en)
        return
    if at != held.at:
        problem = Bilingual(
            f"시점확인 토큰은 {clock(at)}인데 기록은 {clock(held.at)}이라고 합니다(날짜 소급)",
            f"its timestamp is of {clock(at)}, and the fact says {clock(held.at)}: it is back-dated",
        )
        raise NotTrusted(where=where, problem=problem)
