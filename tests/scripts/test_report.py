"""`donghaeng report`: what it writes, what it shows and what it refuses."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from domain.values import LocalText
from store.log import Store
from store.recorded import RecordedFact
from tests.projections.report.two_years import both_years, put
from tests.scripts.conftest import Cli, document


@pytest.fixture
def told(cli: Cli, store: Store) -> Cli:
    """The command line on a store that holds two years."""
    put(store, both_years())
    return cli


def test_the_year_comes_first_and_the_files_are_named_after_it(told: Cli, tmp_path: Path) -> None:
    out = tmp_path / "out"
    done = told("report", "2024", "--format", "html,json", "--out", str(out), "--lang", "ko", "--json")
    assert done.exit_code == 0, done.output
    said = document(done)
    assert [Path(name).name for name in said["files"]] == ["report-2024.ko.html", "report-2024.json"]
    assert sorted(path.name for path in out.iterdir()) == ["report-2024.json", "report-2024.ko.html"]
    assert (said["position"], said["running"], said["simulated"]) == (len(both_years()), False, False)
    again = told("report", "verify", str(out / "report-2024.ko.html"))
    assert again.exit_code == 0, again.output


def test_an_export_of_the_report_is_recorded_with_what_for(told: Cli, store: Store, tmp_path: Path) -> None:
    told("report", "2024", "--format", "json", "--out", str(tmp_path), "--as", "planner")
    with store.connection() as connection:
        found = connection.execute("SELECT reading, exported FROM donghaeng.accesses").fetchall()
    assert ("report", True) in found


def test_an_agencys_officer_does_not_make_the_citys_report(told: Cli, tmp_path: Path) -> None:
    done = told("report", "2024", "--format", "json", "--out", str(tmp_path / "out"), "--as", "officer@gto")
    assert done.exit_code == 1
    assert not (tmp_path / "out").exists()


def test_drilling_lists_the_facts_as_sentences(told: Cli) -> None:
    said = document(told("report", "drill", "2024", "task.2024-01.budget", "--json", "--lang", "en"))
    assert said["figure"]["value"] == 900
    assert [fact["kind"] for fact in said["facts"]] == ["task.revised"]
    assert "budget (KRW) 1,000 → 900" in said["facts"][0]["sentence"]
    told_of = told("report", "drill", "2024", "task.2024-01.milestone.half.late", "--lang", "ko").output
    assert "진척률 50%를 보고하였음" in told_of


def test_as_of_a_day_the_report_knows_only_what_was_known(told: Cli) -> None:
    said = document(told("report", "drill", "2024", "all.budget", "--as-of", "2024-02-19", "--json"))
    assert said["figure"]["value"] == 1000


@pytest.mark.parametrize(
    ("words", "name", "says"),
    [
        (("2022",), "YearWithoutFacts", "2023, 2024"),
        (("2024", "--format", "docx"), "UnknownFormat", "hwpx"),
        (("2024", "--as-of", "2024-02-31"), "BadMoment", "2024-02-31"),
        (("2024", "--as-of", "9999-01-01"), "NotYetKnown", "9999-01-01"),
        (("2024", "--as-of", "2020-01-01"), "NothingKnownThen", "2023-01-02"),
        (("drill", "2024", "summary.tsks"), "UnknownFigure", "summary.tasks"),
        (("verify", "nowhere.html"), "NotReadable", "nowhere.html"),
    ],
)
def test_what_cannot_be_made_is_refused_by_name_and_leaves_nothing(
    told: Cli, tmp_path: Path, words: tuple[str, ...], name: str, says: str
) -> None:
    out = () if words[0] in ("drill", "verify") else ("--out", str(tmp_path / "out"))
    done = told("report", *words, *out, "--json", "--lang", "ko")
    assert done.exit_code == 1
    said = document(done)["error"]
    assert said["name"] == name
    assert says in said["message"]
    assert not (tmp_path / "out").exists()


def test_a_folder_that_cannot_be_written_is_refused_and_nothing_is_left(told: Cli, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = told("report", "2024", "--format", "json", "--out", str(tmp_path / "file"), "--json")
    assert document(done)["error"]["name"] == "ReportPlace"
    assert [path.name for path in tmp_path.iterdir() if path.suffix == ".part"] == []


def test_a_file_that_says_nothing_of_its_making_cannot_be_verified(told: Cli, tmp_path: Path) -> None:
    (tmp_path / "report-2024.ko.html").write_text("<html></html>")
    done = told("report", "verify", str(tmp_path / "report-2024.ko.html"), "--json")
    assert document(done)["error"]["name"] == "NoReport"


def test_a_letter_that_no_font_has_is_named_where_the_report_is_made(
    cli: Cli, store: Store, tmp_path: Path
) -> None:
    def titled(one: RecordedFact[Any]) -> RecordedFact[Any]:
        if one.kind != "task.proposed":
            return one
        return replace(one, fact=replace(one.fact, title=LocalText(ko="3∼5월 😀 문화마실")))

    put(store, map(titled, both_years()))
    given = ("report", "2024", "--out", str(tmp_path), "--lang", "ko")
    assert document(cli(*given, "--format", "pdf", "--json"))["not_shown"] == ["U+1F600 GRINNING FACE"]
    said = " ".join(cli(*given, "--format", "pdf").output.split())
    assert "□로 보이는 글자: 😀 (U+1F600 GRINNING FACE)." in said
    assert document(cli(*given, "--format", "html", "--json"))["not_shown"] == []
