"""What turns in a simulated year: a task goes to another agency, whose head is away for a while and whose name changes."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time

from msgspec.structs import replace

from domain.agency import commands as agency
from domain.aggregate import Command
from domain.subject.commands import Register
from domain.task import commands as task
from domain.values import LocalText, Plan
from store.envelope import Actor
from workflows.programme_file import AgencyEntry, ProgrammeFile, TaskEntry
from workflows.simulation.step import PLANNER, SEOUL, Step, officer

_MOST_MORE = 12  # percent of money that a new plan asks for


class Turns:
    """`plain`: tasks to which nothing else out of the ordinary happens."""

    def __init__(
        self, file: ProgrammeFile, plain: Sequence[TaskEntry], chance: random.Random, why: str
    ) -> None:
        self.year, self._why = file.programme.year, why
        self.handed, self.replanned = chance.sample(plain, 2)
        agencies = {one.id: one for one in file.agencies}
        leads = sorted({entry.lead for entry in file.tasks} - {self.handed.lead})
        self.receiver: AgencyEntry = agencies[chance.choice(leads)]
        self.head, self.deputy = (f"{chance.getrandbits(128):032x}" for _ in range(2))
        self.handed_on = date(self.year, 6, 17)
        self._more = 100 + chance.randrange(5, _MOST_MORE + 1)

    def lead(self, entry: TaskEntry, day: date) -> Actor:
        """The officer who acts for the task on a day."""
        handed = entry.id == self.handed.id and day > self.handed_on
        return officer(self.receiver.id if handed else entry.lead)

    def steps(self, plan: Plan) -> Iterator[Step]:
        """`plan`: the one in force of the task that is replanned."""
        yield from self._posts()
        yield self._step((6, 17), 10, task.HandOver(task=self.handed.id, to=self.receiver.id), PLANNER)
        yield from self._replan(plan)
        name = self.receiver.name
        renamed = LocalText(ko=f"{name.ko}(모의 개칭)", en=f"{name.en or name.ko} (renamed, simulated)")
        rename = agency.Rename(agency=self.receiver.id, name=renamed)
        yield self._step((9, 2), 10, rename, PLANNER)

    def _posts(self) -> Iterator[Step]:
        ours = self.receiver.id
        for subject, post in ((self.head, "head"), (self.deputy, "officer")):
            mail = {"mail": f"{post}@{ours}.example"}
            yield replace(self._step((3, 11), 9, Register(subject=subject), PLANNER), details=mail)
            appoint = agency.Appoint(agency=ours, subject=subject, post=post)  # type: ignore[arg-type]
            yield self._step((3, 11), 10, appoint, PLANNER)
        away = agency.AppointSubstitute(
            agency=ours,
            absent=self.head,
            substitute=self.deputy,
            starts=date(self.year, 8, 5),
            ends=date(self.year, 8, 16),
        )
        yield self._step((7, 29), 10, away, Actor(role="head", agency=ours))

    def _replan(self, plan: Plan) -> Iterator[Step]:
        more = replace(plan, budget_krw=plan.budget_krw * self._more // 100)
        asked = task.Replan(task=self.replanned.id, plan=more)
        yield self._step((8, 5), 11, asked, officer(self.replanned.lead))
        yield self._step((8, 12), 11, task.ApproveReplan(task=self.replanned.id), PLANNER)

    def _step(self, day: tuple[int, int], hour: int, command: Command, actor: Actor) -> Step:
        at = datetime.combine(date(self.year, *day), time(hour), SEOUL)
        return Step(at, command, actor, self._why)
