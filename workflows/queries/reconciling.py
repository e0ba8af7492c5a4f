"""In what a finance department's sheet and the log differ: by task, source of funds and month, in both directions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from domain.errors import Refusal
from projections.board_page import board
from projections.money import rows_of_year
from projections.slices import AsOf
from workflows.importing.money import read_money_sheet
from workflows.importing.money_rows import MoneyRow
from workflows.importing.tasks import ImportRefused, in_words
from workflows.queries.inquiry import Inquiry

_OF_MONTH = ("committed", "spent")
Key = tuple[str, str, str | None, str]  # task, source of funds, month (None: the year), what


class MoneyDiffers(msgspec.Struct, frozen=True):
    """`month`: None of a year's budget; `what`: budget, committed or spent. None: it does not stand there at all."""

    task: str
    funding: str
    month: str | None
    what: str
    sheet_krw: int | None
    log_krw: int | None


class Reconciled(msgspec.Struct, frozen=True):
    """`same`: how many amounts are the same in both; `remarks`: what was read otherwise than it stands, or not read."""

    year: int
    same: int
    differences: list[MoneyDiffers]
    remarks: list[str]


class NothingToReconcile(Refusal):
    ko = "파일 {path}에는 {year}년의 금액이 하나도 없습니다. 파일과 연도를 확인하십시오."
    en = "The file {path} says no amount of {year}. Look at the file and the year."


def reconcile(inquiry: Inquiry, path: Path, year: int) -> Reconciled:
    """Of all tasks of the year; an agency's own where one of its people asks. Raises ImportRefused, NothingToReconcile, and as
    `read_money_sheet`.
    """
    at, store = inquiry.authorise("money", (inquiry.own_agency,)), inquiry.store
    _, rows, faults, remarks = read_money_sheet(store, path, year)
    if faults:
        raise ImportRefused(path, faults)
    sheet = _amounts_of_sheet(rows)
    if not sheet:
        raise NothingToReconcile(path=path, year=year)
    log = _amounts_of_log(inquiry, year, at)
    differences = list(_compare(sheet, log))
    return Reconciled(
        year,
        len(sheet.keys() | log.keys()) - len(differences),
        differences,
        [in_words(one, inquiry.lang) for one in remarks],
    )


def _amounts_of_sheet(rows: Sequence[MoneyRow]) -> dict[Key, int]:
    sheet: dict[Key, int] = {}
    for row in rows:
        for what in _OF_MONTH:
            if (krw := getattr(row, f"{what}_krw")) is not None:
                sheet[row.task, row.funding, row.month, what] = krw
        if row.budget_krw is not None:
            sheet[row.task, row.funding, None, "budget"] = row.budget_krw
    return sheet


def _amounts_of_log(inquiry: Inquiry, year: int, at: AsOf | None) -> dict[Key, int]:
    """Of all tasks of the year, or of those that the own agency leads."""
    own = None
    if inquiry.own_agency is not None:
        own = {one.task for one in board(inquiry.store, lead=inquiry.own_agency, at=at)}
    return {
        (one.task, one.funding, one.month, what): getattr(one, f"{what}_krw")
        for one in rows_of_year(inquiry.store, year, at)
        if own is None or one.task in own
        for what in (("budget",) if one.month is None else _OF_MONTH)
    }


def _compare(sheet: dict[Key, int], log: dict[Key, int]) -> Iterator[MoneyDiffers]:
    """What only one of the two has is a difference where it is not nothing."""
    for key in sorted(sheet.keys() | log.keys(), key=lambda one: (one[0], one[1], one[2] or "", one[3])):
        said, known = sheet.get(key), log.get(key)
        if (said or 0) != (known or 0):
            yield MoneyDiffers(*key, said, known)
