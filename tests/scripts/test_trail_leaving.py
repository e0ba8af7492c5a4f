"""`trail actor` and `trail export`: what somebody did, and what a search finds as a file."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from projections.inspection import entries
from projections.runner import project
from projections.views import VIEWS
from store.log import Store
from tests.scripts.conftest import Cli, document
from tests.scripts.test_command_line import refused
from tests.sealed_trails import SealedTrail
from workflows.trail import columns as trail_columns
from workflows.trail import workbook as trail_workbook
from workflows.trail.exporting import export
from workflows.trail.filters import Typed, filters_from

INSPECTOR, REASON = ("--as", "inspector"), ("--reason", "정기 감사")
FORMULA = '=HYPERLINK("http://example.org","여기")'


@pytest.fixture
def person(loaded: Cli, store: Store) -> str:
    """A planner who approved a task, by id; the reason that they gave begins like a formula."""
    registered = loaded("subject", "register", "--name", "가나다", "--as", "planner", "--json")
    subject: str = document(registered)["subject"]
    for words in (
        ("task", "propose", "2024-06", "--start", "2024-03-04", "--end", "2024-12-31", "--budget", "1000"),
        ("task", "approve", "2024-06", "--ref", FORMULA),
    ):
        who = f"planner:{subject}" if "approve" in words else "officer@gto"
        done = loaded(*words, "--as", who, "--reason", FORMULA)
        assert done.exit_code == 0, done.output
    project(store, VIEWS["trail_entries"])
    return subject


def test_an_actor_is_told_by_what_they_did(loaded: Cli, person: str) -> None:
    found = document(loaded("trail", "actor", person, *INSPECTOR, "--json"))
    assert [(one["kind"], one["who"], one["count"]) for one in found["did"]] == [("task.approved", None, 1)]
    assert [one["kind"] for one in found["page"]["entries"]] == ["task.approved"]
    assert "task.proposed" in loaded("trail", "actor", "officer@gto", *INSPECTOR).output


def test_a_person_is_found_by_name_by_whom_the_vault_is_open_to(loaded: Cli, person: str) -> None:
    assert document(loaded("trail", "actor", "가나다", "--as", "planner", "--json"))["subject"] == person
    refused(loaded("trail", "actor", "가나다", *INSPECTOR), 1, "planner")
    refused(loaded("trail", "actor", "아무개", "--as", "planner"), 1, "아무개")
    loaded("subject", "register", "--name", "가나다", "--as", "planner")
    refused(loaded("trail", "actor", "가나다", "--as", "planner"), 1, person)


@pytest.mark.parametrize("given", ["planer", "gto", "가나다"])
def test_what_is_no_actor_is_told_so_to_whom_names_are_closed(loaded: Cli, person: str, given: str) -> None:
    refused(loaded("trail", "actor", given, *INSPECTOR), 1, f"“{given}” is no role (")
    korean = loaded("trail", "actor", given, *INSPECTOR, "--lang", "ko").output
    assert "사람 번호도 아니며" in korean
    assert "{" not in korean
    refused(loaded("trail", "actor", given, "--as", "officer@gto"), 1, "may not read")


def kinds_found(loaded: Cli, *words: str) -> list[str]:
    done = loaded("trail", "search", *words, "--as", "planner", "--json")
    assert done.exit_code == 0, done.output
    return [one["kind"] for one in document(done)["entries"]]


def test_agencies_and_persons_of_a_search_go_by_their_names_too(loaded: Cli, person: str) -> None:
    approved, proposed = ["task.approved"], ["task.proposed"]
    for who in (person, person[:6], "가나다", f"planner:{person}", "planner:가나다", f"planner:{person[:6]}"):
        assert kinds_found(loaded, "--actor", who) == approved, who
    for who in ("officer@gto", "officer@광주관광공사", "officer@Gwangju Tourism Organization"):
        assert kinds_found(loaded, "--actor", who) == proposed, who
        assert kinds_found(loaded, "--on-behalf-of", who) == []
    assert "task.approved" in loaded("trail", "actor", "planner:가나다", "--as", "planner").output
    assert "task.proposed" in loaded("trail", "actor", "officer@광주관광공사", *INSPECTOR).output


def test_names_are_looked_up_for_nobody_who_may_not_see_them(loaded: Cli, person: str) -> None:
    """Nor is a person's id completed for them: what they type is told to be no id."""
    for who in ("가나다", "planner:가나다", f"planner:{person[:6]}"):
        refused(loaded("trail", "search", "--actor", who, *INSPECTOR), 1, "may not look for persons by name")
        refused(loaded("access", "list", "--actor", who, "--as", "officer@gto"), 1, "may not read")
    assert person not in loaded("trail", "search", "--actor", person[:6], *INSPECTOR).output


def test_the_logs_of_readings_and_refusals_take_an_agencys_name(loaded: Cli, person: str) -> None:
    """Who may read them may not look for persons by name."""
    assert loaded("task", "approve", "2024-06", "--as", "officer@gjcf").exit_code == 1
    for log, key, who in (("access", "accesses", set()), ("refused", "refused", {"officer@gjcf"})):
        done = loaded(log, "list", "--actor", "officer@광주문화재단", *INSPECTOR, "--json")
        assert {one["actor"] for one in document(done)[key]} == who, log
        refused(loaded(log, "list", "--actor", "planner:가나다", *INSPECTOR), 1, "persons by name")


def test_the_facts_of_a_command_are_found_by_the_beginning_of_its_id(loaded: Cli, person: str) -> None:
    (entry,) = document(loaded("trail", "search", "--actor", person, *INSPECTOR, "--json"))["entries"]
    for given in (entry["command"], entry["command"][:8]):
        assert kinds_found(loaded, "--command", given) == ["task.approved"]
    refused(loaded("trail", "search", "--command", entry["command"][:3], *INSPECTOR), 1, "UUID")
    refused(loaded("trail", "search", "--command", "ffffffffffff", *INSPECTOR), 1, "UUID")
    refused(loaded("trail", "search", "--command", entry["command"][:8], "--as", "officer@gto"), 1)


def exported(loaded: Cli, out: Path, *words: str) -> Any:
    done = loaded("trail", "export", "--out", str(out), *words, *INSPECTOR, *REASON, "--json")
    assert done.exit_code == 0, done.output
    return document(done)


@pytest.mark.parametrize("form", ["jsonl", "csv", "xlsx"])
def test_all_that_is_found_stands_in_the_file(loaded: Cli, person: str, tmp_path: Path, form: str) -> None:
    out = tmp_path / f"found.{form}"
    assert exported(loaded, out, "--task", "2024-06", "--format", form)["entries"] == 3
    rows = rows_of(out, form)
    assert [row["kind"] for row in rows] == ["task.approved", "task.proposed", "programme.task_added"]
    whole = exported(loaded, tmp_path / "all", "--format", form)["entries"]
    assert len(rows_of(tmp_path / "all", form)) == whole == 65


def rows_of(out: Path, form: str) -> list[Any]:
    if form == "jsonl":
        return [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    if form == "csv":
        return list(csv.DictReader(io.StringIO(out.read_text(encoding="utf-8-sig"))))
    with out.open("rb") as file:
        heads, *rows = openpyxl.load_workbook(file)["Entries"].iter_rows(values_only=True)
    return [dict(zip(heads, row, strict=True)) for row in rows]


def csv_of(book: Any, name: str) -> bytes:
    """The cells of a sheet as CSV, by what the cover says of it and nothing of ours."""
    out = io.StringIO(newline="")
    out.write("\ufeff")
    for row in book[name].iter_rows(values_only=True):
        csv.writer(out).writerow("" if cell is None else str(cell) for cell in row)
    return out.getvalue().encode()


def test_a_workbook_says_on_its_cover_what_it_is_and_its_cells_are_what_it_says(
    loaded: Cli, person: str, tmp_path: Path
) -> None:
    asked = ("--task", "2024-06", "--kind", "task.approved", "--kind", "task.proposed", "--people")
    told = exported(loaded, tmp_path / "found.xlsx", *asked, "--format", "xlsx")
    book = openpyxl.load_workbook(tmp_path / "found.xlsx")
    assert book.sheetnames == ["Cover", "Entries"]
    cover = {row[0]: row[1] for row in book["Cover"].iter_rows(values_only=True) if row[0]}
    assert cover["asked for: task"] == "2024-06"
    assert cover["asked for: kind"] == "task.approved, task.proposed"
    assert (cover["entries"], cover["first position"], cover["last position"]) == (
        2,
        told["first"],
        told["last"],
    )
    assert cover["complete up to"] == told["complete"]["up_to"] == 65
    assert "every entry was compared with its fact for this" in cover["by which check"]
    assert cover["SHA-256 (as CSV)"] == told["as_csv_sha256"]
    assert any("found.xlsx.about.json" in str(line) for line in cover)
    exported(loaded, tmp_path / "found.csv", *asked, "--format", "csv")
    as_csv = (tmp_path / "found.csv").read_bytes()
    assert hashlib.sha256(as_csv).hexdigest() == told["as_csv_sha256"]
    assert csv_of(book, "Entries") == as_csv
    book["Entries"]["T2"] = "another sentence"
    assert csv_of(book, "Entries") != as_csv, "the control: a cell was edited"


def test_a_cover_holds_the_checkpoint_as_it_was_signed(
    loaded: Cli, store: Store, person: str, tmp_path: Path
) -> None:
    note = str(SealedTrail(tmp_path / "var" / "trail", "donghaeng/1").seal(store))
    exported(loaded, tmp_path / "found.xlsx", "--format", "xlsx")
    cover = openpyxl.load_workbook(tmp_path / "found.xlsx")["Cover"]
    lines = [row[1] or "" for row in cover.iter_rows(values_only=True)]
    assert "\n".join(map(str, lines)).endswith(note.rstrip("\n"))


def test_a_workbook_has_dates_as_dates_a_head_that_stays_and_a_filter(
    loaded: Cli, person: str, tmp_path: Path
) -> None:
    exported(loaded, tmp_path / "found.xlsx", "--format", "xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "found.xlsx")["Entries"]
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A2", "A1:V66")
    row = dict(zip([cell.value for cell in sheet[1]], sheet[2], strict=True))
    assert (type(row["recorded"].value), row["recorded"].number_format) == (datetime, "yyyy-mm-dd hh:mm:ss")
    assert [type(row[name].value) for name in ("position", "version", "entered late")] == [int, int, bool]
    assert (row["position"].value, row["cause"].value) == (65, None)


def test_another_sheet_goes_on_where_one_is_full_and_the_hash_goes_over_both(
    loaded: Cli, person: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trail_workbook, "_ROWS_A_SHEET", 50)
    told = exported(loaded, tmp_path / "found.xlsx", "--format", "xlsx")
    book = openpyxl.load_workbook(tmp_path / "found.xlsx")
    assert [book[name].max_row for name in ("Entries", "Entries 2")] == [51, 16]
    rest = csv_of(book, "Entries 2").split(b"\r\n", 1)[1]
    assert hashlib.sha256(csv_of(book, "Entries") + rest).hexdigest() == told["as_csv_sha256"]


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_no_cell_is_a_formula(loaded: Cli, person: str, tmp_path: Path, form: str) -> None:
    out = tmp_path / f"found.{form}"
    exported(loaded, out, "--kind", "task.approved", "--format", form)
    assert rows_of(out, form)[0]["document"] == f"'{FORMULA}"
    exported(loaded, tmp_path / "lines", "--kind", "task.approved")
    assert rows_of(tmp_path / "lines", "jsonl")[0]["ref"] == FORMULA, "the control: lines are no table"


@pytest.mark.parametrize("cell", ["=1", "+1", "-1", "@x", "\t=1", "\r=1"])
def test_whatever_a_table_would_run_begins_with_a_quotation_mark(cell: str) -> None:
    assert trail_columns.cell(cell) == f"'{cell}"


def test_an_export_says_what_for_and_overwrites_nothing(loaded: Cli, person: str, tmp_path: Path) -> None:
    out = tmp_path / "found"
    refused(loaded("trail", "export", "--out", str(out), *INSPECTOR), 1, "--reason")
    assert not out.exists()
    out.write_text("mine")
    refused(loaded("trail", "export", "--out", str(out), *INSPECTOR, *REASON), 1, "exists")
    assert out.read_text() == "mine"
    refused(
        loaded("trail", "export", "--out", str(tmp_path / "no" / "x"), *INSPECTOR, *REASON),
        1,
        "there is no such file or folder",
    )
    refused(loaded("trail", "export", "--out", "x", "--as", "officer@gto", *REASON), 1, "inspector")


def test_an_export_that_stops_leaves_nothing(store: Store, person: str, tmp_path: Path) -> None:
    def stopped(done: int, of: int) -> None:
        raise KeyboardInterrupt

    for form in ("jsonl", "csv", "xlsx"):
        with pytest.raises(KeyboardInterrupt):
            export(store, filters_from(Typed()), form, tmp_path / "found", "ko", stopped)  # type: ignore[arg-type]
        assert [path for path in tmp_path.iterdir() if path.name != "var"] == []


def test_what_is_not_among_the_entries_is_brought_in_and_never_left_out_in_silence(
    loaded: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def poison(*_: object) -> None:
        raise ValueError("of no use")

    out = tmp_path / "found"
    words = ("trail", "export", "--out", str(out), *INSPECTOR, *REASON)
    with monkeypatch.context() as patched:
        patched.setattr(entries, "entry", poison)
        refused(loaded(*words), 1, "trail_entries", "the last 62 facts", "doctor")
    assert not out.exists()
    assert loaded(*words).exit_code == 0
    assert len(out.read_text().splitlines()) == 62, "the control: nobody else has folded them"
