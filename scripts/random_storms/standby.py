"""A second PostgreSQL that follows the machine's own and has every commit on its disk before it is answered."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from workers.servers.place import place_of
from workers.servers.process import dies_with_parent, environment
from workers.servers.programs import postgres_programs

_PATIENCE_SECONDS = 30.0


class Standby:
    """`primary`: the owner's address of the machine's own server, whose data folder is `data`."""

    def __init__(self, data: Path, primary: str) -> None:
        self._user, place = place_of(data, "postgres")
        self._programs = postgres_programs(self._user)
        self._primary, self._place = primary, place / "standby"
        self._socket = self._user.own(place / "second")
        self._process: subprocess.Popen[bytes] | None = None

    def both(self, dsn: str) -> str:
        """The address of whichever of the two takes writes."""
        hosts = f"{conninfo_to_dict(dsn)['host']},{self._socket}"
        return make_conninfo(dsn, host=hosts, port="5432,5432", target_session_attrs="read-write")

    def follow(self) -> None:
        """Copy, stream, and from now on be waited for at each commit."""
        at = conninfo_to_dict(self._primary)
        copying = ["-D", str(self._place), "-R", "-c", "fast", "-h", str(at["host"]), "-U", str(at["user"])]
        subprocess.run(
            [str(self._programs / "pg_basebackup"), *copying],
            check=True,
            capture_output=True,
            env=environment(),
            **self._user.popen(),
        )
        options = ["-c", f"unix_socket_directories={self._socket}", "-c", "listen_addresses="]
        self._process = subprocess.Popen(
            dies_with_parent([str(self._programs / "postgres"), "-D", str(self._place), *options], "INT"),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            env=environment(),
            **self._user.popen(),
        )
        _set(self._primary, "synchronous_standby_names", "*")
        self._until(self._primary, "SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'", 1)

    def fall_behind(self) -> None:
        """Nobody waits for it any more, and it gets nothing: what is committed from now on it does not have."""
        _set(self._primary, "synchronous_standby_names", "")
        _set(self._second, "primary_conninfo", "")
        self._until(self._primary, "SELECT count(*) FROM pg_stat_replication", 0)

    @property
    def _second(self) -> str:
        return make_conninfo(self._primary, host=str(self._socket))

    def promote(self) -> None:
        """It takes writes from now on, and waits for nobody: it was copied before the primary was told to wait."""
        with psycopg.connect(self._second, autocommit=True) as owner:
            owner.execute("SELECT pg_promote()")
        self._until(self._second, "SELECT pg_is_in_recovery()", False)

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(5)
            self._process.kill()
            self._process.wait()

    def _until(self, dsn: str, query: str, answer: object) -> None:
        end = time.monotonic() + _PATIENCE_SECONDS
        while time.monotonic() < end:
            with suppress(psycopg.OperationalError), psycopg.connect(dsn) as connection:
                if connection.execute(query.encode()).fetchone() == (answer,):
                    return
            time.sleep(0.05)
        raise TimeoutError(query)


def _set(dsn: str, name: str, value: str) -> None:
    with psycopg.connect(dsn, autocommit=True) as owner:
        owner.execute(f"ALTER SYSTEM SET {name} = '{value}'".encode())
        owner.execute("SELECT pg_reload_conf()")


@contextmanager
def follow_primary(data: Path, primary: str) -> Iterator[Standby]:
    standby = Standby(data, primary)
    try:
        standby.follow()
        yield standby
    finally:
        standby.stop()
