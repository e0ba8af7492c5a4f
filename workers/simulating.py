"""Walks a simulated year through the same door, store, queues and workers as production."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Iterable
from datetime import datetime

from domain.calendar.commands import Proclaim
from domain.errors import DonghaengError
from projections.runner import positions
from workers.bootstrap import Engine
from workers.ticker import sweep
from workflows.order import Order
from workflows.rescheduling import Recounting, change_calendar
from workflows.simulation.step import Step
from workflows.sweeps import next_due

_PATIENCE_SECONDS = 60.0
_LOOK_SECONDS = 0.004


class ViewsDoNotFollow(DonghaengError):
    """The clock may only move on when every view has caught up, and one does not."""

    ko = "조회 화면 {views}이(가) {seconds}초 안에 따라오지 못했습니다. `donghaeng views`와 작업자 기록을 확인하십시오."
    en = "The views {views} did not catch up within {seconds} s. Look at `donghaeng views` and the workers' logs."


def walk(engine: Engine, steps: Iterable[Step], on_step: Callable[[Step], None], first: int = 1) -> int:
    """Carry out every step at its moment; the number of the last one. Raises the first refusal.

    `first`: the number of the first step in its story.
    """
    count, recounting = first - 1, Recounting(engine.store)
    for count, step in enumerate(steps, start=first):
        if step.at > engine.store.now():
            move_on(engine, step.at, recounting)
        if step.by_rule:
            continue
        order = Order(
            command=step.command,
            actor=step.actor,
            reason=step.reason,
            command_id=uuid.uuid5(uuid.UUID(engine.store.id), f"step {count}").hex,
        )
        if isinstance(step.command, Proclaim):
            change_calendar(engine.store, engine.door, order, step.command)
        else:
            engine.door.handle(order)
        on_step(step)
    until_settled(engine, recounting)
    return count


def move_on(engine: Engine, to: datetime, recounting: Recounting) -> None:
    """Move the store's clock, stopping wherever something falls due by rule on the way."""
    until_settled(engine, recounting)
    done: datetime | None = None
    while (at := next_due(engine.store)) is not None and at <= to and at != done:
        engine.store.move_clock(max(at, engine.store.now()))
        until_settled(engine, recounting)
        done = at
    engine.store.move_clock(to)


def until_settled(engine: Engine, recounting: Recounting) -> None:
    """Wait until nothing is left to be done by rule at this moment, and every view knows."""
    until_at_rest(engine)
    while sweep(engine, recounting):
        until_at_rest(engine)


def until_at_rest(engine: Engine) -> None:
    """Wait until workers have brought every view to the end of the log."""
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while behind := [name for name, place in positions(engine.store).items() if place.lag]:
        if time.monotonic() > deadline:
            raise ViewsDoNotFollow(views=tuple(behind), seconds=int(_PATIENCE_SECONDS))
        time.sleep(_LOOK_SECONDS)
