"""The days from which a rule of a city's own counts, day by day, and whether a step fulfils what is due by it."""

from __future__ import annotations

import re
from datetime import date

from scripts.random_lives.oracle import shapes
from scripts.random_lives.oracle.calendars import DAY
from scripts.random_lives.oracle.cases import Record, seoul_day
from scripts.random_lives.oracle.tasks import Taken, Task

MONTHS = {"month": 1, "quarter": 3, "half_year": 6, "year": 12}
_MOST = 60


def is_of_a_step(start: str) -> bool:
    return start.startswith("steps.")


def is_a_day(start: str) -> bool:
    return re.fullmatch(r"[0-9]{2}-[0-9]{2}", start) is not None


def recurs(rule: Record) -> bool:
    start = rule["start"]
    if is_a_day(start):
        return "met_by" in rule
    return start.endswith(("_start", "_end")) and start not in ("plan_start", "plan_end", "quarter_end")


def part_name(day: date, months: int) -> str:
    """The part of the year that the day lies in: 2024-M03, 2024-Q1, 2024-H1, 2024-Y."""
    number = (day.month + months - 1) // months
    return f"{day.year}-" + {1: f"M{number:02}", 3: f"Q{number}", 6: f"H{number}", 12: "Y"}[months]


def list_own_starts(rule: Record, task: Task) -> list[tuple[str, date]]:
    """Of a rule that does not recur; whether it is fulfilled is asked apart."""
    start = rule["start"]
    if is_a_day(start):
        since = task.waits_since if task.waits else task.since
        if since is None:
            return []
        day = seoul_day(since)
        while f"{day:%m-%d}" != start:
            day += DAY
        return [("", day)]
    _, step, *field = start.split(".")
    day_or_none = _day_said(task.steps.get(step), field[0] if field else None)
    return [] if day_or_none is None else [("", day_or_none)]


def is_fulfilled(rule: Record, task: Task) -> bool:
    if "met_by" not in rule or recurs(rule):
        return False
    name = rule["met_by"].split(".")[1]
    taken, start = task.steps.get(name), rule["start"]
    if taken is None:
        return False
    if start == "condition":
        return taken.place == _spell(task.place) and task.since is not None and taken.so >= task.since
    if start == "final_report":
        return task.final_report is not None and seoul_day(taken.so) >= seoul_day(task.final_report)
    if is_of_a_step(start):
        order = list(task.steps)
        other = start.split(".")[1]
        return other in order and order.index(name) >= order.index(other)
    return True


def list_recurring(rule: Record, task: Task) -> list[tuple[str, date]]:
    """Walk through the days, and look at each that is the rule's."""
    start, (_, step, *field) = rule["start"], rule["met_by"].split(".")
    here = [at for place, at in task.stood if place == task.place]
    if not here or task.since is None:
        return []
    months = 12 if is_a_day(start) else MONTHS[start.rpartition("_")[0]]
    taken = task.steps.get(step)
    known = [shapes.plan_days(task.plan)[1], seoul_day(task.since), *([seoul_day(taken.so)] if taken else [])]
    day = seoul_day(min(here)).replace(day=1)
    while part_name(day - DAY, months) == part_name(day, months):
        day -= DAY
    last = part_name(max(known), months)
    fulfilled = _part_stood_for(taken, field[0] if field else None, months, ended=start.endswith("_end"))
    found, through = [], False
    while not through:
        part = part_name(day, months)
        through = part == last and part_name(day + DAY, months) != last
        if _is_its_day(day, start, months) and _stands(task, day) and (fulfilled is None or day > fulfilled):
            found.append((part, day))
        day += DAY
    return found[:_MOST]


def _is_its_day(day: date, start: str, months: int) -> bool:
    if is_a_day(start):
        return f"{day:%m-%d}" == start
    beside = day - DAY if start.endswith("_start") else day + DAY
    return part_name(beside, months) != part_name(day, months)


def _part_stood_for(taken: Taken | None, field: str | None, months: int, *, ended: bool) -> date | None:
    """The last day of the last part that the step stands for."""
    day = _day_said(taken, field)
    if day is None:
        return None
    part = part_name(day, months)
    if ended and field is None:
        while part_name(day, months) == part:
            day -= DAY
        return day
    while part_name(day + DAY, months) == part:
        day += DAY
    return day


def _day_said(taken: Taken | None, field: str | None) -> date | None:
    if taken is None:
        return None
    return seoul_day(taken.so) if field is None else taken.days.get(field)


def _stands(task: Task, day: date) -> bool:
    """Whether the task stood in its present place at some moment of the day, the last one of a stay included."""
    for number, (place, begun) in enumerate(task.stood):
        later = task.stood[number + 1 :]
        ended = seoul_day(later[0][1]) if later else date.max
        if place == task.place and seoul_day(begun) <= day <= ended:
            return True
    return False


def _spell(place: tuple[str, str]) -> str:
    stage, condition = place
    return stage if condition == "normal" else f"{stage}/{condition}"


def steps_follow(task: Task) -> object:
    """All that deadlines follow from of the steps that were taken."""
    here = _spell(task.place)
    return [
        (
            name,
            seoul_day(one.so),
            one.place == here and (task.since is None or one.so >= task.since),
            one.days,
        )
        for name, one in task.steps.items()
    ]
