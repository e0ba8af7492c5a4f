"""How each fault is made: begins, lasts, and is over. What it did, and to whom, is put down for the checker."""

from __future__ import annotations

import resource
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

import psycopg
from redis import Redis
from redis.exceptions import RedisError
from rq.worker_registration import REDIS_WORKER_KEYS

from scripts.random_storms.faults_of_disk import flip_page, flip_wal
from scripts.random_storms.faults_of_postgres import (
    a_session,
    end_postgres,
    hold,
    lose,
    lose_tail,
    sessions,
    upkeep,
)
from scripts.random_storms.machine import Machine
from scripts.random_storms.mails import NotingSink
from scripts.random_storms.making import Made, pids_of
from scripts.random_storms.processes import children, send
from scripts.random_storms.rig import LOSE, arm, disarm
from scripts.random_storms.shim import NO_DISK, NO_MEMORY, POSTGRES, shim_process
from scripts.random_storms.weather import SHIFTS, Fault
from scripts.random_storms.wires import Wire

_COMES_BY_SECONDS = 4.0


def make(machine: Machine, fault: Fault) -> None:
    """Begin, last, end. Never raises: a fault that cannot be made, its victim being away already, is none."""
    began = time.monotonic()
    more: dict[str, Any] = {}
    try:
        with ExitStack() as held:
            more = held.enter_context(contextmanager(MAKERS[fault.kind])(machine, fault))
            lasts = time.monotonic()
            time.sleep(fault.seconds)
            more["lasted"] = time.monotonic() - lasts
    except (psycopg.Error, RedisError, OSError, LookupError) as error:
        more["problem"] = f"{type(error).__name__}: {error}"
    machine.put("faults", kind=fault.kind, target=fault.target, began=began, ended=time.monotonic(), **more)


def _kill(machine: Machine, fault: Fault) -> Made:
    pids = pids_of(machine, fault.target)
    send(pids[:1], signal.SIGKILL)
    yield {"pids": pids}


def _stop(machine: Machine, fault: Fault) -> Made:
    pids = [a_session(machine)] if fault.target == "postgres session" else pids_of(machine, fault.target)
    if fault.target not in ("postgres", "redis"):
        pids = pids[:1]
    send(pids, signal.SIGSTOP)
    try:
        yield {"pids": pids}
    finally:
        send(pids, signal.SIGCONT)


_ACTIONS = {"die at": "KILL", "stop at": "STOP", "lose reply": LOSE}


def _at_point(machine: Machine, fault: Fault) -> Made:
    """Whoever comes by next ends or stops there; or an append is committed, and who asked for it hears nothing."""
    assert fault.point is not None
    side, point = fault.point
    arm(machine.points, point, side, _ACTIONS[fault.kind])
    more: dict[str, Any] = {"pids": []}
    yield more
    pid = _wait_for(machine, point, side)
    if pid is not None and fault.kind == "lose reply":
        more["met"] = pid
        del more["pids"]  # it goes on
    elif pid is not None:
        more["pids"] = [pid]
        send([pid], signal.SIGCONT)


def _wait_for(machine: Machine, point: str, side: str) -> int | None:
    """Who came by; for some seconds it is waited for that somebody does."""
    end = time.monotonic() + _COMES_BY_SECONDS
    while time.monotonic() < end and not any(machine.points.glob(f"{point} {side}.*")):
        time.sleep(0.05)
    return disarm(machine.points, point, side)


def _clock(machine: Machine, fault: Fault) -> Made:
    """A process has another time of day than all others: it leaps there, and back again."""
    name, number, unit = fault.target.rsplit(" ", 2)
    pid = POSTGRES if name == "postgres" else pids_of(machine, name)[0]
    with shim_process(machine.points, pid, seconds=SHIFTS[f"{number} {unit}"]):
        yield {}


def _memory(machine: Machine, fault: Fault) -> Made:
    """A process gets no more memory than it has; of a server of another user's, nothing may be limited from outside."""
    if fault.target == "postgres":
        with shim_process(machine.points, POSTGRES, fails=NO_MEMORY):
            yield {}
        return
    with limit_memory(pids_of(machine, fault.target)):
        yield {}


@contextmanager
def limit_memory(pids: Sequence[int]) -> Iterator[None]:
    """Of these processes, those that have not ended meanwhile. Raises LookupError where all have: the fault has met nobody."""
    most: dict[int, int] = {}
    try:
        for pid in pids:
            with suppress(ProcessLookupError, FileNotFoundError):
                _, hard = resource.prlimit(pid, resource.RLIMIT_AS)
                resource.prlimit(pid, resource.RLIMIT_AS, (_memory_of(pid), hard))
                most[pid] = hard
        if not most:
            raise LookupError("they have ended")
        yield
    finally:
        for pid, hard in most.items():  # the limit of before may be another such fault's
            with suppress(ProcessLookupError):
                resource.prlimit(pid, resource.RLIMIT_AS, (hard, hard))


def _memory_of(pid: int) -> int:
    """Bytes of its address space."""
    pages = Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[0]
    return int(pages) * resource.getpagesize()


def _wire(machine: Machine, fault: Fault) -> Made:
    if machine.standby is not None:
        raise LookupError("nobody is on the wire")
    if fault.target == "cut":
        machine.wire.cut()
        yield {}
        return
    with _in_mood(machine.wire, fault.target):
        yield {}


def _disk(machine: Machine, fault: Fault) -> Made:
    """All that is left of the machine's own file system is taken; or the disk fails PostgreSQL, which gets EIO."""
    if fault.target == "fails":
        with shim_process(machine.points, POSTGRES, fails=NO_DISK):
            yield {}
        return
    if not machine.data.is_mount():
        raise OSError("no file system of its own could be mounted")
    filling = machine.data / "filling"
    try:
        with suppress(OSError), filling.open("wb", buffering=0) as out:
            while out.write(b"\0" * (1 << 20)):
                pass
        yield {}
    finally:
        filling.unlink(missing_ok=True)


def _redis(machine: Machine, fault: Fault) -> Made:
    assert machine.addresses.redis is not None
    with Redis(**machine.addresses.redis, socket_timeout=2) as redis:
        match fault.target:
            case "flushed":
                redis.flushall()
                yield {}
            case "poisoned":
                known: Any = redis.keys("*")
                keys = [key for key in known if b"queue" in key or b"workers" in key or key.endswith(b"post")]
                for key in [*keys, REDIS_WORKER_KEYS]:
                    redis.delete(key)
                    redis.set(key, "poison")
                yield {"keys": len(keys)}
            case "full":
                redis.config_set("maxmemory-policy", "noeviction")
                redis.config_set("maxmemory", "1")
                try:
                    yield {}
                finally:
                    redis.config_set("maxmemory", "0")
            case _:
                redis.replicaof("127.0.0.1", 1)
                try:
                    yield {}
                finally:
                    redis.replicaof("NO", "ONE")


def _mail(machine: Machine, fault: Fault) -> Made:
    with _in_mood(machine.sink, fault.target):
        yield {}


@contextmanager
def _in_mood(what: Wire | NotingSink, mood: str) -> Iterator[None]:
    what.mood = mood
    try:
        yield
    finally:
        what.mood = None


def _second_up(machine: Machine, fault: Fault) -> Made:
    """Another one on the same folder refuses to run."""
    second = machine.start_up()
    try:
        code: int | None = second.wait(60)
    except subprocess.TimeoutExpired:
        code = None
        send([second.pid, *children(second.pid)], signal.SIGKILL)
    yield {"code": code}


MAKERS: Mapping[str, Callable[[Machine, Fault], Made]] = {
    "kill": _kill,
    "stop": _stop,
    **dict.fromkeys(_ACTIONS, _at_point),
    "end postgres": end_postgres,
    "hold": hold,
    "sessions": sessions,
    "redis": _redis,
    "mail": _mail,
    "upkeep": upkeep,
    "lose": lose,
    "lose tail": lose_tail,
    "wire": _wire,
    "disk": _disk,
    "second up": _second_up,
    "clock": _clock,
    "memory": _memory,
    "page": flip_page,
    "wal": flip_wal,
}
