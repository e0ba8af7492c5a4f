"""Lists of views that lag behind the log, or have stopped, say so; those that do not say nothing."""

from __future__ import annotations

import psycopg
import pytest
import structlog

from projections.behind import note_views_read
from projections.board_page import board
from projections.runner import project
from projections.task_board import TASK_BOARD
from projections.views import VIEWS
from store.log import Store
from tests.scripts.conftest import Cli, document

LISTS: dict[tuple[str, ...], tuple[str, ...]] = {
    ("task", "list"): ("task_board",),
    ("programme", "show", "2024"): ("task_board",),
    ("programme", "inbox"): ("city_inbox", "notices", "messages"),
    ("agency", "inbox"): ("agency_inbox", "notices", "messages"),
    ("deadline", "list"): ("deadlines",),
    ("notices",): ("notices", "messages"),
    ("views", "show", "agency_register"): ("agency_register",),
}
PROPOSED = (
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


@pytest.fixture
def viewed(loaded: Cli, store: Store) -> Cli:
    """A task, and every view at the end of the log."""
    assert loaded(*PROPOSED, "--budget", "1").exit_code == 0
    catch_up(store)
    return loaded


def catch_up(store: Store) -> None:
    structlog.reset_defaults()  # a command that has run here told its log lines to a screen that is gone
    for view in VIEWS.values():
        project(store, view)


@pytest.mark.parametrize("words", LISTS, ids=" ".join)
def test_a_list_says_how_far_its_views_are(viewed: Cli, store: Store, words: tuple[str, ...]) -> None:
    at_the_end = viewed(*words, "--json")
    assert at_the_end.exit_code == 0, at_the_end.output
    assert "behind" not in document(at_the_end), "the control: nothing lags"
    assert "as far as" not in viewed(*words).stdout
    before = store.head().position
    assert viewed("agency", "rename", "gto", "--name", "새 이름", "--as", "planner").exit_code == 0
    head = store.head().position
    told = {one["view"]: one for one in document(viewed(*words, "--json"))["behind"]}
    assert set(LISTS[words]) <= set(told)
    for one in told.values():
        assert (one["position"], one["head"], one["lag"]) == (before, head, head - before)
        assert one["stopped_at"] is None
    said = viewed(*words).stdout
    assert f"as far as position {before} of {head}" in said
    assert f"{head}건 중 {before}번까지" in viewed(*words, "--lang", "ko").stdout
    catch_up(store)
    assert "behind" not in document(viewed(*words, "--json"))


def test_a_list_of_a_view_that_has_stopped_names_the_fact(viewed: Cli, store: Store, owner_dsn: str) -> None:
    with psycopg.connect(owner_dsn, autocommit=True) as owner:
        owner.execute(f"ALTER TABLE {TASK_BOARD.table} ADD CHECK (false) NOT VALID".encode())
    at = store.head().position + 1
    given = ("task", "approve", "2024-06", "--as", "planner", "--reason", "x")
    assert viewed(*given).exit_code == 0
    catch_up(store)
    (behind,) = document(viewed("task", "list", "--json"))["behind"]
    assert (behind["view"], behind["stopped_at"]) == ("task_board", at)
    assert f"stopped in front of {at}" in viewed("task", "list").stdout
    assert f"{at}번 기록 앞에서 멈췄습니다" in viewed("task", "list", "--lang", "ko").stdout


def test_a_slice_is_of_the_log_and_says_nothing_of_views(viewed: Cli) -> None:
    assert viewed("agency", "rename", "gto", "--name", "새 이름", "--as", "planner").exit_code == 0
    shown = document(viewed("task", "list", "--as-of", "2100-01-01", "--json"))
    assert shown.get("behind") is None or "error" in shown


def test_what_a_command_did_says_nothing_of_views(viewed: Cli) -> None:
    done = viewed("agency", "rename", "gto", "--name", "새 이름", "--as", "planner", "--json")
    assert "behind" not in document(done)


def test_how_far_a_view_is_was_looked_at_before_its_rows(
    viewed: Cli, store: Store, other_store: Store
) -> None:
    """A view that catches up between the two has newer rows than is said, never older ones."""
    assert viewed("agency", "rename", "gto", "--name", "새 이름", "--as", "planner").exit_code == 0
    with note_views_read() as read:
        board(store)
        catch_up(other_store)
        board(store)
    assert read["task_board"] is not None
    assert read["task_board"].lag == 1
