"""A person lets a stopped view pass over a fact."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import pytest
from msgspec.structs import replace as with_changes

from domain.view.commands import SkipFact
from domain.view.refusals import SkippedAlready
from projections.fresh import Fresh, Unfoldable, compare
from projections.runner import positions, project
from projections.task_board import TASK_BOARD
from projections.view import View
from store.envelope import Actor
from store.log import Store
from tests.projections.facts_of_the_tests import PROPOSED, append, lives
from workflows.door import Door
from workflows.order import Order

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
    order = Order(
        command=SkipFact(view="task_board", position=position), actor=Actor(role="planner"), reason="!"
    )
    Door(store, lambda: None).handle(order)


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


def test_a_fact_is_skipped_once(filled: Store) -> None:
    project(filled, poisoned(raising))
    skip(filled)
    with pytest.raises(SkippedAlready):
        skip(filled)
