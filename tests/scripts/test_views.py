"""`donghaeng views`: seen, compared, folded anew and skipped from the command line."""

from __future__ import annotations

import psycopg
import pytest

from projections.runner import project
from projections.views import VIEWS
from store.log import Store
from tests.scripts.conftest import Cli, document


@pytest.fixture
def viewed(loaded: Cli, store: Store) -> Cli:
    for view in VIEWS.values():
        project(store, view)
    return loaded


def test_a_view_is_compared_and_put_right(viewed: Cli, owner_dsn: str) -> None:
    assert document(viewed("views", "verify", "agency_register", "--json"))["differences"] == []
    with psycopg.connect(owner_dsn) as connection:
        ((gone,),) = connection.execute("""DELETE FROM views.agency_register_v1
            WHERE key = (SELECT min(key) FROM views.agency_register_v1) RETURNING key""").fetchall()
    refused = viewed("views", "verify", "agency_register", "--json")
    assert (refused.exit_code, document(refused)["error"]["name"]) == (1, "ViewDiffers")
    assert gone in viewed("views", "verify", "agency_register").output
    done = document(viewed("views", "rebuild", "agency_register", "--as", "planner", "--json"))
    assert gone in {one["key"] for one in done["differences"]}
    assert viewed("views", "verify", "agency_register").exit_code == 0


def test_skipping_needs_a_stopped_view_a_reason_and_the_planner(viewed: Cli, owner_dsn: str) -> None:
    given = ("views", "skip", "task_board", "--json")
    assert document(viewed(*given))["error"]["name"] == "SkipReasonNeeded"
    assert document(viewed(*given, "--reason", "x", "--as", "planner"))["error"]["name"] == "NotStopped"
    with psycopg.connect(owner_dsn) as connection:
        connection.execute(
            "UPDATE views.positions SET position = 4, state = 'stopped', error = 'ValueError: x', error_position = 5 "
            "WHERE view = 'task_board'"
        )
    assert "views skip task_board" in viewed("views", "--lang", "ko").output
    assert document(viewed(*given, "--reason", "x", "--as", "officer@gto"))["error"]["name"] == "NotPermitted"
    done = document(viewed(*given, "--reason", "x", "--as", "planner"))
    assert (done["stream"], done["kinds"]) == ("view/task_board", ["view.fact_skipped"])
    assert document(viewed(*given, "--reason", "x", "--as", "planner"))["error"]["name"] == "SkippedAlready"


def test_an_unknown_view_is_named_with_the_known_ones(cli: Cli) -> None:
    for word in ("verify", "rebuild", "skip"):
        error = document(cli("views", word, "bord", "--json"))["error"]
        assert error["name"] == "NoSuchView"
        assert "task_board" in error["message"]


def test_only_the_planner_rebuilds(viewed: Cli) -> None:
    refused = viewed("views", "rebuild", "task_board", "--as", "inspector", "--json")
    assert document(refused)["error"]["name"] == "ReadingNotPermitted"
