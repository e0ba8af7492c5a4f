"""`donghaeng what-if`: what would differ, as a table, as JSON and as CSV."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from msgspec.structs import replace

from domain.task.facts import Approved, DeadlinesSet, Evaluated
from domain.values import CalendarVersion, LocalText
from store.log import Store
from tests.projections.appended_facts import PROPOSED, append
from tests.scripts.conftest import Cli, document

STRICTER = """
grades = [{ grade = "S", least = "95" }, { grade = "A", least = "90" }, { grade = "B", least = "0" }]
"""


@pytest.fixture
def grades(tmp_path: Path) -> str:
    path = tmp_path / "grades.toml"
    path.write_text(STRICTER, encoding="utf-8")
    return str(path)


def test_it_is_told_as_a_table_as_json_and_as_csv_without_formulas(
    cli: Cli, store: Store, grades: str, tmp_path: Path
) -> None:
    proposed = replace(PROPOSED, title=LocalText(ko="=1+1", en="=1+1"))
    evaluated = Evaluated(score="89", grade="A")
    append(store, *(("task/2024-01", one) for one in (proposed, Approved(), evaluated)))
    given = ("what-if", "--years", "2024", "--scoring", grades)
    found = document(cli(*given, "--json"))
    (one,) = found["differences"]
    assert (one["task"], one["really"], one["otherwise"], one["facts"]) == ("2024-01", "A", "B", [3])
    assert (found["counts"], found["tasks"], found["position"]) == ({"grade": 1}, 1, 3)
    assert "a score of 89" in cli(*given).output
    assert "등급 1" in cli(*given, "--lang", "ko").output
    out = tmp_path / "what-if.csv"
    exported = (*given, "--csv", str(out), "--as", "planner", "--json")
    assert document(cli(*exported))["error"]["name"] == "ExportNeedsReason"
    assert not out.exists()
    assert cli(*exported, "--reason", "next year").exit_code == 0
    head, line = csv.reader(out.read_text(encoding="utf-8-sig").splitlines())
    assert head[:3] == ["task", "title", "what"]
    assert line[:3] == ["2024-01", "'=1+1", "grade"]
    assert document(cli(*exported, "--reason", "again"))["error"]["name"] == "ExportExists"
    assert store.head().position == 3


def test_a_definition_that_was_adopted_is_taken_by_its_name(cli: Cli, store: Store, tmp_path: Path) -> None:
    append(
        store, *(("task/2024-01", one) for one in (PROPOSED, Approved(), Evaluated(score="89", grade="A")))
    )
    given = ("what-if", "--years", "2024", "--definition", "stricter/1", "--json")
    assert document(cli(*given))["error"]["name"] == "NotADefinition"
    path = tmp_path / "stricter.toml"
    path.write_text(
        'extends = "donghaeng-2024/1"\nname = "stricter"\nversion = 1\n' + STRICTER, encoding="utf-8"
    )
    adopted = cli("definition", "adopt", str(path), "--as", "planner", "--reason", "지침 개정")
    assert adopted.exit_code == 0, adopted.output
    (one,) = [each for each in document(cli(*given))["differences"] if each["what"] == "grade"]
    assert (one["really"], one["otherwise"]) == ("A", "B")


def test_bad_input_is_refused_by_name(cli: Cli, store: Store, grades: str, tmp_path: Path) -> None:
    append(store, ("task/2024-01", PROPOSED))
    nothing = str(tmp_path / "nothing.toml")
    for words, name in (
        (("--years", "2024"), "NothingSupposed"),
        (("--years", "2024..2023", "--scoring", grades), "BadSpan"),
        (("--years", "2023", "--scoring", grades), "NothingHappened"),
        (("--years", "2024", "--definition", grades), "BadInput"),
        (("--years", "2024", "--definition", nothing), "NotADefinition"),
        (("--years", "2024", "--calendar", nothing), "NotReadable"),
        (("--years", "2024", "--scoring", grades, "--as", "officer@gto"), "ReadingNotPermitted"),
    ):
        refused = cli("what-if", *words, "--json")
        assert (refused.exit_code, document(refused)["error"]["name"]) == (1, name)


def test_a_history_without_the_calendars_it_was_counted_by_is_refused_by_the_year(
    cli: Cli, store: Store, grades: str
) -> None:
    """As an imported part of a history may be. With the calendar there (the control) it is replayed."""
    counted = DeadlinesSet(
        definition="donghaeng-2024/1", calendars=(CalendarVersion(year=2024, version=1),), deadlines=()
    )
    append(store, ("task/2024-01", PROPOSED), ("task/2024-01", counted))
    asked = ("what-if", "--years", "2024", "--scoring", grades, "--json")
    error = document(cli(*asked))["error"]
    assert error["name"] == "CalendarNotOpen"
    assert "2024" in error["message"]
    for year in ("2024", "2025", "2026", "2027"):
        opened = cli("calendar", "open", year, "--as", "planner")
        assert opened.exit_code == 0, opened.output
    replayed = cli(*asked)
    assert replayed.exit_code == 0, replayed.output
