"""Tasks that change, from the command line to the real store and back in the history's words."""

from __future__ import annotations

import pytest

from projections.runner import project
from projections.views import VIEWS
from store.log import Store
from tests.scripts.conftest import Cli, document
from tests.scripts.test_command_line import refused

OFFICER, PLANNER = ("--as", "officer@gto"), ("--as", "planner")
BEGUN = (
    (
        *[
            "task",
            "propose",
            "2024-06",
            "--start",
            "2024-03-04",
            "--end",
            "2024-12-31",
            "--budget",
            "120000000",
        ],
        *OFFICER,
    ),
    ("task", "approve", "2024-06", *PLANNER),
    ("task", "start", "2024-06", *OFFICER),
    ("task", "report", "2024-06", "--percent", "40", *OFFICER),
)


@pytest.fixture
def begun(loaded: Cli) -> Cli:
    for words in BEGUN:
        assert loaded(*words).exit_code == 0
    return loaded


def sentences(cli: Cli) -> list[str]:
    return [line["sentence"] for line in document(cli("task", "history", "2024-06", "--json"))["history"]]


@pytest.mark.parametrize(
    "given", [(), ("--title", "새 과제"), ("--lead", "gto"), ("--lead", "gto", "--title", "가")]
)
def test_a_task_that_is_not_on_the_list_is_refused_with_how_it_gets_there(
    loaded: Cli, given: tuple[str, ...]
) -> None:
    plan = ("--start", "2024-03-04", "--end", "2024-12-31", "--budget", "1000")
    said = loaded("task", "propose", "2024-77", *plan, *given, *OFFICER)
    assert said.exit_code == 1
    assert "Task 2024-77 is not on the list of 2024" in said.stderr
    assert "add-task 2024 2024-77" in said.stderr
    malformed = loaded("task", "propose", "77", *plan, *given, *OFFICER)
    assert "“task”" in malformed.stderr
    assert "list" not in malformed.stderr
    listed = ("2024", "2024-77", "--area", "culture", "--lead", "gto", "--title", "새 과제")
    assert loaded("programme", "add-task", *listed, *PLANNER).exit_code == 0
    assert loaded("task", "propose", "2024-77", *plan, *given, *OFFICER).exit_code == 0


def test_a_plan_with_more_money_waits_for_the_city(begun: Cli) -> None:
    assert begun("task", "replan", "2024-06", "--budget", "200000000", *OFFICER).exit_code == 0
    state = document(begun("task", "show", "2024-06", "--json"))["state"]
    assert (state["plan"]["budget_krw"], state["pending_plan"]["budget_krw"]) == (120_000_000, 200_000_000)
    assert state["pending_plan"]["end"] == "2024-12-31", "what is not given stays"
    stale = begun("task", "approve-replan", "2024-06", "--request", "4", *PLANNER)
    assert stale.exit_code == 1
    assert begun("task", "approve-replan", "2024-06", "--request", "5", *PLANNER).exit_code == 0
    assert document(begun("task", "show", "2024-06", "--json"))["state"]["plan"]["budget_krw"] == 200_000_000
    assert "KRW 200,000,000" in sentences(begun)[-1]


def test_a_correction_is_dated_as_the_report_and_both_stay_visible(begun: Cli) -> None:
    assert begun("task", "correct", "2024-06", "4", "--percent", "35", *OFFICER).exit_code == 0
    *_, report, correction = document(begun("task", "history", "2024-06", "--json"))["history"]
    assert report["at"] == correction["at"] < correction["known_at"]
    assert "40%" in report["sentence"]
    assert "corrected #4: progress 35%" in correction["sentence"]
    assert document(begun("task", "show", "2024-06", "--json"))["state"]["percent"] == 35
    assert begun("task", "cancel-correction", "2024-06", "5", *OFFICER).exit_code == 0
    assert document(begun("task", "show", "2024-06", "--json"))["state"]["percent"] == 40


def test_after_the_evaluation_the_city_corrects_with_a_reason_and_it_is_seen_everywhere(
    begun: Cli, store: Store
) -> None:
    for words in (
        ("task", "final-report", "2024-06", "--text", "마침", *OFFICER),
        ("task", "evaluate", "2024-06", "--score", "80", "--grade", "B", *PLANNER),
    ):
        assert begun(*words).exit_code == 0
    correct = ("task", "correct-evaluated", "2024-06", "6", "--score", "70", "--grade", "C")
    refused(begun(*correct, *PLANNER), 1, "needs a reason")
    refused(begun(*correct, *OFFICER, "--reason", "합산 착오"), 1, "planner")
    refused(begun("task", "correct", "2024-06", "4", "--percent", "35", *PLANNER), 1, "after the evaluation")
    project(store, VIEWS["task_board"])
    assert "corrected since" not in begun("task", "list").output, "the control"

    assert begun(*correct, *PLANNER, "--reason", "합산 착오").exit_code == 0
    project(store, VIEWS["task_board"])
    assert "(corrected since)" in begun("task", "list").output
    shown = begun("task", "show", "2024-06").output
    assert "evaluated (corrected since)" in shown
    assert "evaluation: 70 (C)" in shown
    assert "corrected #6 after the evaluation: score 70; grade C. (reason: 합산 착오" in sentences(begun)[-1]
    listed = document(begun("trail", "findings", "--as", "inspector", "--json"))
    assert listed["counts"]["corrected_after_evaluation"] == 1
    assert listed["counts"]["correction"] == 0


def test_a_fact_of_another_task_cannot_be_corrected(begun: Cli) -> None:
    result = begun("task", "correct", "2024-06", "task/2024-07#1", "--percent", "35", *OFFICER)
    assert result.exit_code == 1
    assert "another history" in result.stderr


def test_after_a_hand_over_the_other_agency_works_and_the_first_may_not(begun: Cli) -> None:
    assert begun("task", "hand-over", "2024-06", "gjcf", *PLANNER).exit_code == 0
    assert begun("task", "report", "2024-06", "--percent", "50", *OFFICER).exit_code == 1
    assert begun("task", "report", "2024-06", "--percent", "50", "--as", "officer@gjcf").exit_code == 0


def test_a_hold_names_its_basis(begun: Cli) -> None:
    basis = "공공기록물 관리에 관한 법률"
    assert begun("task", "place-hold", "2024-06", "--basis", basis, *PLANNER).exit_code == 0
    again = begun("task", "place-hold", "2024-06", "--basis", "x", *PLANNER)
    assert (again.exit_code, basis in again.stderr) == (1, True)
    assert begun("task", "lift-hold", "2024-06", *PLANNER).exit_code == 0


HEAD, DEPUTY = "2" * 32, "1" * 32


def test_an_agency_that_took_over_another_works_on_its_tasks(begun: Cli) -> None:
    theirs = ("task", "report", "2024-06", "--percent", "50", "--as", "officer@gjcf")
    assert begun(*theirs).exit_code == 1
    assert begun("agency", "merge", "gto", "--into", "gjcf", *PLANNER).exit_code == 0
    assert begun(*theirs).exit_code == 0
    found = document(begun("responsible", "2024-06", "--json"))
    assert found["agency"] == "gjcf"
    assert [step["agency"] for step in found["line"]] == ["gto", "gjcf"]


def test_who_answers_is_told_in_words(begun: Cli) -> None:
    for subject, post in ((HEAD, "head"), (DEPUTY, "officer")):
        words = ("agency", "appoint", "gto", "--subject", subject, "--post", post, *PLANNER)
        assert begun(*words).exit_code == 0
    span = ("--from", "2024-01-01", "--until", "2099-12-31")
    people = ("--absent", HEAD, "--substitute", DEPUTY)
    given = ("agency", "appoint-substitute", "gto", *people, *span, "--as", "head@gto")
    assert begun(*given).exit_code == 0
    assert begun(*given).exit_code == 1, "two at once"
    said = begun("responsible", "2024-06").stdout
    assert f"the head: {HEAD} → {DEPUTY} stands in" in " ".join(said.split())
    assert begun("responsible", "2024-06", "--on", "2020-01-01").exit_code == 1
    ended = begun("agency", "end-substitution", "gto", "4", "--as", "head@gto")
    assert ended.exit_code == 0
    assert begun("agency", "end-substitution", "gjcf", "4", "--as", "head@gto").exit_code == 1


def test_an_agencys_history_tells_its_names_and_what_it_was_given(loaded: Cli) -> None:
    assert loaded("agency", "rename", "gtc", "--name", "광주교통", *PLANNER).exit_code == 0
    gtc = [line["sentence"] for line in document(loaded("agency", "history", "gtc", "--json"))["history"]]
    assert "Metropolitan Rapid Transit" in gtc[0]
    assert "광주교통" in gtc[1]
    gdsc = document(loaded("agency", "history", "gdsc", "--json"))["history"]
    assert [line["kind"] for line in gdsc] == [
        "agency.registered",
        "agency.transferred",
        "agency.transferred",
    ]
    agencies = document(loaded("agency", "list", "--json"))["agencies"]
    (renamed,) = [one for one in agencies if one["agency"] == "gtc"]
    assert [name["ko"] for name in renamed["formerly"]] == ["광주도시철도공사", "광주교통공사"]
    assert loaded("agency", "list").exit_code == 0
    assert loaded("agency", "history", "nobody").exit_code == 1
