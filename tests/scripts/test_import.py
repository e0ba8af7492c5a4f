"""`donghaeng import`: a sheet as people save it, all rows or none, every fault by row and column."""

from __future__ import annotations

import csv
import os
import signal
import subprocess
import sys
import time
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from store.log import Store
from tests.scripts.conftest import Cli, document
from workflows.importing import sheets
from workflows.importing.task_rows import HEADINGS

FORM = ("과제번호", "분야", "주관기관", "과제명")
PLANNED = (*FORM, "시작일", "종료일", "예산(원)")
ROW = ("2024-81", "culture", "광주관광공사", "관광 안내소")
MORE = ("2024-82", "living", "gmcc", "작은 집")


def sheet(
    path: Path, *rows: Any, headings: Any = FORM, encoding: str = "utf-8-sig", delimiter: str = ","
) -> Path:
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows([headings, *rows])
    return path


def book(path: Path, *rows: Any, headings: Any = FORM, then: Any = None) -> Path:
    made = Workbook()
    page = made.active
    assert page is not None
    for row in (headings, *rows):
        page.append(list(row))
    if then is not None:
        then(page)
    made.save(path)
    return path


def faults(cli: Cli, path: Path, *more: str) -> list[tuple[int, str]]:
    done = cli("import", str(path), "--dry-run", "--as", "planner", "--json", *more)
    found = document(done)
    assert done.exit_code == (1 if found["faults"] else 0)
    assert all(one["problem"] for one in found["faults"])
    return [(one["row"], one["column"]) for one in found["faults"]]


@pytest.mark.parametrize(
    ("encoding", "delimiter", "known"),
    [
        ("utf-8-sig", ",", "utf-8-sig"),
        ("utf-8", ";", "utf-8-sig"),
        ("cp949", ",", "cp949"),
        ("utf-16", "\t", "utf-16"),
    ],
)
def test_a_planners_sheet_goes_on_the_years_list_however_it_was_saved(
    loaded: Cli, store: Store, tmp_path: Path, encoding: str, delimiter: str, known: str
) -> None:
    path = sheet(tmp_path / "tasks.csv", ROW, MORE, encoding=encoding, delimiter=delimiter)
    before = store.head().position
    done = document(loaded("import", str(path), "--as", "planner", "--reason", "추가 공고", "--json"))
    assert done == {"rows": 2, "facts": 2, "faults": [], "remarks": [], "encoding": known}
    first, second = (one.fact for one in store.after(before, 9))
    assert (first.task, first.lead, first.title.ko) == ("2024-81", "gto", "관광 안내소")
    assert (second.task, second.area) == ("2024-82", "living")


def test_the_same_sheet_again_changes_nothing_and_a_longer_one_adds_its_new_rows(
    loaded: Cli, store: Store, tmp_path: Path
) -> None:
    path = sheet(tmp_path / "tasks.csv", ROW)
    given = ("--as", "planner", "--json")
    assert document(loaded("import", str(path), *given))["facts"] == 1
    assert document(loaded("import", str(path), *given))["facts"] == 0
    assert document(loaded("import", str(sheet(path, ROW, MORE)), *given))["facts"] == 1


def test_an_agencys_sheet_proposes_its_tasks(loaded: Cli, store: Store, tmp_path: Path) -> None:
    loaded("import", str(sheet(tmp_path / "list.csv", ROW)), "--as", "planner")
    row = (*ROW, date(2024, 3, 1), "2024. 12. 31.", "470,000,000")
    path = book(tmp_path / "mine.xlsx", row, headings=PLANNED)
    done = document(loaded("import", str(path), "--as", "officer@gto", "--json"))
    assert (done["facts"], done["encoding"]) == (1, None)
    (proposal,) = (one.fact for one in store.read("task/2024-81"))
    assert (str(proposal.plan.start), str(proposal.plan.end)) == ("2024-03-01", "2024-12-31")
    assert proposal.plan.budget_krw == 470_000_000


def test_another_agencys_task_is_a_fault_of_its_row(loaded: Cli, store: Store, tmp_path: Path) -> None:
    loaded("import", str(sheet(tmp_path / "list.csv", ROW, MORE)), "--as", "planner")
    before = store.head().position
    rows = [(*one, "2024-03-01", "2024-12-31", "1") for one in (ROW, MORE)]
    path = sheet(tmp_path / "mine.csv", *rows, headings=PLANNED)
    refused = loaded("import", str(path), "--as", "officer@gto", "--json")
    assert document(refused)["error"]["name"] == "ImportRefused"
    assert "row 3" in document(refused)["error"]["message"]
    assert store.head().position == before


@pytest.mark.parametrize(
    ("row", "column"),
    [
        (("", "culture", "gto", "제목"), "과제번호"),
        (("24-1", "culture", "gto", "제목"), "과제번호"),
        (("2024-81", "문화예술", "gto", "제목"), "분야"),
        (("2024-81", "culture", "없는 기관", "제목"), "주관기관"),
        (("2024-81", "culture", "gto", ""), "과제명"),
        (("2024-81", "culture", "gto", "가" * 201), "과제명"),
        (("2024-81", "culture", "gto", "=1+1"), "과제명"),
        (("2024-81", "culture", "gto", "@SUM(A1)"), "과제명"),
        (("2024-01", "culture", "gto", "이미 있는 과제"), ""),
        (("2024-81", "culture", "gto", "제목", "남는 값"), ""),
    ],
)
def test_a_fault_is_named_by_row_and_column_and_nothing_is_written(
    loaded: Cli, store: Store, tmp_path: Path, row: Any, column: str
) -> None:
    before = store.head().position
    path = sheet(tmp_path / "tasks.csv", MORE, row)
    assert faults(loaded, path) == [(3, column)]
    refused = loaded("import", str(path), "--as", "planner", "--json", "--lang", "ko")
    assert refused.exit_code == 1
    assert "3행" in document(refused)["error"]["message"]
    assert store.head().position == before


def test_all_faults_come_at_once(loaded: Cli, tmp_path: Path) -> None:
    rows = (("x", "culture", "gto", "제목"), MORE, ("2024-83", "y", "z", ""), MORE)
    named = [(2, "과제번호"), (4, "과제명"), (4, "분야"), (4, "주관기관"), (5, "과제번호")]
    assert sorted(faults(loaded, sheet(tmp_path / "tasks.csv", *rows))) == named


@pytest.mark.parametrize(
    ("values", "column"),
    [
        (("2024년 3월", "2024-12-31", "1"), "시작일"),
        (("2024-03-01", "2024-02-30", "1"), "종료일"),
        (("2024-03-01", "2024-12-31", "4.7억"), "예산(원)"),
        (("2024-03-01", "2024-12-31", "1,00"), "예산(원)"),
        (("2024-03-01", "2024-12-31", "-5"), "예산(원)"),
        (("2024-12-31", "2024-03-01", "1"), "종료일"),
        (("2024-03-01", "2024-12-31", ""), "예산(원)"),
    ],
)
def test_a_plans_values_are_checked_in_their_own_columns(
    loaded: Cli, tmp_path: Path, values: Any, column: str
) -> None:
    path = sheet(tmp_path / "mine.csv", (*ROW, *values), headings=PLANNED)
    assert faults(loaded, path, "--as", "officer@gto") == [(2, column)]


def test_a_spreadsheets_own_faults(loaded: Cli, tmp_path: Path) -> None:
    def spoil(page: Any) -> None:
        page["D2"] = "=CONCATENATE(A1,B1)"
        page.merge_cells("B3:B4")
        page["D5"] = "#REF!"
        page["D5"].data_type = "e"
        page["A6"] = 202481
        page["D7"] = datetime(2024, 3, 1, 12, 30)

    path = book(
        tmp_path / "tasks.xlsx", *((f"2024-8{n}", "culture", "gto", "제목") for n in range(1, 7)), then=spoil
    )
    assert faults(loaded, path) == [
        (2, "과제명"),
        (3, "분야"),
        (4, "분야"),
        (5, "과제명"),
        (6, "과제번호"),
        (7, "과제명"),
    ]


def garbage(path: Path) -> Path:
    path.write_bytes(b"PK\x03\x04 this is no spreadsheet")
    return path


def in_latin(path: Path) -> Path:
    path.write_bytes("과제번호\n".encode("cp949") + b"\x81\x20\xff")
    return path


def with_an_open_quote(path: Path) -> Path:
    path.write_text(",".join(FORM) + '\n2024-81,culture,gto,"never ends\n', encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("name", "make", "error"),
    [
        ("a.csv", lambda path: path, "NotReadable"),
        ("a.csv", lambda path: sheet(path, headings=("과제번호", "과제명")), "WrongHeadings"),
        ("a.csv", lambda path: sheet(path, headings=(*FORM, "비고")), "WrongHeadings"),
        ("a.csv", lambda path: sheet(path, headings=(*FORM, "분야")), "WrongHeadings"),
        ("a.csv", lambda path: (path.write_bytes(b"") and path) or path, "NotATable"),
        ("a.xlsx", garbage, "NotATable"),
        ("a.csv", in_latin, "NotATable"),
        ("a.csv", with_an_open_quote, "NotATable"),
        ("a.ods", garbage, "NotATable"),
        (
            "a.csv",
            lambda path: sheet(path, *((f"2024-{n}", "x", "y", "z") for n in range(100_000))),
            "TooManyRows",
        ),
        ("a.xlsx", lambda path: book(path, *(ROW for _ in range(sheets.MOST_ROWS + 1))), "TooManyRows"),
    ],
)
def test_what_is_no_sheet_of_tasks_is_refused_by_name(
    loaded: Cli, store: Store, tmp_path: Path, name: str, make: Any, error: str
) -> None:
    before = store.head().position
    refused = loaded("import", str(make(tmp_path / name)), "--as", "planner", "--json")
    assert document(refused)["error"]["name"] == error
    assert store.head().position == before


def test_who_may_neither_list_nor_propose_is_refused(loaded: Cli, store: Store, tmp_path: Path) -> None:
    before = store.head().position
    refused = loaded("import", str(sheet(tmp_path / "a.csv", ROW)), "--as", "inspector", "--json")
    assert document(refused)["error"]["name"] == "ImportRefused"
    assert document(loaded("import", "--json"))["error"]["name"] == "NothingToImport"
    assert store.head().position == before


@pytest.mark.parametrize("name", ["form.csv", "form.xlsx"])
def test_the_form_is_taken_back_as_it_was_given(loaded: Cli, tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    assert loaded("import", "--template", str(path)).exit_code == 0
    assert document(loaded("import", "--template", str(path), "--json"))["error"]["name"] == "FileExists"
    if name.endswith("csv"):
        assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    else:
        filled = load_workbook(path)
        # else a spreadsheet makes a date of 2027-01
        assert {cell.number_format for cell in filled.worksheets[0][2]} == {"@"}
        assert filled.worksheets[0].column_dimensions["A"].number_format == "@"
        assert [cell.value for cell in filled.worksheets[0][1]] == list(HEADINGS)
        for column, value in enumerate(ROW[:4], start=1):
            filled.worksheets[0].cell(2, column, value)
        filled.save(path)
    assert faults(loaded, path) == []


def test_what_was_read_otherwise_than_it_stands_is_told_in_both_languages(
    loaded: Cli, store: Store, tmp_path: Path
) -> None:
    path = sheet(tmp_path / "a.csv", ("Jan-24", *ROW[1:]), ("합계", "", "", "1건"))
    dry = loaded("import", str(path), "--dry-run", "--as", "planner", "--lang", "ko")
    assert "2행 과제번호: 스프레드시트가 날짜나 숫자로 바꾼 값(Jan-24)을 2024-01로 읽었습니다." in dry.output
    assert "3행: 합계 행이라 읽지 않았습니다." in dry.output
    told = document(loaded("import", str(path), "--dry-run", "--as", "planner", "--json"))["remarks"]
    assert [(one["row"], one["column"]) for one in told] == [(2, "과제번호"), (3, "")]
    assert "was read as 2024-01" in told[0]["words"]


def test_a_title_with_the_usual_range_mark_is_stored_as_it_was_typed(
    loaded: Cli, store: Store, tmp_path: Path
) -> None:
    title = "3∼5월 문화마실(10:00∼12:00)"
    path = sheet(tmp_path / "a.csv", (*ROW[:3], title), encoding="cp949")
    before = store.head().position
    assert loaded("import", str(path), "--as", "planner").exit_code == 0
    assert [one.fact.title.ko for one in store.after(before, 9)] == [title]


def test_two_imports_at_once_write_each_row_once(loaded: Cli, store: Store, tmp_path: Path) -> None:
    path = sheet(tmp_path / "a.csv", ROW, MORE)
    before = store.head().position
    command = [sys.executable, "-m", "scripts.cli.main", "import", str(path), "--as", "planner"]
    both = [subprocess.Popen(command, stdout=subprocess.DEVNULL, env=os.environ) for _ in range(2)]
    assert [one.wait(60) for one in both] == [0, 0]
    assert store.head().position == before + 2


def test_killed_anywhere_in_an_import_all_is_there_or_nothing(
    loaded: Cli, store: Store, app_dsn: str, tmp_path: Path
) -> None:
    rows = [(f"2024-{n}", "culture", "gto", f"과제 {n}") for n in range(100, 600)]
    path = sheet(tmp_path / "a.csv", *rows)
    before = store.head().position
    command = [sys.executable, "-m", "scripts.cli.main", "import", str(path), "--as", "planner"]
    seen = set()
    for wait in (0.3, 0.6, 0.8, 1.0, 1.2, 1.5, 2.0):
        running = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=os.environ
        )
        time.sleep(wait)
        running.send_signal(signal.SIGKILL)
        running.wait()
        seen.add(store.head().position - before)
        assert seen <= {0, len(rows)}
    assert loaded("import", str(path), "--as", "planner").exit_code == 0
    assert store.head().position == before + len(rows)
