"""A plan from what was typed: dates, money, milestones, indicators, phases."""

from __future__ import annotations

from datetime import date, datetime

from domain.errors import DonghaengError
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
    assert start is not None
    assert end is not None
    assert budget is not None
    return Plan(
        start=start.date(),
        end=end.date(),
        budget_krw=_won(budget),
        milestones=tuple(_milestone(one) for one in milestones or ()),
        indicators=tuple(_indicator(one) for one in indicators or ()),
        phases=tuple(_phase(one) for one in phases or ()),
        not_before=None if not_before is None else not_before.date(),
    )


def changed(
    plan: Plan,
    start: datetime | None,
    end: datetime | None,
    budget: str | None,
    not_before: datetime | None,
    milestones: list[str] | None,
    indicators: list[str] | None,
    phases: list[str] | None,
) -> Plan:
    """The plan with what was given in place of what it said. Lists are given whole."""
    return Plan(
        start=plan.start if start is None else start.date(),
        end=plan.end if end is None else end.date(),
        budget_krw=plan.budget_krw if budget is None else _won(budget),
        milestones=plan.milestones if milestones is None else tuple(map(_milestone, milestones)),
        indicators=plan.indicators if indicators is None else tuple(map(_indicator, indicators)),
        phases=plan.phases if phases is None else tuple(map(_phase, phases)),
        not_before=plan.not_before if not_before is None else not_before.date(),
    )


def _won(given: str) -> int:
    digits = given.replace(",", "").removeprefix("-")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 40):
        raise NotAPlan(option="--budget", given=given[:60], form="1200000000")
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


def _phase(given: str) -> Phase:
    starts, ends, name = _split("--phase", given, 3, "FROM=TO=NAME")
    return Phase(name=LocalText(ko=name), starts=day("--phase", starts), ends=day("--phase", ends))
