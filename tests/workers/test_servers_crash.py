"""After a crash of a server, of everything, or of the making of the cluster: what was committed is there."""

from __future__ import annotations

import os
import signal
import subprocess
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest
import redis

from tests.workers.client_processes import (
    Client,
    answers,
    eventually,
    postmaster_of,
    processes,
)
from workers.servers import Addresses, running
from workers.servers.place import place_of
from workers.servers.programs import postgres_programs


def remember(addresses: Addresses, word: str) -> None:
    assert addresses.owner_dsn is not None
    with psycopg.connect(addresses.owner_dsn) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS said (word text)")
        connection.execute("INSERT INTO said VALUES (%s)", (word,))


def remembered(addresses: Addresses) -> list[str]:
    assert addresses.owner_dsn is not None
    with psycopg.connect(addresses.owner_dsn) as connection:
        return [str(word) for (word,) in connection.execute("SELECT word FROM said ORDER BY word")]


def back(addresses: Addresses) -> bool:
    return eventually(lambda: answers({"owner_dsn": addresses.owner_dsn, "redis": addresses.redis}), 60)


def kill(pid: int, end: signal.Signals = signal.SIGKILL) -> None:
    with suppress(ProcessLookupError):  # PostgreSQL's workers come and go
        os.kill(pid, end)


def process_of(data: Path) -> int | None:
    """The present first process; None while there is none."""
    with suppress(FileNotFoundError):
        return postmaster_of(data)
    return None


def test_a_killed_postgres_comes_back_at_the_same_address_with_what_was_committed(data: Path) -> None:
    with running(data) as addresses:
        remember(addresses, "one")
        before = postmaster_of(data)
        kill(before)
        assert back(addresses)
        assert postmaster_of(data) != before
        assert remembered(addresses) == ["one"]
    assert not processes(data)


def test_a_killed_backend_costs_nothing_that_was_committed(data: Path) -> None:
    with running(data) as addresses:
        remember(addresses, "one")
        assert addresses.owner_dsn is not None
        before = postmaster_of(data)
        with psycopg.connect(addresses.owner_dsn) as connection:
            kill(connection.info.backend_pid)
            with pytest.raises(psycopg.OperationalError):
                connection.execute("SELECT 1")
        # the old one may still let somebody in for a moment before it ends
        assert eventually(lambda: process_of(data) not in (None, before)), (
            "the keeper starts it, not it itself"
        )
        assert back(addresses)
        assert remembered(addresses) == ["one"]


def test_a_killed_valkey_comes_back_at_the_same_address(data: Path) -> None:
    with running(data, postgres=False) as addresses:
        assert addresses.redis is not None
        client = redis.Redis(**addresses.redis)
        kill(int(client.info("server")["process_id"]))

        def comes_back() -> bool:
            try:
                return bool(client.ping())
            except redis.exceptions.ConnectionError:
                return False

        assert eventually(comes_back)
        client.close()
    assert not processes(data)


def test_after_everything_died_at_once_the_next_client_finds_what_was_committed(data: Path) -> None:
    """As after a power cut: the sockets, pid files and addresses of the dead lie about."""
    with running(data) as addresses:
        remember(addresses, "one")
        # All stand still before the first dies: a keeper's death asks its server to shut down, which one in memory
        # does within a millisecond.
        for end in (signal.SIGSTOP, signal.SIGKILL):
            for pid in sorted(processes(data)):
                kill(pid, end)
        assert (data / "postgres" / "cluster" / "postmaster.pid").exists()
        assert (data / "postgres.address").exists()
    with running(data) as addresses:
        assert remembered(addresses) == ["one"]
    assert "not properly shut down" in (data / "logs" / "postgres.log").read_text(encoding="utf-8")


def test_a_pid_file_whose_number_somebody_else_has_now_hinders_nobody(data: Path) -> None:
    """As in a container, where the numbers begin anew: PostgreSQL by itself takes that process for a server."""
    with running(data, redis=False) as addresses:
        remember(addresses, "one")
        pid_file = data / "postgres" / "cluster" / "postmaster.pid"
        left = pid_file.read_text(encoding="utf-8")
    user, place = place_of(data, "postgres")
    stranger = subprocess.Popen(["sleep", "60"], **user.popen())
    try:
        pid_file.write_text(left.replace(left.split()[0], str(stranger.pid), 1), encoding="utf-8")
        plainly = subprocess.run(
            [str(postgres_programs(user) / "postgres"), "-D", str(place / "cluster")],
            capture_output=True,
            check=False,
            timeout=30,
            **user.popen(),
        )
        assert b"already exists" in plainly.stderr
        with running(data) as addresses:
            assert remembered(addresses) == ["one"]
    finally:
        stranger.kill()
        stranger.wait()


def test_a_cluster_whose_making_was_killed_is_made_anew(data: Path) -> None:
    client = Client(data)
    half = data / "postgres" / "making-cluster"
    assert eventually((half / "PG_VERSION").exists)
    for pid in sorted(processes(data)):
        kill(pid)
    client.process.communicate()
    assert not (data / "postgres" / "cluster").exists()
    with running(data) as addresses:
        remember(addresses, "one")
    assert not half.exists()


def test_a_cluster_made_in_its_own_place_and_killed_would_be_taken_for_a_whole_one(data: Path) -> None:
    """The control: initdb, killed, leaves a folder with PG_VERSION that no server starts on."""
    user, place = place_of(data, "postgres")
    programs = postgres_programs(user)
    cluster = place / "naive"
    initdb = subprocess.Popen(
        [str(programs / "initdb"), "-D", str(cluster)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        **user.popen(),
    )
    assert eventually((cluster / "PG_VERSION").exists)
    os.killpg(initdb.pid, signal.SIGKILL)
    initdb.wait()
    started = subprocess.run(
        [str(programs / "postgres"), "-D", str(cluster)],
        capture_output=True,
        check=False,
        timeout=30,
        **user.popen(),
    )
    assert started.returncode != 0
