"""The policy concerns of a simulated year: one that an agency raises and the second meeting resolves, one of the city's that the
third one defers. All of them is made up by the seed, with draws of its own, and says so.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from domain.aggregate import Command
from domain.concern import commands as c
from domain.meeting.commands import GivenCommand
from domain.seoul import SEOUL
from domain.streams import meeting_stream, task_stream
from domain.values import LocalText
from store.envelope import Actor
from workflows.programme_file import ProgrammeFile
from workflows.simulation.people import People
from workflows.simulation.step import Step, while_offices_work

_BEFORE = 34  # days from raising to the meeting: opinions are over, and the agenda still takes items
_SAID, _ADDED, _LINKED = (
    range(3, 8),
    10,
    4,
)  # days: of opinions and alternatives after raising, of links after the meeting
_SPEAKING = 3  # agencies that give an opinion
_REVIEWED = (1, 20)  # of the next year
_DEFERRED = (3, 31)  # until when, of the next year


class Deliberation(NamedTuple):
    """What a meeting deliberates. `commands`: those that its decision gives."""

    concern: str
    title: LocalText
    wording: LocalText
    commands: tuple[GivenCommand, ...]


class Concerns:
    """`of_meetings`: by the number of the meeting in the year. `held_on`: the days of these meetings."""

    def __init__(
        self, file: ProgrammeFile, seed: int, people: People, reason: str, held_on: Mapping[str, date]
    ) -> None:
        self._file, self._people, self._reason, self._held_on = file, people, reason, held_on
        self._year = file.programme.year
        self._chance = random.Random(f"{seed}/concerns")
        self._affected, self._after = self._chance.sample(list(file.tasks), 2)
        self._chosen = self._chance.randrange(1, 3)
        self._first, self._second = f"concern-{self._year}-1", f"concern-{self._year}-2"
        self.of_meetings: Mapping[str, Deliberation] = {} if file.meeting is None else self._deliberations()

    def _deliberations(self) -> Mapping[str, Deliberation]:
        choose = c.Choose(concern=self._first, alternative=self._chosen)
        drop = c.DropAlternative(concern=self._second, alternative=2)
        defer = c.Defer(concern=self._second, until=date(self._year + 1, *_DEFERRED))
        return {
            "2": Deliberation(
                self._first,
                _mark_simulated("이용 시간 확대 방안", "longer opening hours"),
                _mark_simulated("이용 시간 확대 대안 채택", "choose how opening hours grow"),
                (_give(choose),),
            ),
            "3": Deliberation(
                self._second,
                _mark_simulated("공동 예약 창구 설치 여부", "one desk for all bookings"),
                _mark_simulated(
                    "대안 2 제외, 공동 예약 창구 결정 보류", "drop alternative 2, defer the desk for bookings"
                ),
                (_give(drop), _give(defer)),
            ),
        }

    def steps(self) -> Iterator[Step]:
        if not self.of_meetings:
            return
        raiser = self._people.officer(self._affected.lead)
        yield from self._deliberate("2", raiser, (self._affected.id,))
        yield from self._deliberate("3", self._people.planner, ())
        yield from self._follow_up()

    def _deliberate(self, number: str, raiser: Actor, tasks: tuple[str, ...]) -> Iterator[Step]:
        about, chance = self.of_meetings[number], self._chance
        raised = self._held_on[number] - timedelta(days=_BEFORE)
        yield self._step(
            raised,
            10,
            c.Raise(
                concern=about.concern,
                year=self._year,
                title=about.title,
                question="어떤 방식으로 추진하는 것이 적절한가(모의)?",
                agency=raiser.agency,
                tasks=tasks,
            ),
            raiser,
        )
        others = sorted({entry.lead for entry in self._file.tasks} - {raiser.agency})
        for agency in chance.sample(others, min(_SPEAKING, len(others))):
            opinion = c.GiveOpinion(
                concern=about.concern, agency=agency, text="현장 여건을 고려한 의견을 제출함(모의)."
            )
            at = while_offices_work(raised + timedelta(days=chance.choice(_SAID)), chance)
            yield Step(at, opinion, self._people.officer(agency), self._reason)
        for place, (ko, en) in enumerate((("단계적 시행", "in steps"), ("일괄 시행", "all at once"))):
            add = c.AddAlternative(
                concern=about.concern,
                title=_mark_simulated(ko, en),
                cost_krw=chance.randrange(5, 60) * 10_000_000,
                effects="이용자 편의 향상(모의).",
                risks="인력 부족 우려(모의).",
                sources="기관 자체 추산(모의).",
                agency=raiser.agency,
            )
            yield self._step(raised + timedelta(days=_ADDED), 10 + place, add, raiser)

    def _follow_up(self) -> Iterator[Step]:
        """What the first leads to, and what came of it."""
        met = self._held_on["2"] + timedelta(days=_LINKED)
        # called, invited, two items, opened, decided, and decided on the concern: the seventh fact
        decision = f"{meeting_stream(f'heads-{self._year}-2')}#7"
        for hour, what in enumerate((decision, task_stream(self._after.id)), start=10):
            yield self._step(met, hour, c.Link(concern=self._first, follow_up=what), self._people.planner)
        review = c.Review(
            concern=self._first, came="in_part", text="비용은 예상과 같았으나 이용은 적었음(모의)."
        )
        yield self._step(date(self._year + 1, *_REVIEWED), 14, review, self._people.planner)

    def _step(self, day: date, hour: int, command: Command, actor: Actor) -> Step:
        return Step(datetime.combine(day, time(hour, 20), SEOUL), command, actor, self._reason)


def _mark_simulated(ko: str, en: str) -> LocalText:
    return LocalText(ko=f"{ko}(모의)", en=f"{en} (simulated)")


def _give(command: Command) -> GivenCommand:
    return GivenCommand(command.name, command.model_dump_json(exclude_defaults=True))
