"""What turns in a simulated year: a task goes to another agency, whose head is away for a while and whose name changes.

And what an inspector looks into: a correction by the head's deputy, a late entry, work in the evening, an evaluation
in place of the rule, attempts that are refused.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time

from msgspec.structs import replace

from domain.agency import commands as agency
from domain.aggregate import Command
from domain.channels import Channel
from domain.seoul import SEOUL
from domain.streams import task_stream
from domain.task import commands as task
from domain.values import LocalText, Plan
from store.envelope import Actor
from workflows.programme_file import AgencyEntry, ProgrammeFile, TaskEntry
from workflows.simulation.people import People
from workflows.simulation.step import Step

_MOST_MORE = 12  # percent of money that a new plan asks for


class Turns:
    """`plain`: tasks to which nothing else out of the ordinary happens.

    `handed`: the task that is handed over, whose rating is entered late; `replanned`: the one with a new plan, of which
    a report comes in the evening and which the planner evaluates by hand.
    """

    def __init__(
        self, file: ProgrammeFile, plain: Sequence[TaskEntry], chance: random.Random, seed: int, why: str
    ) -> None:
        self.year, self._why = file.programme.year, why
        self.handed, self.replanned = chance.sample(plain, 2)
        agencies = {one.id: one for one in file.agencies}
        leads = sorted({entry.lead for entry in file.tasks} - {self.handed.lead})
        self.receiver: AgencyEntry = agencies[chance.choice(leads)]
        self.people = People(file, seed, self.receiver.id)
        self.handed_on = date(self.year, 6, 17)
        self._more = 100 + chance.randrange(5, _MOST_MORE + 1)

    def lead(self, entry: TaskEntry, day: date) -> Actor:
        """The officer who acts for the task on a day."""
        handed = entry.id == self.handed.id and day > self.handed_on
        return self.people.officer(self.receiver.id if handed else entry.lead)

    def reported(self, entry: TaskEntry, at: datetime) -> datetime:
        """When a report of the autumn comes that is due at that time of the day: one of them in the evening."""
        late = entry.id == self.replanned.id and at.month == 10
        return at.replace(hour=20, minute=15) if late else at

    def steps(self, plan: Plan, percent: int) -> Iterator[Step]:
        """`plan`: the one in force of the task that is replanned; `percent`: what the one handed over reported in July."""
        yield from self._posts()
        yield from self._refused()
        yield self._step((6, 17), 10, task.HandOver(task=self.handed.id, to=self.receiver.id))
        yield from self._replan(plan)
        yield from self._deputised(percent)
        name = self.receiver.name
        renamed = LocalText(ko=f"{name.ko}(모의 개칭)", en=f"{name.en or name.ko} (renamed, simulated)")
        yield self._step((9, 2), 10, agency.Rename(agency=self.receiver.id, name=renamed))

    def _posts(self) -> Iterator[Step]:
        for hour, (command, actor, details) in enumerate(self.people.of_the_head(), start=9):
            yield replace(self._step((3, 11), hour, command, actor), details=details)
        head, deputy = str(self.people.head.subject), str(self.people.deputy.subject)
        span = {"starts": date(self.year, 8, 5), "ends": date(self.year, 8, 16)}
        ours = self.receiver.id
        away = agency.AppointSubstitute(agency=ours, absent=head, substitute=deputy, **span)
        yield self._step((7, 29), 10, away, self.people.head)
        proxy = agency.DelegateDecision(
            agency=ours,
            form="proxy",
            decision=task.Correct.name,
            holder=head,
            delegate=deputy,
            **span,
        )
        yield self._step((7, 29), 11, proxy, self.people.head)

    def _deputised(self, percent: int) -> Iterator[Step]:
        """While the head is away the deputy decides on a correction (대결), and sets the agency's address (직무대리)."""
        one, ours = self.handed.id, self.receiver.id
        other = percent + 3 if percent < 90 else percent - 3
        correct = task.Correct(task=one, fact=f"{task_stream(one)}#1", percent=other)
        corrected = self._step((8, 9), 15, correct, self.people.deputy)
        yield replace(corrected, on_behalf_of=self.people.head, corrects="task.progress_reported")
        contact = agency.SetContact(agency=ours, channel=Channel.MAIL, address=f"tasks-2@{ours}.example")
        yield replace(
            self._step((8, 9), 16, contact, self.people.deputy),
            on_behalf_of=self.people.head,
        )

    def _refused(self) -> Iterator[Step]:
        """An officer cannot approve, and an id that nobody registered is nobody's."""
        theirs = self.people.officer(self.replanned.lead)
        approve, withdraw = task.Approve(task=self.replanned.id), task.Withdraw(task=self.replanned.id)
        yield replace(self._step((3, 6), 11, approve, theirs), refused="NotPermitted")
        nobody = replace(theirs, subject=self.people.nobody)
        yield replace(self._step((3, 6), 13, withdraw, nobody), refused="PersonNotRegistered")

    def _replan(self, plan: Plan) -> Iterator[Step]:
        more = replace(plan, budget_krw=plan.budget_krw * self._more // 100)
        asked = task.Replan(task=self.replanned.id, plan=more)
        yield self._step((8, 5), 11, asked, self.people.officer(self.replanned.lead))
        yield self._step((8, 12), 11, task.ApproveReplan(task=self.replanned.id))

    def _step(self, day: tuple[int, int], hour: int, command: Command, actor: Actor | None = None) -> Step:
        at = datetime.combine(date(self.year, *day), time(hour), SEOUL)
        return Step(at, command, actor or self.people.planner, self._why)
