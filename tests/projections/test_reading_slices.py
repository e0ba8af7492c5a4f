"""What is read of a slice is what the same question finds in the tables, when they stood there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import psycopg
import pytest

from domain.task.stages import Stage
from projections.board_page import board
from projections.deadlines import tasks_due
from projections.inbox import agency_inbox, city_inbox
from projections.notices import notice_states, notices
from projections.runner import project
from projections.slices import AsOf
from projections.task_board import summary
from projections.views import VIEWS
from store.log import Store
from tests.conftest import _copied
from tests.projections.timed_logs import of_every_kind, put

QUESTIONS: dict[str, Callable[[Store, AsOf | None], Any]] = {
    "board": lambda store, at: board(store, at=at),
    "board of a stage": lambda store, at: board(store, stage=Stage.PROPOSED, at=at),
    "board of an area": lambda store, at: board(store, area="culture", lead="a1", at=at),
    "summary": lambda store, at: summary(store, 2024, at),
    "no such year": lambda store, at: summary(store, 1999, at),
    "inboxes": lambda store, at: agency_inbox(store, at=at),
    "one inbox": lambda store, at: agency_inbox(store, "a1", at),
    "the city's inbox": city_inbox,
    "due": lambda store, at: tasks_due(store, at=at),
    "due of one": lambda store, at: tasks_due(store, task="2024-900", until=date(2030, 1, 1), at=at),
    "notices": lambda store, at: notices(store, at=at),
    "notices of a state": lambda store, at: notices(store, state="cancelled", at=at),
    "states of notices": notice_states,
}
HALF = 60


@pytest.fixture(scope="module")
def halfway(cluster: str, template: str) -> Iterator[tuple[Store, dict[str, Any]]]:
    """A store whose views stood at a position when each question was asked; the log goes on after it."""
    for dsn in _copied(cluster, template):
        with Store.open(psycopg.conninfo.make_conninfo(dsn, user="donghaeng_app")) as opened:
            put(opened, of_every_kind())
            for view in VIEWS.values():
                project(opened, view, batch=HALF, most=HALF)
            yield opened, {name: ask(opened, None) for name, ask in QUESTIONS.items()}


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_slice_answers_as_the_tables_did_when_they_stood_there(
    halfway: tuple[Store, dict[str, Any]], name: str
) -> None:
    store, answers = halfway
    assert QUESTIONS[name](store, AsOf(HALF)) == answers[name]


def test_there_is_something_to_answer_in_what_is_tried_here(halfway: tuple[Store, dict[str, Any]]) -> None:
    store, answers = halfway
    assert sum(one != [] and one != {} for one in answers.values()) > 6
    cuts = [AsOf(last) for last in (20, HALF, 120, store.head().position)]
    ever = {name for at in cuts for name, ask in QUESTIONS.items() if ask(store, at)}
    assert ever == QUESTIONS.keys() - {"no such year"}
