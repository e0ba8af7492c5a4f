"""Who takes part in a task beside its lead. Two kinds of facts say so: lists of all, and one agency's coming and going.

Each agency's own coming or going has a stamp of its own, and a list has one: what was so later than the list stands
beside it, what was so before the list is told by the list. So the facts come to the same in whatever order.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol, TypeVar

from msgspec.structs import replace

from domain.stamps import EVER, Stamp, Stamped, Stamps, is_outdone

_LIST = "partners"


class Shared(Stamped, Protocol):
    """A task, as far as it has partners."""

    @property
    def partners(self) -> tuple[str, ...]: ...


T = TypeVar("T", bound=Shared)


def apply_list(task: T, agencies: Iterable[str], stamp: Stamp) -> T:
    """All partners are these, but for those who came or went later."""
    if is_outdone(task.stamps, _LIST, stamp):
        return task
    stamps = {
        name: known
        for name, known in task.stamps.items()
        if not name.startswith(f"{_LIST} ") or known > stamp
    }
    stamps[_LIST] = stamp
    told = [agency for agency in dict.fromkeys(agencies) if _own(agency) not in stamps]
    later = [agency for agency in task.partners if _own(agency) in stamps]
    return _with(task, _in_order((*told, *later), stamps), stamps)


def apply_joining(task: T, agency: str, stamp: Stamp) -> T:
    return _one(task, agency, stamp, (*_others(task, agency), agency))


def apply_leaving(task: T, agency: str, stamp: Stamp) -> T:
    return _one(task, agency, stamp, _others(task, agency))


def membership_since(task: Shared, agency: str) -> Stamp:
    """Since when an agency takes part, or does not: by a fact of its own, or by the list."""
    return task.stamps.get(_own(agency)) or task.stamps.get(_LIST) or (EVER, 0)


def _one(task: T, agency: str, stamp: Stamp, partners: tuple[str, ...]) -> T:
    if is_outdone(task.stamps, _LIST, stamp) or is_outdone(task.stamps, _own(agency), stamp):
        return task
    stamps = {**task.stamps, _own(agency): stamp}
    return _with(task, _in_order(partners, stamps), stamps)


def _with(task: T, partners: tuple[str, ...], stamps: Stamps) -> T:
    changed: T = replace(task, partners=partners, stamps=stamps)  # type: ignore[type-var]
    return changed


def _in_order(agencies: tuple[str, ...], stamps: Stamps) -> tuple[str, ...]:
    """As listed, then in the order in which they came."""
    whole = stamps.get(_LIST, (EVER, 0))
    return tuple(sorted(agencies, key=lambda agency: stamps.get(_own(agency), whole)))


def _others(task: Shared, agency: str) -> tuple[str, ...]:
    return tuple(one for one in task.partners if one != agency)


def _own(agency: str) -> str:
    return f"{_LIST} {agency}"
