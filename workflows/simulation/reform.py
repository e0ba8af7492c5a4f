"""The reform cases of a simulated year: those that the file names are checked and presented at the announced meeting, and some are
taken over by other agencies.

What a case is and which figures it has the file says; all else is made up from a seed of its own, and says so.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from msgspec.structs import replace

from domain.aggregate import Command
from domain.reform import commands as c
from domain.reform.facts import Measure
from domain.seoul import SEOUL
from domain.values import LocalText
from store.envelope import Actor
from workflows.programme_cases import InnovationCase
from workflows.programme_file import ProgrammeFile
from workflows.simulation.step import Step

_TAKEN_OVER = 3
_SOURCE = LocalText(ko="모의 자료", en="simulated")


class Reform:
    def __init__(self, file: ProgrammeFile, seed: int, planner: Actor, reason: str) -> None:
        self._file, self._planner, self._reason = file, planner, reason
        self._chance = random.Random(f"{seed}/reform")
        self._year = file.programme.year

    def steps(self) -> Iterator[Step]:
        cases = self._file.innovation_cases_2023
        for number, case in enumerate(cases):
            confirm = c.Confirm(case=case.id_in(self._year))
            yield self._step(date(self._year, 2, 28), time(11, number % 60), confirm)
        meeting = self._file.meeting
        for number, case in enumerate(cases if meeting is not None else ()):
            assert meeting is not None
            present = c.Present(case=case.id_in(self._year), meeting=meeting.id)
            yield self._step(meeting.on, time(15, number % 60), present)
        counted = [case for case in cases if case.measures]
        for case in self._chance.sample(counted, min(_TAKEN_OVER, len(counted))):
            yield from self._take_over(case)

    def _take_over(self, case: InnovationCase) -> Iterator[Step]:
        """Another agency says how it stands when it begins, and what came of it at the end of the year."""
        identity = case.id_in(self._year)
        others = [one.id for one in self._file.agencies if one.id != case.agency]
        taker = self._chance.choice(others)
        begun = date(self._year, 4, 8) + timedelta(days=self._chance.randrange(60))
        ended = date(self._year, 12, 16)
        before = self._chance.randrange(10, 40)
        after = before - self._chance.randrange(1, 10)
        counted = Measure(
            name=case.measures[0].name,
            unit=case.measures[0].unit,
            value_before=str(before),
            before_on=begun,
            source=_SOURCE,
        )
        take = c.TakeOver(case=identity, agency=taker, measures=(counted,), text="우수사례를 도입함(모의).")
        yield self._step(begun, time(10, 20), take)
        measured = replace(counted, value_after=str(after), after_on=ended)
        enter = c.EnterFigures(case=identity, agency=taker, measures=(measured,))
        yield self._step(ended, time(11, 20), enter)

    def _step(self, day: date, at: time, command: Command) -> Step:
        return Step(datetime.combine(day, at, SEOUL), command, self._planner, self._reason)
