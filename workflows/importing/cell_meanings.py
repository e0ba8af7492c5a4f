"""Task numbers, days and money as Korean officials and their spreadsheets write them, where there is one meaning.

Each returns what was meant, with a remark where the spreadsheet had made something else of it, or raises Unclear.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import Any

import msgspec

from domain.errors import Bilingual
from domain.limits import FIRST_YEAR, LAST_YEAR
from workflows.importing.folding import fold

EPOCH = date(1899, 12, 30)  # the day of number 0, where a workbook does not say otherwise
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WEEKDAYS = {
    letter: number
    for number, names in enumerate(
        (
            "월 mon monday",
            "화 tue tuesday",
            "수 wed wednesday",
            "목 thu thursday",
            "금 fri friday",
            "토 sat saturday",
            "일 sun sunday",
        )
    )
    for letter in names.split()
}
_DAY = re.compile(
    r"'?(?P<year>[0-9]{4}|(?<=')[0-9]{2})(?:[-./]|년)(?P<month>[0-9]{1,2})(?:[-./]|월)(?P<day>[0-9]{1,2})(?:\.|일)?"
    r"(?:t?00:00(?::00(?:\.0+)?)?)?"
    r"(?:,?\(?(?P<weekday>[월화수목금토일]|[a-z]{3,9})(?:요일)?\)?)?\.?"
)
_TASK = re.compile(r"([0-9]{4})-([0-9]{2,3})")
_MONTH_NAMED = re.compile(r"([a-z]{3})[-/ ]?'?([0-9]{2}|[0-9]{4})")
_MONTH_KOREAN = re.compile(r"([0-9]{4})년([0-9]{1,2})월")
_MONTH_WRITTEN = re.compile(r"([0-9]{4})(?:[-./]|년)([0-9]{1,2})(?:월|\.)?")
_GROUPED = r"[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+"
_PLAIN = re.compile(rf"({_GROUPED})원?")
_IN_UNITS = re.compile(rf"({_GROUPED})(천|백만|천만|십억|백억|천억)원")
_LONGEST = 60  # of an amount in words and signs
_LARGE = (("조", 10**12), ("억", 10**8), ("만", 10**4))
_UNITS = {"천": 10**3, "백만": 10**6, "천만": 10**7, "십억": 10**9, "백억": 10**10, "천억": 10**11}
_SMALL = re.compile(r"(?:([0-9])천)?(?:([0-9])백)?(?:([0-9])십)?([0-9])?")


class Meant(msgspec.Struct, frozen=True):
    """`remark`: what the spreadsheet had made of it, for the reader to see; None where it stands as it was typed."""

    value: Any
    remark: Bilingual | None = None


class Unclear(Exception):
    """There is no meaning, or more than one. `problem`: what is wrong, worded."""

    def __init__(self, ko: str, en: str) -> None:
        super().__init__(en)
        self.problem = Bilingual(ko, en)


def task_number(value: Any, epoch: date = EPOCH) -> Meant:
    """`2024-07`, also where the spreadsheet made the month 2024-07, a day or its number of it."""
    if isinstance(value, str):
        folded = fold(value)
        if _TASK.fullmatch(folded):
            return Meant(folded)
        made = _month(folded, epoch)
    else:
        made = value if type(value) is date else _of_serial(value, epoch)
        if made is None:
            raise Unclear(
                "글자가 아닙니다. 셀 서식을 텍스트로 바꾸고 다시 적으십시오.",
                "it is not text. Format the cell as text and type it again.",
            )
    if made is None:
        return Meant(value)
    if made.day != 1:
        raise Unclear(
            f"스프레드시트가 과제번호를 날짜({made})로 바꾸었고, 원래 번호를 알 수 없습니다. "
            "셀 서식을 텍스트로 바꾸고 다시 적으십시오.",
            f"the spreadsheet made a date of it ({made}), and which number it was cannot be told. "
            "Format the cell as text and type it again.",
        )
    number = f"{made.year}-{made.month:02}"
    return Meant(
        number,
        Bilingual(
            f"스프레드시트가 날짜나 숫자로 바꾼 값({value!s:.20})을 {number}(으)로 읽었습니다.",
            f"the spreadsheet had made {value!s:.20} of it; it was read as {number}.",
        ),
    )


def _month(folded: str, epoch: date) -> date | None:
    """The month that a text names, as the first of its days; None where it names none."""
    if (named := _MONTH_NAMED.fullmatch(folded)) and named[1] in _MONTHS:
        year = int(named[2]) + (2000 if len(named[2]) == 2 else 0)
        return _make_date(year, _MONTHS.index(named[1]) + 1, 1)
    if korean := _MONTH_KOREAN.fullmatch(folded):
        return _make_date(int(korean[1]), int(korean[2]), 1)
    if re.fullmatch(r"[0-9]{5}", folded):
        return _of_serial(int(folded), epoch)
    written = _DAY.fullmatch(folded)
    return _make_date(*(int(written[part]) for part in ("year", "month", "day"))) if written else None


def month(value: Any, epoch: date = EPOCH) -> Meant:
    """A month as `2024-05`, also where the spreadsheet made a day of it: 2024.5, 2024년 5월, 1 May 2024 as a cell."""
    folded = fold(value) if isinstance(value, str) else ""
    if written := _MONTH_WRITTEN.fullmatch(folded):
        made = _make_date(int(written[1]), int(written[2]), 1)
    else:
        made = _month(folded, epoch) if folded else value if type(value) is date else _of_serial(value, epoch)
    if made is None or made.day != 1:
        raise Unclear(
            f"월이 아니거나 뜻이 하나가 아닙니다: {value!s:.40}. 예: 2024-05",
            f"it is not a month, or not one of a single meaning: {value!s:.40}. E.g. 2024-05",
        )
    return Meant(f"{made:%Y-%m}")


def day(value: Any, epoch: date = EPOCH) -> Meant:
    """A day; where its weekday stands beside it, that has to fit."""
    if type(value) is date:
        return Meant(value)
    wrong = Unclear(
        f"날짜가 아니거나 뜻이 하나가 아닙니다: {value!s:.40}. 예: 2024-03-01",
        f"it is not a date, or not one of a single meaning: {value!s:.40}. E.g. 2024-03-01",
    )
    if isinstance(value, datetime | bool) or not isinstance(value, str | int):
        raise wrong
    folded = fold(str(value))
    if re.fullmatch(r"[0-9]{8}", folded):
        found = _make_date(int(folded[:4]), int(folded[4:6]), int(folded[6:]))
    elif re.fullmatch(r"[0-9]{5}", folded) and (found := _of_serial(int(folded), epoch)):
        return Meant(
            found,
            Bilingual(
                f"날짜의 일련번호 {folded}을(를) {found}(으)로 읽었습니다.",
                f"the serial number {folded} was read as the date {found}.",
            ),
        )
    else:
        found = _parse_day(folded, value)
    if found is None:
        raise wrong
    return Meant(found)


def _parse_day(folded: str, value: Any) -> date | None:
    parts = _DAY.fullmatch(folded)
    if parts is None:
        return None
    year = int(parts["year"]) + (2000 if len(parts["year"]) == 2 else 0)
    found = _make_date(year, int(parts["month"]), int(parts["day"]))
    weekday = parts["weekday"]
    if found is None or weekday is None:
        return found
    if weekday not in _WEEKDAYS:
        return None
    if _WEEKDAYS[weekday] != found.weekday():
        ko, en = "월화수목금토일"[found.weekday()], found.strftime("%A")
        raise Unclear(
            f"날짜와 요일이 맞지 않습니다: {value!s:.40}. {found}은(는) {ko}요일입니다.",
            f"the date and its weekday do not fit: {value!s:.40}. {found} is a {en}.",
        )
    return found


def _make_date(year: int, month: int, day_: int) -> date | None:
    try:
        return date(year, month, day_)
    except ValueError:
        return None


def _of_serial(number: Any, epoch: date) -> date | None:
    """The day that a spreadsheet counts so, in the years of programmes."""
    if type(number) is not int or not 10_000 <= number <= 99_999:
        return None
    found = epoch + timedelta(days=number)
    return found if FIRST_YEAR <= found.year <= LAST_YEAR else None


def money(value: Any) -> Meant:
    """Whole KRW: 120000000, `120,000,000원`, `₩120,000,000`, `120,000천원`, `1억 2천만원`."""
    if type(value) is int:
        return Meant(value)
    folded = fold(value) if isinstance(value, str) and len(value) <= _LONGEST else ""
    folded = (
        folded.removeprefix("금").removeprefix("₩").removeprefix("krw").removesuffix("krw").removesuffix("정")
    )
    for read in (_plainly, _in_units, _in_sections):
        amount = read(folded)
        if amount is not None:
            return Meant(amount)
    raise Unclear(
        f"원 단위 정수가 아니거나 뜻이 하나가 아닙니다: {value!s:.40}. 예: 120,000,000",
        f"it is not a whole number of KRW, or not one of a single meaning: {value!s:.40}. E.g. 120,000,000",
    )


def _plainly(text: str) -> int | None:
    found = _PLAIN.fullmatch(text)
    return int(found[1].replace(",", "")) if found else None


def _in_units(text: str) -> int | None:
    found = _IN_UNITS.fullmatch(text)
    return int(found[1].replace(",", "")) * _UNITS[found[2]] if found else None


def _in_sections(text: str) -> int | None:
    """`1억 2천만원`. A thousand that stands alone at the end (`2억 5천`) may mean ten million each: it is not read."""
    rest, total = text.removesuffix("원"), 0
    if rest == text and not text.endswith(tuple(sign for sign, _ in _LARGE)):
        return None
    for sign, worth in _LARGE:
        if sign in rest:
            many, _, rest = rest.partition(sign)
            coefficient = _coefficient(many)
            if coefficient is None or (total and coefficient >= 10_000):
                return None
            total += coefficient * worth
    if rest:
        last = _plainly(rest)
        if last is None or not total or last >= 10_000:
            return None
        total += last
    return total or None


def _coefficient(text: str) -> int | None:
    plain = _plainly(text) if not text.endswith("원") else None
    if plain is not None:
        return plain
    parts = _SMALL.fullmatch(text)
    if not text or parts is None:
        return None
    return sum(int(many or 0) * worth for many, worth in zip(parts.groups(), (1000, 100, 10, 1), strict=True))
