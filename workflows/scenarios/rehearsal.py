"""One task's life under a definition, in memory: decided, counted and done by rule by the functions that the program goes by."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

import msgspec

from domain.agency.commands import Register
from domain.channels import Channel
from domain.errors import Refusal
from domain.lifecycle.model import Definition
from domain.lifecycle.reached import Step
from domain.notice.facts import Due
from domain.position.commands import Appoint, Declare
from domain.programme.commands import AddTask, Open
from domain.programme.facts import Area
from domain.seoul import FIRST_HOUR, SEOUL, local_day, midnight
from domain.streams import notice_stream, task_stream, year_of
from domain.subject.commands import Register as RegisterPerson
from domain.task.stages import Place
from domain.task.state import TASK, Task
from projections.deadlines_row import DeadlinesRow
from store.envelope import Envelope
from store.recorded import NewFact, RecordedFact, fold_state
from workflows.automation.deadlines import basis_at, setting
from workflows.automation.requesting import is_waited_for, request
from workflows.automation.transitions import transition
from workflows.command_envelope import CommandEnvelope
from workflows.office_hours import may_be_written_to, next_opening
from workflows.ruling import SYSTEM
from workflows.scenarios.memory import MemoryLog
from workflows.scenarios.words import AREA, LEAD, NAMES, PARTNER, PLANNER, TITLE, holder_of

STORE = "0" * 32
MOST_ACTS = 200  # by rule, from one step of a scenario to the next


class NeverEnds(Refusal):
    """Rules chase the task round. `most`: how often one may act between two steps."""

    ko = "{day}까지 규칙이 {most}번 넘게 작동하여 시나리오가 끝나지 않습니다. 정의의 규칙(transitions)이 되풀이되지 않는지 확인하십시오."
    en = "The scenario never ends: until {day} rules act more than {most} times. See whether the definition's transitions go round."


class Reminder(msgspec.Struct, frozen=True):
    """A rung that was armed: on which day, of what, for which steps of the ladder."""

    on: date
    kind: str
    item: str | None
    to: tuple[Step, ...]


class Rehearsal:
    """The task of that number, listed at `now`. `days_off`: beside Saturdays and Sundays; the calendar of every year is open.

    `given`: the commands that persons gave and that were carried out; `acted`: what rules did; `refused_rules`: what they
    could not do; `reminders`: what was armed. Each in its order.
    """

    def __init__(self, definition: Definition, task: str, days_off: Collection[date], now: datetime) -> None:
        self.task = task
        self._log = MemoryLog(definition, days_off, now)
        self._rests: set[tuple[str, int]] = set()  # rules that were refused, on what they looked at
        self.given: list[str] = []
        self.acted: list[str] = []
        self.refused_rules: list[tuple[str, Refusal]] = []
        self.reminders: list[Reminder] = []
        self._begin()

    def _begin(self) -> None:
        year = year_of(self.task)
        for command in (
            *(Register(agency=agency, name=NAMES) for agency in (LEAD, PARTNER)),
            Open(
                year=year,
                name=NAMES,
                city=NAMES,
                areas=(Area(id=AREA, name=NAMES),),
                definition=self._log.definition.identity,
            ),
            AddTask(year=year, task=self.task, area=AREA, lead=LEAD, title=TITLE),
        ):
            self._log.handle(CommandEnvelope(command=command, actor=PLANNER, via="cli"))
        for position in sorted(self._log.definition.positions):
            self._fill(position)

    def _fill(self, position: str) -> None:
        """Each position that the definition names is held by somebody."""
        subject = holder_of(position)
        for command in (
            RegisterPerson(subject=subject),
            Declare(position=position, title=NAMES),
            Appoint(position=position, subject=subject),
        ):
            self._log.handle(CommandEnvelope(command=command, actor=PLANNER, via="cli"))

    @property
    def now(self) -> datetime:
        return self._log.now

    @now.setter
    def now(self, at: datetime) -> None:
        self._log.now = at

    @property
    def today(self) -> date:
        return local_day(self.now)

    @property
    def facts(self) -> Sequence[RecordedFact[Any]]:
        """The task's."""
        return self._log.read(task_stream(self.task))

    @property
    def state(self) -> Task:
        found: Task = fold_state(TASK, self.facts)
        return found

    @property
    def row(self) -> DeadlinesRow | None:
        """What is due and what happens by rule, as the view has it."""
        return self._log.row(self.task)

    @property
    def places(self) -> Iterator[Place]:
        """Where the task came to stand, one after another."""
        state = Task()
        for one in self.facts:
            state = TASK.evolve(state, one.fact, one.effective_at, one.version)
            yield state.place

    def decide(self, envelope: CommandEnvelope) -> None:
        """Carry out what a person gives. Raises Refusal."""
        self._log.handle(envelope)
        self.given.append(envelope.command.name)

    def follow(self) -> None:
        """Do what follows from it by rule. Raises NeverEnds."""
        self.settle()
        self._arm()

    def advance(self, day: date) -> None:
        """Let the days pass until that one: rules act on its first moment, reminders are armed from nine on. Raises NeverEnds."""
        self.settle()
        while (coming := min(self._days_of_rules(day), default=None)) is not None:
            self._go_on(coming)
        if self.today < day:
            self._go_on(day)

    def settle(self) -> None:
        """Do what rules do by now. Raises NeverEnds."""
        for _ in range(MOST_ACTS):
            if (envelope := self._by_rule()) is None:
                return
            self._act(envelope)
        raise NeverEnds(day=self.today, most=MOST_ACTS)

    def _go_on(self, day: date) -> None:
        self.now = midnight(day)
        self.settle()
        self.now = datetime.combine(day, time(FIRST_HOUR), SEOUL)
        self._arm()

    def _days_of_rules(self, until: date) -> Iterator[date]:
        row = self.row
        for day in () if row is None else (*(act.on for act in row.acts), self._day_to_arm(row.next_rung)):
            if day is not None and self.today < day <= until:
                yield day

    def _day_to_arm(self, rung: date | None) -> date | None:
        """The rung's own; where that is quiet, the next one on which people may be written to."""
        is_quiet = self._log.definition.is_quiet
        if rung is None or not is_quiet(rung):
            return rung
        opening = next_opening(self._log.calendars((rung.year, rung.year + 1)), midnight(rung), is_quiet)
        return None if opening is None else local_day(opening)

    def _by_rule(self) -> CommandEnvelope | None:
        """What the ticker's steps would give next: the proposal is asked for, deadlines are counted, then a rule acts."""
        row, facts = self.row, self.facts
        if row is None:
            return None
        if row.request == "due" and is_waited_for(row, self._log):
            return request(row, STORE, self.now)
        if not facts:
            return None
        calendars = self._log.calendars(basis_at(facts).years())
        if (counting := setting(task_stream(self.task), facts, calendars, self._log, STORE)) is not None:
            return counting
        due = [one for one in row.acts if one.on <= self.today and (one.rule, row.set_by) not in self._rests]
        if not due:
            return None
        act = min(due, key=lambda one: one.on)
        return transition(STORE, facts, act, self._log.definition, row.set_by, self.now)

    def _act(self, envelope: CommandEnvelope) -> None:
        rule, row = None if envelope.cause is None else envelope.cause.rule, self.row
        assert rule is not None, "it is by rule"
        acts = any(one.rule == rule for one in self._log.definition.transitions)
        try:
            self._log.handle(envelope)
        except Refusal as refusal:
            if not acts or row is None:
                raise
            self._rests.add((rule, row.set_by))
            self.refused_rules.append((rule, refusal))
        else:
            if acts:
                self.acted.append(rule)

    def _arm(self) -> None:
        row, years = self.row, (self.today.year, self.today.year + 1)
        is_quiet = self._log.definition.is_quiet
        if row is None or not may_be_written_to(self._log.calendars(years), self.now, is_quiet):
            return
        for deadline, reminding, rung in [*row.steps_to_arm()]:
            if rung.on > self.today:
                continue
            to = self._log.definition.whom_to_remind(deadline.kind, rung.days)
            on = self.today if is_quiet(rung.on) else rung.on
            self.reminders.append(Reminder(on, deadline.kind, deadline.item, to))
            armed = Due(
                task=self.task,
                deadline=deadline.kind,
                item=deadline.item,
                due=deadline.due,
                since=reminding.since,
                days=rung.days,
                on=rung.on,
                to=to[0],
                recipient=f"agency/{LEAD}",
                channel=Channel.MAIL,
                agency=LEAD,
                kind_name=deadline.label,
            )
            envelope = Envelope(v=1, schema=2, actor=SYSTEM, via="rule", authn="system", command=STORE)
            self._log.append(NewFact(notice_stream(str(len(self.reminders))), 1, envelope, armed))


def moment_of_step(day: date, number: int) -> datetime:
    """When the step of that number, from 0, is taken: in the forenoon of its day, after those before it."""
    return datetime.combine(day, time(FIRST_HOUR + 1), SEOUL) + timedelta(minutes=number)
