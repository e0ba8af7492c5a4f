"""What a disk gives back otherwise than it was written: a page of a view, of an index, of the log, the end of the WAL."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

from scripts.random_storms.faults_of_postgres import decide_on_loss
from scripts.random_storms.machine import Machine
from scripts.random_storms.making import Made, pids_of
from scripts.random_storms.processes import send, words_of
from scripts.random_storms.weather import DAMAGED_VIEW, Fault

_PAGE = 8192  # bytes
_ENDS_SECONDS = 10.0
_GROWS_SECONDS = 0.5  # so long is what the flipped WAL loses written
_RELATIONS = {
    "view": "SELECT ('views.' || relname)::regclass FROM pg_class WHERE relname ~ %s AND relkind = 'r'",
    "index": "SELECT indexrelid::regclass FROM pg_index JOIN pg_class c ON c.oid = indrelid"
    " WHERE c.relname ~ %s AND indisprimary",
    "log": "SELECT 'donghaeng.facts'::regclass WHERE %s <> ''",
}


def flip_page(machine: Machine, fault: Fault) -> Made:
    """A page is not what was written. Later a person has a view made again, or puts the log's page back from a copy."""
    place = _find_file(machine, fault.target)
    with _server_down(machine):
        at = place.stat().st_size // _PAGE // 2 * _PAGE + _PAGE // 2
        _flip(place, at)
    yield {}
    if fault.target == "log":
        with _server_down(machine):
            _flip(place, at)
    else:
        machine.type_command(
            "views", "rebuild", DAMAGED_VIEW, "--as", "planner", "--reason", "화면 자료 손상"
        )


def flip_wal(machine: Machine, fault: Fault) -> Made:
    """The WAL cannot be read from some place on when PostgreSQL recovers: what came after is lost. Then a person decides."""
    if machine.standby is not None:
        raise LookupError("the primary may be gone")
    with psycopg.connect(machine.owner) as owner:
        row: Any = owner.execute(
            "SELECT current_setting('data_directory'), w.file_name, w.file_offset "
            "FROM pg_walfile_name_offset(pg_current_wal_flush_lsn()) w"
        ).fetchone()
    more: dict[str, Any] = {}
    yield more
    time.sleep(_GROWS_SECONDS)
    with _server_down(machine, signal.SIGQUIT):
        _flip(Path(row[0]) / "pg_wal" / row[1], row[2] + 64)
        more["promoted"] = time.monotonic()
    decide_on_loss(machine, more)


def _find_file(machine: Machine, target: str) -> Path:
    if machine.standby is not None:
        raise LookupError("the primary may be gone")
    with psycopg.connect(machine.owner, autocommit=True) as owner:
        row: Any = owner.execute(_RELATIONS[target].encode(), (f"^{DAMAGED_VIEW}_v[0-9]+$",)).fetchone()
        if row is None:
            raise LookupError(target)
        found: Any = owner.execute(
            "SELECT current_setting('data_directory'), pg_relation_filepath(%s::regclass)", row
        ).fetchone()
    return Path(str(found[0]), str(found[1]))


@contextmanager
def _server_down(machine: Machine, how: signal.Signals = signal.SIGINT) -> Iterator[None]:
    """PostgreSQL has ended, and its keeper starts it again only after the block."""
    keeper, (postmaster, *_) = pids_of(machine, "keeper postgres")[:1], pids_of(machine, "postgres")
    send(keeper, signal.SIGSTOP)
    try:
        send([postmaster], how)
        end = time.monotonic() + _ENDS_SECONDS
        while (
            words_of(postmaster) and time.monotonic() < end
        ):  # one that has ended and was not waited for has none
            time.sleep(0.02)
        yield
    finally:
        send(keeper, signal.SIGCONT)


def _flip(place: Path, at: int) -> None:
    """Of one byte all bits; twice, and it is as it was."""
    with place.open("r+b") as file:
        file.seek(at)
        (was,) = file.read(1)
        file.seek(at)
        file.write(bytes((was ^ 0xFF,)))
        file.flush()
        os.fsync(file.fileno())
