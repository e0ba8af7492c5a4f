"""What can be asked of the access log."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import AfterValidator, Field

from domain.aggregate import Command
from domain.errors import Worded
from domain.limits import FIRST_YEAR, LAST_YEAR, FreeText, Sha256
from domain.plan_limits import Day
from domain.refusals import wrong

PRUNINGS = "access/log"
_Readings = Annotated[int, Field(strict=True, ge=0, le=2**62)]


def check_month(value: str, at: str = "") -> str:
    """A month of the years that there can be, as 2024-05."""
    try:
        first = date.fromisoformat(f"{value}-01")
    except ValueError:
        raise wrong("month", at) from None
    if not FIRST_YEAR <= first.year <= LAST_YEAR:
        raise wrong("year_range", at, min=FIRST_YEAR, max=LAST_YEAR)
    return value


Month = Annotated[str, AfterValidator(check_month)]


def review_stream(month: str) -> str:
    return f"access/{month}"


class SignOff(Command):
    """Say that the month's readings were looked at, with what was seen of them."""

    name = "access.sign_off"
    label = Worded("열람 기록 점검 확인", "sign off the review of who read what")
    month: Month
    readings: _Readings
    unusual: _Readings
    rows_sha256: Sha256
    note: FreeText

    @property
    def stream(self) -> str:
        return review_stream(self.month)


class Prune(Command):
    """Take out of the access log what was read before a day in Seoul. `count`: how many readings that are."""

    name = "access.prune"
    label = Worded("오래된 열람 기록 삭제", "take old readings out of the access log")
    before: Day
    count: Annotated[int, Field(strict=True, ge=1, le=2**62)]

    @property
    def stream(self) -> str:
        return PRUNINGS


AccessCommand = SignOff | Prune
