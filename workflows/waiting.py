"""What an inbox waits for in a place of a definition's own: the steps and commands that lead on, as people call and type them."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from domain.roles import AGENCY_ROLES, CITY_ROLES, Role
from domain.task.state import Task
from domain.values import LocalText
from projections.inbox import OWN_STEP, InboxRow
from store.log import Store
from workflows.possible_steps import describe_typed


class WayOn(msgspec.Struct, frozen=True):
    """What leads the task on. `command`: a step by its own name, or a command of the program; `typed`: on the command line."""

    command: str
    label: LocalText
    typed: str


class InboxWaiting(InboxRow, frozen=True, kw_only=True):
    """`ways`: in a place of the definition's own, what is waited for, one of them."""

    ways: tuple[WayOn, ...] = ()


def with_ways_on(store: Store, rows: Iterable[InboxRow]) -> list[InboxWaiting]:
    """The rows of an inbox, each with what leads on where the definition says it."""
    return [
        InboxWaiting(
            **{name: getattr(row, name) for name in InboxRow.__struct_fields__},
            ways=find_ways(store, row),
        )
        for row in rows
    ]


def find_ways(store: Store, row: InboxRow) -> tuple[WayOn, ...]:
    """By whom it waits for; as the version has them that the task goes by now."""
    if row.waits != OWN_STEP:
        return ()
    return _ways_of(store, row.task, row.state, CITY_ROLES if row.agency is None else AGENCY_ROLES)


def _ways_of(store: Store, number: str, task: Task, roles: frozenset[Role]) -> tuple[WayOn, ...]:
    from domain.lifecycle.steps import StepRule  # noqa: PLC0415 - lists of the program's places load no definition
    from workflows.definitions.adopted import definitions_of  # noqa: PLC0415

    by = definitions_of(store).find(task.definition)
    found = []
    for one in () if by is None else by.ways_on(task.place):
        if not roles.intersection(one.by):
            continue
        if isinstance(one, StepRule):
            found.append(WayOn(one.step, one.label, describe_typed(number, one.step, one.form)))
        else:
            label = one.command.label
            typed = f"donghaeng {one.command.as_typed()} {number}"
            found.append(WayOn(one.command.name, LocalText(ko=label.ko, en=label.en), typed))
    return tuple(found)
