"""By which right somebody may sign for an entry of an approval line."""

from __future__ import annotations

from scripts.random_lives.oracle.agencies import answering, fold_agencies
from scripts.random_lives.oracle.cases import Fact, Record, seoul_day
from scripts.random_lives.oracle.life import Life
from scripts.random_lives.oracle.open_lines import AGENCY
from scripts.random_lives.oracle.positions import position_at


def rights_to_sign(life: Life, entry: Record, fact: Fact) -> list[tuple[str | None, str | None]]:
    """By what the actor of the fact may sign for the entry: (for whom, by which delegation), both None in one's own right."""
    if entry.get("position"):
        return _rights_of_position(life, entry["position"], fact)
    if fact.role != entry["role"]:
        return []
    if fact.role in AGENCY and fact.actor.get("agency") != _answering(life, fact):
        return []
    return [(None, None)]


def _rights_of_position(life: Life, name: str, fact: Fact) -> list[tuple[str | None, str | None]]:
    subject = fact.actor.get("subject")
    if subject is None or fact.role not in ("planner", "department"):
        return []
    position = position_at(life, name, fact)
    if subject in position.holders:
        return [(None, None)]
    mandates = position.mandates_of(subject, seoul_day(fact.known))
    return [(one["holder"], f"position/{name}#{one['number']}") for one in mandates]


def _answering(life: Life, fact: Fact) -> str:
    """The agency that answers for the task, by what was known and in effect then."""
    known = [one for one in life.facts if one.position < fact.position]
    return answering(fold_agencies(known, fact.known), life.task_before(fact.name, fact.position).lead)
