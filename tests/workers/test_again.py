"""What an outage leaves behind among the failed jobs is gone by itself once the work is done."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from projections.task_board import TASK_BOARD
from projections.views import positions
from tests.store.fact_batches import put
from tests.workers.killable_valkey import own_valkey, queues_on
from tests.workers.recording_jobs import JOBS
from workers.again import FailedJobs
from workers.bootstrap import open_engine
from workers.doctor.engine import jobs
from workers.engine import Engine
from workers.job_list import list_jobs, run_again
from workers.queues import Queues
from workers.servers import Addresses
from workers.tasks import serve
from workers.working import run_worker


@pytest.fixture
def engine(owner_dsn: str, app_dsn: str, tmp_path: Path) -> Iterator[Engine]:
    with own_valkey() as valkey:
        addresses = Addresses(owner_dsn, app_dsn, valkey.address)
        with open_engine(addresses, tmp_path / "data") as built:
            serve(built)
            yield built


@contextmanager
def outage(cluster: str, dsn: str) -> Iterator[None]:
    """The database takes no connections."""
    name = conninfo_to_dict(dsn)["dbname"]
    with psycopg.connect(cluster, autocommit=True) as connection:
        connection.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false".encode())
        connection.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s", (name,)
        )
        try:
            yield
        finally:
            connection.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true".encode())


def work(engine: Engine) -> None:
    run_worker(engine.queues, "projections", burst=True)


def test_after_an_outage_nothing_failed_is_left_once_the_work_is_done(
    engine: Engine, cluster: str, owner_dsn: str
) -> None:
    put(engine.store, "task/2024-07", count=3)
    with outage(cluster, owner_dsn):
        for view in ("task_board", "task_board", "agency_register"):
            engine.queues.enqueue("projections", "project", view)
        engine.queues.enqueue("projections", "project_all")
        work(engine)
    (before,) = jobs(engine)
    assert before.state == "warn"
    engine.queues.enqueue("projections", "project_all")
    work(engine)
    assert positions(engine.store)["task_board"].lag == 0
    (control,) = jobs(engine)
    assert control.state == "warn", "the control: the work is done, and yet it is said"
    assert sorted(FailedJobs().run(engine.queues)) == ["project", "project", "project_all"], "twins once"
    work(engine)
    (after,) = jobs(engine)
    assert after.state == "ok"
    assert list_jobs(engine.queues) == []


@pytest.fixture
def own(journal: Path) -> Iterator[Queues]:
    with own_valkey() as valkey:
        yield queues_on(valkey)


def test_what_goes_on_failing_stays_to_be_seen_and_is_tried_after_growing_rests(own: Queues) -> None:
    own.enqueue("projections", "fail")
    run_worker(own, "projections", burst=True)
    now = [0.0]
    failed, ran = FailedJobs(lambda: now[0]), list[float]()
    while now[0] < 400:
        if failed.run(own):
            ran.append(now[0])
            run_worker(own, "projections", burst=True)
            assert [one.state for one in list_jobs(own)] == ["failed"], "one, however often it failed"
        now[0] += 5
    assert ran == [0, 5, 15, 35, 75, 155, 315]


def test_what_worked_since_is_run_at_once_after_the_next_outage(own: Queues) -> None:
    """The control: without forgetting, the third failure would rest for twenty seconds, the fourth for forty."""
    now = [0.0]
    failed, ran = FailedJobs(lambda: now[0]), list[float]()
    for _ in range(4):
        own.enqueue("projections", "fail")
        run_worker(own, "projections", burst=True)
        ran += [now[0] for _ in failed.run(own)]
        own.redis.flushall()  # it was run again, and worked
        for _ in range(3):
            now[0] += 5
            failed.run(own)
        now[0] += 5
    assert ran == [0, 20, 40, 60]


def test_what_is_not_ours_or_is_gone_is_left_to_a_person(own: Queues) -> None:
    forged, gone = (own.enqueue("projections", "fail") for _ in range(2))
    run_worker(own, "projections", burst=True)
    own.redis.hset(own.job_class.key_for(forged), "signature", b"forged")
    own.redis.delete(own.job_class.key_for(gone))
    assert run_again(own, lambda *_: True) == []
    assert [one.id for one in list_jobs(own)] == [forged]
    assert "fail" in JOBS


def test_jobs_over_a_damaged_view_do_not_fail_and_do_not_hold_up_the_others(
    engine: Engine, owner_dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(engine.store, "task/2024-07", count=3)
    with psycopg.connect(owner_dsn) as owner:
        owner.execute(f"DROP TABLE {TASK_BOARD.table}".encode())
    with monkeypatch.context() as patched:
        patched.setattr("projections.damage.damage", lambda *_: None)
        for _ in range(3):
            engine.queues.enqueue("projections", "project_all")
        work(engine)
        (control,) = jobs(engine)
        assert (control.state, "projections 3" in control.seen.en) == ("warn", True)
        assert positions(engine.store)["agency_register"].lag, "the control: views after it wait as well"
    assert FailedJobs().run(engine.queues) == ["project_all"]
    for _ in range(3):
        engine.queues.enqueue("projections", "project_all")
    work(engine)
    (after,) = jobs(engine)
    assert after.state == "ok"
    places = positions(engine.store)
    assert places["task_board"].damaged
    assert [name for name, place in places.items() if place.lag] == ["task_board", "programme_summary"]
