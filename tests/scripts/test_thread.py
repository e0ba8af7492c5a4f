"""A thread: from a meeting's decision to the task, its money and its marks, and back; and who is told how much of it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, ClassVar

import pytest

from domain.fact import Fact, find_named_streams
from domain.fund.facts import Used
from domain.streams import find_task_stream
from domain.values import TextRef
from projections.links import LINKS, LinkRow, links_of
from store.envelope import Actor, Cause, Envelope
from store.log import Store
from store.recorded import RecordedFact
from tests.scripts.conftest import Cli, document
from tests.scripts.test_load_again import PLAN
from tests.scripts.test_meeting import do, fold_all

PLANNER, OFFICER = ("--as", "planner"), ("--as", "officer@gto")
THEN = ("--effective-at", "2024-03-02")
MEETING, TASK = "heads-2024-1", "2024-06"


@pytest.fixture
def followed(loaded: Cli, store: Store) -> Cli:
    """Two tasks approved by decisions of a meeting, one with money; and a gift of which some is for it."""
    do(loaded, "position", "add", "vice-mayor", "--name", "부시장", *PLANNER)
    for number, lead in ((TASK, "gto"), ("2024-07", "gjcf")):
        do(loaded, "task", "propose", number, *PLAN, "--lead", lead, "--as", f"officer@{lead}", *THEN)
    do(loaded, "meeting", "open", MEETING, "--chair", "vice-mayor", *PLANNER)
    for number in (TASK, "2024-07"):
        do(loaded, "meeting", "decide", MEETING, "--wording", f"{number} 승인", "--approve", number, *PLANNER)
    do(loaded, "money", "budget", TASK, "--funding", "city", "--year", "2024", "--amount", "1000", *PLANNER)
    do(loaded, "fund", "open", "gongik", "--name", "공익 기금", *PLANNER)
    person = document(loaded("subject", "register", "--name", "가나다", *PLANNER, "--json"))["subject"]
    do(loaded, "fund", "contribute", "gongik", "--giver", person, "--amount", "1000", *PLANNER)
    do(loaded, "fund", "allocate", "gongik", "--for", TASK, "--amount", "500", *PLANNER)
    fold_all(store)
    return loaded


def thread(cli: Cli, *words: str) -> Any:
    found = cli("thread", *words, "--json")
    assert found.exit_code == 0, found.output
    return document(found)


def ends(links: list[dict[str, str]]) -> set[tuple[str, str]]:
    return {(one["earlier"], one["later"]) for one in links}


def decision_of(store: Store, number: str) -> str:
    (version,) = [
        one.version
        for one in store.read(f"meeting/{MEETING}")
        if one.kind == "meeting.decided" and number in one.fact.wording.ko
    ]
    return f"meeting/{MEETING}#{version}"


def test_a_decision_leads_to_its_task_and_on_to_money_and_the_fund(followed: Cli, store: Store) -> None:
    decision = decision_of(store, TASK)
    found = thread(followed, decision, *PLANNER)
    task = f"task/{TASK}"
    assert found["came_from"] == []
    assert ends(found["led_to"]) == {(decision, task), (task, f"money/{TASK}"), (task, "fund/gongik")}
    by = {one["later"]: (one["by"], one["said_by"]) for one in found["led_to"]}
    assert by[f"money/{TASK}"] == ("beside", None)
    assert by["fund/gongik"][0] == "beneficiary"
    assert by[task][0] == "cause"
    nodes = {one["node"]: one for one in found["nodes"]}
    assert f"{TASK} 승인" in nodes[decision]["fact"]
    assert any("KRW 1,000 available" in said for said in nodes[f"money/{TASK}"]["results"])
    assert any(said.startswith("plan from") for said in nodes[task]["results"])


def test_a_result_leads_back_to_the_decision(followed: Cli, store: Store) -> None:
    decision, task = decision_of(store, TASK), f"task/{TASK}"
    back = thread(followed, f"money/{TASK}", *PLANNER)
    assert ends(back["came_from"]) == {(task, f"money/{TASK}"), (decision, task)}
    assert back["led_to"] == []
    last = store.read(task)[-1].version
    assert ends(thread(followed, f"{TASK}#{last}", *PLANNER)["came_from"]) == {(decision, f"{task}#{last}")}
    proposed = thread(followed, f"{TASK}#1", *PLANNER)
    assert proposed["came_from"] == [], "what was decided later did not lead to the proposal"


def test_a_whole_meeting_leads_to_all_that_it_decided(followed: Cli) -> None:
    found = thread(followed, MEETING, *PLANNER)
    later = {one for _, one in ends(found["led_to"])}
    assert {f"task/{TASK}", "task/2024-07", f"money/{TASK}", "fund/gongik"} <= later


def test_a_reader_is_led_to_what_they_may_read_and_through_nothing_else(followed: Cli, store: Store) -> None:
    found = thread(followed, MEETING, *OFFICER)
    assert "task/2024-07" not in str(found), "another agency's"
    assert f"task/{TASK}" in str(found), "the control"
    theirs = thread(followed, MEETING, "--as", "officer@gjcf")
    assert {one for _, one in ends(theirs["led_to"])} == {"task/2024-07"}, (
        "nor the fund, by way of what is hidden"
    )
    refused = followed("thread", TASK, "--as", "officer@gjcf", "--json")
    assert document(refused)["error"]["name"] == "NotYoursToRead"
    assert (
        document(followed("thread", TASK, "--as", "citizen", "--json"))["error"]["name"]
        == "ReadingNotPermitted"
    )
    citizens = thread(followed, "fund/gongik", "--as", "citizen")
    assert (citizens["came_from"], len(citizens["nodes"])) == ([], 1)


def test_what_was_linked_then_is_shown_as_of_then(followed: Cli) -> None:
    then = thread(followed, TASK, "--effective", "2024-03-02", *PLANNER)
    assert (then["came_from"], then["led_to"]) == ([], []), "proposed, and nothing decided"
    assert [one["node"] for one in then["nodes"]] == [f"task/{TASK}"]
    assert len(thread(followed, TASK, *PLANNER)["nodes"]) == 4, "the control"
    early = followed("thread", f"money/{TASK}", "--effective", "2024-03-02", *PLANNER, "--json")
    assert document(early)["error"]["name"] == "NoSuchThread"


def test_it_is_shown_in_words_and_as_a_diagram(followed: Cli, store: Store) -> None:
    said = followed("thread", TASK, *PLANNER, "--lang", "ko").output
    assert "근거:" in said
    assert said.index(f"meeting/{MEETING}#") < said.index("후속:") < said.index(f"money/{TASK}")
    assert "예산 현액 1,000원" in said
    lines = followed("thread", TASK, *PLANNER, "--mermaid").output.splitlines()
    assert lines[0] == "flowchart LR"
    assert sum(" --> " in line for line in lines) == 3


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("2024-99", "NoSuchThread"),
        (f"{TASK}#99", "NoSuchThread"),
        ("audit/사업", "NoSuchThread"),
        ("무엇/어디", "NoSuchThread"),
        ("a b", "NoSuchThread"),
        ("#3", "NoSuchThread"),
    ],
)
def test_what_is_not_there_is_refused(followed: Cli, given: str, name: str) -> None:
    found = followed("thread", given, *PLANNER, "--json")
    assert (found.exit_code, document(found)["error"]["name"]) == (1, name)


def test_an_id_of_several_is_refused_with_their_names(loaded: Cli, store: Store) -> None:
    assert thread(loaded, "2024", *PLANNER)["start"] == "programme/2024", "the control: the year's alone"
    do(loaded, "calendar", "open", "2024", *PLANNER)
    found = document(loaded("thread", "2024", *PLANNER, "--json"))["error"]
    assert found["name"] == "ThreadOfSeveral"
    assert all(name in found["message"] for name in ("programme/2024", "calendar/2024"))
    alone = thread(loaded, "2024", *OFFICER)
    assert alone["start"] == "calendar/2024", "of what may be read, which is one"


def test_a_circle_ends(followed: Cli, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fact that names what it came of itself: each place is come to once."""
    circle = [
        LinkRow("fund/gongik", f"task/{TASK}", "fund/gongik", 1, "fund.opened", "beneficiary", 1, None),
        LinkRow(f"task/{TASK}", "fund/gongik", "fund/gongik", 1, "fund.opened", "beneficiary", None, 1),
    ]
    for name, end in (("links_from", "origin"), ("links_to", "result")):
        monkeypatch.setattr(
            f"workflows.queries.thread.{name}",
            lambda _, streams, at, end=end: [one for one in circle if getattr(one, end) in streams],
        )
    found = thread(followed, "fund/gongik", *PLANNER)
    assert ends(found["led_to"]) >= {("fund/gongik", f"task/{TASK}"), (f"task/{TASK}", "fund/gongik")}
    assert len(found["nodes"]) == 3, "both, and the task's money"


class Meant(Fact, frozen=True):
    kind = "meant.somehow"
    follows: ClassVar = {"task": find_task_stream, "tasks": find_task_stream}
    task: str | None = None
    tasks: tuple[str, ...] = ()


def test_a_fact_joins_by_its_declaration_alone() -> None:
    named = find_named_streams(Meant(task=TASK, tasks=("2024-01", "a-project")), Meant.follows)
    assert list(named) == [("task", f"task/{TASK}"), ("tasks", "task/2024-01")]
    assert list(find_named_streams(Meant(), Meant.follows)) == []


def recorded(fact: Fact, cause: Cause | None = None, stream: str = "fund/gongik") -> RecordedFact[Any]:
    at = datetime(2024, 5, 1, tzinfo=UTC)
    envelope = Envelope(
        v=2, schema=1, actor=Actor(role="planner"), via="cli", authn="asserted", command="0" * 32, cause=cause
    )
    return RecordedFact(1, stream, 4, fact.kind, at, at, envelope, fact)


def test_a_cause_is_a_link_unless_it_is_a_rules_or_the_streams_own() -> None:
    used = Used(beneficiary="a-project", form="money", amount_krw=1, what=TextRef("0" * 32, "a" * 64))
    (row,) = links_of(recorded(used, Cause(due="meeting/m#7")))
    assert (row.origin, row.origin_number, row.result, row.by) == ("meeting/m", 7, "fund/gongik", "cause")
    for cause in (
        Cause(due="meeting/m#7", rule="some_rule"),
        Cause(due="fund/gongik#1"),
        Cause(fact=3),
        None,
    ):
        assert list(links_of(recorded(used, cause))) == []


def test_the_view_keeps_a_row_a_link_and_none_of_other_facts() -> None:
    used = Used(beneficiary=TASK, form="money", amount_krw=1, what=TextRef("0" * 32, "a" * 64))
    rows: dict[str, LinkRow] = {}
    LINKS.fold(rows, recorded(used, Cause(due="meeting/m#7")))
    assert sorted(rows) == ["fund/gongik#4 beneficiary task/2024-06", "fund/gongik#4 cause meeting/m"]
    before = dict(rows)
    LINKS.fold(rows, recorded(Used(beneficiary="a", form="money", amount_krw=1, what=used.what)))
    assert rows == before
