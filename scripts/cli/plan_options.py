"""A plan from what was typed: dates, money, milestones, indicators, phases."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from domain.errors import DonghaengError
from domain.task.plan_changes import PlanChanges
from domain.values import Indicator, LocalText, Milestone, Phase, Plan


class NotAPlan(DonghaengError):
    """An option of the plan is missing or not in its form."""

    exit_code = 2
    ko = "추진계획의 ‘{option}’ 값 ‘{given}’이(가) 올바르지 않습니다. 형식: {form}."
    en = "The plan's option {option} cannot be read from “{given}”. Its form: {form}."


def day(option: str, given: str) -> date:
    try:
        return date.fromisoformat(given)
    except ValueError:
        raise NotAPlan(option=option, given=given, form="YYYY-MM-DD") from None


def plan_from(
    start: datetime | None,
    end: datetime | None,
    budget: str | None,
    not_before: datetime | None,
    milestones: list[str] | None,
    indicators: list[str] | None,
    phases: list[str] | None,
) -> Plan:
    """The plan; its limits are checked by the command it goes into."""
    for option, value in (("--start", start), ("--end", end), ("--budget", budget)):
        if value is None:
            raise NotAPlan(option=option, given="", form="--start YYYY-MM-DD --end YYYY-MM-DD --budget KRW")
    return Plan(**parts_from(start, end, budget, not_before, milestones, indicators, phases))


def changes_from(without: Sequence[str] | None, **given: Any) -> PlanChanges | None:
    """What is to be other of a plan, as it was typed; None where nothing is. `given`: as of `parts_from`."""
    left = tuple(one.replace("-", "_") for one in without or ())
    changes = PlanChanges(**parts_from(**given), without=left)  # type: ignore[arg-type]
    return None if changes == PlanChanges() else changes


def parts_from(
    start: datetime | None,
    end: datetime | None,
    budget: str | None,
    not_before: datetime | None,
    milestones: list[str] | None,
    indicators: list[str] | None,
    phases: list[str] | None,
) -> dict[str, Any]:
    """What was typed of a plan, by the plan's fields; nothing of what was not."""
    parts = {
        "start": start and start.date(),
        "end": end and end.date(),
        "budget_krw": None if budget is None else parse_won(budget),
        "milestones": None if milestones is None else tuple(map(_milestone, milestones)),
        "indicators": None if indicators is None else tuple(map(_indicator, indicators)),
        "phases": None if phases is None else tuple(map(phase_from, phases)),
        "not_before": not_before and not_before.date(),
    }
    return {name: value for name, value in parts.items() if value is not None}


def parse_won(given: str, option: str = "--budget") -> int:
    digits = given.replace(",", "").removeprefix("-")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 40):
        raise NotAPlan(option=option, given=given[:60], form="1200000000")
    return int(given.replace(",", ""))


def _split(option: str, given: str, parts: int, form: str) -> list[str]:
    found = given.split("=", parts - 1)
    if len(found) != parts or not all(found):
        raise NotAPlan(option=option, given=given, form=form)
    return found


def _milestone(given: str) -> Milestone:
    identity, due, name = _split("--milestone", given, 3, "ID=YYYY-MM-DD=NAME")
    return Milestone(id=identity, name=LocalText(ko=name), due=day("--milestone", due))


def _indicator(given: str) -> Indicator:
    form = "ID=UNIT=BASELINE=TARGET=NAME"
    identity, unit, baseline, target, name = _split("--indicator", given, 5, form)
    return Indicator(id=identity, name=LocalText(ko=name), unit=unit, baseline=baseline, target=target)


def phase_from(given: str) -> Phase:
    starts, ends, name = _split("--phase", given, 3, "FROM=TO=NAME")
    return Phase(name=LocalText(ko=name), starts=day("--phase", starts), ends=day("--phase", ends))
