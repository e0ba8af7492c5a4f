"""The meetings of a simulated year: the announced one, at which the year's tasks are approved, and two that the seed makes up.

Of the announced one the file says name, theme, day, place and form; who came and what was on its agenda is simulated, and
says so, as is all of the other two.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta

from domain.aggregate import Command
from domain.meeting import commands as c
from domain.meeting.facts import Attendee, Vote
from domain.position.commands import Declare
from domain.seoul import SEOUL
from domain.streams import agency_stream
from domain.task.commands import Approve
from domain.values import LocalText
from store.envelope import Actor
from workflows.programme_file import ProgrammeFile
from workflows.simulation.concerns import Deliberation
from workflows.simulation.step import Step

MAYOR = "mayor"
_VENUE = LocalText(ko="시청 중회의실(모의)", en="City hall, middle conference room (simulated)")
# of each: the day, the item, what is decided and until when, and on which day it is done, if it is
_LATER = (
    ("2", (7, 11), "상반기 추진상황 점검", "progress in the first half", (9, 30), (9, 20)),
    ("3", (11, 14), "연말 마무리 계획", "the year's end", (12, 27), None),
)
_ABSENT = 2  # agencies that do not come to a later meeting


def later_days(year: int) -> Mapping[str, date]:
    """Of the meetings that nobody announced, by their number in the year."""
    return {number: date(year, *day) for number, day, *_ in _LATER}


class Meetings:
    """`approve(…)` gives the decision by which a task is approved at the announced meeting; the task itself where the file
    names none. `concerns`: which a later one deliberates, by its number in the year.
    """

    def __init__(
        self,
        file: ProgrammeFile,
        seed: int,
        planner: Actor,
        reason: str,
        concerns: Mapping[str, Deliberation],
    ) -> None:
        self._file, self._planner, self._reason, self._concerns = file, planner, reason, concerns
        self._chance = random.Random(f"{seed}/meetings")
        self._year = file.programme.year

    def approve(self, command: Approve) -> Command:
        entry = self._file.meeting
        if entry is None:
            return command
        fields = command.model_dump_json(exclude_defaults=True)
        wording = LocalText(
            ko=f"협업과제 {command.task} 승인(모의)", en=f"approve task {command.task} (simulated)"
        )
        given = c.GivenCommand(command.name, fields)
        return c.Decide(meeting=entry.id, wording=wording, item=1, commands=(given,))

    def steps(self) -> Iterator[Step]:
        entry = self._file.meeting
        if entry is None:
            return
        agencies = [one.id for one in self._file.agencies]
        declare = Declare(position=MAYOR, title=LocalText(ko="시장(모의)", en="Mayor (simulated)"))
        yield self._step(date(self._year, 2, 20), time(9, 1), declare)
        yield from self._prepare(
            entry.id, entry.on - timedelta(days=15), agencies, "협업과제 승인", "the year's tasks"
        )
        yield from self._hold(entry.id, entry.on, agencies)
        yield from self._finish(entry.id, entry.on)
        held_on = later_days(self._year)
        for number, _, ko, en, due, done in _LATER:
            yield from self._later(number, held_on[number], (ko, en), due, done, agencies)

    def _later(
        self,
        number: str,
        on: date,
        about: tuple[str, str],
        due: tuple[int, int],
        done: tuple[int, int] | None,
        agencies: Sequence[str],
    ) -> Iterator[Step]:
        """A meeting that nobody announced: an agency is to report by a day, and does so or not."""
        meeting = f"heads-{self._year}-{number}"
        ko, en = about
        call = c.Call(
            meeting=meeting,
            year=self._year,
            title=LocalText(
                ko=f"{self._year}년도 제{number}차 공공기관장 회의(모의)", en=f"Meeting {number} of agency heads, {self._year} (simulated)"
            ),
            on=on,
            venue=_VENUE,
            format="briefing",
            time="14:00",
            chair=MAYOR,
        )  # fmt: skip
        yield self._step(on - timedelta(days=21), time(9), call)
        yield from self._prepare(meeting, on - timedelta(days=20), agencies, ko, en)
        concern = self._concerns.get(number)
        if concern is not None:
            item = c.AddItem(meeting=meeting, title=concern.title, concern=concern.concern)
            yield self._step(on - timedelta(days=20), time(10, 10), item)
        absent = set(self._chance.sample(list(agencies), min(_ABSENT, len(agencies))))
        came = [one for one in agencies if one not in absent]
        yield from self._hold(meeting, on, came)
        lead = self._chance.choice(came)
        decide = c.Decide(
            meeting=meeting,
            wording=LocalText(ko=f"{ko} 결과 보고(모의)", en=f"report on {en} (simulated)"),
            item=1,
            agency=lead,
            due=date(self._year, *due),
            vote=Vote(len(came) - 1, 0, 1),
        )
        yield self._step(on, time(15), decide)
        if concern is not None:
            resolve = c.Decide(meeting=meeting, wording=concern.wording, item=2, commands=concern.commands)
            yield self._step(on, time(15, 30), resolve)
        yield from self._finish(meeting, on)
        if done is not None:  # called, invited, its items put in, opened, decided
            finish = c.FinishDecision(
                meeting=meeting,
                decision=5 if concern is None else 6,
                result="결과 보고를 완료함(모의).",
                agency=lead,
            )
            yield self._step(date(self._year, *done), time(11), finish)

    def _prepare(self, meeting: str, on: date, agencies: Sequence[str], ko: str, en: str) -> Iterator[Step]:
        invite = c.Invite(meeting=meeting, invited=tuple(map(agency_stream, agencies)))
        yield self._step(on, time(9, 30), invite)
        item = c.AddItem(meeting=meeting, title=LocalText(ko=f"{ko}(모의)", en=f"{en} (simulated)"))
        yield self._step(on, time(10), item)

    def _hold(self, meeting: str, on: date, came: Sequence[str]) -> Iterator[Step]:
        present = tuple(Attendee(agency_stream(one)) for one in came)
        opened = c.Open(meeting=meeting, chairs=(f"position/{MAYOR}",), present=present)
        yield self._step(on, time(13, 50), opened)

    def _finish(self, meeting: str, on: date) -> Iterator[Step]:
        yield self._step(on, time(16, 30), c.Close(meeting=meeting))
        yield self._step(on + timedelta(days=1), time(10, 30), c.CirculateMinutes(meeting=meeting))
        yield self._step(on + timedelta(days=21), time(10, 30), c.ConfirmMinutes(meeting=meeting))

    def _step(self, day: date, at: time, command: Command) -> Step:
        return Step(datetime.combine(day, at, SEOUL), command, self._planner, self._reason)
