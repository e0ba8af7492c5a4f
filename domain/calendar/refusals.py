"""What a business calendar does not allow."""

from __future__ import annotations

from domain.errors import Refusal


class CalendarNotOpen(Refusal):
    """Business days of a year whose calendar nobody has opened cannot be counted."""

    ko = "{year}년 달력이 아직 없습니다. `donghaeng calendar open {year}`로 먼저 개설하십시오."
    en = "There is no calendar of {year} yet. Open it first with `donghaeng calendar open {year}`."


class CalendarOpenAlready(Refusal):
    """A year's calendar is opened once; afterwards days are proclaimed and withdrawn."""

    ko = "{year}년 달력은 이미 있습니다. 날을 더하거나 빼려면 `calendar proclaim`, `calendar withdraw`를 쓰십시오."
    en = "The calendar of {year} is open already. Use `calendar proclaim` and `calendar withdraw` to change it."


class AnotherYear(Refusal):
    """A holiday lies in another year than the calendar."""

    ko = "{day}은(는) {year}년이 아닙니다."
    en = "{day} does not lie in {year}."


class AlreadyClosed(Refusal):
    """The offices are closed on that day in any case."""

    ko = "{day}은(는) 이미 쉬는 날입니다({why})."
    en = "{day} is no business day in any case ({why})."


class NoHoliday(Refusal):
    """Only a holiday can be withdrawn."""

    ko = "{day}은(는) 휴일로 지정되어 있지 않아 취소할 것이 없습니다."
    en = "{day} is no holiday, so there is nothing to withdraw."


class DayIsPast(Refusal):
    """Offices that were open cannot have been closed."""

    ko = "{day}은(는) 이미 지났거나 오늘({today})입니다. 앞으로 올 날만 바꿀 수 있습니다."
    en = "{day} is past, or today ({today}). Only days to come can be changed."
