"""Failed jobs are shown, run again if this store signed them, or dropped."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.workers.recording_jobs import made_queues
from tests.workers.test_jobs import noted
from workers.job_list import NoSuchJob, NotSigned, drop, list_jobs, retry
from workers.queues import Queues
from workers.servers import Addresses
from workers.working import run_worker


@pytest.fixture
def failed(queues: Queues) -> str:
    job_id = queues.enqueue("projections", "fail")
    run_worker(queues, "projections", burst=True)
    return job_id


def test_a_failed_job_is_shown_with_the_last_line_of_its_error(queues: Queues, failed: str) -> None:
    waiting = queues.enqueue("projections", "note", "later")
    first, second = list_jobs(queues)
    assert (first.id, first.state, first.job) == (failed, "failed", "fail")
    assert first.error == "RuntimeError: as it was asked to"
    assert first.at is not None
    assert (second.id, second.state, second.arguments) == (waiting, "waiting", ("later",))


def test_a_failed_job_is_run_again_once_under_a_new_id(queues: Queues, failed: str) -> None:
    made = retry(queues, failed)
    assert [(one.id, one.state) for one in list_jobs(queues)] == [(made, "waiting")]
    with pytest.raises(NoSuchJob):
        retry(queues, failed)
    run_worker(queues, "projections", burst=True)
    assert [one.state for one in list_jobs(queues)] == ["failed"]


def test_a_dropped_job_is_gone(queues: Queues, failed: str) -> None:
    drop(queues, failed)
    assert list_jobs(queues) == []
    with pytest.raises(NoSuchJob):
        drop(queues, failed)


def test_a_job_that_this_store_did_not_sign_is_shown_and_never_run_again(
    queues: Queues, failed: str, journal: Path
) -> None:
    queues.redis.hset(queues.job_class.key_for(failed), "signature", b"forged")
    (shown,) = list_jobs(queues)
    assert (shown.job, "signature" in str(shown.error)) == (None, True)
    with pytest.raises(NotSigned):
        retry(queues, failed)
    run_worker(queues, "projections", burst=True)
    assert noted(journal) == []
    drop(queues, failed)
    assert list_jobs(queues) == []


def test_another_stores_jobs_are_neither_seen_nor_touched(
    queues: Queues, failed: str, servers: Addresses
) -> None:
    other = made_queues(servers)
    assert list_jobs(other) == []
    for act in (retry, drop):
        with pytest.raises(NoSuchJob):
            act(other, failed)
    assert len(list_jobs(queues)) == 1
