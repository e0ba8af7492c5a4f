"""What officials and their spreadsheets write is read where it means one thing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest

from workflows.importing.cell_meanings import Meant, Unclear, day, money, task_number

SPRING = date(2027, 3, 2)  # a Tuesday


@pytest.mark.parametrize(
    "written",
    [
        *(
            "2027-03-02",
            "2027-3-2",
            "2027.3.2",
            "2027.3.2.",
            "2027. 3. 2.",
            "2027/03/02",
            "20270302",
            "2027년 3월 2일",
        ),
        *(
            "2027년3월2일(화)",
            "2027. 3. 2.(화)",
            "2027. 3. 2. (화)",
            "2027. 3. 2. 화요일",
            "2027-03-02 (Tue)",
        ),
        *(
            "2027-03-02 00:00:00",
            "2027-03-02T00:00:00",
            "'27. 3. 2.",
            "’27.3.2.",
            "２０２７．３．２",
            "46448",
        ),
        *(46448, 20270302, SPRING),
    ],
)
def test_a_day_is_read(written: Any) -> None:
    assert day(written).value == SPRING


@pytest.mark.parametrize(
    "written",
    [
        *(
            "2027년 3월",
            "2027-02-30",
            "27.3.2",
            "3월 2일",
            "2027. 3. ~ 2027. 12.",
            "2027",
            "3/2/2027",
            "미정",
            "2027-13-01",
        ),
        *("2027. 3. 2.(회)", 2027, 3.5, True, datetime(2027, 3, 2, 12, 30)),
    ],
)
def test_what_is_no_day_or_might_be_several_is_refused(written: Any) -> None:
    with pytest.raises(Unclear):
        day(written)


@pytest.mark.parametrize("written", ["2027. 3. 2.(월)", "2027년 3월 2일 수요일", "2027-03-02 (Mon)"])
def test_a_weekday_that_does_not_fit_its_date_is_refused_and_the_right_one_named(written: str) -> None:
    with pytest.raises(Unclear) as refused:
        day(written)
    assert "화요일" in refused.value.problem.say("ko")
    assert "Tuesday" in refused.value.problem.say("en")


@pytest.mark.parametrize(
    ("written", "amount"),
    [
        *(
            (one, 120_000_000)
            for one in ("120000000", "120,000,000", "120,000,000원", "₩120,000,000", "￦120,000,000")
        ),
        *(
            (one, 120_000_000)
            for one in ("금 120,000,000원", "금120,000,000원정", "120,000천원", "120백만원", "1억 2천만원")
        ),
        *(
            (one, 120_000_000)
            for one in (
                "1억 2,000만원",
                "12,000만원",
                "１２０，０００，０００원",
                "KRW 120,000,000",
                120_000_000,
            )
        ),
        ("2억", 200_000_000),
        ("1조 2억 3천4백만 5,000원", 1_000_234_005_000),
        ("5천원", 5_000),
        (0, 0),
    ],
)
def test_money_is_read(written: Any, amount: int) -> None:
    assert money(written).value == amount


@pytest.mark.parametrize(
    "written",
    [
        *(
            "2억 5천",
            "2억 5천원",
            "4.7억",
            "약 1억원",
            "1,00",
            "-5",
            "1.2E+08",
            "만원",
            "억",
            "원",
            "1만 2억원",
            "12만 34만원",
        ),
        *("5천", "120", "1억~2억", "100 달러", 1.5, True)[:1],
        *("1억~2억", "100 달러", 1.5, True),
    ],
)
def test_what_is_no_amount_or_might_be_several_is_refused(written: Any) -> None:
    with pytest.raises(Unclear):
        money(written)


@pytest.mark.parametrize(
    "written",
    ["Jan-27", "jan-2027", "2027년 1월", "2027-01-01", "2027. 1. 1.", "46388", 46388, date(2027, 1, 1)],
)
def test_a_month_that_the_spreadsheet_made_of_a_number_is_read_back_and_told(written: Any) -> None:
    read = task_number(written)

    assert read.value == "2027-01"
    assert read.remark is not None


@pytest.mark.parametrize("written", ["2027-01", "２０２７－０１", "2027‑01", " 2027-01\u200b", "2027 - 01"])
def test_a_number_however_it_is_typed_is_the_same_and_needs_no_remark(written: str) -> None:
    assert task_number(written) == Meant("2027-01")


@pytest.mark.parametrize("written", [date(2027, 1, 27), 46389, "46389", "2027-01-15", 202701, 2027.01, True])
def test_a_day_that_is_no_months_first_cannot_be_read_back(written: Any) -> None:
    with pytest.raises(Unclear):
        task_number(written)


@pytest.mark.parametrize("written", ["27-Jan", "과제 1", "2027-1"])
def test_what_is_no_number_of_a_task_is_left_to_the_commands_own_limits(written: str) -> None:
    assert task_number(written) == Meant(written)


@pytest.mark.parametrize("read", [day, money, task_number])
@pytest.mark.parametrize(
    "written", ["", "9" * 30_000, "\x00", "١٢٣", "²", "-", "년월일", float("inf"), float("nan")]
)
def test_nothing_that_can_stand_in_a_cell_ends_otherwise(read: Callable[[Any], Meant], written: Any) -> None:
    try:
        read(written)
    except Unclear as unclear:
        said = unclear.problem
    else:
        return
    assert said.say("ko") != said.say("en")
