"""A log in memory: what is decided there is decided as the command handler does it, and the view of deadlines is folded.

No store, no database, no clock: facts stand in lists, and whoever plays a scenario says what time it is.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from typing import Any

from domain.calendar.commands import OpenCalendar
from domain.calendar.facts import Holiday
from domain.calendar.reckoning import Calendars
from domain.calendar.state import CALENDAR, Calendar
from domain.lifecycle.model import Definition
from domain.streams import calendar_stream
from projections.deadlines import DEADLINES
from projections.deadlines_row import DeadlinesRow
from store.log import Loaded
from store.recorded import NewFact, RecordedFact, fold_state
from workflows.command_envelope import CommandEnvelope
from workflows.definitions.templates import UnknownDefinition
from workflows.permissions import authorise_owned, authorise_role, by_right_of
from workflows.prepared_command import PreparedCommand
from workflows.scenarios.words import NAMES, PLANNER
from workflows.unit_of_work import UnitOfWork


class MemoryLog:
    """`now`: moved by who plays. `definition`: the only one that is known; `days_off`: beside Saturdays and Sundays.

    The calendar of every year is open.
    """

    def __init__(self, definition: Definition, days_off: Collection[date], now: datetime) -> None:
        self.definition, self.now = definition, now
        self._days_off = days_off
        self._streams: dict[str, list[RecordedFact[Any]]] = {}
        self._rows: dict[str, DeadlinesRow | None] = {}
        self._position = 0

    def of(self, identity: str) -> Definition:
        """The one that is tested. Raises UnknownDefinition."""
        if identity != self.definition.identity:
            raise UnknownDefinition(given=identity, known=(self.definition.identity,))
        return self.definition

    def read(self, stream: str) -> Sequence[RecordedFact[Any]]:
        return self._streams.get(stream, [])

    def row(self, task: str) -> DeadlinesRow | None:
        """What is due of the task and what happens by rule, as the view has it."""
        return self._rows.get(task)

    def handle(self, envelope: CommandEnvelope) -> None:
        """Carry out the command. Raises Refusal, and then nothing of it is kept."""
        authorise_role(by_right_of(envelope.actor, None, envelope.command), envelope.command)
        prepared = PreparedCommand(envelope)
        work = UnitOfWork(self._load(prepared.likely), self._load, _authorise, self.of)
        work.decide(prepared)
        for one in work.batch().facts:
            self.append(one)

    def append(self, new: NewFact) -> None:
        self._position += 1
        recorded: RecordedFact[Any] = RecordedFact(
            position=self._position,
            stream=new.stream,
            version=new.version,
            kind=new.fact.kind,
            recorded_at=self.now,
            known_at=self.now,
            envelope=new.envelope,
            fact=new.fact,
        )
        self._streams.setdefault(new.stream, []).append(recorded)
        if recorded.kind in DEADLINES.kinds:
            DEADLINES.fold(self._rows, recorded)

    def calendars(self, years: Iterable[int]) -> Calendars:
        """Of these years, each opened when it is first looked at."""
        return {year: self._calendar(year) for year in years}

    def _calendar(self, year: int) -> Calendar:
        name = calendar_stream(year)
        if name not in self._streams:
            days = sorted(day for day in self._days_off if day.year == year)
            holidays = tuple(Holiday(day=day, name=NAMES) for day in days)
            command = OpenCalendar(year=year, holidays=holidays, source=NAMES.ko)
            self.handle(CommandEnvelope(command=command, actor=PLANNER, via="cli"))
        found: Calendar = fold_state(CALENDAR, self._streams[name])
        return found

    def _load(self, names: Iterable[str]) -> Loaded:
        return Loaded({name: list(self.read(name)) for name in names}, self.now)


def _authorise(envelope: CommandEnvelope, lead: str | None) -> None:
    """Roles and agencies, as the command handler has it; nobody is named, so that there are no mandates."""
    authorise_owned(by_right_of(envelope.actor, None, envelope.command), envelope.command, lead)
