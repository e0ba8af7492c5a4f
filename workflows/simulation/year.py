"""The story of a simulated year, as a list of steps in order of time: the same for the same file and seed."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta

from msgspec.structs import replace

from domain.agency.commands import SetContact as SetAgencyContact
from domain.aggregate import Command
from domain.calendar.commands import OpenCalendar, Proclaim
from domain.calendar.reckoning import Calendars
from domain.channels import Channel
from domain.definition_names import definition_of
from domain.programme.commands import Close, SetContact
from domain.programme.facts import OFFICES
from domain.reform.commands import Enter
from domain.seoul import SEOUL, midnight
from domain.streams import task_stream
from domain.task import commands as task
from domain.values import Figure, LocalText, Plan
from store.envelope import Actor
from workflows.automation.years import over_on
from workflows.calendars import opening as calendar
from workflows.definitions.templates import templates
from workflows.programme_file import ProgrammeFile, TaskEntry, commands
from workflows.ruling import SYSTEM
from workflows.simulation.concerns import Concerns
from workflows.simulation.giving import Giving
from workflows.simulation.meetings import Meetings, later_days
from workflows.simulation.milestones import Span, Told, calendars_of, deal, tell
from workflows.simulation.people import Named, People
from workflows.simulation.plans import plan_of, revise
from workflows.simulation.reform import Reform
from workflows.simulation.spending import Spending
from workflows.simulation.step import Step, while_offices_work
from workflows.simulation.turns import Turns

SEED = 20240307
REASON = "모의 실행(simulated)"
# the temporary holiday of that year, and the day on which the government proclaimed it
_PROCLAIMED = ((date(2024, 10, 1), date(2024, 9, 3)),)
_PROCLAIMED_AS = LocalText(ko="국군의 날", en="Armed Forces Day")
_DISCONTINUED_ON = (9, 30)
_RETURNED, _SUSPENDED, _DISCONTINUED, _CONDITIONAL = 3, 1, 1, 2


def steps(file: ProgrammeFile, seed: int = SEED) -> list[Step]:
    """From the opening of the year to its closing on the last day of the next February."""
    year = file.programme.year
    calendars = [calendar(year, [day for day, _ in _PROCLAIMED if day.year == year]), calendar(year + 1)]
    story = _Story(file, seed, calendars_of(calendars, {day: _PROCLAIMED_AS for day, _ in _PROCLAIMED}))
    listed = _list_announced(file, calendars, story.turns.people)
    lives = [step for entry in file.tasks for step in story.life(entry)]
    lives += [
        Step(
            datetime.combine(at, time(15), SEOUL),
            Proclaim(day=day, title=_PROCLAIMED_AS),
            story.planner,
            REASON,
        )
        for day, at in _PROCLAIMED
        if day.year == year
    ]
    lives += story.meetings.steps()
    lives += story.concerns.steps()
    lives += story.reform.steps()
    lives += [step for entry in file.tasks for step in story.spend(entry)]
    lives += story.giving.steps()
    lives += story.turns.steps(story.plans[story.turns.replanned.id], story.percents[story.turns.handed.id])
    closing = midnight(over_on(year))
    return [
        *listed,
        *sorted(lives, key=lambda step: step.at),
        Step(closing, Close(year=year), SYSTEM, REASON, by_rule=True),
    ]


def _list_announced(file: ProgrammeFile, calendars: Sequence[OpenCalendar], people: People) -> list[Step]:
    """What was announced and who is in office, a minute after each other."""
    opening = datetime.combine(date(file.programme.year, 2, 19), time(9), SEOUL)
    announced = commands(file)
    cases = [one for one in announced if isinstance(one, Enter)]  # last: their number moves no other's time
    rest = [one for one in announced if not isinstance(one, Enter)]
    given: list[Named] = [(one, people.planner, {}) for one in (*calendars, *rest, *_contacts(file))]
    entered: list[Named] = [(one, people.planner, {}) for one in cases]
    return [
        Step(opening + timedelta(minutes=number), command, actor, REASON, details=details)
        for number, (command, actor, details) in enumerate(
            [*people.of_the_city(), *given, *people.of_the_agencies(), *entered]
        )
    ]


def planner_of(story: Sequence[Step]) -> Actor:
    """The person who plans in a story."""
    return next(step.actor for step in story if step.actor.role == "planner" and step.actor.subject)


def _contacts(file: ProgrammeFile) -> Iterator[Command]:
    """Where everybody is reached; nobody is, the names are reserved for examples (RFC 2606)."""
    for agency in file.agencies:
        yield SetAgencyContact(agency=agency.id, channel=Channel.MAIL, address=f"tasks@{agency.id}.example")
    for office in OFFICES:
        yield SetContact(year=file.programme.year, office=office, address=f"{office}@city.example")


class _Story:
    """What fate the seed gives to which task."""

    def __init__(self, file: ProgrammeFile, seed: int, calendars: Calendars) -> None:
        chance = random.Random(seed)
        self.year, self._calendars = file.programme.year, calendars
        self.meeting = date(self.year, 3, 7) if file.meeting is None else file.meeting.on
        ids = [entry.id for entry in file.tasks]
        plain = [entry.id for entry in file.tasks if not entry.phases and entry.not_before is None]
        fates = chance.sample(plain, min(len(plain), _SUSPENDED + _DISCONTINUED))
        self.suspended, self.discontinued = set(fates[:_SUSPENDED]), set(fates[_SUSPENDED:])
        self.returned = set(chance.sample(ids, min(len(ids), _RETURNED)))
        self.conditional = set(chance.sample(ids, min(len(ids), _CONDITIONAL)))
        self.seed = chance.randrange(2**32)
        self._fates = deal(random.Random(f"{self.seed}/milestones"))
        odd = {*fates, *self.returned}
        ordinary = [e for e in file.tasks if e.id in plain and e.id not in odd]
        self.turns = Turns(file, ordinary, chance, seed, REASON)
        self.planner = self.turns.people.planner
        self.concerns = Concerns(file, seed, self.turns.people, REASON, later_days(self.year))
        self.meetings = Meetings(file, seed, self.planner, REASON, self.concerns.of_meetings)
        self.reform = Reform(file, seed, self.planner, REASON)
        self._spending = Spending(ordinary, seed, self.turns, calendars, REASON)
        self.giving = Giving(ordinary, seed, self.turns, REASON)
        self.plans: dict[str, Plan] = {}
        self.percents: dict[str, int] = {}  # what was reported in July

    def life(self, entry: TaskEntry) -> Iterator[Step]:
        """One task from its proposal to its end."""
        chance = random.Random(f"{self.seed}/{entry.id}")
        self.plans[entry.id] = plan = plan_of(entry, self.year, chance)
        yield from self._deliberation(entry, plan, chance)
        start = self._start(plan)
        hour = 17 if start == self.meeting else 9  # on the day of the approval, after it
        yield replace(
            self._step(start, time(hour, chance.randrange(60)), task.Start(task=entry.id), SYSTEM),
            by_rule=True,
        )
        yield from self._work(entry, plan, start, chance)

    def _step(self, day: date, at: time, command: Command, actor: Actor) -> Step:
        return Step(datetime.combine(day, at, SEOUL), command, actor, REASON)

    def _deliberation(self, entry: TaskEntry, plan: Plan, chance: random.Random) -> Iterator[Step]:
        proposed = date(self.year, 2, 21) + timedelta(days=chance.choice((0, 1, 2, 5, 6, 7, 8)))
        lead = self.turns.people.officer(entry.lead)
        propose = task.Propose(
            task=entry.id,
            title=entry.title,
            area=entry.area,
            lead=entry.lead,
            plan=plan,
            summary=None if entry.summary is None else entry.summary.ko,
        )
        yield Step(while_offices_work(proposed, chance), propose, lead, REASON)
        if entry.id in self.returned:
            back = date(self.year, 3, 4)
            yield self._step(back, time(10, chance.randrange(60)), task.Return(task=entry.id), self.planner)
            at = time(15, chance.randrange(60))
            self.plans[entry.id] = revise(plan, chance)
            revised = task.Revise(task=entry.id, plan=self.plans[entry.id])
            yield self._step(back + timedelta(days=2), at, revised, lead)
        conditions = ("분기마다 실적을 공개할 것(모의).",) if entry.id in self.conditional else ()
        approve = self.meetings.approve(task.Approve(task=entry.id, conditions=conditions))
        yield self._step(self.meeting, time(14, int(entry.id[-2:]) % 60), approve, self.planner)

    def _start(self, plan: Plan) -> date:
        """The planned day or the day of the approval, whichever is later."""
        return max(plan.start, self.meeting, plan.not_before or date.min)

    def _work(self, entry: TaskEntry, plan: Plan, start: date, chance: random.Random) -> Iterator[Step]:
        suspended, resumed = date(self.year, 7, 15), date(self.year, 8, 19)
        discontinued = date(self.year, *_DISCONTINUED_ON)
        if entry.id in self.suspended:
            yield self._step(suspended, time(11), task.Suspend(task=entry.id), self.planner)
            yield self._step(resumed, time(11), task.Resume(task=entry.id), self.planner)
        told = self._told(entry, plan, start, Span(suspended, resumed))
        yield from self._milestones(entry, told, discontinued if entry.id in self.discontinued else date.max)
        reached: set[str] = set()
        for day in self._report_days(start):
            if entry.id in self.discontinued and day > discontinued:
                yield self._step(discontinued, time(16), task.Discontinue(task=entry.id), self.planner)
                return
            report = _report(entry.id, plan, start, day, told, reached, chance)
            reached.update(report.milestones)
            if day.month == 7:
                self.percents[entry.id] = report.percent
            at = self.turns.reported(entry, while_offices_work(day, chance))
            yield Step(at, report, self.turns.lead(entry, day), REASON)
        final = date(self.year + 1, 1, chance.choice((8, 9, 10, 13, 14, 15)))
        actual = Figure(indicator="results", value=_actual(plan, 100, chance))
        text = "결과보고서(모의): 계획한 사업을 완료함."
        submit = task.SubmitFinalReport(task=entry.id, text=text, figures=(actual,))
        submitted = Step(while_offices_work(final, chance), submit, self.turns.lead(entry, final), REASON)
        yield submitted
        yield Step(submitted.at, task.OpenRating(task=entry.id), SYSTEM, REASON, by_rule=True)
        points = chance.randrange(620, 985)
        score = f"{points // 10}.{points % 10}"
        rate = task.Rate(task=entry.id, score=score, raters=chance.randrange(120, 900))
        rated_on = date(self.year + 1, 2, chance.choice((10, 12, 14, 17, 19, 21, 24, 26, 27)))
        rated = Step(while_offices_work(rated_on, chance), rate, self.planner, REASON)
        grade = templates()[definition_of(self.year)].grade(score)
        evaluate = task.Evaluate(task=entry.id, score=score, grade=grade)
        if entry.id == self.turns.replanned.id:  # without a rating, in place of the rule
            yield replace(rated, command=evaluate)
            correct = task.CorrectEvaluated(task=entry.id, fact=f"{task_stream(entry.id)}#1", percent=98)
            corrected = self._step(date(self.year + 1, 2, 28), time(11), correct, self.planner)
            yield replace(corrected, corrects="task.progress_reported")
            return
        if entry.id == self.turns.handed.id:  # known on the day, entered two weeks later
            known = datetime.combine(date(self.year + 1, 2, 10), time(14), SEOUL)
            rated = replace(rated, at=known + timedelta(days=14), effective_at=known)
        yield rated
        yield Step(rated.at, evaluate, SYSTEM, REASON, by_rule=True)

    def spend(self, entry: TaskEntry) -> list[Step]:
        """What becomes of one task's money, once its life is drawn."""
        plan = self.plans[entry.id]
        still = (8,) if entry.id in self.suspended else ()
        ended = date(self.year, *_DISCONTINUED_ON) if entry.id in self.discontinued else None
        return self._spending.steps(entry, plan, self._start(plan), still, ended)

    def _told(self, entry: TaskEntry, plan: Plan, start: date, standstill: Span) -> Told:
        handed_on = self.turns.handed_on
        closed = [standstill] if entry.id in self.suspended else []
        closed += [Span(handed_on, handed_on)] if entry.id == self.turns.handed.id else []
        return tell(plan, start, self._calendars, closed, self._fates)

    def _milestones(self, entry: TaskEntry, told: Told, ended: date) -> Iterator[Step]:
        """What is told by itself before the task ended."""
        chance = random.Random(f"{self.seed}/{entry.id}/hours")
        for milestone, day in told.by_itself.items():
            reach = task.ReachMilestones(task=entry.id, milestones=(milestone,))
            at = while_offices_work(day, chance)
            if day < ended:
                yield Step(at, reach, self.turns.lead(entry, day), REASON)

    def _report_days(self, start: date) -> list[date]:
        """Within the first five business days after each quarter."""
        after_quarters = (
            date(self.year, 4, 4),
            date(self.year, 7, 4),
            date(self.year, 10, 7),
            date(self.year + 1, 1, 6),
        )
        return [day for day in after_quarters if day > start]


def _report(
    task_id: str, plan: Plan, start: date, day: date, told: Told, reached: set[str], chance: random.Random
) -> task.ReportProgress:
    span = max((plan.end - start).days, 1)
    percent = min(100, max(1, 100 * (day - start).days // span + chance.randrange(-8, 6)))
    due = tuple(
        m.id for m in plan.milestones if m.due < day and m.id not in reached and told.in_reports(m.id)
    )
    return task.ReportProgress(
        task=task_id,
        percent=percent,
        text="분기 추진상황 보고(모의).",
        figures=(Figure(indicator="results", value=_actual(plan, percent, chance)),),
        milestones=due,
    )


def _actual(plan: Plan, percent: int, chance: random.Random) -> str:
    return str(int(plan.indicators[0].target) * percent * chance.randrange(80, 115) // 10_000)
