"""Our own PostgreSQL: made by initdb, run as a child, shut down fast and cleanly.

It listens on a Unix socket only, in a folder that nobody but its user (and root) can enter; that is what guards it,
so authentication is `trust`. The application still acts as a role that may not change facts.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

from workers.servers.data_folder import ServerUser, unusable
from workers.servers.errors import DidNotStart, FolderFull, OtherMajorVersion, OwnedByAnother
from workers.servers.process import dies_with_parent
from workers.servers.programs import postgres_programs

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
}
_START_SECONDS = 60.0


class PostgresServer:
    """One cluster in the data folder. `start` returns when it takes connections."""

    def __init__(self, data: Path, log: Path) -> None:
        self._user = ServerUser()
        self._programs = postgres_programs(self._user)
        self._place = self._user.place(data, "postgres")
        self._socket = self._user.socket_folder(self._place, ".s.PGSQL.5432")
        self._cluster, self._log = self._place / "cluster", log
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        """libpq's connection string for the owner."""
        return f"host='{self._socket}' port=5432 user={OWNER} dbname={DATABASE}"

    def start(self) -> None:
        """Raises OtherMajorVersion, FolderFull, DidNotStart."""
        if not self._cluster.exists():
            self._make()
        self._check_version()
        settings = _SETTINGS | {"unix_socket_directories": str(self._socket)}
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        command = [str(self._programs / "postgres"), "-D", str(self._cluster), *options]
        with self._log.open("ab") as log:
            self.process = subprocess.Popen(
                dies_with_parent(command, "INT"),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                **self._user.popen(),  # type: ignore[call-overload]
            )
        self._until_ready()

    def stop(self) -> None:
        """Fast and clean; after a minute without mercy (the log then recovers at the next start)."""
        assert self.process is not None
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(60)
        except subprocess.TimeoutExpired:
            self.process.send_signal(signal.SIGQUIT)
            self.process.wait()

    def _make(self) -> None:
        """initdb beside the cluster's place, then one rename: a half-made cluster is never taken for a whole one."""
        for left in self._place.glob("making-*"):
            shutil.rmtree(left, ignore_errors=True)
        half = self._place / f"making-{os.getpid()}"
        self._run(
            "initdb",
            "-D",
            str(half),
            "-U",
            OWNER,
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C",
            "--no-instructions",
        )
        self._run("postgres", "--single", "-D", str(half), "template1", said=f"CREATE DATABASE {DATABASE}\n")
        try:
            half.rename(self._cluster)
        except OSError as error:
            raise unusable(self._place, error) from None

    def _run(self, program: str, *arguments: str, said: str = "") -> None:
        done = subprocess.run(
            dies_with_parent([str(self._programs / program), *arguments], "KILL"),
            input=said.encode(),
            capture_output=True,
            check=False,
            env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"},
            **self._user.popen(),  # type: ignore[call-overload]
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
        except PermissionError:
            raise OwnedByAnother(path=self._cluster, owner=self._cluster.owner()) from None
        except OSError as error:
            raise unusable(self._cluster, error) from None
        words = subprocess.run(
            [str(self._programs / "postgres"), "--version"], capture_output=True, check=True
        )
        ours = words.stdout.decode().split()[2].split(".")[0]
        if found != ours:
            raise OtherMajorVersion(path=self._cluster, found=found, ours=ours)

    def _until_ready(self) -> None:
        assert self.process is not None
        deadline = time.monotonic() + _START_SECONDS
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                break
            if self._is_ready():
                return
            time.sleep(0.01)
        words = self._log.read_text(encoding="utf-8", errors="replace")[-4000:]
        self.process.kill()
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


def _last(words: str) -> str:
    lines = [line.strip() for line in words.splitlines() if line.strip()]
    telling = [line for line in lines if "FATAL" in line or "ERROR" in line or "error:" in line]
    return (telling or lines or ["–"])[-1][:300]
