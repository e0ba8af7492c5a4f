"""The servers of a data folder: started by the first, shared by all, stopped after the last, however it ends."""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest

from tests.data_folders import data_folder
from tests.workers.client_processes import (
    TOP,
    Client,
    answers,
    eventually,
    keeper_of,
    postmaster_of,
    processes,
)
from workers.servers import running
from workers.servers.clearing import InUse, clear
from workers.servers.keeper import files


@pytest.fixture(scope="module")
def made() -> Iterator[Path]:
    """A data folder whose cluster is made already, to save a second a test; nobody runs in it."""
    with data_folder() as folder:
        with running(folder):
            pass
        yield folder
        assert not processes(folder)


def gone(data: Path) -> bool:
    return eventually(lambda: not processes(data))


def test_nothing_is_left_when_the_only_client_has_left(data: Path) -> None:
    with running(data) as addresses:
        assert addresses.owner_dsn is not None
        with psycopg.connect(addresses.owner_dsn) as connection:
            (database, socket_only) = connection.execute(
                "SELECT current_database(), current_setting('listen_addresses') = ''"
            ).fetchone() or ("", False)
        assert (database, socket_only) == ("donghaeng", True)
        assert processes(data)
    assert not processes(data)


def test_a_server_that_is_not_asked_for_is_not_started(made: Path) -> None:
    with running(made, postgres=False) as addresses:
        assert (addresses.owner_dsn, addresses.app_dsn) == (None, None)
        assert addresses.redis is not None
        assert not any("postgres" in words for words in processes(made).values())


def test_a_second_client_uses_the_same_servers_and_keeps_them_when_the_first_leaves(made: Path) -> None:
    first, second = Client(made), Client(made)
    said = first.said()
    assert second.said() == said
    before = postmaster_of(made)
    first.leave()
    assert answers(said)
    assert postmaster_of(made) == before
    second.leave()
    assert not processes(made)


def test_clients_that_start_at_once_on_an_empty_folder_make_one_server(data: Path) -> None:
    clients = [Client(data) for _ in range(4)]
    said = [client.said() for client in clients]
    assert all(one == said[0] for one in said)
    assert answers(said[0])
    keepers = [words for words in processes(data).values() if "workers.servers.keeper" in words]
    assert len(keepers) == 2
    for client in clients:
        client.leave()
    assert not processes(data)


@pytest.mark.slow
def test_whoever_comes_while_the_servers_stop_gets_servers_that_answer(made: Path) -> None:
    def come_and_go(_: int) -> bool:
        client = Client(made)
        try:
            return answers(client.said())
        finally:
            client.leave()

    with ThreadPoolExecutor(3) as pool:
        assert all(pool.map(come_and_go, range(12)))
    assert gone(made)


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_nothing_is_left_when_the_client_is_stopped(made: Path, how: signal.Signals) -> None:
    client = Client(made)
    assert answers(client.said())
    client.end(how)
    assert gone(made)


def test_a_client_killed_while_the_servers_start_leaves_nothing_and_spoils_nothing() -> None:
    with data_folder(on_disk=True) as data:
        client = Client(data)
        assert eventually(lambda: any("initdb" in words for words in processes(data).values()))
        client.end(signal.SIGKILL)
        with running(data) as addresses:
            assert addresses.owner_dsn is not None
            psycopg.connect(addresses.owner_dsn).close()
        assert gone(data)


def test_when_a_keeper_is_killed_its_server_shuts_down_cleanly_and_the_next_client_starts_anew(
    made: Path,
) -> None:
    client = Client(made)
    client.said()
    for kind in ("postgres", "redis"):
        os.kill(keeper_of(made, kind), signal.SIGKILL)
    # At once: the old servers are still stopping.
    next_client = Client(made)
    assert answers(next_client.said())
    log = (made / "logs" / "postgres.log").read_text(encoding="utf-8")
    assert "not properly shut down" not in log
    client.end(signal.SIGKILL)
    next_client.leave()
    assert gone(made)


def test_nothing_is_left_when_keepers_and_client_are_killed(made: Path) -> None:
    client = Client(made)
    client.said()
    for pid in (keeper_of(made, "postgres"), keeper_of(made, "redis")):
        os.kill(pid, signal.SIGKILL)
    client.end(signal.SIGKILL)
    assert gone(made)


def test_without_the_parents_death_signal_a_server_would_outlive_its_keeper() -> None:
    """The control: the same child, started plainly, lives on."""
    start = (
        "import os, subprocess as s\n"
        "print(s.Popen(['sleep', '60'], stdout=s.DEVNULL).pid, flush=True)\n"
        "os.kill(os.getpid(), 9)"
    )
    done = subprocess.run([sys.executable, "-c", start], stdout=subprocess.PIPE, check=False)
    orphan = int(done.stdout)
    assert Path(f"/proc/{orphan}").exists()
    os.kill(orphan, signal.SIGKILL)


def test_the_servers_hold_none_of_the_clients_locks(made: Path) -> None:
    with running(made):
        clients = os.path.realpath(files(made, "postgres").clients)
        holders = {
            pid
            for pid in processes(made)
            for file in Path(f"/proc/{pid}/fd").iterdir()
            if os.path.realpath(file) == clients
        }
        assert holders == {keeper_of(made, "postgres")}


def test_a_process_forked_inside_keeps_nothing_running_after_its_parent_left(made: Path) -> None:
    """RQ's workers fork; a lock that a child inherits would hold the servers for as long as the child lives."""
    fork = (
        "import os, sys, time; from pathlib import Path; from workers.servers import running\n"
        "with running(Path(sys.argv[1])):\n"
        "    pid = os.fork()\n"
        "    if pid == 0:\n        os.close(1); time.sleep(60); os._exit(0)\n"
        "print(pid, flush=True)"
    )
    done = subprocess.run(
        [sys.executable, "-c", fork, str(made)], cwd=TOP, stdout=subprocess.PIPE, check=True, timeout=50
    )
    child = int(done.stdout)
    assert all(words.startswith(sys.executable) for words in processes(made).values())
    os.kill(child, signal.SIGKILL)
    assert gone(made)


def test_a_folder_in_use_is_not_cleared(made: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workers.servers.clearing._PATIENCE_SECONDS", 0.2)
    client = Client(made)
    said = client.said()
    with pytest.raises(InUse):
        clear(made)
    assert answers(said)
    client.leave()


def test_a_folder_is_cleared_once_its_client_has_left(data: Path) -> None:
    with running(data, redis=False):
        pass
    clear(data)
    assert {path.suffix for path in data.iterdir()} == {".lock"}
    with files(data, "postgres").clients.open("ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
