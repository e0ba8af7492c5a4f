"""A person lets a stopped view pass over a fact."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import psycopg
import pytest
from msgspec.structs import replace as with_changes

from domain.view.commands import SkipFact
from domain.view.refusals import SkippedAlready
from projections.fresh import Fresh, Unfoldable
from projections.rows_in_use import compare_views
from projections.runner import project
from projections.task_board import TASK_BOARD
from projections.view import View
from projections.views import positions
from store.envelope import Actor
from store.log import Store
from tests.projections.appended_facts import PROPOSED, append, lives
from tests.projections.counting_view import compare
from workflows.command_envelope import CommandEnvelope
from workflows.command_handler import CommandHandler

AT = 118  # the last fact of its task, so that nothing later hides what was done to its row


@pytest.fixture
def filled(store: Store) -> Store:
    append(store, *lives(30, random.Random(7)))
    return store


def poisoned(then: Any) -> View:
    def evolve(row: Any, recorded: Any) -> Any:
        folded = TASK_BOARD.evolve(row, recorded)
        return then(folded) if recorded.position == AT else folded

    return replace(TASK_BOARD, evolve=evolve)


def raising(_: Any) -> Any:
    raise ValueError("cannot be folded")


def with_nul(row: Any) -> Any:
    return with_changes(row, area="a\0b")


def skip(store: Store, position: int = AT) -> None:
    envelope = CommandEnvelope(
        command=SkipFact(view="task_board", position=position),
        actor=Actor(role="planner"),
        via="cli",
        reason="!",
    )
    CommandHandler(store, lambda: None).handle(envelope)


@pytest.mark.parametrize("batch", [1, 7, 2000])
@pytest.mark.parametrize("then", [raising, with_nul])
def test_a_skipped_fact_is_passed_over_and_the_view_goes_on(filled: Store, then: Any, batch: int) -> None:
    project(filled, poisoned(then), batch)
    skip(filled)
    project(filled, poisoned(then), batch)
    place = positions(filled)["task_board"]
    assert (place.lag, place.state, place.error) == (0, "running", None)


def test_without_the_skip_it_stays_where_it_is(filled: Store) -> None:
    project(filled, poisoned(raising))
    skip(filled, AT + 1)
    project(filled, poisoned(raising))
    assert positions(filled)["task_board"].position == AT - 1


@pytest.mark.parametrize("then", [raising, with_nul])
def test_a_fresh_fold_honours_the_skip(filled: Store, then: Any) -> None:
    view = poisoned(then)
    project(filled, view)
    skip(filled)
    project(filled, view)
    assert compare(filled, view) == []
    later = filled.head().position
    append(filled, ("task/2024-900", PROPOSED))
    project(filled, view)
    assert filled.head().position > later
    assert compare(filled, view) == []


def test_and_refuses_without_it(filled: Store) -> None:
    view = poisoned(raising)
    project(filled, view)
    assert compare(filled, view) == []
    skip(filled)
    project(filled, view)
    assert compare(filled, view) == []
    never = replace(view, name="unknown_to_the_skip", version=1)
    with pytest.raises(Unfoldable):
        Fresh(filled, never).fold_up_to(AT)


def test_what_a_skip_explains_hides_no_other_difference(filled: Store, app_dsn: str) -> None:
    """Of a tally's row too: it is explained where the rows that the skip explains add up to it."""
    project(filled, poisoned(raising))
    skip(filled)
    project(filled, poisoned(raising))
    (found,) = compare_views(filled, [TASK_BOARD])
    assert (found.count, found.skipped > 1) == (0, True), "a row of the view and of its tally"
    tally = TASK_BOARD.tallies[0]
    forged = f"UPDATE {tally.table} SET {tally.amounts[0]} = {tally.amounts[0]} + 1 WHERE ctid = (SELECT max(ctid) FROM {tally.table})"
    with psycopg.connect(app_dsn, autocommit=True) as connection:
        connection.execute(forged.encode())
    (found,) = compare_views(filled, [TASK_BOARD])
    assert [one.table for one in found.differences] == [tally.table]


def test_a_fact_is_skipped_once(filled: Store) -> None:
    project(filled, poisoned(raising))
    skip(filled)
    with pytest.raises(SkippedAlready):
        skip(filled)
