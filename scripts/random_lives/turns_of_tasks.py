"""The life of one task: proposed, perhaps returned, approved, begun, reported on at any rhythm, and all that comes between."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from scripts.random_lives.life import Step, moment
from scripts.random_lives.turns_before_proposals import WaitingForProposal
from scripts.random_lives.turns_of_agencies import Agencies

_DAY = timedelta(days=1)
_LONG_REST = 0.8  # how often work rests for a whole quarter, where the life is long enough to see it


class TaskLife:
    """Where it stands is followed only roughly: what does not fit is refused by the command handler."""

    def __init__(
        self, task: str, agencies: Agencies, chance: random.Random, begins: date, until: date
    ) -> None:
        self._task, self._agencies, self._chance = task, agencies, chance
        self._begins, self._until = begins, until
        self._lead = agencies.lead(task)
        self._since = begins  # since when it is where it is
        self._done = 0
        self._milestones: list[str] = []
        self._last: datetime | None = None

    def steps(self) -> Iterator[Step]:
        day = self._begins + self._days(0, 12)
        plan = self._plan(day)
        proposed = self._step(day, "task_propose", lead=self._lead, partners=self._partners(), **plan)
        waited = WaitingForProposal(self._task, self._lead, self._agencies, self._begins, self._until)
        if waited.eventful:
            yield from waited.steps()
            proposed = waited.delay(proposed)
            day, self._lead, self._last = proposed.at.date(), proposed.values["lead"], proposed.at
        if waited.never:
            return
        yield proposed
        self._since = day
        approved = day
        if self._chance.random() < 0.25:
            for one in self._send_back(day):
                yield one
                approved = one.at.date()
            approved += self._days(0, 4)
        else:
            approved += self._days(0, 15)
        dice = self._chance.random()
        if dice < 0.04:
            yield self._step(approved, "task_reject")
            if waited.eventful:
                yield self._step(approved + _DAY, "task_free")
        elif dice < 0.07:
            yield self._step(approved, "task_withdraw")
        if dice < 0.10:
            return
        yield self._step(approved, "task_approve", late=self._late(approved))
        self._since = approved
        yield from self._waiting(approved, date.fromisoformat(plan["start"]))
        started = max(approved, date.fromisoformat(plan["start"]))
        if self._chance.random() < 0.35:
            started = max(approved, started + self._days(-10, 6))
            yield self._step(started, "task_start", late=self._late(started))
        self._since = started + _DAY
        yield from self._work(started + self._days(1, 4), date.fromisoformat(plan["end"]))

    def _plan(self, day: date) -> dict[str, Any]:
        start = day + self._days(-8, 40)
        dice = self._chance.random()
        days = self._chance.randint(6, 25) if dice < 0.2 else self._chance.randint(30, 365)
        if dice > 0.8:
            days = self._chance.randint(366, 7 * 365)
        end = start + timedelta(days=days)
        count = self._chance.choice((0, 0, 1, 2, 3))
        dues = sorted(start + timedelta(days=self._chance.randint(0, days)) for _ in range(count))
        if dues and self._chance.random() < 0.7:  # near enough to come due
            dues[0] = min(dues[0], start + timedelta(days=self._chance.randint(0, min(days, 60))))
        self._milestones = [f"m{number}" for number in range(1, count + 1)]
        bar = None
        if self._chance.random() < 0.1:
            bar = str(min(start + self._days(0, 20), end))
        return {
            "start": str(start),
            "end": str(end),
            "budget": self._chance.randint(1, 500) * 1_000_000,
            "milestones": dict(zip(self._milestones, map(str, dues), strict=True)),
            "bar": bar,
        }

    def _partners(self) -> list[str]:
        if self._chance.random() < 0.6 or len(self._agencies.names) == 1:
            return []
        return [self._agencies.other(self._lead)]

    def _send_back(self, day: date) -> Iterator[Step]:
        """Sent back once or twice, and answered in time, late, or not at all."""
        for _ in range(self._chance.choice((1, 1, 2))):
            day += self._days(1, 8)
            yield self._step(day, "task_return")
            if self._chance.random() < 0.2:
                return
            day += self._days(0, 9)
            values: dict[str, Any] = {} if self._chance.random() < 0.3 else {"percent": 90}
            if self._chance.random() < 0.2:
                values["title"] = f"과제 {self._task} 고침"
            yield self._step(day, "task_revise", **values)

    def _waiting(self, day: date, start: date) -> Iterator[Step]:
        """Approved, not begun: plans change before the work too."""
        if start > day + 2 * _DAY and self._chance.random() < 0.3:
            yield from self._replan(day + _DAY)

    def _work(self, day: date, end: date) -> Iterator[Step]:
        """From the start to the final report; `day`: when something happens next."""
        rhythm = self._chance.choice((1, 4, 12, 30, 30, 80, 0))
        finishes = end + self._days(-12, 20)
        if self._chance.random() < 0.25:
            finishes = day + self._days(10, 120)
        elif (over := _over_a_quarter(day)) < min(self._until, end) and self._chance.random() < _LONG_REST:
            yield from self._suspension(day, back=over)
            day = self._since
        steps = 0
        while day < min(self._until, finishes) and steps < 20:
            for step in self._event(day, rhythm):
                steps += 1
                yield step
                day = max(day, step.at.date())
            day += timedelta(days=self._chance.randint(1, 2 * (rhythm or 60)))
            day = self._draw(day)
        if self._chance.random() < 0.06:
            yield self._step(day, self._chance.choice(("task_discontinue", "task_carry_over")))
        elif self._chance.random() < 0.75:
            yield from self._end(max(day, finishes))

    def _draw(self, day: date) -> date:
        """Towards the days that matter: a quarter's last ones and the first ones after it."""
        if self._chance.random() > 0.25:
            return day
        month = (day.month - 1) // 3 * 3 + 3
        last = date(day.year + month // 12, month % 12 + 1, 1) - _DAY
        return max(day, last + self._days(-2, 9))

    def _event(self, day: date, rhythm: int) -> Iterator[Step]:
        dice = self._chance.random()
        if dice < 0.58 and rhythm:
            yield from self._reports(day)
        elif dice < 0.66:
            yield from self._correction(day)
        elif dice < 0.76:
            yield from self._replan(day)
        elif dice < 0.84:
            yield from self._suspension(day)
        elif dice < 0.91:
            to = self._agencies.other(self._lead)
            yield self._step(day, "task_hand_over", late=self._late(day), to=to)
            self._lead = to
        elif dice < 0.97:
            partner = self._agencies.other(self._lead)
            yield self._step(day, "task_add_partner", late=self._late(day), partner=partner)
            if self._chance.random() < 0.5:
                later = day + self._days(0, 10)
                yield self._step(later, "task_release_partner", late=self._late(later), partner=partner)
        elif rhythm:
            yield self._step(day, "task_report", done=self._more(), by=self._agencies.other(self._lead))

    def _reports(self, day: date) -> Iterator[Step]:
        """One, seldom several of a day; late ones, two of one day of which the first is corrected afterwards."""
        dice = self._chance.random()
        if dice < 0.1:
            yield from self._twins(day)
            return
        for _ in range(1 if dice < 0.85 else self._chance.randint(2, 4)):
            yield self._step(day, "task_report", late=self._late(day), **self._report(day))
        if 0.2 < dice < 0.35 and self._milestones:
            yield self._step(day, "task_reach", milestones=[self._milestones.pop(0)])

    def _twins(self, day: date) -> Iterator[Step]:
        late = self._late(day, always=True)
        for _ in range(2):
            yield self._step(day, "task_report", late=late, done=self._more())
        yield self._step(day, "task_correct", of="task.progress_reported", which=2, more=7)
        if self._chance.random() < 0.3:
            yield self._step(day, "task_cancel_correction")

    def _report(self, day: date) -> dict[str, Any]:
        values: dict[str, Any] = {"done": self._more()}
        if self._milestones and self._chance.random() < 0.3:
            values["milestones"] = [self._milestones.pop(0)]
        if self._chance.random() < 0.2:
            values["for"] = _quarter(day - timedelta(days=self._chance.randint(0, 200)))
        return values

    def _more(self) -> int:
        self._done = min(100, max(0, self._done + self._chance.randint(-5, 15)))
        return self._done

    def _correction(self, day: date) -> Iterator[Step]:
        if self._chance.random() < 0.2:
            days = self._chance.choice((-100, -30, -5, -1, 1, 4))
            yield self._step(day, "task_correct", of="task.started", days=days)
        else:
            which = self._chance.choice((1, 1, 2, 3))
            yield self._step(
                day,
                "task_correct",
                of="task.progress_reported",
                which=which,
                more=self._chance.choice((-9, 4, 12)),
                by_planner=self._chance.random() < 0.3,
            )
        if self._chance.random() < 0.4:
            yield self._step(day + self._days(0, 9), "task_cancel_correction")

    def _replan(self, day: date) -> Iterator[Step]:
        """Smaller, larger, or of the budget alone; what is larger is decided, or not."""
        percent, days = self._chance.choice(((90, 0), (95, -10), (120, 0), (100, 30), (110, 200), (80, -40)))
        shift = self._chance.choice((0, 0, 5, -5))
        yield self._step(day, "task_replan", late=self._late(day), percent=percent, days=days, shift=shift)
        if percent > 100 or days > 0:
            dice = self._chance.random()
            later = day + self._days(0, 10)
            if dice < 0.65:
                yield self._step(later, "task_approve_replan", late=self._late(later))
            elif dice < 0.85:
                yield self._step(later, "task_refuse_replan", late=self._late(later))

    def _suspension(self, day: date, back: date | None = None) -> Iterator[Step]:
        """For days to more than a quarter, sometimes for ever."""
        yield self._step(day, "task_suspend", late=self._late(day))
        self._since = day
        if self._chance.random() < 0.9:
            back = back or day + timedelta(days=self._chance.choice((0, 3, 10, 30, 70, 130, 200)))
            yield self._step(back, "task_resume", late=self._late(back))
            self._since = back

    def _end(self, day: date) -> Iterator[Step]:
        yield self._step(day, "task_final", late=self._late(day))
        self._since = day
        if self._chance.random() < 0.15:
            yield self._step(day, "task_open_rating")
        if self._chance.random() < 0.8:
            rated = day + self._days(0, 35)
            score = f"{self._chance.randint(40, 99)}.{self._chance.randint(0, 9)}"
            yield self._step(rated, "task_rate", late=self._late(rated), score=score)
            if self._chance.random() < 0.3:
                yield self._step(rated + self._days(0, 2), "task_evaluate", score=score)

    def _late(self, day: date, *, always: bool = False) -> datetime | None:
        """Since when it was so: mostly since it is said; else a day before, sometimes of another quarter."""
        if not always and self._chance.random() < 0.75:
            return None
        back = self._chance.choice((0, 1, 3, 10, 40, 120))
        so = max(day - timedelta(days=back), self._since)
        if so >= day:
            return moment(day) if always or self._chance.random() < 0.5 else None
        return moment(so, *((0, 0) if self._chance.random() < 0.7 else (9, 30)))

    def _days(self, least: int, most: int) -> timedelta:
        return timedelta(days=self._chance.randint(least, most))

    def _step(self, day: date, do: str, /, *, late: datetime | None = None, **values: Any) -> Step:
        """At a moment after the last one's."""
        hour = self._chance.randrange(24) if self._chance.random() < 0.05 else self._chance.randrange(9, 18)
        at = moment(day, hour, self._chance.randrange(60))
        if self._last is not None and at <= self._last:
            at = self._last + timedelta(minutes=self._chance.randint(1, 40))
        self._last = at
        return Step(at, do, task=self._task, late=late if late is None or late < at else None, values=values)


def _over_a_quarter(day: date) -> date:
    """A day soon after the whole quarter that comes after that of this day."""
    months = day.year * 12 + (day.month - 1) // 3 * 3 + 6
    return date(months // 12, months % 12 + 1, 5)


def _quarter(day: date) -> str:
    return f"{day.year}-Q{(day.month - 1) // 3 + 1}"
