"""A keeper that is gone is followed by another, and one whose server keeps ending goes on and says so."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import psycopg
import pytest
import redis
from structlog.testing import capture_logs

from tests.workers.client_processes import (
    eventually,
    keeper_of,
    postmaster_of,
    processes,
)
from tests.workers.mounts import mounted, needs_mount
from tests.workers.test_servers_crash import back, kill
from workers.doctor.servers import database, restarts
from workers.servers import Addresses, keeper, running
from workers.servers.data_folder import ensure_folder
from workers.servers.errors import KeepsEnding
from workers.servers.keeper import CLIENTS_SECONDS
from workers.servers.postgres import PostgresServer
from workers.servers.troubles import Troubles, trouble_of
from workers.servers.watching import watch_servers
from workers.settings import Settings

KINDS = ("postgres", "redis")


def test_a_keeper_that_is_killed_is_followed_by_another(data: Path) -> None:
    with running(data) as addresses, capture_logs() as lines, watch_servers(data, KINDS):
        for kind in KINDS:
            before = keeper_of(data, kind)
            kill(before)
            assert eventually(lambda: len(lines) == 1)
            assert back(addresses)
            assert keeper_of(data, kind) != before
            assert lines.pop()["event"] == "keeper_restarted"
    assert not processes(data)


class Waited:
    """A server and its process, which ends when it is told to; how long it was waited for each time."""

    stopping = True

    def __init__(self) -> None:
        self.limits: list[float | None] = []
        self.over = threading.Event()

    def wait(self, timeout: float | None = None) -> int:
        self.limits.append(timeout)
        assert self.over.wait(30)
        return 0

    def send_signal(self, number: int) -> None:
        assert number == signal.SIGINT
        self.over.set()


def test_the_kernel_says_when_a_server_has_ended_and_nobody_looks_all_the_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """With a time limit, waiting for a child is looking at it twenty times a second."""
    monkeypatch.setattr(keeper, "_LOOK_SECONDS", 0.01)
    monkeypatch.setattr(keeper, "CLIENTS_SECONDS", 0.05)
    waited, events = Waited(), SimpleQueue[Any]()
    keeper._until_ended(waited, waited, events)  # type: ignore[arg-type]
    assert (events.get(timeout=1), waited.limits) == ("it ended", [None])


def test_the_control_without_anybody_watching_over_it_both_stay_away(data: Path) -> None:
    with running(data, postgres=False) as addresses:
        kill(keeper_of(data, "redis"))
        assert eventually(lambda: not processes(data))
        time.sleep(3)
        with pytest.raises(redis.exceptions.ConnectionError):
            redis.Redis(**addresses.redis or {}).ping()


def test_a_server_that_ends_again_and_again_is_started_as_long_as_it_is_needed_and_that_is_said(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    with running(data, postgres=False) as addresses, capture_logs() as lines, watch_servers(data, ["redis"]):
        killed = [0]

        def another() -> bool:
            try:
                with redis.Redis(**addresses.redis or {}, retry=None) as client:
                    killed.append(int(client.info("server")["process_id"]))
            except redis.exceptions.ConnectionError:
                return False
            return killed[-1] not in killed[:-1]

        for _ in range(5):
            assert eventually(another), "the control: it was given up after three"
            kill(killed[-1])
        assert eventually(lambda: (found := trouble_of(data, "redis")) is not None and found.times == 5)
        (finding,) = restarts(Settings(data=data))
        assert finding.state == "wrong"
        assert "5 times in a row" in finding.say("en")[0]
        with (
            pytest.raises(KeepsEnding, match="Valkey ended or did not start 5 times"),
            running(data, postgres=False),
        ):
            pass
        assert eventually(another)
    assert {(line["event"], line["server"]) for line in lines} == {("server_keeps_ending", "redis")}
    assert trouble_of(data, "redis") is None, "it is needed no longer"
    assert not processes(data)


def test_what_stands_in_the_way_is_told_and_once_it_is_gone_the_server_is_there_by_itself(data: Path) -> None:
    with running(data, redis=False) as addresses:
        settings = data / "postgres" / "cluster" / "postgresql.conf"
        before = settings.read_text(encoding="utf-8")
        settings.write_text(before + "no_such_setting = on\n", encoding="utf-8")
        kill(postmaster_of(data))
        assert eventually(lambda: (found := trouble_of(data, "postgres")) is not None and found.rest >= 1)
        with pytest.raises(KeepsEnding, match=r"configuration file .* contains errors"), running(data):
            pass
        settings.write_text(before, encoding="utf-8")
        assert eventually(lambda: _answers(addresses), 60)
    assert not processes(data)


@contextmanager
def kept_full(filling: Path) -> Iterator[None]:
    """A file takes all that is free, and whatever is given back meanwhile (a removed pid file is enough to start by)."""
    words = ["sh", "-c", "while :; do dd if=/dev/zero bs=4k 2>/dev/null >> filling; sleep 0.01; done"]
    free = os.statvfs(filling.parent)
    with subprocess.Popen(words, cwd=filling.parent, start_new_session=True) as process:
        try:
            assert eventually(lambda: os.statvfs(filling.parent).f_bavail == 0, 60), free
            yield
        finally:
            os.killpg(process.pid, signal.SIGKILL)
    filling.unlink()


@needs_mount
@pytest.mark.timeout(300)
def test_a_full_disk_at_a_restart_ends_nothing_for_good(data: Path) -> None:
    with mounted(data, "size=300m,mode=755"), running(data, redis=False) as addresses:
        with psycopg.connect(addresses.owner_dsn or "") as connection:
            connection.execute("CREATE TABLE kept AS SELECT 1")
        keeper = keeper_of(data, "postgres")
        with kept_full(data / "logs" / "filling"):
            os.kill(postmaster_of(data), signal.SIGKILL)
            assert not eventually(lambda: _answers(addresses), 3)
            assert keeper_of(data, "postgres") == keeper
        assert eventually(lambda: _answers(addresses), 60)


def _answers(addresses: Addresses) -> bool:
    try:
        with psycopg.connect(addresses.owner_dsn or "") as connection:
            return connection.execute("SELECT 1").fetchone() == (1,)
    except psycopg.OperationalError:
        return False


def test_one_that_is_told_to_stop_smart_ends_its_sessions_and_is_there_again(data: Path) -> None:
    with running(data, redis=False) as addresses, psycopg.connect(str(addresses.owner_dsn)) as held:
        before = postmaster_of(data)
        os.kill(before, signal.SIGTERM)
        with pytest.raises(psycopg.OperationalError, match="shutting down"):
            psycopg.connect(str(addresses.owner_dsn))
        (seen,) = database(Settings(data=data), addresses)
        assert (seen.state, "told to stop" in seen.seen.en) == ("wrong", True)
        assert eventually(lambda: _answers(addresses), 30)
        assert postmaster_of(data) != before
        with pytest.raises(psycopg.OperationalError):
            held.execute("SELECT 1")


def test_the_control_nobody_else_ends_it(data: Path) -> None:
    server = PostgresServer(data, ensure_folder(data / "logs") / "postgres.log")
    server.start()
    try:
        with psycopg.connect(server.address):
            assert server.process is not None
            assert not server.stopping
            server.process.terminate()
            assert eventually(lambda: server.stopping, 5)
            with pytest.raises(subprocess.TimeoutExpired):
                server.process.wait(CLIENTS_SECONDS + 2)
    finally:
        server.stop()


def test_it_is_started_at_once_three_times_and_then_after_growing_rests(data: Path) -> None:
    (data / "logs").mkdir()
    troubles = Troubles(data, "redis")
    rests = []
    for _ in range(12):
        rests.append(troubles.began("it ended by itself"))
        troubles.runs()
    assert rests == [0, 0, 0, 1, 2, 4, 8, 16, 32, 60, 60, 60]
    found = trouble_of(data, "redis")
    assert found is not None
    assert (found.state, found.times, found.rest) == ("runs", 12, 60)
    troubles.over()
    assert trouble_of(data, "redis") is None
    assert troubles.began("again") == 0
