"""What is refused, each with a sentence that says what to do, and nothing written: read-only, full, of another version."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import psycopg
import pytest

from domain.errors import ServerUnreachable
from tests.workers.client_processes import processes
from tests.workers.mounts import mounted, needs_mount
from workers.servers import running
from workers.servers.errors import (
    FolderFull,
    FolderNotUsable,
    NoServerProgram,
    OtherMajorVersion,
    OwnedByAnother,
)
from workers.servers.programs import FROM_PATH, valkey_program

DEBIAN = sorted(Path("/usr/lib/postgresql").glob("*/bin"))


needs_two_versions = pytest.mark.skipif(not DEBIAN, reason="there is no second PostgreSQL on this machine")


def refused(data: Path, kind: type[ServerUnreachable], *, redis: bool = False) -> ServerUnreachable:
    """The error of a start that is refused; it leaves no process, and names the folder in both languages."""
    with pytest.raises(kind) as found, running(data, postgres=not redis, redis=redis):
        pass
    assert not processes(data)
    assert found.value.exit_code == 3
    return found.value


def contents(folder: Path) -> dict[str, bytes]:
    """Everything in the folder but what is written about the refusal."""
    paths = (path for path in folder.rglob("*") if path.is_file() and path.suffix not in (".log", ".lock"))
    return {str(path.relative_to(folder)): path.read_bytes() for path in paths}


@needs_mount
def test_a_read_only_folder_is_refused(data: Path) -> None:
    with mounted(data, "size=1m,ro,mode=755"):
        for path in (data, data / "deeper"):
            said = refused(path, FolderNotUsable)
            assert "nothing may be written there" in said.say("en")
            assert all(str(path) in said.say(lang) and "--data" in said.say(lang) for lang in ("ko", "en"))


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_may_not_be_written_is_refused(data: Path) -> None:
    data.chmod(0o555)
    try:
        refused(data, FolderNotUsable)
        refused(data / "deeper", FolderNotUsable)
    finally:
        data.chmod(0o755)
    assert list(data.iterdir()) == []


def test_a_file_where_the_folder_should_be_is_refused_and_kept(tmp_path: Path) -> None:
    file = tmp_path / "var"
    file.write_text("mine", encoding="utf-8")
    refused(file, FolderNotUsable)
    refused(file / "deeper", FolderNotUsable)
    assert file.read_text(encoding="utf-8") == "mine"


@needs_mount
@pytest.mark.parametrize("room", ["4k", "64k", "8m", "30m"])
def test_a_folder_without_room_for_a_cluster_is_refused_and_works_once_there_is_room(
    data: Path, room: str
) -> None:
    with mounted(data, f"size={room},mode=755"):
        said = refused(data, FolderFull)
        assert all(str(data) in said.say(lang) and "--data" in said.say(lang) for lang in ("ko", "en"))
        assert not (data / "postgres" / "cluster").exists()
        subprocess.run(["mount", "-o", "remount,size=200m", str(data)], check=True)
        with running(data, redis=False) as found:
            psycopg.connect(found.owner_dsn or "").close()


@needs_mount
def test_a_folder_that_has_filled_up_is_refused_and_loses_nothing(data: Path) -> None:
    with mounted(data, "size=300m,mode=755"):
        with running(data) as found, psycopg.connect(found.owner_dsn or "") as connection:
            connection.execute("CREATE TABLE kept AS SELECT 1")
        filling = data / "logs" / "filling"
        subprocess.run(["dd", "if=/dev/zero", f"of={filling}", "bs=4k"], capture_output=True, check=False)
        refused(data, FolderFull)
        refused(data, FolderFull, redis=True)
        filling.unlink()
        with running(data) as found, psycopg.connect(found.owner_dsn or "") as connection:
            assert connection.execute("TABLE kept").fetchall() == [(1,)]


def test_the_cluster_of_another_major_version_is_refused_and_left_untouched(data: Path) -> None:
    with running(data, redis=False):
        pass
    version = data / "postgres" / "cluster" / "PG_VERSION"
    ours = version.read_text(encoding="ascii").strip()
    version.write_text("14\n", encoding="ascii")
    before = contents(data)
    said = refused(data, OtherMajorVersion)
    assert contents(data) == before
    for lang in ("ko", "en"):
        assert all(word in said.say(lang) for word in ("14", ours, "pg_dump", str(data)))


@needs_two_versions
def test_a_cluster_that_another_version_really_made_is_refused_and_lives_on_there(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as theirs:
        theirs.setenv(FROM_PATH, "1")
        with running(data, redis=False) as found, psycopg.connect(found.owner_dsn or "") as connection:
            connection.execute("CREATE TABLE kept AS SELECT 1")
    before = contents(data)
    refused(data, OtherMajorVersion)
    assert contents(data) == before
    monkeypatch.setenv(FROM_PATH, "1")
    with running(data, redis=False) as found, psycopg.connect(found.owner_dsn or "") as connection:
        assert connection.execute("TABLE kept").fetchall() == [(1,)]


@needs_two_versions
def test_control_a_server_started_on_another_versions_cluster_ends_with_its_own_words(data: Path) -> None:
    """Which name neither what to do nor that nothing was lost."""
    with running(data, redis=False):
        pass
    cluster = data / "postgres" / "cluster"
    done = subprocess.run(
        ["runuser", "-u", cluster.owner(), "--", str(DEBIAN[0] / "postgres"), "-D", str(cluster)]
        if os.geteuid() == 0
        else [str(DEBIAN[0] / "postgres"), "-D", str(cluster)],
        capture_output=True,
        check=False,
        timeout=30,
        cwd="/",
    )
    assert b"pg_dump" not in done.stderr
    assert done.returncode != 0


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder to somebody else")
def test_a_cluster_of_somebody_else_is_refused_and_stays_his(data: Path) -> None:
    place = data / "postgres"
    place.mkdir()
    os.chown(place, 54321, 54321)
    said = refused(data, OwnedByAnother)
    assert "54321" in said.say("ko")
    assert place.stat().st_uid == 54321


def test_without_a_server_program_the_package_to_install_is_named(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(FROM_PATH, "1")
    monkeypatch.setenv("PATH", str(tmp_path))
    said = refused(data, NoServerProgram, redis=True)
    for lang in ("ko", "en"):
        assert all(word in said.say(lang) for word in ("valkey-server", "redis-server", "REDIS_URL"))
    if not DEBIAN:
        assert "postgresql" in refused(data, NoServerProgram).say("en")


def test_without_the_wheel_the_program_on_the_path_is_used(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "redis-server").symlink_to(valkey_program())
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    monkeypatch.setenv(FROM_PATH, "1")
    with running(data, postgres=False):
        assert any(words.startswith(f"{tmp_path}/redis-server") for words in processes(data).values())
