"""Who takes part in a task beside its lead. Two kinds of facts say so: lists of all, and one agency's coming and going.

Each agency's own coming or going has a stamp of its own, and a list has one: what was so later than the list stands
beside it, what was so before the list is told by the list. So the facts come to the same in whatever order.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from msgspec.structs import replace

from domain.stamps import EVER, Stamp, Stamps, outdone

if TYPE_CHECKING:
    from domain.task.state import Task

_LIST = "partners"


def listed(task: Task, agencies: Iterable[str], stamp: Stamp) -> Task:
    """All partners are these, but for those who came or went later."""
    if outdone(task.stamps, _LIST, stamp):
        return task
    stamps = {
        name: known
        for name, known in task.stamps.items()
        if not name.startswith(f"{_LIST} ") or known > stamp
    }
    stamps[_LIST] = stamp
    told = [agency for agency in dict.fromkeys(agencies) if _own(agency) not in stamps]
    later = [agency for agency in task.partners if _own(agency) in stamps]
    return replace(task, partners=_ordered((*told, *later), stamps), stamps=stamps)


def into(task: Task, agency: str, stamp: Stamp) -> Task:
    return _one(task, agency, stamp, (*_others(task, agency), agency))


def out(task: Task, agency: str, stamp: Stamp) -> Task:
    return _one(task, agency, stamp, _others(task, agency))


def joined(task: Task, agency: str) -> Stamp:
    """Since when an agency takes part, or does not: by a fact of its own, or by the list."""
    return task.stamps.get(_own(agency)) or task.stamps.get(_LIST) or (EVER, 0)


def _one(task: Task, agency: str, stamp: Stamp, partners: tuple[str, ...]) -> Task:
    if outdone(task.stamps, _LIST, stamp) or outdone(task.stamps, _own(agency), stamp):
        return task
    stamps = {**task.stamps, _own(agency): stamp}
    return replace(task, partners=_ordered(partners, stamps), stamps=stamps)


def _ordered(agencies: tuple[str, ...], stamps: Stamps) -> tuple[str, ...]:
    """As listed, then in the order in which they came."""
    whole = stamps.get(_LIST, (EVER, 0))
    return tuple(sorted(agencies, key=lambda agency: stamps.get(_own(agency), whole)))


def _others(task: Task, agency: str) -> tuple[str, ...]:
    return tuple(one for one in task.partners if one != agency)


def _own(agency: str) -> str:
    return f"{_LIST} {agency}"
