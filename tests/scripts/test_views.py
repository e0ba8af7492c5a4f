"""`donghaeng views`: seen, compared, folded anew and skipped from the command line."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest

from projections.agency_register import AGENCY_REGISTER
from projections.runner import project
from projections.task_board import TASK_BOARD
from projections.views import VIEWS
from scripts.cli import views_rebuild
from scripts.cli.run import Run
from store.log import Store
from tests.scripts.conftest import Cli, document


@pytest.fixture
def viewed(loaded: Cli, store: Store) -> Cli:
    for view in VIEWS.values():
        project(store, view)
    return loaded


AS_PLANNER = ("--as", "planner", "--json")


@pytest.mark.parametrize("protected", [True, False])
def test_who_loses_their_token_while_a_view_is_compared_leaves_no_certificate(
    viewed: Cli, monkeypatch: pytest.MonkeyPatch, protected: bool
) -> None:
    """With the control: who acts is asked once a command, and the certificate comes long after."""
    given = document(viewed("token", "create", "--role", "planner", *AS_PLANNER))
    verify = views_rebuild.verify_view

    def revoked_meanwhile(*asked: Any) -> Any:
        assert viewed("token", "revoke", given["id"], "--as", "planner").exit_code == 0
        return verify(*asked)

    monkeypatch.setattr(views_rebuild, "verify_view", revoked_meanwhile)
    if not protected:
        monkeypatch.setattr(Run, "forget_who", lambda _: None)
    monkeypatch.setenv("DONGHAENG_TOKEN", given["token"])
    ended = viewed("views", "verify", "agency_register", "--json")
    monkeypatch.delenv("DONGHAENG_TOKEN")
    assert ended.exit_code == (1 if protected else 0), ended.output
    certificates = document(viewed("views", "certificates", "--json"))["certificates"]
    assert len(certificates) == (0 if protected else 1)


def test_a_view_is_compared_and_put_right_and_certificates_stay(viewed: Cli, owner_dsn: str) -> None:
    found = document(viewed("views", "verify", "agency_register", "--as", "inspector", "--json"))
    assert found["differences"] == 0
    with psycopg.connect(owner_dsn) as connection:
        ((gone,),) = connection.execute(
            f"DELETE FROM {AGENCY_REGISTER.table} "
            f"WHERE key = (SELECT min(key) FROM {AGENCY_REGISTER.table}) RETURNING key".encode()
        ).fetchall()
    refused = viewed("views", "verify", "agency_register", *AS_PLANNER)
    assert (refused.exit_code, document(refused)["error"]["name"]) == (1, "ViewDiffers")
    assert gone in viewed("views", "verify", "agency_register", "--as", "planner").output
    assert (
        document(viewed("views", "rebuild", "agency_register", *AS_PLANNER))["error"]["name"] == "NotSwitched"
    )
    done = document(
        viewed("views", "rebuild", "agency_register", "--accept", "a row was deleted by hand", *AS_PLANNER)
    )
    assert (done["causes"], done["examples"][0]["key"]) == ({"unexplained": 1}, gone)
    assert "0 differ" in viewed("views", "verify", "agency_register", "--as", "planner").output
    listed = document(viewed("views", "certificates", "--json"))["certificates"]
    assert [(one["kind"], one["differences"]) for one in listed] == [
        ("view.verified", 0),
        ("view.verified", 1),
        ("view.verified", 1),
        ("view.rebuilt", 1),
        ("view.verified", 0),
    ]
    assert listed[3]["accepted"] == 1
    assert (
        listed[0]["rows_sha256"]
        == found["rows_sha256"]
        == listed[4]["rows_sha256"]
        != listed[1]["rows_sha256"]
    )
    assert found["rows_sha256"] in viewed("views", "certificates", "agency_register").output.replace("\n", "")
    shown = viewed("trail", "show", str(listed[3]["fact"]), "--as", "inspector").output
    assert "a row was deleted by hand" in shown
    dropped = document(viewed("views", "drop-old", "agency_register", *AS_PLANNER))["dropped"]
    assert dropped == [f"{AGENCY_REGISTER.table}_old"]


def test_in_several_processes_the_rows_are_the_same(viewed: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workers.rebuilding._WORTH_IT", 0)
    one, two = (
        document(viewed("views", "rebuild", "task_board", "--processes", number, *AS_PLANNER))
        for number in "12"
    )
    assert (one["rows_sha256"], one["rows"]) == (two["rows_sha256"], two["rows"])
    assert two["differences"] == 0


def test_who_has_a_certificate_made_is_named(viewed: Cli) -> None:
    for word in ("verify", "rebuild", "drop-old"):
        assert document(viewed("views", word, "task_board", "--json"))["error"]["name"] == "WhoActs"


def test_skipping_needs_a_stopped_view_a_reason_and_the_planner(viewed: Cli, owner_dsn: str) -> None:
    given = ("views", "skip", "task_board", "--json")
    assert document(viewed(*given))["error"]["name"] == "ReasonNeeded"
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
    for word in ("verify", "rebuild", "drop-old", "certificates", "skip"):
        error = document(cli("views", word, "bord", "--json"))["error"]
        assert error["name"] == "NoSuchView"
        assert "task_board" in error["message"]


def test_only_the_planner_rebuilds(viewed: Cli) -> None:
    refused = viewed("views", "rebuild", "task_board", "--as", "inspector", "--json")
    assert document(refused)["error"]["name"] == "ReadingNotPermitted"


@pytest.mark.parametrize("word", ["verify", "rebuild"])
def test_a_view_that_lags_is_brought_up_to_date_before_a_certificate_is_made(
    loaded: Cli, store: Store, word: str
) -> None:
    head = store.head().position
    assert head > 10
    assert place(loaded)["position"] == 0, "the control: a certificate would be over nothing"
    done = loaded("views", word, "agency_register", "--as", "planner", "--json")
    found = document(done)
    assert (found["position"], found["differences"]) == (head, 0)
    assert found["rows"] > 0
    assert f"{head} facts behind" in done.stderr


def place(cli: Cli) -> Any:
    return document(cli("views", "--json"))["views"]["agency_register"]


@pytest.mark.parametrize("word", ["verify", "rebuild"])
def test_a_view_that_has_stopped_gets_no_certificate_and_the_lag_and_a_remedy_are_told(
    viewed: Cli, store: Store, owner_dsn: str, word: str
) -> None:
    at = store.head().position + 1
    stop(owner_dsn)
    given = (
        "task",
        "propose",
        "2024-06",
        "--as",
        "officer@gto",
        "--start",
        "2024-03-04",
        "--end",
        "2024-12-31",
    )
    assert viewed(*given, "--budget", "1").exit_code == 0
    refused = viewed("views", word, "task_board", *AS_PLANNER)
    error = document(refused)["error"]
    assert (refused.exit_code, error["name"]) == (1, "ViewLags")
    assert f"stopped in front of {at}" in error["message"]
    assert "views skip task_board" in error["message"]
    korean = document(viewed("views", word, "task_board", *AS_PLANNER, "--lang", "ko"))["error"]["message"]
    assert "1건 뒤처짐" in korean
    assert document(viewed("views", "certificates", "--json"))["certificates"] == []


@pytest.mark.parametrize("word", ["verify", "rebuild"])
def test_a_log_that_was_cut_off_below_what_a_view_has_folded_is_named(
    viewed: Cli, store: Store, owner_dsn: str, word: str
) -> None:
    assert document(viewed("views", "verify", "agency_register", *AS_PLANNER))["differences"] == 0, (
        "the control"
    )
    project(store, AGENCY_REGISTER)
    head = store.head().position
    with psycopg.connect(owner_dsn) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute("DELETE FROM donghaeng.facts WHERE position > %s", (head - 2,))
    refused = viewed("views", word, "agency_register", *AS_PLANNER)
    error = document(refused)["error"]
    assert (refused.exit_code, error["name"]) == (1, "LogShorterThanView")
    assert f"up to position {head}, and the log ends at {head - 2}" in error["message"]
    assert "Traceback" not in viewed("views", word, "agency_register", "--as", "planner").output


def stop(owner_dsn: str) -> None:
    """From now on no fact gets into the view's table."""
    with psycopg.connect(owner_dsn, autocommit=True) as owner:
        owner.execute(f"ALTER TABLE {TASK_BOARD.table} ADD CHECK (false) NOT VALID".encode())
