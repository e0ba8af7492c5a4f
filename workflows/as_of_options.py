"""What somebody typed for --as-of and --effective, as a slice of the log; or a refusal that says how to write it."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import msgspec

from domain.errors import Lang, Refusal
from domain.seoul import SEOUL, Moment
from projections.slices import AsOf, AsOfMoments, resolve_as_of, resolve_known_as_of
from store.log import Store

_WRITTEN = re.compile(r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:\d\d)?)?", re.ASCII)


class BadMoment(Refusal):
    ko = "{option}의 ‘{given}’은(는) 날짜나 시각이 아닙니다. 2024-03-07 또는 2024-03-07T09:30(서울 시각)으로 적으십시오."
    en = "{option} “{given}” is neither a day nor a time. Write 2024-03-07 or 2024-03-07T09:30 (Seoul)."


class SpanUpsideDown(Refusal):
    """The span holds no moment."""

    ko = "{since}부터 {until} 전까지는 빈 기간입니다. 앞뒤를 바꾸어 주십시오."
    en = "From {since} until before {until} there is no time at all. Turn the two round."


class NotYet(Refusal):
    """`now`: the store's clock."""

    ko = "{option}의 {given}은(는) 아직 오지 않았습니다(현재 {now}). 지난 날짜나 시각을 지정하거나 빼고 실행하십시오."
    en = "{option} {given} has not come yet (it is {now}). Give a day or time that has, or leave it out."


class SliceRead(msgspec.Struct, frozen=True):
    """Of when an answer is: the moments, excluded themselves, and the position of the last fact that was known."""

    as_of: datetime | None
    effective: datetime | None
    position: int


def slice_read(wanted: AsOfMoments, at: AsOf) -> SliceRead:
    return SliceRead(wanted.as_of, wanted.effective, at.last)


def until(store: Store, option: str, given: str) -> datetime:
    """The moment at which what was typed is over: a day or time in Seoul, or a time with its own offset.

    Raises BadMoment, NotYet.
    """
    begins, ends = _read(option, given)
    if begins > (now := store.now()):
        raise NotYet(option=option, given=given, now=Moment(now))
    return ends


def slice_from(store: Store, as_of: str | None, effective: str | None) -> AsOfMoments:
    """Raises BadMoment, NotYet."""
    return AsOfMoments(
        None if as_of is None else until(store, "--as-of", as_of),
        None if effective is None else until(store, "--effective", effective),
    )


def parse_as_of(store: Store, as_of: str | None, effective: str | None) -> tuple[AsOfMoments, AsOf] | None:
    """The slice, and where it cuts the log as it is now; None where neither was typed.

    Raises BadMoment, NotYet, NothingKnownThen.
    """
    if as_of is None and effective is None:
        return None
    wanted = slice_from(store, as_of, effective)
    return wanted, resolve_known_as_of(store, wanted)


def parse_as_of_pair(
    store: Store, since: str, to: str, *, effective: bool
) -> tuple[AsOfMoments, AsOfMoments, AsOf, AsOf]:
    """Two slices in one sense, and their cuts. Before the first of them there may be nothing.

    Raises BadMoment, NotYet, SpanUpsideDown, NothingKnownThen.
    """
    begin, end = until(store, "--from", since), until(store, "--to", to)
    if begin >= end:
        raise SpanUpsideDown(since=Moment(begin), until=Moment(end))
    if not effective:
        early, late = AsOfMoments(as_of=begin), AsOfMoments(as_of=end)
        return early, late, resolve_as_of(store, early), resolve_known_as_of(store, late)
    early, late = AsOfMoments(effective=begin), AsOfMoments(effective=end)
    at = resolve_known_as_of(store, late)
    return early, late, AsOf(at.last, begin), at


def _read(option: str, given: str) -> tuple[datetime, datetime]:
    """When it begins and ends: a day at the next midnight, a minute with the next one, as histories show them."""
    written = _WRITTEN.fullmatch(given)
    if written is None:
        raise BadMoment(option=option, given=given[:40])
    time, second, offset = written.groups()
    try:
        read = datetime.fromisoformat(given)
        begins = read.replace(tzinfo=SEOUL) if offset is None else read.astimezone(SEOUL)
        return begins, begins + timedelta(
            days=time is None, minutes=bool(time and not second), seconds=bool(second)
        )
    except (ValueError, OverflowError):
        raise BadMoment(option=option, given=given) from None


def describe_slice(wanted: SliceRead, lang: Lang) -> str:
    """In which sense and of when the answer is, in a line."""
    known = None if wanted.as_of is None else _moment_in_words(wanted.as_of, lang)
    so = None if wanted.effective is None else _moment_in_words(wanted.effective, lang)
    if lang == "ko":
        if so is None:
            said = f"{known} 알려진 대로"
        else:
            said = f"{so} 있었던 일을 " + (f"{known} 알려진 대로" if known else "그 뒤의 정정까지 반영하여")
        return f"{said} (기록 {wanted.position}번까지)"
    if so is None:
        said = f"As it was known {known}"
    else:
        said = f"As it was {so}, " + (f"as known {known}" if known else "as corrected since")
    return f"{said} (facts up to position {wanted.position})"


def _moment_in_words(moment: datetime, lang: Lang) -> str:
    """Until when, as a person says it."""
    local = moment.astimezone(SEOUL)
    if local.hour == local.minute == local.second == 0:
        day = (local - timedelta(days=1)).date()
        return f"{day}까지" if lang == "ko" else f"by the end of {day}"
    said = f"{local:%Y-%m-%d %H:%M}" if local.second == 0 else f"{local:%Y-%m-%d %H:%M:%S}"
    return f"{said} 전까지" if lang == "ko" else f"before {said}"
