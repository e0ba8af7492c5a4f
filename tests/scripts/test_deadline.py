"""`donghaeng deadline`: what is due, how it was counted, and what a proclaimed day moves, as people type it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest

from projections.runner import project
from projections.views import VIEWS
from store.log import Store
from tests.scripts.conftest import ANNOUNCED, Cli, document

PLANNER = ("--as", "planner", "--json")
LISTED = "2024-04"  # of gfn, and not proposed
OFFICER = ("--as", "officer@gto", "--json")


def begin_2024(cli: Cli, owner_dsn: str, store: Store) -> None:
    """A task under way in a simulated store, on 8 March 2024; 1 October is no holiday yet."""
    simulate_from(owner_dsn, datetime(2024, 3, 8, 1, tzinfo=UTC))
    plan = ("--start", "2024-03-04", "--end", "2024-09-30", "--budget", "120000000")
    for words in (
        ("load", str(ANNOUNCED), *PLANNER),
        ("calendar", "open", "2024", "--without", "2024-10-01", *PLANNER),
        ("calendar", "open", "2025", *PLANNER),
        ("task", "propose", "2024-06", *plan, *OFFICER),
        ("task", "approve", "2024-06", *PLANNER),
        ("task", "start", "2024-06", *OFFICER),
        ("deadline", "refresh", "2024-06", *PLANNER),
    ):
        assert cli(*words).exit_code == 0, words
    folded(store)


def simulate_from(owner_dsn: str, moment: datetime) -> None:
    """Make a store that is still empty a simulated one, whose clock stands at that moment."""
    with psycopg.connect(owner_dsn, autocommit=True) as connection:
        connection.execute("ALTER TABLE donghaeng.store DISABLE TRIGGER ALL")
        connection.execute("UPDATE donghaeng.store SET simulated = true")
        connection.execute("ALTER TABLE donghaeng.store ENABLE TRIGGER ALL")
        connection.execute("UPDATE donghaeng.head SET clock = %s", (moment,))


@pytest.fixture
def running(cli: Cli, owner_dsn: str, store: Store) -> Cli:
    begin_2024(cli, owner_dsn, store)
    return cli


def folded(store: Store) -> None:
    for view in VIEWS.values():
        project(store, view)


def listed(cli: Cli, *words: str) -> list[str]:
    found = document(cli("deadline", "list", "--json", *words))["deadlines"]
    return [" ".join(filter(None, (one["kind"], one["item"], one["due"]))) for one in found]


def test_what_is_due_is_listed_the_soonest_first(running: Cli) -> None:
    assert listed(running) == [
        "progress 2024-Q1 2024-04-05",
        "progress 2024-Q2 2024-07-05",
        "progress 2024-Q3 2024-10-08",
        "final_report 2024-10-16",
    ]
    assert listed(running, "--until", "2024-07-31")[-1] == "progress 2024-Q2 2024-07-05"
    assert listed(running, "--agency", "gjcf") == listed(running, "--overdue") == []
    told = running("deadline", "list", "--lang", "ko").output
    assert "2024년 1분기 추진상황" in told
    assert "gto" in told


def test_how_a_day_was_counted_is_told_day_by_day(running: Cli) -> None:
    explained = document(running("deadline", "explain", "2024-06", "final_report", "--json"))
    for shown in ("결과보고", "the final report"):
        assert document(running("deadline", "explain", "2024-06", shown, "--json")) == explained
    (one,) = explained["deadlines"]
    assert (one["start"], one["within"], one["due"]) == ("2024-09-30", 10, "2024-10-16")
    assert [day["why"] for day in one["days"] if day["why"]] == [
        "National Foundation Day",
        "Saturday",
        "Sunday",
        "Hangul Day",
        "Saturday",
        "Sunday",
    ]
    told = running("deadline", "explain", "2024-06", "final_report", "--lang", "ko").output
    for words in (
        "결과보고: 2024-10-16",
        "2024-10-03 (목)   – 개천절",
        "2024-10-16 (수) 10일째",
        "달력 버전 1",
        "donghaeng-2024/1",
    ):
        assert words in told
    error = document(running("deadline", "explain", "2024-06", "evaluation", "--json"))["error"]
    assert error["name"] == "NothingDue"
    assert document(running("deadline", "explain", "2024-99", "--json"))["error"]["name"] == "NoSuchTask"
    beyond = running("deadline", "explain", "2024-06", "--fact", "99", "--json")
    assert document(beyond)["error"]["name"] == "NoSuchFact"


def test_a_proclaimed_day_shows_what_it_moves_then_moves_it_and_the_old_count_stays_explained(
    running: Cli, store: Store
) -> None:
    proclaim = ("calendar", "proclaim", "2024-10-01", "--name", "국군의 날", "--as", "planner", "--json")
    position = store.head().position
    preview = document(running(*proclaim, "--preview"))
    assert [(one["kind"], one["from"], one["to"]) for one in preview["moved"]] == [
        ("progress", "2024-10-08", "2024-10-10"),
        ("final_report", "2024-10-16", "2024-10-17"),
    ]
    assert [[day["day"] for day in one["why"]] for one in preview["moved"]] == [
        ["2024-10-01", "2024-10-09"],  # pushed over Hangul Day
        ["2024-10-01"],
    ]
    told = running(*(word for word in proclaim if word != "--json"), "--preview", "--lang", "ko").output
    assert all(words in told for words in ("결과보고", "2024-10-17", "국군의 날", "변경되는 기한 2건"))
    assert store.head().position == position
    done = document(running(*proclaim, "--reason", "국무회의 의결"))
    assert done == {**preview, "preview": False}
    proclaimed, moved = store.after(position, 9)
    assert (proclaimed.kind, moved.kind) == ("calendar.day_proclaimed", "task.deadlines_set")
    assert proclaimed.recorded_at == moved.recorded_at
    folded(store)
    assert "final_report 2024-10-17" in listed(running)
    one = document(running("deadline", "explain", "2024-06", "final_report", "--json"))["deadlines"][0]
    assert one["calendars"] == {"2024": 2}
    before = ("deadline", "explain", "2024-06", "final_report", "--fact", str(moved.version - 1), "--json")
    old = document(running(*before))["deadlines"][0]
    assert (old["due"], old["calendars"]) == ("2024-10-16", {"2024": 1})
    history = running("task", "history", "2024-06").output
    assert "2024-10-16 → 2024-10-17" in " ".join(history.split())


def test_only_who_may_see_a_task_sees_its_deadlines(running: Cli) -> None:
    for words in (("explain", "2024-06"), ("list", "--agency", "gto"), ("refresh", "2024-06")):
        refused = running("deadline", *words, "--as", "officer@gjcf", "--json")
        assert document(refused)["error"]["name"] == "NotYoursToRead"
        assert running("deadline", *words, "--as", "officer@gto", "--json").exit_code == 0


def test_one_tasks_list_is_for_its_own_agencies_and_follows_a_merger(running: Cli, store: Store) -> None:
    """With the control: another agency's officer is refused, before the merger."""
    of_task = (("deadline", "list", "--task", "2024-06"), ("notices", "--task", "2024-06"))
    of_agency = (
        ("deadline", "list", "--agency", "gjcf"),
        ("agency", "inbox", "gjcf"),
        ("calendar", "feed", "gjcf"),
    )
    for words in of_task:
        assert running(*words, *OFFICER).exit_code == 0, words
        refused = running(*words, "--as", "officer@gjcf", "--json")
        assert "NotYoursToRead" in refused.stdout + refused.stderr, words
    for words in of_agency:
        assert "2024-06" not in running(*words, "--as", "officer@gjcf", "--json").stdout, words
    assert (
        running("agency", "merge", "gto", "--into", "gjcf", *PLANNER, "--reason", "통합 조례").exit_code == 0
    )
    folded(store)
    for words in (*of_task, *of_agency):
        now = running(*words, "--as", "officer@gjcf", "--json")
        assert now.exit_code == 0, words
        assert words[0] == "notices" or "2024-06" in now.stdout, words
        gone = running(*words, *OFFICER)
        assert "AgencyMergedInto" in gone.stdout + gone.stderr, words
    report = running("task", "report", "2024-06", "--percent", "10", *OFFICER)
    assert "AgencyMergedInto" in report.stdout + report.stderr


def test_a_task_that_is_only_listed_is_its_leads_to_read_and_after_a_merger_the_successors_to_propose(
    running: Cli, store: Store
) -> None:
    """With the controls: another agency's officer neither reads nor proposes it."""
    reads = [("task", "show", LISTED), ("task", "history", LISTED), ("responsible", LISTED)]
    plan = ("--start", "2024-03-04", "--end", "2024-09-30", "--budget", "120000000")
    own = ("--as", "officer@gfn", "--json")
    other = ("--as", "officer@gjcf", "--json")
    assert document(running("task", "show", LISTED, *own))["stage"] == "listed"
    told = document(running("task", "history", LISTED, *own))
    assert (told["history"], len(told["listing"])) == ([], 1)
    assert document(running("responsible", LISTED, *own))["agency"] == "gfn"
    for words in reads:
        assert refusal(running(*words, *other)) == "NotYoursToRead", words
    assert running("deadline", "list", "--task", LISTED, *own).exit_code == 0
    assert refusal(running("task", "propose", LISTED, *plan, *other)) == "NotYourTask"
    assert (
        running("agency", "merge", "gfn", "--into", "gjcf", *PLANNER, "--reason", "통합 조례").exit_code == 0
    )
    assert refusal(running("task", "propose", LISTED, *plan, *own)) == "AgencyMergedInto"
    assert running("task", "propose", LISTED, *plan, *other).exit_code == 0
    assert running("task", "show", LISTED, *other).exit_code == 0
    folded(store)
    rows = document(running("task", "list", "--lead", "gjcf", *other))["tasks"]
    assert {row["lead"] for row in rows if row["task"] == LISTED} == {"gjcf"}


def refusal(result: Any) -> str:
    return str(document(result)["error"]["name"])
