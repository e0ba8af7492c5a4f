"""In the middle of the simulated year, with real workers: running tasks move to another version and end as they would."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from projections.board_page import board
from projections.deadlines import tasks_due
from projections.views import VIEWS
from store.envelope import Actor
from tests.projections.counting_view import compare
from tests.scripts.conftest import ANNOUNCED
from workers.bootstrap import migrate_store, open_engine
from workers.servers import running
from workers.settings import Settings
from workers.simulating import until_at_rest, walk
from workers.supervisor import at_work
from workflows.command_envelope import Giver
from workflows.definitions.templates import templates
from workflows.migrating import migration
from workflows.programme_file import read_programme
from workflows.simulation.year import steps

PLANNER = Actor(role="planner")
JULY = datetime(2024, 7, 20, tzinfo=UTC)


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_a_year_whose_rules_change_in_july_ends_as_announced(data: Path) -> None:
    story = steps(read_programme(ANNOUNCED))
    settings = Settings(data=data)
    with running(data) as addresses:
        migrate_store(addresses, simulated=True)
        with open_engine(addresses, data) as engine, at_work(settings, logs=data / "logs"):
            first = [step for step in story if step.at < JULY]
            walk(engine, first, lambda step: None)
            before = {row.task: row.deadlines for row in tasks_due(engine.store)}
            assert len(before) == 20, "one is suspended"

            found = list(
                migration(engine.store, templates()["donghaeng-2024/2"], Giver(PLANNER, "cli"), "지침 개정")
            )
            assert [moving.outcome for moving, _ in found] == ["moves"] * 21
            changed = {moving.task for moving, _ in found if moving.changes}
            assert changed == set(before), "each that runs has a quarter before it"
            engine.handler.handle_all([envelope for _, envelope in found if envelope is not None])
            until_at_rest(engine)
            assert {row.definition for row in tasks_due(engine.store)} == {"donghaeng-2024/2"}

            walk(engine, story[len(first) :], lambda step: None, first=len(first) + 1)
            stages = [row.stage for row in board(engine.store)]
            assert (stages.count("evaluated"), stages.count("discontinued")) == (20, 1)
            assert tasks_due(engine.store) == []
            assert {name: compare(engine.store, view) for name, view in VIEWS.items()} == {
                name: [] for name in VIEWS
            }
