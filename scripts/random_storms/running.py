"""One storm on a machine: load and faults, then quiet until all is done, then the checker. Many, on machines side by side."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import signal
import sys
import threading
import time
import traceback
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, suppress
from datetime import timedelta
from pathlib import Path

import msgspec
import psycopg

from domain.errors import DonghaengError
from projections.rows_in_use import compare_views
from projections.views import VIEWS
from scripts.random_lives.running import quiet
from scripts.random_storms.checker import Finding, judge
from scripts.random_storms.checker.alarms import list_left_to_a_person
from scripts.random_storms.checker.reading import read_evidence
from scripts.random_storms.checker.waits import REST_SECONDS
from scripts.random_storms.faults import make
from scripts.random_storms.founding import next_morning
from scripts.random_storms.machine import Machine, NotUp, machine
from scripts.random_storms.rig import never_passed
from scripts.random_storms.watching import look, watch
from scripts.random_storms.weather import KINDS, Storm, storm_of
from store.log import Store
from workers.delivery.sending import LEASE_SECONDS
from workflows.office_hours import may_write

_STILL_SECONDS = 1.5  # for so long nothing moves any more: longer than the ticker's pause
_LOOK_SECONDS = 0.1
# after these a lease may stand that nobody holds: its holder died, or that it was given back is lost
_DEADLY = ("kill", "die at", "memory", "lose tail", "wal")
_LOAD_ON_ONE = 100.0  # seconds; then another machine: logs grow, and clients' numbers of tasks end


class Verdict(msgspec.Struct, frozen=True):
    """`missed`: faults that met nobody; `unpassed`: points that no process of the machine has passed by then; `commands`:
    acknowledged ones of the machine by then; `rested`: seconds from the clients' pause until all was done, None if never;
    `kept`: where what is left of a failed one lies.
    """

    storm: Storm
    findings: tuple[tuple[str, str], ...]
    missed: tuple[str, ...]
    unpassed: tuple[str, ...]
    commands: int
    mails: int
    rested: float | None
    seconds: float
    kept: str | None = None


def weather_over(here: Machine, storm: Storm) -> Verdict:
    """The storm, lived and judged. The machine is well before it, and after it if there are no findings."""
    started, logged = time.monotonic(), len(here.lines())
    here.seed = storm.seed
    with watch(here):
        well = look(here)
        began = time.monotonic()
        _blow(here, storm)
        if any(one.kind in _DEADLY for one in storm.faults):
            here.leased_until = time.time() + LEASE_SECONDS
        here.pause()
        rested = _rest(here)
    evidence = read_evidence(here.owner, here.folder, began, logged)
    evidence.well, evidence.rested = well, rested
    evidence.differing = _differing(here)
    evidence.after = _after(here, well, list_left_to_a_person(one.kind for one in storm.faults))
    unpassed = never_passed(here.points)
    stale = sorted({one.point[1] for one in storm.faults if one.point is not None} & unpassed)
    findings = [*judge(evidence), *(Finding("stale hook", f"nobody ever passed {point}") for point in stale)]
    done = sum(one.what == "done" for one in evidence.ledger)
    return Verdict(
        storm=storm,
        findings=tuple((one.kind, one.said) for one in findings),
        missed=tuple(f"{one.kind} {one.target}" for one in evidence.faults if one.missed),
        unpassed=tuple(sorted(unpassed)),
        commands=done,
        mails=len(evidence.mails),
        rested=rested,
        seconds=time.monotonic() - started,
    )


def _blow(here: Machine, storm: Storm) -> None:
    """Load, and each fault at its moment in a thread of its own."""
    _until_clients_work(here)
    began = time.monotonic()
    faults = [threading.Timer(one.at, make, (here, one)) for one in storm.faults]
    for fault in faults:
        fault.start()
    while time.monotonic() < began + storm.load or any(one.is_alive() for one in faults):
        here.keep()
        time.sleep(_LOOK_SECONDS)


def _until_clients_work(here: Machine) -> None:
    """Until each has written a line of its ledger. Raises NotUp: a storm without load finds nothing."""
    end = time.monotonic() + 30
    before = {path: path.stat().st_size for path in here.folder.glob("*.ledger")}
    here.resume()
    while time.monotonic() < end:
        here.keep()
        new = [path for path in here.folder.glob("*.ledger") if before.get(path) != path.stat().st_size]
        if len(new) >= len(here.clients):
            return
        time.sleep(_LOOK_SECONDS)
    raise NotUp("clients do nothing")


def _rest(here: Machine) -> float | None:
    """Seconds until every view knows all, every message that may go was tried, and nothing moves; None if never.

    What a process had taken to send that died is left alone until its lease is over, and not waited for.
    """
    began = time.monotonic()
    still_since, last, in_hours = began, -1, False
    while time.monotonic() < began + REST_SECONDS:
        here.keep_up()
        with suppress(psycopg.Error, DonghaengError):
            in_hours = in_hours or _to_office_hours(here)
            now, done = _standing(here)
            if now != last or not done:
                still_since, last = time.monotonic(), now
            elif in_hours and time.monotonic() > still_since + _STILL_SECONDS:
                return still_since - began
        time.sleep(_LOOK_SECONDS)
    return None


def _to_office_hours(here: Machine) -> bool:
    """The clock goes on to when people may be written to: what is due is done then."""
    with Store.open(here.app) as store:
        for _ in range(10):
            if may_write(store, store.now()):
                return True
            store.move_clock(next_morning(store.now() + timedelta(hours=1)))
    return True


_STANDING = """
SELECT h.position,
    (SELECT coalesce(bool_and(position = h.position), false) FROM views.positions
     WHERE view = ANY(%s)) AND NOT EXISTS (
        SELECT FROM views.messages_v1 AS message WHERE next_try <= coalesce(h.clock, now()) AND NOT EXISTS (
            SELECT FROM donghaeng.leases WHERE name = message.key AND until BETWEEN now() AND to_timestamp(%s)))
FROM donghaeng.head h
"""


def _standing(here: Machine) -> tuple[int, bool]:
    with psycopg.connect(here.owner, options="-c statement_timeout=5000") as connection:
        row = connection.execute(_STANDING.encode(), (list(VIEWS), here.leased_until)).fetchone()
    assert row is not None
    return int(row[0]), bool(row[1])


def _differing(here: Machine) -> dict[str, str]:
    found: dict[str, str] = {}
    with suppress(DonghaengError), Store.open(here.owner) as store:
        for view, one in zip(VIEWS.values(), compare_views(store, list(VIEWS.values())), strict=True):
            if one.problem is not None or one.differences:
                found[view.name] = str(one.problem or one.differences[0])[:300]
    return found


def _after(here: Machine, well: dict[str, str], stays: frozenset[str]) -> dict[str, str]:
    """What doctor says once all is done; signs of life and failed jobs come a few seconds later. `stays`: how checks begin
    that are not waited for.
    """
    end = time.monotonic() + REST_SECONDS
    while (found := look(here)) and time.monotonic() < end:
        wrong = {check for check, state in found.items() if well.get(check) != state} - {"post"}
        if all(check.startswith(tuple(stays)) for check in wrong):
            break
        time.sleep(0.5)
    return found


# Many


def storms(seeds: Sequence[Storm], count: int, without: str | None = None) -> Iterator[Verdict]:
    """The verdicts as they come, from so many machines side by side. `without`: a control taken out of each."""
    with multiprocessing.get_context("spawn").Pool(count, _begin, (without,)) as pool:
        shares = [tuple(seeds[place : place + 4]) for place in range(0, len(seeds), 4)]
        for some in pool.imap_unordered(_some, shares):
            yield from some
        pool.map(_close, range(count), chunksize=1)


_machines: list[tuple[Machine, ExitStack]] = []
_without: list[str | None] = [None]
_used = [0.0]  # seconds of load


def _begin(without: str | None) -> None:
    # Ctrl-C is the first process's to hear. Ignored outright it would be for every `up` that is started from here too,
    # which then would not end at it.
    signal.signal(signal.SIGINT, lambda *_: None)
    signal.signal(signal.SIGTERM, _end)  # which the pool sends after a Ctrl-C
    quiet()
    _without[0] = without


def _end(*_: object) -> None:
    """Leave neither servers nor a mounted file system behind."""
    _throw_away()
    os._exit(1)


def _some(given: Sequence[Storm]) -> list[Verdict]:
    return [one_storm(storm, _without[0]) for storm in given]


def one_storm(storm: Storm, without: str | None = None) -> Verdict:
    """On the machine of this process; one that is not well afterwards is thrown away, and what it left is kept aside."""
    try:
        standby = any(KINDS[one.kind].standby for one in storm.faults)
        if standby:
            _throw_away()
        here = _here(without, standby=standby)
        verdict = weather_over(here, storm)
    except Exception as error:
        kept = _keep(_machines[0][0], storm) if _machines else None
        _throw_away()
        said = f"{type(error).__name__}: {error}"
        return Verdict(storm, (("broken: storm", said),), (), (), 0, 0, None, 0.0, kept)
    if verdict.findings:
        verdict = msgspec.structs.replace(verdict, kept=_keep(here, storm))
    _used[0] += storm.load
    if verdict.findings or standby or _used[0] >= _LOAD_ON_ONE:
        _throw_away()
    return verdict


def _here(without: str | None, *, standby: bool) -> Machine:
    if not _machines:
        held = ExitStack()
        _machines.append((held.enter_context(machine(without, standby=standby)), held))
        _used[0] = 0.0
    return _machines[0][0]


def _throw_away() -> None:
    while _machines:
        with suppress(Exception):
            _machines.pop()[1].close()


def _close(number: int) -> None:
    _throw_away()
    time.sleep(0.5)  # so that each of the pool's processes takes one of these


def _keep(here: Machine, storm: Storm) -> str:
    """Ledgers, logs, mails and looks of a failed storm, and the error that broke it off if one did, outside of the memory
    that is given back.
    """
    place = Path(os.environ.get("STORM_KEEP", "/tmp")) / f"storm-{storm.seed}-{os.getpid()}"  # noqa: S108 - a name of its own
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    for path in here.folder.iterdir():
        if path.is_file():
            shutil.copy(path, place)
    shutil.copytree(here.data / "logs", place / "logs", dirs_exist_ok=True)
    if sys.exc_info()[0] is not None:
        (place / "broken").write_text(traceback.format_exc(), encoding="utf-8")
    return str(place)


def by_seed(first: int, count: int, load: float = 0.0) -> list[Storm]:
    """`load`: for how many seconds each at least."""
    return [storm_of(seed, load) for seed in range(first, first + count)]


end_machines = _throw_away
