"""What people call the places in which tasks stand: those that definitions declare by the name that the pinned version has."""

from __future__ import annotations

from collections.abc import Iterable

from domain.task.state import Task
from domain.values import LocalText
from store.log import Store


def condition_name(store: Store, task: Task) -> LocalText | None:
    """Of a task in a place of its definition's own; None elsewhere."""
    if not task.condition.is_own:
        return None
    from workflows.definitions.adopted import definitions_of  # noqa: PLC0415 - lists of the program's places load no definition

    by = definitions_of(store).find(task.definition)
    name = None if by is None else by.name_of(task.place)
    return None if name is None else LocalText(ko=name.ko, en=name.en)


def condition_names(store: Store, tasks: Iterable[Task]) -> dict[str, LocalText]:
    """By condition, of several states of one task; without those that the program names."""
    named = {str(one.condition): condition_name(store, one) for one in tasks}
    return {condition: name for condition, name in named.items() if name is not None}
