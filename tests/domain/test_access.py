"""The access log's own facts: a month is signed off once, and nothing younger than two years is taken out."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from domain.access.commands import Prune, SignOff
from domain.access.decider import last_day, prunable_before
from domain.access.facts import Pruned, Reviewed
from domain.access.refusals import KeptTwoYears, MonthNotOver, PrunedAlready, ReviewedAlready
from domain.errors import BadInput
from domain.limits import bad_input
from tests.domain.examples import REF, refused, when

SUM = "a" * 64
REVIEWED = Reviewed(readings=214, unusual=3, rows_sha256=SUM, note=REF)
PRUNED = Pruned(before=date(2024, 5, 1), count=12)
JUNE = datetime(2024, 5, 31, 15, tzinfo=UTC)  # the first moment of it in Seoul
TWO_YEARS_ON = datetime(2026, 5, 6, 15, tzinfo=UTC)


def sign_off(month: str = "2024-05") -> SignOff:
    return SignOff(month=month, readings=214, unusual=3, rows_sha256=SUM, note=REF)


def test_a_month_is_signed_off_when_it_is_over_in_seoul() -> None:
    assert when(sign_off(), at=JUNE) == (REVIEWED,)
    refused(MonthNotOver, sign_off(), at=JUNE.replace(hour=14, minute=59))


def test_a_month_is_signed_off_once() -> None:
    refused(ReviewedAlready, sign_off(), [REVIEWED], at=JUNE)


@pytest.mark.parametrize("month", ["2024-13", "2024-5", "2024", "05-2024", "1999-01", "2024-05-01", ""])
def test_what_is_no_month_is_refused_by_name(month: str) -> None:
    with pytest.raises(BadInput) as caught:
        _made(month)
    assert "month" in caught.value.say("en")


def _made(month: str) -> Any:
    from pydantic import ValidationError  # noqa: PLC0415

    try:
        return sign_off(month)
    except ValidationError as error:
        raise bad_input(error) from None


def test_what_is_two_years_old_may_go_and_nothing_younger() -> None:
    assert when(Prune(before=date(2024, 5, 7), count=12), at=TWO_YEARS_ON) == (
        Pruned(before=date(2024, 5, 7), count=12),
    )
    refused(KeptTwoYears, Prune(before=date(2024, 5, 8), count=12), at=TWO_YEARS_ON)


def test_what_is_gone_is_not_taken_out_again() -> None:
    refused(PrunedAlready, Prune(before=date(2024, 5, 1), count=1), [PRUNED], at=TWO_YEARS_ON)
    assert when(Prune(before=date(2024, 5, 2), count=1), [PRUNED], at=TWO_YEARS_ON)


def test_leap_days_have_a_day_two_years_before() -> None:
    assert prunable_before(date(2028, 2, 29)) == date(2026, 2, 28)
    assert (last_day("2024-02"), last_day("2023-12")) == (date(2024, 2, 29), date(2023, 12, 31))
