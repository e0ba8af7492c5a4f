"""A worker of an older program that meets a fact of a newer one: it stops there, says so, and goes on once it is newer."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from domain.task import facts
from projections.positions import Position
from projections.views import positions
from store.log import Store
from tests.projections.appended_facts import PROPOSED, append
from tests.workflows.test_older_facts import KIND, OLDER, STREAM, plant
from workers.bootstrap import JOBS
from workers.queues import Queues
from workers.servers import Addresses

TOP = Path(__file__).parents[2]


@contextmanager
def worker(servers: Addresses, app_dsn: str, data: Path) -> Iterator[subprocess.Popen[bytes]]:
    """`donghaeng worker projections`, as it is run."""
    assert servers.redis is not None
    settings = {
        "DATABASE_URL": app_dsn,
        "REDIS_URL": f"unix://{servers.redis['unix_socket_path']}",
        "DONGHAENG_DATA": str(data),
    }
    command = [sys.executable, "-m", "scripts.cli.main", "worker", "projections", "--log", "json"]
    with (data / "log").open("wb") as log:
        process = subprocess.Popen(command, cwd=TOP, env={**os.environ, **settings}, stdout=log, stderr=log)
    try:
        yield process
    finally:
        process.terminate()
        assert process.wait(20) == 0


def place_once(store: Store, stopped: bool, seconds: float = 60) -> Position:
    """Where the board stands, once it is so."""
    deadline = time.monotonic() + seconds
    while True:
        place = positions(store)["deadlines"]
        if (place.state == "stopped") == stopped and (stopped or not place.lag):
            return place
        assert time.monotonic() < deadline, place
        time.sleep(0.1)


@pytest.mark.parametrize(
    ("kind", "fields", "says"),
    [
        (KIND, {**OLDER, "schema": 7}, f"A fact of kind {KIND}, schema version 7, was written by a newer program"),
        ("task.flown", {"schema": 3}, "A fact of kind task.flown, schema version 3, was written by a newer program"),
    ],
)  # fmt: skip
def test_a_worker_stops_in_front_of_it_and_says_which_version_is_needed(
    servers: Addresses,
    store: Store,
    app_dsn: str,
    tmp_path: Path,
    kind: str,
    fields: dict[str, object],
    says: str,
) -> None:
    append(store, (STREAM, PROPOSED), (STREAM, facts.Approved()), (STREAM, facts.Suspended()))
    assert servers.redis is not None
    queues = Queues(servers.redis, store.id, store.signing_key, JOBS)
    with worker(servers, app_dsn, tmp_path) as process:
        queues.wake("projections", "project_all")
        assert place_once(store, stopped=False).position == 3
        plant(store, kind, **fields)
        queues.wake("projections", "project_all")
        place = place_once(store, stopped=True)
        assert (place.position, place.error_position) == (3, 4)
        assert place.error is not None
        assert place.error.startswith(says)
        assert "Install the newer Donghaeng" in place.error
        assert process.poll() is None, "it goes on with what it can do"
    assert "view_stopped" in (tmp_path / "log").read_text()
