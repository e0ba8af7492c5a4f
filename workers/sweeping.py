"""What is due by rule, carried out step by step: the process managers' commands, and one rule about what waits for what."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from itertools import chain

from projections.notices import messages_due
from trail.logs import Logger
from workers.engine import Engine
from workflows.automation.reacting import AnyManager, Memory, Tick
from workflows.automation.steps import STEPS
from workflows.command_envelope import CommandEnvelope
from workflows.commands_at_once import SomeRefused
from workflows.office_hours import may_write

_log = Logger()
UNREST_SECONDS = 10.0
_LANES = ("1", "2")  # so that two workers of the queue `post` have something to do
_AT_ONCE = 500


def wake_delivery(engine: Engine, channels: Sequence[str]) -> bool:
    """Wake the workers that deliver, where a message is due and may go; whether one is. `channels`: by which messages can go out here."""
    now = engine.store.now()
    due = bool(messages_due(engine.store, now, channels, 1)) and may_write(engine.store, now)
    for lane in _LANES if due else ():
        engine.queues.wake("post", "send", lane)
    return due


class Unrest:
    """For how long something was tried at every tick, so that what waits until all else is done waits no longer than that."""

    def __init__(self, most: float = UNREST_SECONDS, now: Callable[[], float] = time.monotonic) -> None:
        self._most, self._now = most, now
        self._since: float | None = None
        self._composed = 0.0

    @property
    def over(self) -> bool:
        """Whether it was waited for long enough."""
        return self._since is not None and self._now() - self._since >= self._most

    def may_compose(self) -> bool:
        """Whether messages may be put together meanwhile: seldom, so that many notices go in each."""
        if self.over and self._now() - self._composed < self._most:
            return False
        self._composed = self._now()
        return True

    def note(self, tried: int) -> None:
        """That so much was tried at this tick."""
        self._since = None if not tried else self._now() if self._since is None else self._since


def sweep(
    engine: Engine,
    memory: Memory | None = None,
    channels: Sequence[str] = (),
    unrest: Unrest | None = None,
) -> int:
    """Carry out what is due by rule; how many things. `channels`: by which messages can go out here.

    Run twice, or by two tickers at once, it does each once.

    What is due goes in appends of some 500 at a time; what is refused is left out, and the rest goes on. Each step waits
    until those before it find nothing to do. `unrest`: for how long at most; then the later steps go on with what is
    settled, and leave alone what an earlier one is busy with. Without it for as long as that takes.
    """
    waiting = unrest or Unrest(float("inf"))
    tick = Tick(engine.store, memory)
    done = tried = 0
    for step in STEPS:
        busy: set[str] = set()
        for manager in step:
            if not manager.composes or not tick.writes or waiting.may_compose():
                some, new, streams = _act(engine, manager, tick, channels)
                tried, done = tried + some, done + new
                busy |= streams
        tick.unsettled |= busy
        if done and not waiting.over:
            break
    waiting.note(tried)
    return done


def _act(
    engine: Engine, manager: AnyManager, tick: Tick, channels: Sequence[str]
) -> tuple[int, int, set[str]]:
    """How many of its commands were tried, how many were new, and on which streams.

    What was refused a moment ago is not tried, and holds up nothing but what it is about.
    """
    done, tried = 0, list[CommandEnvelope]()
    for groups in manager.reactions(tick):
        given = [group for group in groups if all(map(tick.memory.may_try, group))]
        done += _carry_out(engine, given, tick.memory)
        tried += chain.from_iterable(given)
        if manager.composes:
            wake_delivery(engine, channels)  # the first go out while the last are still being put together
        if manager.by_pieces and len(tried) >= _AT_ONCE:
            break
    return len(tried), done, {envelope.command.stream for envelope in tried}


def _carry_out(engine: Engine, groups: Sequence[Sequence[CommandEnvelope]], memory: Memory) -> int:
    """How many things were new. What belongs together, a group, is carried out whole or not at all."""
    done, some, count = 0, list[Sequence[CommandEnvelope]](), 0
    for group in groups:
        some.append(group)
        count += len(group)
        if count >= _AT_ONCE:
            done += _in_one_append(engine, some, memory)
            some, count = [], 0
    return done + _in_one_append(engine, some, memory)


def _in_one_append(engine: Engine, groups: Sequence[Sequence[CommandEnvelope]], memory: Memory) -> int:
    envelopes = [envelope for group in groups for envelope in group]
    if not envelopes:
        return 0
    try:
        return sum(not outcome.repeated for outcome in engine.handler.handle_all(envelopes))
    except SomeRefused as refused:  # somebody has done it by hand, and the view does not know yet
        faults = dict(refused.faults)
        for place, refusal in faults.items():
            memory.note_refusal(envelopes[place])
            _log.info("sweep_refused", command=envelopes[place].command.name, refusal=refusal.name)
        bad = {envelopes[place].command_id for place in faults}
        left = [group for group in groups if not bad.intersection(envelope.command_id for envelope in group)]
        return _in_one_append(engine, left, memory)
