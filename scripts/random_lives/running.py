"""Many lives: a process for each core on one pair of servers, what came of each as it ends, and failing ones shrunk."""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack

import structlog

from scripts.random_lives.controls import CONTROLS
from scripts.random_lives.judging import Found, Judge, Verdict, try_life
from scripts.random_lives.life import Life
from scripts.random_lives.oracle import judge
from scripts.random_lives.place import Ground, TimedSink
from scripts.random_lives.scripting import script_of
from scripts.random_lives.shrinking import shrunk
from scripts.random_lives.story import life_of
from workers.delivery.sink import mail_sink

_held = ExitStack()
_here: list[tuple[Ground, TimedSink]] = []


def quiet() -> None:
    """What the machine logs of a life is of no use: the facts say it."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))


def verdict_of(life: Life, on: Ground, sink: TimedSink, judge: Judge = judge) -> Verdict:
    began = time.monotonic()
    lived, case, findings = try_life(life, on, sink, judge)
    return Verdict(
        life=life,
        findings=tuple(findings),
        facts=0 if case is None else len(case.facts),
        mails=0 if case is None else len(case.mails),
        steps=len(lived.told),
        refused=dict(lived.refusals),
        script=tuple(script_of(lived)) if findings else (),
        seconds=time.monotonic() - began,
    )


def smallest(
    failed: Verdict, on: Ground, sink: TimedSink, judge: Judge = judge, seconds: float = 90.0
) -> Verdict:
    """The same kind of finding in a life as small as it gets within the time."""
    kinds = {one.kind for one in failed.findings[:1]}

    def fails(life: Life) -> bool:
        _, _, found = try_life(life, on, sink, judge)
        return bool(kinds & {one.kind for one in found})

    small = verdict_of(shrunk(failed.life, fails, seconds), on, sink, judge)
    return small if small.findings else failed


def lives(seeds: Sequence[int], on: Ground, processes: int, fault: str | None = None) -> Iterator[Verdict]:
    """The verdicts as they come. `fault`: a control that is put back in every process."""
    with multiprocessing.get_context("spawn").Pool(processes, _begin, (on, fault)) as pool:
        yield from pool.imap_unordered(_one, seeds)


def shrunk_all(
    failed: Sequence[Verdict], on: Ground, processes: int, fault: str | None = None
) -> Iterator[Verdict]:
    with multiprocessing.get_context("spawn").Pool(processes, _begin, (on, fault)) as pool:
        yield from pool.imap_unordered(_smallest, failed)


def _begin(on: Ground, fault: str | None) -> None:
    """Once in each process. Who is to stop is told by the parent, not by the terminal."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    quiet()
    os.environ.setdefault("PYTHONWARNINGS", "ignore")
    if fault is not None:
        _held.enter_context(CONTROLS[fault].put_back())
    _here[:] = [(on, _held.enter_context(mail_sink(TimedSink())))]  # type: ignore[list-item]


def _one(seed: int) -> Verdict:
    on, sink = _here[0]
    try:
        return verdict_of(life_of(seed), on, sink)
    except Exception as error:
        said = f"{type(error).__name__}: {error}"
        return Verdict(life_of(seed), (Found("broken: lives", said),), 0, 0, 0, {}, ())


def _smallest(failed: Verdict) -> Verdict:
    on, sink = _here[0]
    return smallest(failed, on, sink)
