"""Tasks that change, from the command line to the real store and back in the history's words."""

from __future__ import annotations

import pytest

from projections.runner import project
from projections.views import VIEWS
from store.accesses import accesses
from store.log import Store
from tests.scripts.conftest import Cli, document
from tests.scripts.test_command_line import refused
from workflows.planning import load_programme

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
    assert "budget (KRW) 120,000,000 → 200,000,000" in sentences(begun)[-1]


RICH = (
    *("task", "propose", "2024-06", "--start", "2024-03-04", "--end", "2024-12-31", "--budget", "120000000"),
    *("--milestone", "m1=2024-05-31=첫 축제", "--milestone", "m2=2024-12-01=마지막 축제"),
    *("--indicator", "visitors=명=0=10000=방문객", "--phase", "2024-03-04=2024-05-31=봄"),
    *("--not-before", "2024-03-04", "--department", "관광도시과", "--partner", "gjcf", "--summary", "요약"),
)
ONLY = {
    "--budget": ("130000000", "budget_krw"),
    "--end": ("2024-12-30", "end"),
    "--indicator": ("visitors=명=0=20000=방문객", "indicators"),
    "--milestone": ("m1=2024-06-01=첫 축제", "milestones"),
    "--phase": ("2024-03-04=2024-06-30=봄", "phases"),
    "--without": ("milestones", "milestones"),
}


@pytest.mark.parametrize("returned", [False, True])
@pytest.mark.parametrize("option", ONLY)
def test_a_revision_leaves_alone_what_is_not_typed(loaded: Cli, option: str, returned: bool) -> None:
    assert loaded(*RICH, *OFFICER).exit_code == 0
    before = document(loaded("task", "show", "2024-06", "--json"))["state"]
    if returned:
        assert loaded("task", "return", "2024-06", "--reason", "보완", *PLANNER).exit_code == 0
    given, field = ONLY[option]
    done = loaded("task", "revise", "2024-06", option, given, *OFFICER)
    assert done.exit_code == 0, done.output
    after = document(loaded("task", "show", "2024-06", "--json"))["state"]
    assert after["plan"].pop(field, None) != before["plan"].pop(field)
    assert after["plan"] == before["plan"]
    for kept in ("title", "department", "partners", "summary"):
        assert after[kept] == before[kept]
    assert "→" in sentences(loaded)[-1] or "taken away" in sentences(loaded)[-1]


def test_a_title_in_one_language_leaves_the_other(loaded: Cli) -> None:
    assert loaded(*RICH, "--title", "제목", "--title-en", "Title", *OFFICER).exit_code == 0
    assert loaded("task", "revise", "2024-06", "--title-en", "Heading", *OFFICER).exit_code == 0
    assert loaded("task", "revise", "2024-06", "--title", "새 제목", *OFFICER).exit_code == 0
    title = document(loaded("task", "show", "2024-06", "--json"))["state"]["title"]
    assert title == {"ko": "새 제목", "en": "Heading"}
    assert loaded("task", "revise", "2024-06", "--partner", "", *OFFICER).exit_code == 0
    assert "partners" not in document(loaded("task", "show", "2024-06", "--json"))["state"]


@pytest.mark.parametrize("left", ["department", "summary"])
def test_department_and_summary_are_taken_away_alone_and_the_history_says_so(loaded: Cli, left: str) -> None:
    assert loaded(*RICH, *OFFICER).exit_code == 0
    before = document(loaded("task", "show", "2024-06", "--json"))["state"]
    assert loaded("task", "revise", "2024-06", "--without", left, *OFFICER).exit_code == 0
    after = document(loaded("task", "show", "2024-06", "--json"))["state"]
    assert before[left] is not None
    assert after.get(left) is None
    for kept in {"title", "department", "partners", "summary", "plan"} - {left}:
        assert after[kept] == before[kept]
    assert f"{left} " in sentences(loaded)[-1]
    assert sentences(loaded)[-1].endswith("→ none.")
    assert loaded("task", "revise", "2024-06", "--without", "title", *OFFICER).exit_code == 1


def test_what_the_list_says_can_be_filled_in_and_taken_away(loaded: Cli, store: Store) -> None:
    change = ("programme", "change-task", "2024", "2024-06")
    given = ("--summary", "무엇을 하는 과제인지", "--phase", "2024-04-01=2024-05-31=봄")
    done = loaded(*change, *given, "--lead", "광주관광공사", "--area", "culture", *PLANNER)
    assert done.exit_code == 0, done.output
    fact = store.read("programme/2024")[-1].fact
    assert [one.name.ko for one in fact.phases] == ["봄"]
    assert store.text(fact.summary).body == "무엇을 하는 과제인지"
    assert loaded(*change, "--without", "summary", "--without", "phases", *PLANNER).exit_code == 0
    assert load_programme(store, 2024).tasks["2024-06"].summary is None
    assert load_programme(store, 2024).tasks["2024-06"].phases == ()
    again = loaded(*change, "--without", "summary", *PLANNER)
    assert (again.exit_code, "is so already" in again.stderr) == (1, True), again.stderr


def test_what_the_list_said_wrong_is_put_right_before_it_is_proposed(loaded: Cli, store: Store) -> None:
    change = ("programme", "change-task", "2024", "2024-06")
    assert loaded(*change, "--title", "새 제목", *PLANNER).exit_code == 0
    assert loaded(*change, "--title-en", "New title", "--lead", "gjcf", *PLANNER).exit_code == 0
    project(store, VIEWS["agency_inbox"])
    waiting = document(loaded("agency", "inbox", "gjcf", *PLANNER, "--json"))["inboxes"]
    (row,) = [one for inbox in waiting for one in inbox["waiting"] if one["task"] == "2024-06"]
    assert (row["title_ko"], row["title_en"], row["waits"]) == ("새 제목", "New title", "propose")
    plan = ("--start", "2024-03-04", "--end", "2024-12-31", "--budget", "1000")
    assert loaded("task", "propose", "2024-06", *plan, *OFFICER).exit_code == 1
    assert loaded("task", "propose", "2024-06", *plan, "--as", "officer@gjcf").exit_code == 0
    state = document(loaded("task", "show", "2024-06", "--json"))["state"]
    assert state["title"] == {"ko": "새 제목", "en": "New title"}
    late = loaded(*change, "--title", "또 새 제목", *PLANNER)
    assert (late.exit_code, "task hand-over" in late.stderr) == (1, True)


def test_the_entry_and_the_areas_are_put_right_and_told_with_what_was_before(
    loaded: Cli, store: Store
) -> None:
    for words in (
        ("change", "2024", "--name", "동행 2024", "--declared-tasks", "28"),
        ("change", "2024", "--name-en", "Together 2024"),
        ("add-area", "2024", "sports", "--name", "체육"),
        ("rename-area", "2024", "sports", "--name", "생활체육"),
        ("change-task", "2024", "2024-06", "--not-before", "2024-04-01"),
    ):
        assert loaded("programme", *words, *PLANNER).exit_code == 0
    head = store.head().position
    told = [
        document(loaded("trail", "show", str(head - back), "--as", "inspector", "--json"))["entry"][
            "sentence"
        ]
        for back in range(5)
    ]
    assert "not before none → 2024-04-01" in told[0]
    assert "renamed the area “체육” to “생활체육”" in told[1]
    assert "added the area “체육” (sports)" in told[2]
    assert told[3].endswith("strategy → Together 2024."), "and nothing else"
    assert "→ 동행 2024; agencies" not in told[4]
    assert "tasks announced 27 → 28" in told[4]


def test_a_rejected_number_is_used_again_for_another_task(loaded: Cli, store: Store) -> None:
    assert loaded(*RICH, *OFFICER).exit_code == 0
    assert loaded("task", "reject", "2024-06", "--reason", "예산 부족", *PLANNER).exit_code == 0
    again = loaded(*RICH, *OFFICER)
    assert (again.exit_code, "none" in again.stderr) == (1, True)
    assert loaded("task", "free-number", "2024-06", *PLANNER).exit_code == 1, "it says why"
    for words in (
        ("task", "free-number", "2024-06", "--reason", "다른 과제로 대체"),
        ("programme", "change-task", "2024", "2024-06", "--title", "대체 과제", "--lead", "gjcf"),
    ):
        assert loaded(*words, *PLANNER).exit_code == 0
    for name in ("agency_inbox", "task_board", "deadlines"):
        project(store, VIEWS[name])
    waiting = document(loaded("agency", "inbox", "gjcf", *PLANNER, "--json"))["inboxes"]
    assert "2024-06" in [one["task"] for inbox in waiting for one in inbox["waiting"]]
    plan = ("--start", "2024-04-01", "--end", "2024-12-31", "--budget", "1000")
    assert loaded("task", "propose", "2024-06", *plan, "--as", "officer@gjcf").exit_code == 0
    state = document(loaded("task", "show", "2024-06", "--json"))["state"]
    assert (state["stage"], state["lead"], state["title"]) == (
        "proposed",
        "gjcf",
        {"ko": "대체 과제"} | {name: value for name, value in state["title"].items() if name == "en"},
    )
    assert "milestones" not in state["plan"], "nothing of the rejected one is in it"
    assert "let another proposal be made under this number" in sentences(loaded)[2]
    for name in ("agency_inbox", "task_board", "deadlines"):
        project(store, VIEWS[name])
    assert loaded("programme", "show", "2024", "--json").exit_code == 0


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
    assert "corrected" not in begun("task", "list").output, "the control"

    assert begun(*correct, *PLANNER, "--reason", "합산 착오").exit_code == 0
    project(store, VIEWS["task_board"])
    assert "corrected" in begun("task", "list").output
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
    assert begun("agency", "merge", "gto", "--into", "gjcf", *PLANNER, "--reason", "통합 조례").exit_code == 0
    assert begun(*theirs).exit_code == 0
    found = document(begun("responsible", "2024-06", "--json"))
    assert found["agency"] == "gjcf"
    assert [step["agency"] for step in found["line"]] == ["gto", "gjcf"]


def person(cli: Cli, name: str) -> str:
    return str(document(cli("subject", "register", "--name", name, *PLANNER, "--json"))["subject"])


def test_who_answers_is_told_in_words(begun: Cli, store: Store) -> None:
    """By ids to whoever may not see names."""
    unknown = ("agency", "appoint", "gto", "--subject", "9" * 32, "--post", "head", *PLANNER)
    refused(begun(*unknown), 1, "nobody who was registered", "donghaeng subject list")
    head, deputy = person(begun, "가상의 기관장"), person(begun, "가상의 담당자")
    for subject, post in ((head, "head"), (deputy, "officer")):
        words = ("agency", "appoint", "gto", "--subject", subject, "--post", post, *PLANNER)
        assert begun(*words).exit_code == 0
    span = ("--from", "2024-01-01", "--until", "2099-12-31")
    people = ("--absent", head, "--substitute", deputy)
    given = ("agency", "appoint-substitute", "gto", *people, *span, "--as", "head@gto")
    assert begun(*given).exit_code == 0
    assert begun(*given).exit_code == 1, "two at once"
    said = begun("responsible", "2024-06", "--as", "inspector").stdout
    assert f"the head: {head} → {deputy} stands in" in " ".join(said.split())
    for reader in ("planner", "officer@gto"):
        for words in (("responsible", "2024-06"), ("task", "show", "2024-06")):
            said = " ".join(begun(*words, "--as", reader).stdout.split())
            assert f"the head: 가상의 기관장 [{head[:8]}] → 가상의 담당자 [{deputy[:8]}] stands in" in said
    names = [one for one in accesses(store) if one.reading == "subject.names"]
    assert [(one.actor and one.actor.role, set(one.subjects)) for one in names] == [
        ("planner", {head, deputy})
    ] * 2
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
