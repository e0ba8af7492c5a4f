"""The ticker: a small loop that wakes what the database says is behind, and carries out what is due by rule.

Two of them are harmless.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from threading import Event

from domain.errors import DonghaengError
from projections.damage import ViewDamaged
from projections.views import VIEWS, positions
from trail.logs import Logger
from workers.again import FailedJobs
from workers.engine import Engine
from workers.heartbeats import send_heartbeat
from workers.restore_guard import may_act
from workers.sealing.nights import night_due
from workers.sweeping import Unrest, sweep, wake_delivery
from workers.trail_folder import has_trail
from workflows.automation.reacting import Memory
from workflows.resting import Rests

_log = Logger()
EVERY_SECONDS = 1.0
SEAL_SECONDS = 30.0
NIGHT_SECONDS = 60.0


def rests_of_views() -> Rests:
    """For how long a stopped view is left alone: two seconds at first, about a minute at most."""
    return Rests(2.0, 64.0)


class SealTimes:
    """When the trail is to be sealed next: twice a minute, on the machine that has the trail."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now, self._next = now, 0.0

    def wake(self, engine: Engine) -> bool:
        """Wake who seals, if it is time; whether it was woken."""
        if self._now() < self._next or not has_trail(engine.data):
            return False
        self._next = self._now() + SEAL_SECONDS
        return engine.queues.wake("automation", "seal")


class NightTimes:
    """When the whole database is to be compared with what was sealed: each night, looked at once a minute."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now, self._next = now, 0.0

    def wake(self, engine: Engine) -> bool:
        """Wake who compares, if it is due; whether it was woken. One that was killed is woken again."""
        if self._now() < self._next:
            return False
        self._next = self._now() + NIGHT_SECONDS
        return night_due(engine.data) and engine.queues.wake("automation", "compare")


def tick(engine: Engine, rests: Rests | None = None) -> list[str]:
    """Wake every view that lags behind the log; their names. Nothing but a wake-up happens here."""
    rests = rests or rests_of_views()
    places = positions(engine.store)
    behind = [
        name
        for name in VIEWS
        if places[name].lag and not places[name].damaged and _try(name, places[name].state, rests)
    ]
    for name in behind:
        engine.queues.wake("projections", "project", name)
    return behind


def _try(view: str, state: str, rests: Rests) -> bool:
    if state == "stopped":
        return rests.may_try(view)
    rests.well(view)
    return True


class Rules:
    """What is due by rule is carried out, and those who deliver are woken. Each waits where a view that it looks into is damaged, and
    for nothing else: that is said once, as long as it is the same.
    """

    def __init__(self) -> None:
        self._said: dict[str, str] = {}
        self._unrest = Unrest()

    def run(self, engine: Engine, memory: Memory, channels: Sequence[str]) -> None:
        self._attempt("sweep", lambda: sweep(engine, memory, channels, self._unrest))
        self._attempt("post", lambda: wake_delivery(engine, channels))

    def _attempt(self, what: str, work: Callable[[], object]) -> None:
        try:
            work()
        except ViewDamaged as error:
            said = error.say("en")
            if self._said.get(what) != said:
                _log.error("waits_for_view", what=what, error=said)
            self._said[what] = said
        else:
            self._said.pop(what, None)


def run_ticker(
    engine: Engine,
    stop: Event,
    every: float = EVERY_SECONDS,
    timed: Callable[[], AbstractContextManager[None]] = nullcontext,
    channels: Sequence[str] = (),
) -> None:
    """Tick until told to stop, through outages of either server. `every`: seconds; `timed`: put round each sweep.

    `channels`: by which messages can go out.

    In a restored store nothing is carried out by rule until a person lets it go on; views are woken.
    """
    acting, rests, memory = True, rests_of_views(), Memory()
    seals, nights, failed, rules = SealTimes(), NightTimes(), FailedJobs(), Rules()
    while not stop.wait(every):
        send_heartbeat(engine.queues, "ticker")
        try:
            behind = tick(engine, rests)
            failed.run(engine.queues)
            acted, acting = acting, may_act(engine.store, engine.data)
            if acting:
                seals.wake(engine)
                nights.wake(engine)
                with timed():
                    rules.run(engine, memory, channels)
            elif acted:
                _log.warning("store_restored", store=engine.store.id, next="donghaeng epoch accept")
        except DonghaengError as error:
            _log.warning("tick_failed", error=error.say("en"))
        else:
            if behind and not engine.queues.resting:
                _log.info("views_woken", views=behind)
