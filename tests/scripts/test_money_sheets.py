"""Sheets of finance departments: imported by what is not in the log yet, and reconciled with it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from domain.seoul import local_day
from projections.runner import project
from projections.views import VIEWS
from store.log import Store
from tests.scripts.conftest import Cli, document
from tests.scripts.test_command_line import refused
from tests.scripts.test_import import book, sheet
from tests.scripts.test_money import LEAD, PLANNER, TASK, approved, do  # noqa: F401 - a fixture

HEADINGS = ("과제번호", "재원", "월", "예산(원)", "원인행위액(원)", "집행액(원)")


@pytest.fixture
def of_2024(approved: Cli, store: Store) -> Cli:  # noqa: F811
    """All months of the year are open again for the task."""
    until = str(local_day(store.now()) + timedelta(days=1))
    for number in (4, 5, 6):
        words = ("money", "reopen-month", TASK, f"2024-{number:02}", "--until", until)
        do(approved, *words, *PLANNER, "--reason", "지난해 자료 입력")
    return approved


ROWS = (
    (TASK, "시비", "2024-04", "1,000,000", "300000", "200,000원"),
    (TASK, "시비", "2024년 5월", "1,000,000", "", "100000"),
    (TASK, "자부담", "2024-05", "50000", "", "50000"),
)


def taken_in(cli: Cli, path: Path, *more: str) -> Any:
    done = cli("money", "import", str(path), "--year", "2024", *more, *PLANNER, "--json")
    return document(done)


def spent(cli: Cli) -> dict[str, int]:
    shown = document(cli("money", "show", TASK, *PLANNER, "--json"))
    return {f"{one['funding']} {one['month']}": one["spent_krw"] for one in shown["months"]}


def test_a_sheet_is_entered_by_what_is_not_in_the_log_and_the_same_again_changes_nothing(
    of_2024: Cli, store: Store, tmp_path: Path
) -> None:
    path = book(tmp_path / "money.xlsx", *ROWS, headings=HEADINGS)
    head = store.head().position
    preview = taken_in(of_2024, path, "--dry-run")
    assert (preview["faults"], len(preview["entered"]), store.head().position) == ([], 6, head)
    done = taken_in(of_2024, path)
    assert (done["facts"], done["entered"]) == (6, preview["entered"])
    assert spent(of_2024) == {"city 2024-04": 200_000, "city 2024-05": 100_000, "agency 2024-05": 50_000}
    assert taken_in(of_2024, path)["facts"] == 0

    more = sheet(tmp_path / "more.csv", (TASK, "city", "2024-04", "", "", "250000"), headings=HEADINGS)
    (entered,) = taken_in(of_2024, more)["entered"]
    assert (entered["what"], entered["log_krw"], entered["sheet_krw"]) == ("spent", 200_000, 250_000)
    assert spent(of_2024)["city 2024-04"] == 250_000


@pytest.mark.parametrize(
    ("row", "column", "words"),
    [
        (("2023-06", "시비", "2024-04", "", "", "5"), "과제번호", "this task (2023-06) is of another year"),
        ((TASK, "시비", "2025-04", "", "", "5"), "월", "this month (2025-04) is of another year"),
        ((TASK, "시비", "작년", "", "", "5"), "월", "it is not a month"),
        ((TASK, "도비", "2024-04", "", "", "5"), "재원", "nobody knows this name"),
        ((TASK, "시비", "2024-04", "", "", "약 5만"), "집행액(원)", "whole number of KRW"),
        ((TASK, "시비", "2024-06", "", "", "900,001,000"), "", "beyond the KRW"),
        (("2024-99", "시비", "2024-04", "", "", "5"), "", "neither listed nor proposed"),
        ((TASK, "시비", "2024-12", "", "", "5"), "", "was closed"),
        ((TASK, "시비", "2024-05", "", "", "5"), "월", "stands in row 3 already"),
        ((TASK, "시비", "2024-06", "7", "", "5"), "예산(원)", "KRW 1,000,000 further up"),
    ],
)
def test_what_is_wrong_is_told_by_row_and_column_and_nothing_is_entered(
    of_2024: Cli, store: Store, tmp_path: Path, row: tuple[str, ...], column: str, words: str
) -> None:
    path = sheet(tmp_path / "money.csv", *ROWS, row, headings=HEADINGS)
    head = store.head().position
    (fault,) = taken_in(of_2024, path, "--dry-run")["faults"]
    assert (fault["row"], fault["column"]) == (5, column)
    assert words in fault["problem"]
    done = of_2024("money", "import", str(path), "--year", "2024", *PLANNER)
    refused(done, 1, "nothing was imported")
    refused(of_2024("money", "import", str(path), "--year", "2024", *PLANNER, "--lang", "ko"), 1, "5행")
    assert store.head().position == head


def test_a_total_below_the_log_is_to_be_corrected_and_not_imported(of_2024: Cli, tmp_path: Path) -> None:
    taken_in(of_2024, book(tmp_path / "money.xlsx", *ROWS, headings=HEADINGS))
    less = sheet(tmp_path / "less.csv", (TASK, "시비", "2024-04", "", "", "1"), headings=HEADINGS)
    (fault,) = taken_in(of_2024, less, "--dry-run")["faults"]
    assert "money correct 2024-06" in fault["problem"]


def test_a_reconciliation_names_what_differs_in_both_directions(
    of_2024: Cli, store: Store, tmp_path: Path
) -> None:
    taken_in(of_2024, book(tmp_path / "money.xlsx", *ROWS, headings=HEADINGS))
    project(store, VIEWS["money"])
    same = of_2024("money", "reconcile", str(tmp_path / "money.xlsx"), "--year", "2024", *PLANNER, "--json")
    assert same.exit_code == 0
    assert document(same)["differences"] == []
    other = sheet(
        tmp_path / "other.csv",
        (TASK, "시비", "2024-04", "1000000", "300000", "200001"),
        ("2024-07", "시비", "2024-04", "", "", "7"),
        headings=HEADINGS,
    )
    found = of_2024("money", "reconcile", str(other), "--year", "2024", *PLANNER, "--json")
    assert found.exit_code == 1
    told = {
        (one["task"], one["funding"], one["month"], one["what"]): (one["sheet_krw"], one["log_krw"])
        for one in document(found)["differences"]
    }
    assert told == {
        (TASK, "agency", None, "budget"): (None, 50_000),
        (TASK, "agency", "2024-05", "spent"): (None, 50_000),
        (TASK, "city", "2024-04", "spent"): (200_001, 200_000),
        (TASK, "city", "2024-05", "spent"): (None, 100_000),
        ("2024-07", "city", "2024-04", "spent"): (7, None),
    }
    text = of_2024("money", "reconcile", str(other), "--year", "2024", *PLANNER, "--lang", "ko")
    assert "차이 5건" in text.output
    empty = sheet(tmp_path / "empty.csv", (TASK, "시비", "2024-04", "", "", ""), headings=HEADINGS)
    refused(of_2024("money", "reconcile", str(empty), "--year", "2024", *PLANNER), 1, "says no amount")


def test_the_form_is_filled_in_and_taken(of_2024: Cli, tmp_path: Path) -> None:
    made = tmp_path / "form.xlsx"
    do(of_2024, "money", "template", str(made))
    from openpyxl import load_workbook  # noqa: PLC0415

    filled = load_workbook(made)
    filled.worksheets[0].append([TASK, "시비", "2024-04", None, 10, None, 0])
    filled.save(made)
    assert taken_in(of_2024, made)["facts"] == 1


def test_an_agency_imports_its_own_and_no_budget(of_2024: Cli, tmp_path: Path) -> None:
    path = book(tmp_path / "money.xlsx", *ROWS, headings=HEADINGS)
    refused(of_2024("money", "import", str(path), "--year", "2024", *LEAD), 1, "may not give")
    taken_in(of_2024, book(tmp_path / "b.xlsx", (TASK, "시비", "2024-04", 10, None, 0), headings=HEADINGS))
    own = sheet(tmp_path / "own.csv", (TASK, "시비", "2024-04", "", "", "5"), headings=HEADINGS)
    do(of_2024, "money", "import", str(own), "--year", "2024", *LEAD)
    more = sheet(tmp_path / "more.csv", (TASK, "시비", "2024-04", "", "", "7"), headings=HEADINGS)
    refused(of_2024("money", "import", str(more), "--year", "2024", "--as", "officer@gjcf"), 1, "gto")
