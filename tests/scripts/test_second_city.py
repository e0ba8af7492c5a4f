"""A second city's year of eight tasks, from a workbook and from answers at the terminal: how much has to be typed for it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from store.log import Store
from tests.scripts.conftest import Cli, document
from tests.scripts.terminals import at_terminal
from tests.scripts.test_deadline import simulate_from
from tests.scripts.year_books import YEAR, typed_into, write_year

# half of what the first version needed: 26 commands and 2,000 characters
MOST_COMMANDS, MOST_TYPED = 13, 1000
# what is typed to begin the year, but for the cells of the workbook
BEGINNING = (
    "donghaeng up",
    "donghaeng import --template year.xlsx --whole-year",
    "donghaeng import year.xlsx --as planner",
)
# title, department, partners, start, end, budget; the rest is left blank
TASKS = YEAR["과제"][1:]
ANSWERS = ("", "", "", "2027-07-01", "2027-11-30", "1억원", *("",) * 5, "예")


def propose_and_approve(cli: Cli) -> None:
    for task, _, lead, title in TASKS:
        words = ["task", "propose", task, "--ask", "--as", f"officer@{lead}", "--lang", "ko"]
        ended = at_terminal(words, ANSWERS)
        assert ended.exit_code == 0, ended.shown
        assert title in ended.shown
        assert cli("task", "approve", task, "--as", "planner").exit_code == 0


def test_the_year_is_begun_with_half_of_the_typing_and_proposed_by_answers(cli: Cli, tmp_path: Path) -> None:
    typed = sum(map(len, BEGINNING)) + typed_into(YEAR)
    assert len(BEGINNING) <= MOST_COMMANDS
    assert typed <= MOST_TYPED, typed
    form = tmp_path / "year.xlsx"
    assert cli("import", "--template", str(form), "--whole-year").exit_code == 0
    form.unlink()
    done = cli("import", str(write_year(form)), "--as", "planner")  # the form, filled in
    assert done.exit_code == 0, done.stderr
    propose_and_approve(cli)
    shown = [document(cli("task", "show", row[0], "--as", "planner", "--json")) for row in TASKS]
    assert {one["state"]["stage"] for one in shown} == {"approved"}


def test_the_control_what_is_typed_by_commands_alone_is_too_much() -> None:
    """The same year as the first version took it: a command for each agency, address, person, post and task."""
    commands = [
        "donghaeng up",
        'donghaeng programme open 2027 --name "2027년 협업사업" --city 대전광역시 --as planner',
    ]
    for row in YEAR["기관"][1:]:
        commands.append(f'donghaeng agency register {row[0]} --name "{row[1]}" --as planner')
        commands.append(f"donghaeng agency set-contact {row[0]} --mail {row[2]} --as planner")
    for row in YEAR["담당자"][1:]:
        commands.append(f'donghaeng subject register --name "{row[2]}" --mail {row[3]} --as planner')
        commands.append(f"donghaeng agency appoint djtc --subject {'f' * 32} --post officer --as planner")
    for row in TASKS:
        commands.append(
            f'donghaeng programme add-task 2027 {row[0]} --area move --lead {row[2]} --title "{row[3]}" --as planner'
        )
    assert len(commands) > MOST_COMMANDS
    assert sum(map(len, commands)) > MOST_TYPED


# the year's end: what the citizens gave, and what the definition's grades make of it
SCORES = {
    "2027-01": ("96.0", "S"),
    "2027-02": ("95.0", "S"),
    "2027-03": ("90.1", "A"),
    "2027-04": ("88.0", "A"),
    "2027-05": ("80.0", "B"),
    "2027-06": ("78.0", "B"),
    "2027-07": ("70.5", "C"),
}
UNFINISHED = "2027-08"  # no final report comes, and it goes on in the next year
LATE = "2027-05"  # the third quarter is reported with the whole
# counted by hand, with the public holidays and those that stand in for them
FIGURES = {
    "all.tasks": 8,
    "all.budget": 800_000_000,
    "all.evaluated": 7,
    "all.score": "85.4",
    **{f"grade.{grade}.tasks": many for grade, many in {"S": 2, "A": 2, "B": 2, "C": 1, "D": 0}.items()},
    "area.fun.tasks": 3,
    "area.fun.evaluated": 3,
    "area.home.evaluated": 2,
    "agency.djsiseol.score": "70.5",
    "deadline.start.kept": 8,
    "deadline.evaluation.kept": 7,
    # the seventh business day after September is 13 October; from the 14th to 6 December there are 38
    "deadline.progress.due": 8,
    "deadline.progress.late": 1,
    "deadline.progress.overdue-days": 38,
    # the tenth after November is 14 December; from the 15th to the end of February there are 51
    "deadline.final_report.late": 1,
    "deadline.final_report.overdue-days": 51,
}


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_the_year_goes_to_its_end_and_its_report_says_what_it_came_to(
    cli: Cli, store: Store, owner_dsn: str, tmp_path: Path
) -> None:
    """Whatever rules do nobody types: starts, calendars, ratings opened, evaluations, the carrying over, the year's closing."""
    typed: list[str] = []

    def do(*words: str) -> None:
        typed.append(" ".join(words))
        done = cli(*words)
        assert done.exit_code == 0, done.output

    simulate_from(owner_dsn, datetime(2027, 1, 18, 1, tzinfo=UTC))
    do("import", str(write_year(tmp_path / "year.xlsx")), "--as", "planner")
    propose_and_approve(cli)
    do("clock", "move", "2027-10-05T10:00")
    for task, _, lead, _ in TASKS:
        if task != LATE:
            do("task", "report", task, "--percent", "60", "--as", f"officer@{lead}")
    do("clock", "move", "2027-12-06T10:00")
    for task, _, lead, _ in TASKS:
        if task != UNFINISHED:
            do("task", "final-report", task, "--text", "완료", "--as", f"officer@{lead}")
    do("clock", "move", "2027-12-20T10:00")
    for task, (score, _) in SCORES.items():
        do("task", "rate", task, "--score", score, "--raters", "100", "--as", "planner")
    do("clock", "move", "2028-03-02T10:00")
    do(
        "report",
        "2027",
        "--format",
        "json",
        "--out",
        str(tmp_path),
        "--as",
        "planner",
        "--reason",
        "연말 보고",
    )
    years_words = [one for one in typed if not one.startswith("clock")]
    assert len(years_words) <= 8 * 3 + 2, "a task takes a report a quarter, a final report and a rating"

    figures = json.loads((tmp_path / "report-2027.json").read_text())["figures"]
    assert {name: figures[name]["value"] for name in FIGURES} == FIGURES
    for of in ("deadlines", "deadline.progress", "deadline.final_report", "owed.djto"):
        parts = ("kept", "late", "open", "lapsed", "moved")
        assert sum(figures[f"{of}.{one}"]["value"] for one in parts) == figures[f"{of}.due"]["value"], of
    board = document(cli("task", "list", "--as", "planner", "--json"))["tasks"]
    assert {one["task"]: one["stage"] for one in board} == {
        **dict.fromkeys(SCORES, "evaluated"),
        UNFINISHED: "carried_over",
    }
    for task, (score, grade) in SCORES.items():
        shown = document(cli("task", "show", task, "--as", "planner", "--json"))["state"]
        assert (shown["score"], shown["grade"]) == (score, grade)
    assert store.read("programme/2027")[-1].kind == "programme.closed", "by rule"
