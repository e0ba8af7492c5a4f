"""Walks a simulated year through the same command handler, store, queues and workers as production."""

from __future__ import annotations

import itertools
import time
import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.aggregate import Command
from domain.calendar.commands import Proclaim
from domain.errors import DonghaengError, Refusal
from domain.subject.commands import Register
from projections.notices import messages_open
from projections.views import positions
from store.log import Store
from store.vault import Vault
from workers.engine import Engine
from workers.sweeping import sweep, wake_delivery
from workflows.automation.reacting import Memory
from workflows.automation.reminders import next_reminding
from workflows.automation.rescheduling import change_calendar
from workflows.automation.steps import next_due
from workflows.command_envelope import CommandEnvelope
from workflows.office_hours import may_write
from workflows.simulation.step import Step

_PATIENCE_SECONDS = 60.0
_LOOK_SECONDS, _LONGEST_LOOK, _SHORT_LOOKS = 0.004, 0.05, 6
_WAKE_SECONDS = 1.0


def _rest(looks: int) -> None:
    """Longer from look to look: who looks on and on takes the processor from those that are waited for."""
    time.sleep(_LONGEST_LOOK if looks > _SHORT_LOOKS else _LOOK_SECONDS * 1.5**looks)


@dataclass(frozen=True)
class Waiting:
    """How others' work is waited for. `meanwhile`: done again and again until it is done, with how often it was done
    before; by default a rest.

    `views`: those that have to follow; None for all.
    """

    meanwhile: Callable[[int], object] = _rest
    views: frozenset[str] | None = None


_ALL = Waiting()


class PostDoesNotFollow(DonghaengError):
    """The clock may only move on when every message that is due was tried, and one is not."""

    ko = "알림이 {seconds}초 안에 발송되지 않았습니다. `donghaeng notices`와 작업자 기록을 확인하십시오."
    en = "The messages were not sent within {seconds} s. Look at `donghaeng notices` and the workers' logs."


class ViewsDoNotFollow(DonghaengError):
    """The clock may only move on when every view has caught up, and one does not."""

    ko = "조회 화면 {views}이(가) {seconds}초 안에 따라오지 못했습니다. `donghaeng views`와 작업자 기록을 확인하십시오."
    en = "The views {views} did not catch up within {seconds} s. Look at `donghaeng views` and the workers' logs."


def walk(
    engine: Engine,
    steps: Iterable[Step],
    on_step: Callable[[Step], None],
    first: int = 1,
    *,
    vault: Vault | None = None,
    channels: Sequence[str] = (),
) -> int:
    """Carry out every step at its moment; the number of the last one. Raises the first refusal.

    `first`: the number of the first step in its story. `vault`: takes what steps say of persons; `channels`: by which
    the workers send messages meanwhile.
    """
    count, memory = first - 1, Memory()
    for count, step in enumerate(steps, start=first):
        if step.at > engine.store.now():
            move_on(engine, step.at, memory, channels)
        if step.by_rule:
            continue
        envelope = CommandEnvelope(
            command=_command(engine.store, step),
            actor=step.actor,
            via="cli",
            on_behalf_of=step.on_behalf_of,
            effective_at=step.effective_at,
            reason=step.reason,
            command_id=uuid.uuid5(uuid.UUID(engine.store.id), f"step {count}").hex,
        )
        if step.refused is not None:
            _try(engine, envelope, step.refused)
        elif isinstance(step.command, Proclaim):
            change_calendar(engine.store, engine.handler, envelope, step.command)
        else:
            engine.handler.handle(envelope)
        if vault is not None and step.details and isinstance(step.command, Register):
            vault.put(step.command.subject, step.details)
        on_step(step)
    until_settled(engine, memory, channels)
    return count


def _command(store: Store, step: Step) -> Command:
    if step.corrects is None:
        return step.command
    return step.command_after([one.kind for one in store.read(step.command.stream)])


class NotRefused(DonghaengError):
    """A story tells of an attempt that is refused, and it was not."""

    ko = "모의 이력의 ‘{command}’ 명령이 {refusal}(으)로 거부되지 않았습니다. 프로그램의 권한 규칙을 확인하십시오."
    en = "“{command}” of the simulated year was not refused by {refusal}. Look at the program's permissions."


def _try(engine: Engine, envelope: CommandEnvelope, refusal: str) -> None:
    """An attempt that the command handler refuses and puts down as such. Raises NotRefused, and any other refusal."""
    try:
        engine.handler.handle(envelope)
    except Refusal as refused:
        if refused.name != refusal:
            raise
        return
    raise NotRefused(command=envelope.command.label, refusal=refusal)


def move_on(
    engine: Engine,
    to: datetime,
    memory: Memory,
    channels: Sequence[str] = (),
    waiting: Waiting = _ALL,
) -> None:
    """Move the store's clock, stopping wherever something falls due by rule on the way."""
    until_settled(engine, memory, channels, waiting)
    while (at := _next(engine.store)) <= to:
        engine.store.move_clock(at)
        until_settled(engine, memory, channels, waiting)
    engine.store.move_clock(to)


def until_settled(
    engine: Engine,
    memory: Memory,
    channels: Sequence[str] = (),
    waiting: Waiting = _ALL,
) -> None:
    """Wait until nothing is left to be done by rule or to be sent at this moment, and every view knows."""
    while True:
        until_at_rest(engine, waiting)
        head = engine.store.head().position
        # the post may have done something a moment ago, and our views do not know yet
        if sweep(engine, memory) or engine.store.head().position != head:
            continue
        if not channels or not wake_delivery(engine, channels):
            return
        until_sent(engine, channels, waiting)  # after which a notice may be for somebody else


def until_sent(engine: Engine, channels: Sequence[str], waiting: Waiting = _ALL) -> None:
    """Wait until every message was tried that is due, and every view knows."""
    deadline = time.monotonic() + _PATIENCE_SECONDS
    until_at_rest(engine, waiting)
    looks = itertools.count()
    while _some_may_go(engine.store, channels):
        if time.monotonic() > deadline:
            raise PostDoesNotFollow(seconds=int(_PATIENCE_SECONDS))
        wake_delivery(engine, channels)
        waiting.meanwhile(next(looks))
        until_at_rest(engine, waiting)


def _some_may_go(store: Store, channels: Sequence[str]) -> bool:
    """Whether a message is to be tried at this moment: what is due out of hours waits for the next office day."""
    now = store.now()
    return messages_open(store, now, channels) > 0 and may_write(store, now)


def _next(store: Store) -> datetime:
    """When something falls due by rule, or somebody is to be written to, after this moment."""
    due, reminding = next_due(store), next_reminding(store)
    return due if reminding is None else min(due, reminding)


def until_at_rest(engine: Engine, waiting: Waiting = _ALL) -> None:
    """Wait until workers have brought every view to the end of the log."""
    deadline = time.monotonic() + _PATIENCE_SECONDS
    again = time.monotonic() + _WAKE_SECONDS
    looks = itertools.count()
    while behind := [
        name
        for name, place in positions(engine.store).items()
        if place.lag and (waiting.views is None or name in waiting.views)
    ]:
        if time.monotonic() > deadline:
            raise ViewsDoNotFollow(views=tuple(behind), seconds=int(_PATIENCE_SECONDS))
        if time.monotonic() > again:  # a wake that was lost is made good here: there is no ticker
            again = time.monotonic() + _WAKE_SECONDS
            engine.queues.wake("projections", "project_all")
        waiting.meanwhile(next(looks))
