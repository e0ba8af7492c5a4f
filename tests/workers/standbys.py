"""A real standby of a PostgreSQL that a test may kill: streaming, stopped, promoted."""

from __future__ import annotations

import signal
import subprocess
import time

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from workers.servers.postgres import PostgresServer
from workers.servers.process import dies_with_parent, environment


class Standby:
    """A copy of `primary` in its own folder beside it. Begins by copying; `start` streams. `dsn`: as whom, else its owner.

    `name`: by which the primary may name it among those that it waits for.
    """

    def __init__(self, primary: PostgresServer, dsn: str | None = None, name: str = "standby") -> None:
        self._primary, self._user = primary, primary._user
        self._address = dsn or primary.address
        self.name, self._place = name, primary._place / name
        self._socket = self._user.own(primary._place / f"{name}-socket")
        self._process: subprocess.Popen[bytes] | None = None
        at = conninfo_to_dict(self._address)
        self._run(
            "pg_basebackup",
            "-D",
            str(self._place),
            "-R",
            "-c",
            "fast",
            "-h",
            str(at["host"]),
            "-U",
            str(at["user"]),
        )

    def with_it(self, dsn: str) -> str:
        """The address of whichever takes writes: of those of `dsn`, or this one."""
        at = conninfo_to_dict(dsn)
        hosts = f"{at['host']},{self._socket}"
        ports = ",".join("5432" for _ in hosts.split(","))
        return make_conninfo(dsn, host=hosts, port=ports, target_session_attrs="read-write")

    def start(self) -> None:
        options = ["-c", f"unix_socket_directories={self._socket}", "-c", "listen_addresses="]
        options += ["-c", f"cluster_name={self.name}"]  # which is what it is called by to the primary
        command = [str(self._primary._programs / "postgres"), "-D", str(self._place), *options]
        self._process = subprocess.Popen(
            dies_with_parent(command, "INT"),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            env=environment(),
            **self._user.popen(),
        )
        self._until("SELECT pg_is_in_recovery()", True)

    def stop(self) -> None:
        if self._process is not None:
            self._process.send_signal(signal.SIGINT)
            self._process.wait(60)
            self._process = None

    def caught_up(self, lsn: str) -> None:
        self._until(f"SELECT pg_last_wal_replay_lsn() >= '{lsn}'", True)

    def received(self) -> int:
        """How much of the primary's log it has, in bytes."""
        with psycopg.connect(self.dsn) as connection:
            row = connection.execute(
                "SELECT (greatest(pg_last_wal_receive_lsn(), pg_last_wal_replay_lsn()) - '0/0')::bigint"
            ).fetchone()
        assert row is not None
        return int(row[0])

    def promote(self) -> None:
        with psycopg.connect(self.dsn, autocommit=True) as connection:
            connection.execute("SELECT pg_promote()")
        self._until("SELECT pg_is_in_recovery()", False)

    @property
    def dsn(self) -> str:
        return make_conninfo(self._address, host=str(self._socket))

    def _until(self, query: str, answer: object) -> None:
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            try:
                with psycopg.connect(self.dsn) as connection:
                    if connection.execute(query.encode()).fetchone() == (answer,):
                        return
            except psycopg.OperationalError:
                pass
            time.sleep(0.05)
        raise AssertionError(query)

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run(
            [str(self._primary._programs / program), *arguments],
            check=True,
            capture_output=True,
            env=environment(),
            **self._user.popen(),
        )


def lsn_of(dsn: str) -> str:
    with psycopg.connect(dsn) as connection:
        row = connection.execute("SELECT pg_current_wal_flush_lsn()").fetchone()
        assert row is not None
        return str(row[0])
