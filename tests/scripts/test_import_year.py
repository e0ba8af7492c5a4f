"""`donghaeng import` of a year's workbook: all of what a year begins with, or none of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import psycopg
import pytest
from openpyxl import load_workbook

from domain.streams import identity_of
from domain.subject.facts import Registered
from store.log import Store
from tests.scripts.conftest import Cli, document
from tests.scripts.year_books import YEAR, Sheets, write_year
from workflows.importing.year_forms import FORMS

PLANNER = ("--as", "planner")
AGENCIES = ("djtc", "dcco", "djto", "djsiseol")


def with_row(title: str, *row: Any) -> Sheets:
    return {**YEAR, title: [*YEAR[title], row]}


def without(title: str) -> Sheets:
    return {name: rows for name, rows in YEAR.items() if name != title}


def imported(cli: Cli, path: Path, *more: str) -> Any:
    return document(cli("import", str(path), *PLANNER, "--json", *more))


def faults(cli: Cli, path: Path) -> list[tuple[str, int, str]]:
    found = imported(cli, path, "--dry-run")["faults"]
    return [(one["sheet"], one["row"], one["column"]) for one in found]


def test_a_workbook_begins_a_year(cli: Cli, tmp_path: Path) -> None:
    done = imported(cli, write_year(tmp_path / "year.xlsx"))
    # the year and its contact, four agencies with theirs, four persons in office, eight tasks
    assert (done["rows"], done["facts"], done["faults"]) == (20, 2 + 8 + 8 + 8, [])
    agencies = document(cli("agency", "list", *PLANNER, "--json"))["agencies"]
    assert {one["agency"] for one in agencies} == {"djtc", "dcco", "djto", "djsiseol"}
    assert document(cli("programme", "show", "2027", *PLANNER, "--json"))["areas"]["move"]["ko"] == "교통"
    history = cli("agency", "history", "djtc", *PLANNER).stdout
    assert "a@tc.example" in history


def test_the_same_workbook_again_changes_nothing(cli: Cli, tmp_path: Path, app_dsn: str) -> None:
    path = write_year(tmp_path / "year.xlsx")
    imported(cli, path)
    with Store.open(app_dsn) as store:
        before = store.head().position
        assert imported(cli, path)["facts"] == 0
        assert store.head().position == before


def people(app_dsn: str) -> list[str]:
    with Store.open(app_dsn) as store:
        return [identity_of(stream) for stream in store.streams_with(Registered.kind)]


def names(cli: Cli, app_dsn: str) -> set[str | None]:
    shown = [document(cli("subject", "show", one, *PLANNER, "--json")) for one in people(app_dsn)]
    return {one["details"].get("name") for one in shown}


def test_people_are_in_the_vault_and_in_office(cli: Cli, tmp_path: Path, app_dsn: str) -> None:
    imported(cli, write_year(tmp_path / "year.xlsx"))
    assert names(cli, app_dsn) == {"교통 담당", "도시 담당", "관광 담당", "시설 담당"}
    for one in people(app_dsn):
        as_one = [("agency", "inbox", "--as", f"officer@{agency}:{one}") for agency in AGENCIES]
        assert [cli(*words).exit_code for words in as_one].count(0) == 1, "in office at one of them"


def test_details_that_did_not_come_into_the_vault_come_there_by_the_same_workbook(
    cli: Cli, tmp_path: Path, app_dsn: str, owner_dsn: str
) -> None:
    path = write_year(tmp_path / "year.xlsx")
    imported(cli, path)
    with psycopg.connect(owner_dsn) as owner:  # as if it had been killed between the append and the vault
        owner.execute("DELETE FROM donghaeng.subject_details")
        owner.execute("DELETE FROM donghaeng.subject_keys")
    assert names(cli, app_dsn) == {None}
    imported(cli, path)
    assert names(cli, app_dsn) == {"교통 담당", "도시 담당", "관광 담당", "시설 담당"}


def test_who_was_erased_stays_so(cli: Cli, tmp_path: Path, app_dsn: str) -> None:
    path = write_year(tmp_path / "year.xlsx")
    imported(cli, path)
    for one in people(app_dsn):
        assert cli("subject", "erase", one, *PLANNER, "--reason", "퇴직").exit_code == 0
    imported(cli, path)
    assert names(cli, app_dsn) == {None}


@pytest.mark.parametrize(
    ("sheets", "wrong"),
    [
        (with_row("기관", "X!", "이상한 기관"), ("기관", 6, "기관 식별자")),
        (with_row("기관", "more", "기관", "no address"), ("기관", 6, "기관 메일")),
        (with_row("담당자", "모르는 기관", "담당자", "누구", "a@b.example"), ("담당자", 6, "소속기관")),
        (with_row("담당자", "djtc", "사장", "누구", "a@b.example"), ("담당자", 6, "직위")),
        (with_row("담당자", "djtc", "담당자", "누구", "nowhere"), ("담당자", 6, "메일")),
        (with_row("과제", "2027-09", "바다", "djtc", "바다로"), ("과제", 10, "분야")),
        (with_row("분야", "not an id", "이상한 분야"), ("사업", 2, "")),
        (with_row("사업", "2028", "또 하나", "시", ""), ("사업", 3, "연도")),
        ({**YEAR, "사업": [YEAR["사업"][0], ("내년", "이름", "시", "")]}, ("사업", 2, "연도")),
        (without("사업"), ("분야", 0, "")),
    ],
)
def test_a_fault_is_named_by_sheet_row_and_column_and_nothing_is_written(
    cli: Cli, tmp_path: Path, app_dsn: str, sheets: Sheets, wrong: tuple[str, int, str]
) -> None:
    path = write_year(tmp_path / "year.xlsx", sheets)
    assert wrong in faults(cli, path)
    done = cli("import", str(path), *PLANNER)
    assert done.exit_code == 1
    assert wrong[0] in done.stderr
    with Store.open(app_dsn) as store:
        assert store.head().position == 0


def test_somebody_else_in_a_row_is_a_fault_and_the_first_ones_details_stay(cli: Cli, tmp_path: Path) -> None:
    imported(cli, write_year(tmp_path / "year.xlsx"))
    other = [*YEAR["담당자"][:1], ("djtc", "담당자", "다른 사람", "x@tc.example"), *YEAR["담당자"][2:]]
    path = write_year(tmp_path / "other.xlsx", {**YEAR, "담당자": other})
    assert faults(cli, path) == [("담당자", 2, "성명")]


def test_an_agency_begins_no_year(cli: Cli, tmp_path: Path, app_dsn: str) -> None:
    done = cli("import", str(write_year(tmp_path / "year.xlsx")), "--as", "officer@djtc")
    assert done.exit_code == 1
    with Store.open(app_dsn) as store:
        assert store.head().position == 0


def test_agencies_alone_come_from_a_workbook_too(cli: Cli, tmp_path: Path) -> None:
    done = imported(cli, write_year(tmp_path / "agencies.xlsx", {"기관": YEAR["기관"]}))
    assert (done["rows"], done["facts"]) == (4, 8)


def test_the_form_of_a_year_has_every_table_and_says_what_goes_where(cli: Cli, tmp_path: Path) -> None:
    path = tmp_path / "form.xlsx"
    assert cli("import", "--template", str(path), "--whole-year").exit_code == 0
    book = load_workbook(path)
    assert book.sheetnames == [*(one.title for one in FORMS), "설명"]
    for one in FORMS:
        assert tuple(cell.value for cell in book[one.title][1]) == one.headings
    assert cli("import", "--template", str(tmp_path / "form.csv"), "--whole-year").exit_code == 1
