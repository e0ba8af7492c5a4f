"""A listed task that nobody has proposed, as people read of it at the command line."""

from __future__ import annotations

import pytest

from domain.task.deadline_kinds import deadline_label
from projections.runner import project
from projections.views import VIEWS
from store.log import Store
from tests.scripts.conftest import Cli, document
from tests.workflows.worlds import World
from workers.sweeping import sweep
from workflows.automation.reacting import Memory

PLANNER, OFFICER = ("--as", "planner"), ("--as", "officer@gto")
TASK = "2026-01"


@pytest.fixture(params=["donghaeng-2024/3", None])
def listed(cli: Cli, store: Store, request: pytest.FixtureRequest) -> Cli:
    by = () if request.param is None else ("--definition", request.param)
    opening = ("programme", "open", "2026", "--name", "사업", "--city", "시", "--area", "culture=문화")
    for words in (
        ("calendar", "open", "2025", *PLANNER),
        ("calendar", "open", "2026", *PLANNER),
        ("calendar", "open", "2027", *PLANNER),
        (*opening, *by, *PLANNER),
        ("agency", "register", "gto", "--name", "관광공사", *PLANNER),
        (
            "programme",
            "add-task",
            "2026",
            TASK,
            "--area",
            "culture",
            "--lead",
            "gto",
            "--title",
            "축제",
            *PLANNER,
        ),
    ):
        result = cli(*words)
        assert result.exit_code == 0, (words, result.output)
    for _ in range(3):
        for view in VIEWS.values():
            project(store, view)
        sweep(World(store), Memory())  # type: ignore[arg-type]
    for view in VIEWS.values():
        project(store, view)
    return cli


def is_due(request: pytest.FixtureRequest) -> bool:
    return "donghaeng" in request.node.name


def test_history_and_responsible_answer_of_it(listed: Cli, request: pytest.FixtureRequest) -> None:
    told = document(listed("task", "history", TASK, *OFFICER, "--json"))
    assert [one["kind"] for one in told["listing"]] == ["programme.task_added"]
    assert ("task.proposal_requested" in [one["kind"] for one in told["history"]]) == is_due(request)
    assert "축제" in listed("task", "history", TASK, *OFFICER).output
    found = document(listed("responsible", TASK, *OFFICER, "--json"))
    assert (found["agency"], found["stage"]) == ("gto", "listed")
    assert listed("responsible", TASK, *OFFICER).exit_code == 0
    assert document(listed("task", "history", "2026-77", *PLANNER, "--json"))["error"]["name"] == "NoSuchTask"


def test_every_list_has_its_deadline(listed: Cli, request: pytest.FixtureRequest) -> None:
    due = document(listed("deadline", "list", *OFFICER, "--json"))["deadlines"]
    (row,) = document(listed("task", "list", *PLANNER, "--json"))["tasks"]
    shown = document(listed("task", "show", TASK, *OFFICER, "--json"))
    if not is_due(request):
        assert (due, row["next"], shown["due"]) == ([], None, [])
        return
    assert [(one["kind"], one["who"]) for one in due] == [("proposal", "agency")]
    assert row["next"] == due[0]
    assert shown["due"] == due
    assert shown["stage"] == "listed"
    why = document(listed("why", TASK, *OFFICER, "--json"))
    assert [one["kind"] for one in why["waits_for"]] == ["proposal"]
    assert why["stage"] == "listed"
    assert listed("why", TASK, *OFFICER).exit_code == 0
    explained = document(listed("deadline", "explain", TASK, *OFFICER, "--json"))["deadlines"]
    assert [one["due"] for one in explained] == [due[0]["due"]]
    feed = listed("agency", "feed", "gto", *OFFICER)
    if feed.exit_code == 0:
        assert deadline_label("proposal").ko in feed.output or deadline_label("proposal").en in feed.output
