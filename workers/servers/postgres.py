"""Our own PostgreSQL: made by initdb, run as a child, shut down fast and cleanly.

It listens on a Unix socket only, in a folder that nobody but its user (and root) can enter; that is what guards it,
so authentication is `trust`. The application still acts as a role that may not change facts.
"""

from __future__ import annotations

import shutil
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path

from workers.servers.data_folder import unusable
from workers.servers.errors import DidNotStart, FolderFull, OtherMajorVersion
from workers.servers.place import forget_socket_folder, place_of, socket_folder
from workers.servers.process import alone, dies_with_parent, environment, kill_server, start_server
from workers.servers.programs import postgres_programs

_SOCKET = ".s.PGSQL.5432"
OWNER, DATABASE = "donghaeng_owner", "donghaeng"
_SETTINGS = {
    "listen_addresses": "",
    "port": "5432",
    "shared_buffers": "128MB",
    "max_connections": "100",
    "max_wal_size": "1GB",
    "logging_collector": "off",
    "log_min_messages": "warning",
    "unix_socket_permissions": "0700",
    # Our keeper starts it again. By itself PostgreSQL 18 hangs where recovering fails at that (a storm's EIO), and takes
    # no connections ever again.
    "restart_after_crash": "off",
}
START_SECONDS = 60.0
_STATUS_LINE = 7  # of postmaster.pid, as PostgreSQL 10 and newer write it
STOP_SECONDS = 60.0


class PostgresServer:
    """One cluster in the data folder. `start` returns when it takes connections."""

    def __init__(self, data: Path, log: Path) -> None:
        self._user, self._place = place_of(data, "postgres")
        self._programs = postgres_programs(self._user)
        self._socket = socket_folder(self._user, self._place, _SOCKET)
        self._cluster, self._log = self._place / "cluster", log
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        """libpq's connection string for the owner."""
        folder = str(self._socket).replace("'", "\\'")
        return f"host='{folder}' port=5432 user={OWNER} dbname={DATABASE}"

    def start(self) -> None:
        """Raises OtherMajorVersion, FolderFull, StillRunning, DidNotStart."""
        socket_folder(self._user, self._place, _SOCKET)
        with alone(self._place) as lock:
            if not self._cluster.exists():
                self._make(lock)
            self._check_version()
            self._forget_the_dead()
            self._run_server(lock)

    def _run_server(self, lock: int) -> None:
        settings = _SETTINGS | {"unix_socket_directories": str(self._socket)}
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        command = [str(self._programs / "postgres"), "-D", str(self._cluster), *options]
        self.process, self._log_begins = start_server(command, "INT", self._log, lock, **self._user.popen())
        self._until_ready()

    @property
    def stopping(self) -> bool:
        """Whether it was told to stop. One that was told so kindly (“smart”) takes no new sessions and waits for those it has."""
        try:
            lines = (self._cluster / "postmaster.pid").read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError):
            return False
        return len(lines) > _STATUS_LINE and lines[_STATUS_LINE].strip() == "stopping"

    def stop(self) -> None:
        """Fast and clean; after a minute without mercy (the log then recovers at the next start)."""
        assert self.process is not None
        for number, seconds in ((signal.SIGINT, STOP_SECONDS), (signal.SIGQUIT, 5.0), (signal.SIGKILL, None)):
            self.process.send_signal(number)
            try:
                self.process.wait(seconds)
            except subprocess.TimeoutExpired:
                continue  # one that is stopped ends at the last of them only
            break
        forget_socket_folder(self._socket, self._place)

    def _make(self, lock: int) -> None:
        """initdb beside the cluster's place, then one rename: a half-made cluster is never taken for a whole one."""
        for left in self._place.glob("making-*"):
            shutil.rmtree(left, ignore_errors=True)
        half = self._place / "making-cluster"
        options = ("-U", OWNER, "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-instructions")
        self._run(lock, "initdb", "-D", str(half), *options)
        made = f"CREATE DATABASE {DATABASE}\n"
        self._run(lock, "postgres", "--single", "-D", str(half), "template1", said=made)
        try:
            half.rename(self._cluster)
        except OSError as error:
            raise unusable(self._place, error) from None

    def _run(self, lock: int, program: str, *arguments: str, said: str = "") -> None:
        done = subprocess.run(
            dies_with_parent([str(self._programs / program), *arguments], "KILL"),
            input=said.encode(),
            capture_output=True,
            check=False,
            env=environment(),
            pass_fds=(lock,),
            **self._user.popen(),
        )
        words = (done.stderr + done.stdout).decode(errors="replace")
        if done.returncode != 0 or "FATAL" in words or "PANIC" in words:
            with self._log.open("a", encoding="utf-8") as log:
                log.write(words)
            if "No space left on device" in words:
                raise FolderFull(path=self._place)
            raise DidNotStart(program=program, problem=_last(words), log=self._log)

    def _check_version(self) -> None:
        try:
            found = (self._cluster / "PG_VERSION").read_text(encoding="ascii").strip()
        except OSError as error:
            raise unusable(self._cluster, error) from None
        words = subprocess.run(
            [str(self._programs / "postgres"), "--version"], capture_output=True, check=True, cwd="/"
        )
        ours = words.stdout.decode().split()[2].split(".")[0]
        if found != ours:
            raise OtherMajorVersion(path=self._cluster, found=found, ours=ours)

    def _forget_the_dead(self) -> None:
        """Remove the pid files of a server that is gone, which PostgreSQL believes while anybody has that number.

        In a container numbers come again soon, and nobody may clear away the dead.
        """
        for path in (self._cluster / "postmaster.pid", self._socket / f"{_SOCKET}.lock"):
            with suppress(FileNotFoundError, ValueError, PermissionError):
                pid = int(path.read_text(encoding="utf-8").split("\n")[0])
                if not _works_in(pid, self._cluster):
                    path.unlink()

    def _until_ready(self) -> None:
        assert self.process is not None
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                break
            if self._is_ready():
                return
            time.sleep(0.01)
        words = kill_server(self.process, self._log, self._log_begins)
        if "No space left on device" in words:
            raise FolderFull(path=self._place)
        raise DidNotStart(program="PostgreSQL", problem=_last(words), log=self._log)

    def _is_ready(self) -> bool:
        """The postmaster writes its state into the eighth line of its pid file; the first is its pid."""
        assert self.process is not None
        try:
            lines = (self._cluster / "postmaster.pid").read_text(encoding="utf-8").splitlines()
        except OSError:
            return False
        return len(lines) > 7 and lines[0] == str(self.process.pid) and lines[7].strip() == "ready"


def _works_in(pid: int, folder: Path) -> bool:
    """Whether the process lives and its working directory is the folder; PostgreSQL's is its cluster."""
    if not Path("/proc/self").exists():
        return True
    try:
        return Path(f"/proc/{pid}/cwd").readlink() == folder
    except FileNotFoundError:
        return False


def _last(words: str) -> str:
    lines = [line.strip() for line in words.splitlines() if line.strip()]
    telling = [line for line in lines if "FATAL" in line or "ERROR" in line or "error:" in line]
    return (telling or lines or ["–"])[-1][:300]
