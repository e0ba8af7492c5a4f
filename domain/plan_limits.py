"""The limits on plans: days in order, ids once, and nothing outside the time it belongs to."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Annotated

from pydantic import AfterValidator

from domain.limits import (
    FIRST_YEAR,
    LAST_YEAR,
    MOST_ITEMS,
    MOST_KRW,
    check_decimal,
    check_ids,
    check_line,
    check_title,
)
from domain.refusals import validation_error
from domain.values import Indicator, Milestone, Phase, Plan

LONGEST_UNIT = 40


def check_day(day: date, at: str = "") -> date:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise validation_error("year_range", at, min=FIRST_YEAR, max=LAST_YEAR)
    return day


def check_phases(phases: tuple[Phase, ...], at: str = "") -> tuple[Phase, ...]:
    """In order, each day in one phase at most."""
    if len(phases) > MOST_ITEMS:
        raise validation_error("too_many", at, max=MOST_ITEMS)
    for number, phase in enumerate(phases):
        here = f"{at}[{number}]"
        check_title(phase.name, f"{here}.name")
        check_day(phase.starts, f"{here}.starts")
        check_day(phase.ends, f"{here}.ends")
        if phase.ends < phase.starts:
            raise validation_error("end_before_start", here, start=phase.starts, end=phase.ends)
        if number and phase.starts <= phases[number - 1].ends:
            raise validation_error("phases_overlap", here, start=phase.starts, end=phases[number - 1].ends)
    return phases


def _check_span(plan: Plan) -> None:
    check_day(plan.start, "start")
    check_day(plan.end, "end")
    if plan.end < plan.start:
        raise validation_error("end_before_start", "end", start=plan.start, end=plan.end)
    if plan.not_before is not None:
        check_day(plan.not_before, "not_before")
        if plan.not_before > plan.end:
            raise validation_error(
                "not_before_after_end", "not_before", not_before=plan.not_before, end=plan.end
            )


def _check_milestones(milestones: Sequence[Milestone], plan: Plan) -> None:
    check_ids([milestone.id for milestone in milestones], "milestones", ".id")
    for number, milestone in enumerate(milestones):
        here = f"milestones[{number}]"
        check_title(milestone.name, f"{here}.name")
        if not plan.start <= milestone.due <= plan.end:
            raise validation_error(
                "due_outside_plan", f"{here}.due", due=milestone.due, start=plan.start, end=plan.end
            )


def _check_indicators(indicators: Sequence[Indicator]) -> None:
    check_ids([indicator.id for indicator in indicators], "indicators", ".id")
    for number, indicator in enumerate(indicators):
        here = f"indicators[{number}]"
        check_title(indicator.name, f"{here}.name")
        check_line(indicator.unit, f"{here}.unit", LONGEST_UNIT)
        check_decimal(indicator.baseline, f"{here}.baseline")
        check_decimal(indicator.target, f"{here}.target")


def check_plan(plan: Plan) -> Plan:
    """Refuse a plan that cannot be: wrong order of days, repeated ids, an impossible budget."""
    if not 0 <= plan.budget_krw <= MOST_KRW:
        raise validation_error("krw", "budget_krw", max=MOST_KRW)
    _check_span(plan)
    _check_milestones(plan.milestones, plan)
    _check_indicators(plan.indicators)
    check_phases(plan.phases, "phases")
    first, last = plan.start.year, plan.end.year
    for number, phase in enumerate(plan.phases):
        # the city's phases may begin before this plan does, e.g. in the spring before its approval
        if phase.starts.year < first or phase.ends.year > last:
            raise validation_error("phase_outside_years", f"phases[{number}]", first=first, last=last)
    return plan


SoundPlan = Annotated[Plan, AfterValidator(check_plan)]
Phases = Annotated[tuple[Phase, ...], AfterValidator(check_phases)]
Day = Annotated[date, AfterValidator(check_day)]
