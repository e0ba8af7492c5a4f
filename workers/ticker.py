"""The ticker: a small loop that wakes what the database says is behind, and carries out what is due by rule.

Two of them are harmless.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from threading import Event

import structlog

from domain.errors import DonghaengError
from projections.reading import messages_due, years_needed
from projections.runner import positions
from projections.views import VIEWS
from workers.acted_on import may_act
from workers.beats import beat
from workers.bootstrap import Engine
from workers.sealing.nights import night_due
from workers.sealing.place import trail_begun
from workflows.door import SomeRefused
from workflows.order import Order
from workflows.reminders import arming, composing, may_write
from workflows.rescheduling import Recounting
from workflows.sweeps import due
from workflows.transitions import closing_due, opening_due, transitions_due

_log = structlog.get_logger()
EVERY_SECONDS = 1.0
SEAL_SECONDS = 30.0
NIGHT_SECONDS = 60.0


_LONGEST_PAUSE = 64
_LANES = ("1", "2")  # so that two of the post's workers have something to do
_AT_ONCE = 500


class Patience:
    """For how many ticks a stopped view is left alone: one, then twice as many each time, at most 64."""

    def __init__(self) -> None:
        self._pauses: dict[str, tuple[int, int]] = {}

    def due(self, name: str, stopped: bool) -> bool:
        """Whether to try the view at this tick."""
        if not stopped:
            self._pauses.pop(name, None)
            return True
        left, pause = self._pauses.get(name, (0, 1))
        if left:
            self._pauses[name] = (left - 1, pause)
            return False
        self._pauses[name] = (pause, min(pause * 2, _LONGEST_PAUSE))
        return True


def wake_post(engine: Engine, channels: Sequence[str]) -> bool:
    """Wake the post where a message is due and may go; whether one is. `channels`: by which messages can go out here."""
    now = engine.store.now()
    due = bool(messages_due(engine.store, now, channels, 1)) and may_write(engine.store, now)
    for lane in _LANES if due else ():
        engine.queues.wake("post", "send", lane)
    return due


class SealTimes:
    """When the trail is to be sealed next: twice a minute, on the machine that has the trail."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now, self._next = now, 0.0

    def wake(self, engine: Engine) -> bool:
        """Wake who seals, if it is time; whether it was woken."""
        if self._now() < self._next or not trail_begun(engine.data):
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


def tick(engine: Engine, patience: Patience | None = None) -> list[str]:
    """Wake every view that lags behind the log; their names. Nothing but a wake-up happens here."""
    patience = patience or Patience()
    places = positions(engine.store)
    behind = [
        name for name in VIEWS if places[name].lag and patience.due(name, places[name].state == "stopped")
    ]
    for name in behind:
        engine.queues.wake("projections", "project", name)
    return behind


def sweep(engine: Engine, recounting: Recounting | None = None, channels: Sequence[str] = ()) -> int:
    """Carry out what is due by rule; how many things. `channels`: by which messages can go out here.

    Run twice, or by two tickers at once, it does each once.

    What is due goes in one append, as many as 500 at a time; what is refused is left out, and the rest goes on.
    """
    memory = recounting or Recounting(engine.store)
    store, now = engine.store, engine.store.now()
    needed = years_needed(store)
    # rules act on deadlines that are right; what was refused a moment ago holds up nothing else
    orders = [
        one for one in due(store, now) + opening_due(store, memory.opened, now, needed) if memory.may_try(one)
    ]
    if not orders:  # what is counted again is counted with the calendars that there are to be
        orders = [order for order in memory.due(needed) if memory.may_try(order)]
    if not orders:
        ruled = transitions_due(store, now) + closing_due(store, memory.closed, now)
        orders = [order for order in ruled if memory.may_try(order)]
    if orders:
        return _carried_out(engine, [[one] for one in orders], memory)
    # who is reminded of what, and in which message, once everything else is as it should be
    if not may_write(store, now):
        return 0
    armed = sum(_carried_out(engine, groups, memory) for groups in arming(store, now))
    if armed:
        return armed
    composed = 0
    for groups in composing(store, now):
        composed += _carried_out(engine, groups, memory)
        wake_post(engine, channels)  # the first go out while the last are still being put together
    return composed


def _carried_out(engine: Engine, groups: Sequence[Sequence[Order]], memory: Recounting) -> int:
    """How many things were new. What belongs together, a group, is carried out whole or not at all."""
    groups = [group for group in groups if all(memory.may_try(order) for order in group)]
    done, some, count = 0, [], 0
    for group in groups:
        some.append(group)
        count += len(group)
        if count >= _AT_ONCE:
            done += _in_one_append(engine, some, memory)
            some, count = [], 0
    return done + _in_one_append(engine, some, memory)


def _in_one_append(engine: Engine, groups: Sequence[Sequence[Order]], memory: Recounting) -> int:
    orders = [order for group in groups for order in group]
    try:
        return sum(not outcome.repeated for outcome in engine.door.handle_all(orders))
    except SomeRefused as refused:  # somebody has done it by hand, and the view does not know yet
        faults = dict(refused.faults)
        for place, refusal in faults.items():
            memory.refused(orders[place])
            _log.info("sweep_refused", command=orders[place].command.name, refusal=refusal.name)
        bad = {orders[place].command_id for place in faults}
        left = [group for group in groups if not bad.intersection(order.command_id for order in group)]
        return _in_one_append(engine, left, memory) if left else 0


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
    acting, patience, recounting = True, Patience(), Recounting(engine.store)
    seals, nights = SealTimes(), NightTimes()
    while not stop.wait(every):
        beat(engine.queues, "ticker")
        try:
            behind = tick(engine, patience)
            acted, acting = acting, may_act(engine.store, engine.data)
            if acting:
                with timed():
                    sweep(engine, recounting, channels)
                wake_post(engine, channels)
                seals.wake(engine)
                nights.wake(engine)
            elif acted:
                _log.warning("store_restored", store=engine.store.id, next="donghaeng epoch accept")
        except DonghaengError as error:
            _log.warning("tick_failed", error=error.say("en"))
        else:
            if behind and not engine.queues.resting:
                _log.info("views_woken", views=behind)
