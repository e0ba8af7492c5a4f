"""A new task command, built as docs/tutorial/command.md says into a copy of the program, is given there and told."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.scripts.conftest import Cli
from tests.tutorial_builds import build, complaint, content, documents, refused, run, typed
from workflows.definitions.templates import templates

FILES = {
    "domain/task/facts.py",
    "domain/task/commands.py",
    "domain/task/decider.py",
    "domain/task/state.py",
    "projections/sentences/tasks.py",
    "scripts/cli/task_commands.py",
}
OFFICER, PLANNER = ("--as", "officer@gto"), ("--as", "planner")
NOTE = ("task", "note-risk")
TASKS = ("2024-06", "2025-01")
RISK = "버스 인도가 늦어질 수 있음"
COMPLETE = (
    "tests/domain/test_catalogue.py",
    "tests/domain/test_samples.py",
    "tests/projections/test_history.py",
    "tests/projections/test_trail_words.py",
    "tests/workflows/test_definitions.py",
    "tests/workflows/test_permissions.py",
    "tests/scripts/test_usage.py::test_all_that_help_says_is_said_in_both_languages",
    "tests/test_rooms.py",
)


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("copy")
    assert build("command.md", folder) == FILES
    run(folder, "tests.domain.write_samples")
    run(folder, "scripts.pages")
    return folder


def started(cli: Cli, task: str) -> None:
    year = task[:4]
    dates = ("--start", f"{year}-03-04", "--end", f"{year}-12-31", "--budget", "1000")
    for words in (
        ("task", "propose", task, *dates, *OFFICER),
        ("task", "approve", task, *PLANNER),
        ("task", "start", task, *OFFICER),
    ):
        result = cli(*words)
        assert result.exit_code == 0, result.output


def next_year(cli: Cli) -> None:
    """A task of the year whose tasks live by the second definition."""
    opening = ("--name", "동행전략", "--city", "광주광역시", "--area", "culture=문화")
    listing = ("--area", "culture", "--lead", "gto", "--title", "야간관광")
    assert cli("programme", "open", "2025", *opening, *PLANNER).exit_code == 0
    assert cli("programme", "add-task", "2025", "2025-01", *listing, *PLANNER).exit_code == 0


def test_a_command_with_its_fact_is_six_files(loaded: Cli, copy: Path) -> None:
    started(loaded, "2024-06")
    note = (*NOTE, "2024-06", "--risk", RISK)
    strangers = ((*note, "--as", "officer@gjcf"), (*note, "--as", "citizen"))
    assert refused(copy, *strangers, (*NOTE, "2024-07", "--risk", RISK, *PLANNER)) == [
        "NotYourTask",
        "NotPermitted",
        "NeverProposed",
    ]
    typed(copy, (*note, *OFFICER), (*NOTE, "2024-06", "--risk", "연료비", *PLANNER))
    shown, told = documents(copy, ("task", "show", "2024-06"), ("task", "history", "2024-06"))
    assert shown["state"]["noted_risks"] == 2
    assert [one["kind"] for one in told["history"][-2:]] == ["task.risk_noted"] * 2
    ko, en = ("--lang", "ko"), ("--lang", "en")
    history = ("task", "history", "2024-06")
    entry = ("trail", "show", str(told["history"][-1]["position"]), *PLANNER)
    korean, english, shown_ko, shown_en, listed, _ = typed(
        copy,
        (*history, *ko),
        (*history, *en),
        (*entry, *ko),
        (*entry, *en),
        ("task", "--help"),
        ("why", "2024-06", *PLANNER),
    )
    assert f"광주관광공사 담당자: 위험 요인을 기록하였음: {RISK}" in korean
    assert "시 총괄부서: 위험 요인을 기록하였음: 연료비" in korean
    assert f"An officer of Gwangju Tourism Organization noted a risk: {RISK}" in english
    assert "위험 요인 수" in shown_ko
    assert "risks noted" in shown_en
    assert "note-risk" in listed


def test_all_definitions_let_everybody_give_it_who_may(loaded: Cli, copy: Path) -> None:
    started(loaded, "2024-06")
    next_year(loaded)
    started(loaded, "2025-01")
    lives = [task["state"]["definition"] for task in documents(copy, *(("task", "show", t) for t in TASKS))]
    assert lives == ["donghaeng-2024/1", "donghaeng-2024/2"]
    typed(copy, *((*NOTE, task, "--risk", RISK, *who) for task in TASKS for who in (OFFICER, PLANNER)))
    (shown,) = documents(copy, ("definition", "show"))
    granted = [
        one for by in shown["definitions"] for one in by["commands"] if one["command"] == "task.note_risk"
    ]
    assert len(granted) == len(templates())
    assert [one["by"] for one in granted] == [["officer", "planner"]] * len(templates())
    assert [len(one["from"]) for one in granted] == [5] * len(templates())


def test_the_pages_name_it(copy: Path) -> None:
    pages = {
        name: (copy / "docs" / f"{name}.md").read_text() for name in ("permissions", "commands", "facts")
    }
    assert "| `task.note_risk` | own |  | yes |  |  |  |  |" in pages["permissions"]
    assert "### donghaeng task note-risk" in pages["commands"]
    assert "### `task.risk_noted` (schema 1)" in pages["facts"]


@pytest.mark.slow
def test_what_looks_whether_all_is_there_is_content(copy: Path) -> None:
    content(copy, *COMPLETE)
    run(copy, "ruff", "check", "-q", *FILES)


@pytest.mark.parametrize(
    ("line", "test"),
    [
        ("| RiskNoted", "tests/domain/test_catalogue.py"),
        ("| NoteRisk", "tests/domain/test_catalogue.py"),
        ("def _apply_risk_noted", "tests/domain/test_samples.py"),
        ('"task.risk_noted": lambda', "tests/projections/test_history.py"),
        ("noted_risks|", "tests/projections/test_trail_words.py"),
    ],
)
def test_what_is_forgotten_of_it_is_told_by_a_test(tmp_path: Path, line: str, test: str) -> None:
    """The control."""
    build("command.md", tmp_path, without=line)
    run(tmp_path, "tests.domain.write_samples")
    assert "risk" in complaint(tmp_path, test).lower()
