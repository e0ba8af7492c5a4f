"""Faults of the database: how each begins, lasts, and is over."""

from __future__ import annotations

import signal
import time
from contextlib import ExitStack, suppress
from typing import Any

import psycopg

from scripts.random_storms.machine import Machine
from scripts.random_storms.making import Made, pids_of
from scripts.random_storms.processes import family, send
from scripts.random_storms.weather import Fault

_MOST_SESSIONS = 110
_WRITES_SECONDS = 0.3  # until a client has put down what it was answered
_THINKS_SECONDS = 6.0  # a person, before deciding
_STARTS_SECONDS = 20.0
_MODES = {"smart": signal.SIGTERM, "fast": signal.SIGINT, "immediate": signal.SIGQUIT}


def end_postgres(machine: Machine, fault: Fault) -> Made:
    (postmaster, *_) = pids_of(machine, "postgres")
    if fault.target == "one session":
        send([a_session(machine)], signal.SIGKILL)  # PostgreSQL ends all its sessions then, and recovers
    else:
        send([postmaster], _MODES[fault.target])
    yield {"pids": [postmaster]}
    if fault.target == "smart":  # it waits for sessions that never end, until somebody loses patience
        send([postmaster], signal.SIGINT)


def a_session(machine: Machine) -> int:
    """One that is at work, if any is."""
    with psycopg.connect(machine.owner, autocommit=True) as owner:
        row: Any = owner.execute(
            "SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
            " ORDER BY state = 'active' DESC, random() LIMIT 1"
        ).fetchone()
    if row is None:
        raise LookupError("no session")
    return int(row[0])


def lose(machine: Machine, fault: Fault) -> Made:
    """The primary is gone with its keeper, and after a while the standby takes its place: a person or Patroni does that."""
    if machine.standby is None:
        raise LookupError("standby")
    keeper = machine.pid("keeper postgres")  # which may have been killed before
    pids = [] if keeper is None else family(keeper)
    send(pids, signal.SIGKILL)
    yield {"lost": pids}
    machine.standby.promote()


def lose_tail(machine: Machine, fault: Fault) -> Made:
    """As `lose`, with a standby that nobody waits for and that has not the last facts. Some time later a person decides."""
    if machine.standby is None:
        raise LookupError("standby")
    machine.standby.fall_behind()
    more: dict[str, Any] = {}
    yield more
    keeper = machine.pid("keeper postgres")
    send([] if keeper is None else family(keeper), signal.SIGKILL)
    time.sleep(_WRITES_SECONDS)
    more["promoted"] = time.monotonic()
    machine.standby.promote()
    decide_on_loss(machine, more)


def decide_on_loss(machine: Machine, more: dict[str, Any]) -> None:
    """A person lets the store go on without what was lost, after some seconds. Into `more` goes what the checker asks for."""
    more["kept"] = _head(machine)
    time.sleep(_THINKS_SECONDS)
    more |= {"accepted": time.monotonic(), "lasted": _THINKS_SECONDS}
    more["code"] = machine.type_command("epoch", "accept", "--as", "planner", "--reason", "장애 조치")


def _head(machine: Machine) -> int:
    """Once the server answers again."""
    end = time.monotonic() + _STARTS_SECONDS
    while True:
        try:
            with psycopg.connect(machine.owner) as owner:
                row: Any = owner.execute("SELECT position FROM donghaeng.head").fetchone()
            return int(row[0])
        except psycopg.OperationalError:
            if time.monotonic() > end:
                raise
            time.sleep(0.05)


_HOLD = {
    "append lock": "SELECT pg_advisory_lock(20240307)",
    "head": "SELECT 1 FROM donghaeng.head FOR UPDATE",
    "positions": "SELECT 1 FROM views.positions FOR UPDATE",
}


def hold(machine: Machine, fault: Fault) -> Made:
    """A session that takes what all need, and does nothing."""
    holder = psycopg.connect(machine.owner)
    try:
        holder.execute("SET statement_timeout = '2s'")
        holder.execute(_HOLD[fault.target].encode())
        yield {}
    finally:
        holder.close()  # whether or not the server has ended it meanwhile


def sessions(machine: Machine, fault: Fault) -> Made:
    if fault.target == "all ended":
        with psycopg.connect(machine.owner, autocommit=True) as owner:
            owner.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
            )
        yield {}
        return
    with ExitStack() as held:
        with suppress(psycopg.Error):
            for _ in range(_MOST_SESSIONS):
                held.callback(psycopg.connect(machine.app).close)
        yield {}


def upkeep(machine: Machine, fault: Fault) -> Made:
    """What an administrator does beside, without knowing of us."""
    if fault.target == "long transaction":
        with psycopg.connect(machine.owner) as reading:
            reading.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            reading.execute("SELECT count(*) FROM donghaeng.facts")
            yield {}
        return
    with psycopg.connect(machine.owner, autocommit=True) as owner:
        words = (
            ("VACUUM (FULL)",)
            if fault.target == "vacuum full"
            else ("REINDEX SCHEMA donghaeng", "REINDEX SCHEMA views")
        )
        for one in words:
            owner.execute(one.encode())
        yield {}
