"""Whoever makes or restores a backup is killed: nothing half-done is ever taken for whole."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest

from store.backups.dumping import Progress
from store.backups.errors import BackupDamaged, PlaceNotEmpty
from store.errors import StoreFault
from tests.conftest import top
from tests.store.backups.stores_to_back_up import FACTS, backed_up, contents, is_empty, restored

SHARES = [0.01, 0.3, 0.9]


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("keys")
    (folder / "vault.key").write_bytes(b"secret")
    return folder


@pytest.fixture(scope="module")
def long_backup(long: str, keys: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("long") / "long.backup"
    backed_up(long, out, keys=keys)
    return out


@contextmanager
def started(*words: object) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "tests.store.backups.program", *map(str, words)]
    with subprocess.Popen(command, cwd=top(), stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def asked(dsn: str, query: str) -> Any:
    with psycopg.connect(dsn, autocommit=True) as connection:
        row: Any = connection.execute(query.encode()).fetchone()
        return row[0]


def kill_held(process: subprocess.Popen[str], dsn: str) -> None:
    """Kill the process where it stands still; until its session is gone."""
    until_held(process)
    process.kill()
    process.wait()
    until_alone(dsn)


def until_held(process: subprocess.Popen[str]) -> None:
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"


def until_alone(dsn: str) -> None:
    others = (
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    deadline = time.monotonic() + 30
    while asked(dsn, others):
        assert time.monotonic() < deadline
        time.sleep(0.01)


@pytest.mark.parametrize("share", SHARES)
def test_a_backup_that_is_killed_leaves_nothing_under_its_name(
    long: str, empty: str, keys: Path, tmp_path: Path, share: float
) -> None:
    out = tmp_path / "b"
    with started("backup", long, out, keys, share) as process:
        kill_held(process, long)
    assert not out.exists()
    # the control: what would stand under the name without the protection is no backup
    part = tmp_path / "b.part"
    assert part.exists()
    if part.stat().st_size:
        with pytest.raises(BackupDamaged):
            restored(empty, part)
    assert is_empty(empty)
    backed_up(long, out, keys=keys)
    assert not part.exists()
    assert restored(empty, out).head == FACTS


@pytest.mark.parametrize("share", SHARES)
def test_a_restore_that_is_killed_leaves_the_place_as_it_was(
    long_backup: Path, empty: str, tmp_path: Path, share: float
) -> None:
    back = tmp_path / "keys"
    with started("restore", empty, long_backup, back, share) as process:
        kill_held(process, empty)
    assert is_empty(empty)
    assert not back.exists()
    assert restored(empty, long_backup, keys=back).head == FACTS


def test_a_restore_in_many_commits_would_leave_half_of_a_store(
    long_backup: Path, empty: str, tmp_path: Path
) -> None:
    """The control: rows had been written when the kill came."""
    with started("carelessly", empty, long_backup, tmp_path, 0.3) as process:
        kill_held(process, empty)
    assert not is_empty(empty)
    assert 0 < asked(empty, "SELECT count(*) FROM donghaeng.facts") < FACTS


def test_killed_before_the_commit_the_keys_lie_there_and_asking_again_takes_them(
    long: str, long_backup: Path, empty: str, tmp_path: Path
) -> None:
    back = tmp_path / "keys"
    with started("restore", empty, long_backup, back, "commit") as process:
        kill_held(process, empty)
    assert is_empty(empty)
    assert (back / "vault.key").read_bytes() == b"secret"
    restored(empty, long_backup, keys=back)
    assert contents(empty) == contents(long)


def cut_off(dsn: str) -> None:
    """End the sessions of others in this database, as a server that dies does."""
    ended = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
    asked(dsn, f"{ended} AND datname = current_database()")
    until_alone(dsn)


def test_when_the_server_goes_before_the_commit_the_keys_are_taken_away_again(
    long_backup: Path, empty: str, tmp_path: Path
) -> None:
    back = tmp_path / "back"

    def cut(header: object) -> None:
        assert (back / "vault.key").exists()
        cut_off(empty)

    with pytest.raises(StoreFault):
        restored(empty, long_backup, keys=back, before_commit=cut)
    assert is_empty(empty)
    assert list(back.iterdir()) == []


def test_when_the_server_goes_in_the_middle_it_is_said_and_nothing_is_left(
    long: str, long_backup: Path, empty: str, keys: Path, tmp_path: Path
) -> None:
    def cut(dsn: str) -> Progress:
        return lambda done, of: cut_off(dsn) if done > of / 3 else None

    with pytest.raises(StoreFault):
        restored(empty, long_backup, keys=tmp_path / "back", progress=cut(empty))
    assert is_empty(empty)
    with pytest.raises(StoreFault):
        backed_up(long, tmp_path / "b", keys=keys, progress=cut(long))
    assert list(tmp_path.iterdir()) == []


def test_where_there_is_no_room_it_is_said_and_nothing_is_left(long: str, keys: Path, tmp_path: Path) -> None:
    """A limit on the size of files stands in for a full disk."""
    command = [sys.executable, "-m", "tests.store.backups.program", "backup", long, tmp_path / "b", keys, "2"]
    done = subprocess.run(
        ["sh", "-c", 'ulimit -f 100; exec "$@"', "sh", *map(str, command)],
        cwd=top(),
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode != 0
    assert "BackupUnreadable" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_of_two_restores_at_once_one_makes_the_store_and_the_other_is_refused(
    long: str, long_backup: Path, empty: str, tmp_path: Path
) -> None:
    def outcome(number: int) -> str:
        try:
            return str(restored(empty, long_backup, keys=tmp_path / str(number)).head)
        except PlaceNotEmpty as refused:
            return refused.name

    with ThreadPoolExecutor() as pool:
        assert sorted(pool.map(outcome, range(3))) == [str(FACTS), "PlaceNotEmpty", "PlaceNotEmpty"]
    assert contents(empty) == contents(long)
