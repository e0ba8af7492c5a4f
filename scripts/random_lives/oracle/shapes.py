"""The names of fields inside records that `docs/facts.md` names without listing their fields: read here alone.

Where the documents leave a name open, the first of the likely names that is there is taken.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from scripts.random_lives.oracle.cases import Record, day_of


def first(record: Record, *names: str) -> Any:
    return next((record[name] for name in names if record.get(name) is not None), None)


def milestones(plan: Record) -> dict[str, date]:
    found = plan.get("milestones") or ()
    return {
        str(first(one, "id", "key", "code", "number", "name")): day_of(first(one, "due", "day", "on"))
        for one in found
    }


def plan_days(plan: Record) -> tuple[date, date]:
    return day_of(first(plan, "start", "starts")), day_of(first(plan, "end", "ends"))


def reported_quarter(report: Record) -> str | None:
    found = first(report, "quarter", "for_quarter", "for", "for_", "of_quarter")
    return None if found is None else str(found)


def figure_values(figures: Any) -> dict[str, Any]:
    return {str(first(one, "id", "key", "indicator", "name")): one for one in figures or ()}


def holidays(opened: Record) -> set[date]:
    return {day_of(one["day"] if isinstance(one, dict) else one) for one in opened.get("holidays") or ()}


def waiting(count: Record) -> list[Record]:
    return list(first(count, "waiting", "waits", "waiting_for") or ())


def rungs(deadline: Record) -> dict[int, date | None]:
    """The rungs' days by the days of the ladder; None: not countable yet."""
    listed = deadline.get("rungs") or ()
    return {one["days"]: day_of(one["on"]) if one.get("on") else None for one in listed}


def text(value: Any) -> Any:
    """A text in Korean, whichever way it is written."""
    return value.get("ko", value) if isinstance(value, dict) else value
