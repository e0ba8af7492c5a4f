"""What somebody typed for --as-of and --effective, as a slice of the log; or a refusal that says how to write it."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from domain.errors import Refusal
from domain.seoul import SEOUL, Moment
from projections.slices import Cut, Slice, checked, cut
from store.log import Store
from workflows.trail_filters import BadMoment, SpanUpsideDown

_WRITTEN = re.compile(r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:\d\d)?)?", re.ASCII)


class NotYet(Refusal):
    """`now`: the store's clock."""

    ko = "{option}의 {given}은(는) 아직 오지 않았습니다(현재 {now}). 지난 날짜나 시각을 주거나 빼고 실행하십시오."
    en = "{option} {given} has not come yet (it is {now}). Give a day or time that has, or leave it out."


def until(store: Store, option: str, given: str) -> datetime:
    """The moment at which what was typed is over: a day or time in Seoul, or a time with its own offset.

    Raises BadMoment, NotYet.
    """
    begins, ends = _read(option, given)
    if begins > (now := store.now()):
        raise NotYet(option=option, given=given, now=Moment(now))
    return ends


def slice_from(store: Store, as_of: str | None, effective: str | None) -> Slice:
    """Raises BadMoment, NotYet."""
    return Slice(
        None if as_of is None else until(store, "--as-of", as_of),
        None if effective is None else until(store, "--effective", effective),
    )


def cut_from(store: Store, as_of: str | None, effective: str | None) -> tuple[Slice, Cut] | None:
    """The slice, and where it cuts the log as it is now; None where neither was typed.

    Raises BadMoment, NotYet, NothingKnownThen.
    """
    if as_of is None and effective is None:
        return None
    wanted = slice_from(store, as_of, effective)
    return wanted, checked(store, wanted)


def cuts_between(store: Store, since: str, to: str, *, effective: bool) -> tuple[Slice, Slice, Cut, Cut]:
    """Two slices in one sense, and their cuts. Before the first of them there may be nothing.

    Raises BadMoment, NotYet, SpanUpsideDown, NothingKnownThen.
    """
    begin, end = until(store, "--from", since), until(store, "--to", to)
    if begin >= end:
        raise SpanUpsideDown(since=Moment(begin), until=Moment(end))
    if not effective:
        early, late = Slice(as_of=begin), Slice(as_of=end)
        return early, late, cut(store, early), checked(store, late)
    early, late = Slice(effective=begin), Slice(effective=end)
    at = checked(store, late)
    return early, late, Cut(at.last, begin), at


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
