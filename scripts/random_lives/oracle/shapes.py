"""The names of fields inside records that `docs/facts.md` names without listing their fields: read here alone.

Where the documents leave a name open, the first of the likely names that is there is taken.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from scripts.random_lives.oracle.cases import Record, day_of


def require(record: Record, *names: str) -> Any:
    """The first of these fields that is there; an error that names them where none is."""
    found = next((record[name] for name in names if record.get(name) is not None), None)
    if found is None:
        raise KeyError(f"none of {', '.join(names)} is in {sorted(record)}")
    return found


def milestones(plan: Record) -> dict[str, date]:
    """The milestones' days by their names, as reports say them."""
    return {
        str(require(one, "id", "key", "code", "number", "name")): day_of(require(one, "due", "day", "on"))
        for one in plan.get("milestones") or ()
    }


def plan_days(plan: Record) -> tuple[date, date]:
    return day_of(require(plan, "start", "starts")), day_of(require(plan, "end", "ends"))


def quarter_of_report(report: Record) -> str | None:
    """The quarter that a report says it is of, "2024-Q1"; None of old ones, which say none."""
    return report.get("period")


def holidays(opened: Record) -> set[date]:
    return {day_of(one["day"] if isinstance(one, dict) else one) for one in opened.get("holidays") or ()}


def waiting(count: Record) -> list[Record]:
    return list(count.get("waiting") or ())


def rungs(deadline: Record) -> dict[int, date | None]:
    """The rungs' days by the days of the ladder; None: not countable yet."""
    listed = deadline.get("rungs") or ()
    return {one.get("days") or 0: day_of(one["on"]) if one.get("on") else None for one in listed}


def text(value: Any) -> Any:
    """A text in Korean, whichever way it is written."""
    return value.get("ko", value) if isinstance(value, dict) else value
