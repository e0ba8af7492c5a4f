"""Lives a life: hands each step to the real command handler at its moment, and lets the ticker, the workers and the deliveries follow."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime, timedelta
from types import FrameType
from typing import Any

from pydantic import ValidationError

from domain.calendar.commands import Proclaim, WithdrawDay
from domain.epoch.commands import BeginEpoch
from domain.errors import Refusal
from domain.subject.commands import Change, Register
from domain.values import LocalText
from scripts.random_lives.acts import ACTS, order_of
from scripts.random_lives.knowing import PLANNER, Knowing, NothingMeant
from scripts.random_lives.life import SEOUL, Life, Step, moment
from scripts.random_lives.lived import Lived, Told, in_words
from scripts.random_lives.observing import observe_now
from scripts.random_lives.place import Ground, Place, TimedSink, place
from workers.engine import Engine
from workers.restore_guard import remember_epoch, state_of_store
from workers.simulating import move_on, until_at_rest, until_settled
from workflows.automation.reacting import Memory
from workflows.automation.rescheduling import change_calendar
from workflows.command_envelope import CommandEnvelope, Giver
from workflows.definitions.adopted import definitions_of
from workflows.migrating import migration

MAIL = ("mail",)
_SECONDS = 240  # on a machine that does much else; alone it takes one or two
_A_WHILE = timedelta(minutes=30)
_NEVER = datetime.max.replace(tzinfo=UTC) - timedelta(days=1)


class Stuck(Exception):
    """A life took longer than any should: something waits for what never comes."""


class Remembering(Memory):
    """What was refused is left alone until the simulated clock has moved, not for a real minute."""

    def __init__(self, engine: Any) -> None:
        super().__init__()
        self._lived = engine.store
        self._then: dict[str, datetime] = {}

    def may_try(self, envelope: CommandEnvelope) -> bool:
        then = self._then.get(envelope.command_id)
        return then is None or self._lived.now() > then

    def note_refusal(self, envelope: CommandEnvelope) -> None:
        self._then[envelope.command_id] = self._lived.now()


def live(life: Life, on: Ground, sink: TimedSink, look: Callable[[Place, Lived], Any]) -> tuple[Lived, Any]:
    """Live it to the end; what came of it, and what `look` says of the place before it is gone."""
    lived = Lived(life)
    with place(on, sink, supervisor=life.supervisor) as here, _at_most(_SECONDS):
        sink.begin(here.engine.store.now)
        machine = Machine(life, here, lived)
        try:
            machine.run()
            return lived, look(here, lived)
        except Exception as error:
            lived.broken = in_words(error)
            return lived, None


class Machine:
    """One life under way."""

    def __init__(self, life: Life, here: Place, lived: Lived) -> None:
        self._life, self._here, self._lived = life, here, lived
        self._memory = Remembering(here.engine)
        self._knowing = Knowing(here.engine.store, life.seed)
        self._away_until: datetime | None = None
        self._without_redis = False
        self._backed_up: datetime | None = None
        self._ends = _month_ends(life)
        self._founded = 0

    @property
    def _engine(self) -> Engine:
        return self._here.engine

    def run(self) -> None:
        for number, step in enumerate(self._life.steps[self._begin() :], start=self._founded):
            self._until(step.at)
            told = Told(step)
            self._lived.told.append(told)
            try:
                self._take(step, number, told)
            except (Refusal, ValidationError) as refusal:
                told.refused = getattr(refusal, "name", type(refusal).__name__)
                told.details = {name: str(value) for name, value in getattr(refusal, "details", {}).items()}
                told.position = self._engine.store.head().position
            except NothingMeant:
                told.refused = "nothing_meant"
        self._until(self._life.until)
        if state_of_store(self._engine.store, self._here.data).state == "restored":
            last = Told(Step(self._life.until, "epoch_accepted"))
            self._lived.told.append(last)
            self._accept(last.step, last)
        self._end_absence(self._life.until)
        self._settle()

    def _begin(self) -> int:
        """Give the first steps, which are all of one moment, at once; of how many that went well."""
        first = self._life.steps[0].at
        steps = [one for one in self._life.steps if one.at == first and one.do in ACTS]
        steps = [one for one, same in zip(steps, self._life.steps, strict=False) if one is same]
        self._engine.store.move_clock(first)  # from long ago, when there was nothing
        told = [Told(step, order_of(self._knowing, step, number)) for number, step in enumerate(steps)]
        with suppress(Refusal):
            self._engine.handler.handle_all([one.envelope for one in told if one.envelope is not None])
            self._lived.told += told
            self._founded = len(steps)
            for one in told:
                if one.envelope is not None and isinstance(one.envelope.command, Register):
                    self._tell_vault(one.step, one.envelope.command)
        return self._founded

    # Time

    def _until(self, to: datetime) -> None:
        """Move the clock on, with a look at the lists on each last day of a month."""
        while self._ends and moment(self._ends[0], 23, 30) <= to:
            day = self._ends.pop(0)
            self._move(moment(day, 23, 30))
            self._lived.month_ends.append(day)
            if self._away_until is None:
                self._settle()
                self._lived.observed.append(observe_now(self._engine.store, day))
        self._move(to)

    def _move(self, to: datetime) -> None:
        if self._away_until is not None:
            back = min(self._away_until, to)
            self._engine.store.move_clock(max(back, self._engine.store.now()))
            if not self._without_redis:
                self._here.waiting.meanwhile(0)
            if back < self._away_until:
                return
            self._end_absence(back)
        now = self._engine.store.now()
        if now < to < now + _A_WHILE and to.astimezone(SEOUL).date() == now.astimezone(SEOUL).date():
            self._engine.store.move_clock(to)  # the ticker comes by later
        elif to > now:
            move_on(self._engine, to, self._memory, MAIL, self._here.waiting)

    def _end_absence(self, at: datetime) -> None:
        if self._away_until is None:
            return
        began, _ = self._lived.away[-1]
        self._lived.away[-1] = (began, at)
        self._away_until = None
        self._without_redis = False

    def _settle(self) -> None:
        """Until nothing is left to be done at this moment, and every list knows."""
        until_settled(self._engine, self._memory, MAIL, self._here.waiting)
        until_at_rest(self._engine, self._here.all_known)

    # What is done

    def _take(self, step: Step, number: int, told: Told) -> None:
        if (turn := TURNS.get(step.do)) is not None:
            turn(self, step, told)
            return
        told.envelope = envelope = order_of(self._knowing, step, number)
        self._engine.handler.handle(envelope)
        if isinstance(envelope.command, Register | Change):
            self._tell_vault(step, envelope.command)

    def _tell_vault(self, step: Step, command: Register | Change) -> None:
        mail = step.values.get("mail")
        if mail is not None:
            self._here.vault.put(command.subject, {"name": step.values["person"], "mail": mail})
        self._lived.people[command.subject] = mail
        self._lived.people_changes.append((step.at, command.subject, mail))

    def _calendar(self, step: Step, told: Told) -> None:
        day = date.fromisoformat(step.values["day"])
        name = LocalText(ko="임시공휴일")
        command = Proclaim(day=day, title=name) if step.do == "proclaim" else WithdrawDay(day=day)
        told.envelope = CommandEnvelope(command=command, actor=PLANNER, via="cli", reason="모의 삶")
        change_calendar(self._engine.store, self._engine.handler, told.envelope, command)

    def _migrate(self, step: Step, told: Told) -> None:
        by = definitions_of(self._engine.store).of(step.values["to"])
        if self._away_until is None:
            self._settle()
        found = migration(self._engine.store, by, Giver(PLANNER, "cli"), "지침 개정")
        envelopes = [envelope for _, envelope in found if envelope is not None]
        told.envelope = envelopes[0] if envelopes else None
        self._engine.handler.handle_all(envelopes)

    def _away(self, step: Step, told: Told) -> None:
        if self._away_until is not None:
            raise NothingMeant
        self._settle()  # what is due at this moment was done before it went
        self._away_until = step.at + timedelta(hours=int(step.values["hours"]))
        self._without_redis = step.do == "redis_gone"
        self._lived.away.append((step.at, self._away_until))
        if self._without_redis:
            self._here.forget_redis()

    def _close_mail(self, step: Step, told: Told) -> None:
        """The mail server takes nothing for so long, and says so."""
        self._here.sink.closed_until = step.at + timedelta(hours=int(step.values["hours"]))

    def _back_up(self, step: Step, told: Told) -> None:
        if self._away_until is not None:
            raise NothingMeant
        self._settle()
        self._here.back_up()
        self._backed_up = step.at

    def _restore(self, step: Step, told: Told) -> None:
        """The last backup takes the store's place, and nothing is done by rule until a person accepts it."""
        if self._backed_up is None or self._away_until is not None or not self._here.restore():
            raise NothingMeant
        self._engine.store.move_clock(step.at)
        self._here.sink.clock = self._engine.store.now
        self._begin_anew()
        lived = self._lived
        lived.lost.append((self._backed_up, step.at))
        lived.away.append((self._backed_up, _NEVER))
        self._away_until = _NEVER
        lived.observed = [one for one in lived.observed if moment(one.day, 23, 30) < self._backed_up]
        lived.people_changes = [one for one in lived.people_changes if one[0] <= self._backed_up]
        lived.people = {subject: mail for _, subject, mail in lived.people_changes}

    def _accept(self, step: Step, told: Told) -> None:
        found = state_of_store(self._engine.store, self._here.data)
        if found.state != "restored":
            raise NothingMeant
        command = BeginEpoch(number=found.next_epoch, after=found.position)
        told.envelope = CommandEnvelope(command=command, actor=PLANNER, via="cli", reason="모의 삶")
        self._engine.handler.handle(told.envelope)
        remember_epoch(self._engine.store, self._here.data)
        self._end_absence(step.at)

    def _begin_anew(self) -> None:
        """What was remembered of the store is of another one."""
        self._memory = Remembering(self._engine)
        self._knowing = Knowing(self._engine.store, self._life.seed)

    def _flush(self, step: Step, told: Told) -> None:
        self._here.forget_redis()

    def _kill(self, step: Step, told: Told) -> None:
        """A worker process where there are any; else the job that waits is lost, as by one that died of it."""
        if self._here.supervisor is not None:
            os.kill(self._here.supervisor.processes[0], signal.SIGKILL)
            self._here.supervisor.watch(_once())
            return
        queues = self._engine.queues
        queues.redis.lpop(queues.queue("projections").key)
        queues.woken("project_all")


def _once() -> Callable[[float], bool]:
    """For a watch that looks once, when the killed one is gone."""
    looks = iter((False, True))

    def stopped(_: float) -> bool:
        time.sleep(0.2)
        return next(looks)

    return stopped


def _month_ends(life: Life) -> list[date]:
    first, last = life.steps[0].at.astimezone(SEOUL).date(), life.until.astimezone(SEOUL).date()
    days = (first + timedelta(days=number) for number in range((last - first).days))
    return [day for day in days if (day + timedelta(days=1)).day == 1]


@contextmanager
def _at_most(seconds: int) -> Iterator[None]:
    """Raise Stuck, from wherever it is, after so long. Only in a process's main thread, where lives are lived."""

    def rung(signum: int, frame: FrameType | None) -> None:
        raise Stuck(f"after {seconds} s")

    before = signal.signal(signal.SIGALRM, rung)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


TURNS: Mapping[str, Callable[[Machine, Step, Told], None]] = {
    "proclaim": Machine._calendar,
    "withdraw_day": Machine._calendar,
    "migrate": Machine._migrate,
    "ticker_away": Machine._away,
    "redis_gone": Machine._away,
    "mail_closed": Machine._close_mail,
    "backed_up": Machine._back_up,
    "restored": Machine._restore,
    "epoch_accepted": Machine._accept,
    "redis_flushed": Machine._flush,
    "worker_killed": Machine._kill,
}
