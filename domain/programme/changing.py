"""The rules by which what a programme says is put right: its entry, its areas, its list."""

from __future__ import annotations

from typing import Any

from domain.agency.rules import check_active
from domain.aggregate import DecisionContext
from domain.limits import ref_of
from domain.programme import facts
from domain.programme import refusals as refused
from domain.programme.commands import AddArea, Change, ChangeTask, RenameArea
from domain.programme.state import Listed, Programme
from domain.streams import agency_stream, task_stream

_ENTRY = ("name", "city", "declared_task_count", "declared_agency_count")
_LISTED = ("area", "lead", "title", "not_before", "phases")


def change(
    command: Change | AddArea | RenameArea | ChangeTask, programme: Programme, context: DecisionContext
) -> facts.ProgrammeFact:
    """Turn a change into its fact, or refuse it."""
    match command:
        case Change():
            return _change_entry(command, programme)
        case AddArea():
            if (name := programme.areas.get(command.area)) is not None:
                raise refused.AreaKnown(year=command.year, area=command.area, name=name)
            return facts.AreaAdded(area=command.area, name=command.title)
        case RenameArea():
            _check_area(command.area, command.year, programme)
            if programme.areas[command.area] == command.title:
                raise refused.NothingChanged(command=command.label)
            return facts.AreaRenamed(area=command.area, name=command.title)
        case ChangeTask():
            return _change_task(command, programme, context)


def _change_entry(command: Change, programme: Programme) -> facts.Changed:
    given = {name: getattr(command, "title" if name == "name" else name) for name in _ENTRY}
    given = {name: value for name, value in given.items() if value is not None}
    if all(getattr(programme, name) == value for name, value in given.items()):
        raise refused.NothingChanged(command=command.label)
    return facts.Changed(**given)


def _change_task(command: ChangeTask, programme: Programme, context: DecisionContext) -> facts.TaskChanged:
    listed = programme.tasks.get(command.task)
    if listed is None:
        raise refused.NotListed(task=command.task, year=command.year)
    task = context.others[task_stream(command.task)]
    if task.stage != "unknown":
        allowed = context.offers(task_stream(command.task), task)
        raise refused.ListedAndProposed(task=command.task, stage=task.stage, allowed=allowed)
    if command.area is not None:
        _check_area(command.area, command.year, programme)
    if command.lead is not None:
        check_active(command, command.lead, context.others[agency_stream(command.lead)])
    if not _is_other(command, listed):
        raise refused.NothingChanged(command=command.label)
    said: dict[str, Any] = {name: getattr(command, name) for name in _LISTED}
    return facts.TaskChanged(
        task=command.task,
        **said,
        summary=None if command.summary is None else ref_of(command.summary),
        without=command.without,
    )


def _is_other(command: ChangeTask, listed: Listed) -> bool:
    given = [name for name in _LISTED if getattr(command, name) is not None]
    return (
        command.summary is not None
        or any(getattr(command, name) != getattr(listed, name) for name in given)
        or any(bool(getattr(listed, name)) for name in command.without)
    )


def _check_area(area: str, year: int, programme: Programme) -> None:
    if area not in programme.areas:
        raise refused.NoSuchArea(year=year, area=area, areas=tuple(programme.areas))
