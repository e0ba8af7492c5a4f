"""Plans for the tasks of an announced programme. The announcement gives no dates, money or figures: these are
generated from the seed and named as simulated wherever they are shown."""

from __future__ import annotations

import random
from datetime import date, timedelta

import msgspec

from domain.values import Indicator, LocalText, Milestone, Plan
from workflows.programme_file import TaskEntry


def plan_of(task: TaskEntry, year: int, chance: random.Random) -> Plan:
    """The announced phases and first day are kept; everything else is drawn."""
    start = _start(task, year, chance)
    end = max((phase.ends for phase in task.phases), default=date(year, 12, chance.choice((13, 20, 31))))
    return Plan(
        start=start,
        end=end,
        budget_krw=chance.randrange(5, 200) * 10_000_000,
        milestones=_milestones(task, start, end),
        indicators=(_indicator(chance),),
        phases=task.phases,
        not_before=task.not_before,
    )


def revise(plan: Plan, chance: random.Random) -> Plan:
    """The same plan with less money, as a returned proposal comes back."""
    return msgspec.structs.replace(plan, budget_krw=plan.budget_krw * chance.randrange(80, 96) // 100)


def _start(task: TaskEntry, year: int, chance: random.Random) -> date:
    if task.phases:
        return min(phase.starts for phase in task.phases)
    if task.not_before is not None:
        return task.not_before
    return date(year, 3, 4) + timedelta(days=chance.randrange(0, 56))


def _milestones(task: TaskEntry, start: date, end: date) -> tuple[Milestone, ...]:
    if task.phases:
        return tuple(
            Milestone(
                id=f"phase-{number}",
                name=LocalText(
                    ko=f"‘{phase.name.ko}’ 단계 종료(모의)", en=f"Phase “{phase.name.en}” done (simulated)"
                ),
                due=phase.ends,
            )
            for number, phase in enumerate(task.phases, start=1)
        )
    third = (end - start) // 3
    return (
        Milestone(
            id="half-way",
            name=LocalText(ko="중간 점검(모의)", en="Midway check (simulated)"),
            due=start + third,
        ),
        Milestone(
            id="delivery",
            name=LocalText(ko="주요 성과물 제출(모의)", en="Main delivery (simulated)"),
            due=start + 2 * third,
        ),
    )


def _indicator(chance: random.Random) -> Indicator:
    return Indicator(
        id="results",
        name=LocalText(ko="추진 실적(모의)", en="Results (simulated)"),
        unit="건",
        baseline="0",
        target=str(chance.randrange(2, 40) * 10),
    )
