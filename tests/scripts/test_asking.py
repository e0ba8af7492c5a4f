"""`task propose --ask` and `task copy`: a proposal by answers at a terminal, and from last year's."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from store.log import Store
from tests.scripts.conftest import Cli, document
from tests.scripts.terminals import CTRL_C, at_terminal
from tests.scripts.year_books import write_year

OFFICER = ("--as", "officer@djtc")
# title, department, partners, start, end, budget, not before, milestones, indicators, seasons, summary, yes
ANSWERS = [
    "",
    "교통정책과",
    "대전관광공사",
    "",
    "2027. 3. 2.",
    "2027-11-30",
    "1억 2천만원",
    "",
    "2027-06-30 중간 점검",
    "2027.9.30. 마무리",
    "",
    "이용자, 명, 0, 1200",
    "",
    "",
    "안내를 고친다",
    "예",
]


@pytest.fixture
def year(cli: Cli, tmp_path: Path) -> Cli:
    assert cli("import", str(write_year(tmp_path / "year.xlsx")), "--as", "planner").exit_code == 0
    return cli


def shown(cli: Cli, task: str) -> Any:
    return document(cli("task", "show", task, "--as", "planner", "--json"))["state"]


def head(dsn: str) -> int:
    with Store.open(dsn) as store:
        return int(store.head().position)


def test_a_proposal_is_asked_for_field_by_field_shown_whole_and_agreed_to(year: Cli) -> None:
    done = at_terminal(["task", "propose", "2027-01", "--ask", *OFFICER, "--lang", "ko"], ANSWERS)
    assert done.exit_code == 0, done.shown
    for said in ("과제명", "[역사 안 안내 개선]", "협업기관", "예산(원)", "이대로 제안합니까", "120,000,000"):
        assert said in done.shown
    state = shown(year, "2027-01")
    plan = state["plan"]
    assert state["title"]["ko"] == "역사 안 안내 개선"
    assert (state["department"]["ko"], state["partners"]) == ("교통정책과", ["djto"])
    assert (plan["start"], plan["end"], plan["budget_krw"]) == ("2027-03-02", "2027-11-30", 120_000_000)
    assert [(one["id"], one["due"]) for one in plan["milestones"]] == [
        ("m1", "2027-06-30"),
        ("m2", "2027-09-30"),
    ]
    assert [(one["id"], one["unit"], one["target"]) for one in plan["indicators"]] == [("i1", "명", "1200")]


def test_a_wrong_answer_is_told_and_asked_for_again(year: Cli) -> None:
    answers = [
        "",
        "-",
        "Nobody Inc",
        "",
        "soon",
        "2027-03-02",
        "2027-11-30",
        "a lot",
        "1000",
        *[""] * 5,
        "no",
    ]
    done = at_terminal(["task", "propose", "2027-01", "--ask", *OFFICER, "--lang", "en"], answers)
    assert done.exit_code == 1
    for said in ("go by this name", "it is not a date", "not a whole number", "Nothing was written"):
        assert said in done.shown


def test_what_cannot_be_proposed_is_told_and_asked_for_again_with_the_answers_kept(year: Cli) -> None:
    backwards = ["", "", "", "2027-11-30", "2027-03-02", "1000", "", "", "", "", ""]
    then = ["", "", "", "2027-03-02", "2027-11-30", "", "", "", "", "", "", "yes"]
    done = at_terminal(["task", "propose", "2027-01", "--ask", *OFFICER, "--lang", "en"], [*backwards, *then])
    assert done.exit_code == 0, done.shown
    assert shown(year, "2027-01")["plan"]["budget_krw"] == 1000


@pytest.mark.parametrize(
    "typed", [["", "교통정책과", CTRL_C], [*ANSWERS[:-1], CTRL_C], [*ANSWERS[:-1], "아니오"]]
)
def test_interrupted_or_not_agreed_to_it_leaves_nothing(year: Cli, app_dsn: str, typed: list[str]) -> None:
    before = head(app_dsn)
    done = at_terminal(["task", "propose", "2027-01", "--ask", *OFFICER, "--lang", "ko"], typed)
    assert done.exit_code != 0
    assert "Traceback" not in done.shown
    assert head(app_dsn) == before


def test_with_json_stdout_is_the_document_alone(year: Cli) -> None:
    done = at_terminal(["task", "propose", "2027-01", "--ask", *OFFICER, "--json"], ANSWERS)
    assert json.loads(done.stdout)["kinds"][0] == "task.proposed"


def test_where_nobody_can_be_asked_it_is_refused(year: Cli) -> None:
    done = year("task", "propose", "2027-01", "--ask", *OFFICER)
    assert (done.exit_code, "no terminal" in done.stderr) == (2, True)


def test_who_may_not_propose_is_not_asked(year: Cli) -> None:
    done = at_terminal(["task", "propose", "2027-01", "--ask", "--as", "citizen", "--lang", "en"])
    assert (done.exit_code, "first day" in done.shown) == (1, False)


def test_last_years_plan_is_proposed_with_its_days_moved(cli: Cli, tmp_path: Path) -> None:
    cli("import", str(write_year(tmp_path / "year.xlsx")), "--as", "planner")
    at_terminal(["task", "propose", "2027-01", "--ask", *OFFICER, "--lang", "ko"], ANSWERS)
    words = [
        "programme",
        "open",
        "2028",
        "--name",
        "2028년 협업사업",
        "--city",
        "대전광역시",
        "--area",
        "move=교통",
    ]
    assert cli(*words, "--as", "planner").exit_code == 0
    listed = [
        "programme",
        "add-task",
        "2028",
        "2028-05",
        "--area",
        "move",
        "--lead",
        "djtc",
        "--title",
        "안내 둘",
    ]
    assert cli(*listed, "--as", "planner").exit_code == 0
    done = cli("task", "copy", "2027-01", "2028-05", "--budget", "5000", *OFFICER)
    assert done.exit_code == 0, done.stderr
    state = shown(cli, "2028-05")
    assert state["title"]["ko"] == "안내 둘"
    assert (state["plan"]["start"], state["plan"]["budget_krw"]) == ("2028-03-02", 5000)
    assert [one["due"] for one in state["plan"]["milestones"]] == ["2028-06-30", "2028-09-30"]
    assert (state["partners"], state["department"]["ko"]) == (["djto"], "교통정책과")
    assert state["summary"] is not None


def test_nothing_is_copied_from_the_same_year_or_from_what_is_not_there(year: Cli) -> None:
    at_terminal(["task", "propose", "2027-01", "--ask", *OFFICER, "--lang", "ko"], ANSWERS)
    same = year("task", "copy", "2027-01", "2027-02", *OFFICER)
    assert (same.exit_code, "earlier year" in same.stderr) == (1, True)
    assert year("task", "copy", "2026-09", "2027-02", *OFFICER).exit_code == 1


def test_another_agencys_plan_is_not_copied(year: Cli) -> None:
    at_terminal(["task", "propose", "2027-01", "--ask", *OFFICER, "--lang", "ko"], ANSWERS)
    assert year("task", "copy", "2027-01", "2028-03", "--as", "officer@dcco").exit_code == 1
