"""Every rule of a year's programme."""

from __future__ import annotations

from domain.agency.commands import agency_stream
from domain.agency.rules import check_active
from domain.aggregate import Aggregate, Given
from domain.errors import Lang
from domain.limits import ref_of
from domain.programme import facts
from domain.programme.commands import AddTask, Close, Open, ProgrammeCommand, SetContact
from domain.programme.refusals import (
    AreaTwice,
    ContactUnchanged,
    ProgrammeAlreadyOpened,
    ProgrammeNotOpen,
    TaskAlreadyListed,
    TaskOfAnotherYear,
    TasksStillOpen,
    UnknownArea,
)
from domain.programme.state import Programme, ProgrammeStage, evolve
from domain.task.commands import task_stream, year_of
from domain.task.stages import Stage


def decide(command: ProgrammeCommand, programme: Programme, given: Given) -> tuple[facts.ProgrammeFact, ...]:
    """Turn a command into facts, or refuse it."""
    match command:
        case Open():
            return (_opened(command, programme),)
        case AddTask():
            _check_open(command, programme)
            return (_task_added(command, programme, given),)
        case Close():
            _check_open(command, programme)
            return (_closed(command, programme, given),)
        case SetContact():
            if programme.stage is ProgrammeStage.UNKNOWN:
                raise ProgrammeNotOpen(command=command.label, year=command.year, stage=programme.stage)
            then: Programme = programme if given.then is None else given.then
            if then.contacts.get(command.office) == command.address:
                raise ContactUnchanged(office=command.office, address=command.address or "–")
            return (facts.ContactSet(office=command.office, address=command.address),)


def reads(command: ProgrammeCommand, programme: Programme) -> tuple[str, ...]:
    """The lead agency of a new task; every listed task before the year is closed."""
    match command:
        case AddTask():
            return (agency_stream(command.lead),)
        case Close():
            return tuple(task_stream(task) for task in programme.tasks)
    return ()


def _check_open(command: ProgrammeCommand, programme: Programme) -> None:
    if programme.stage is not ProgrammeStage.OPEN:
        raise ProgrammeNotOpen(command=command.label, year=command.year, stage=programme.stage)


def _opened(command: Open, programme: Programme) -> facts.Opened:
    if programme.stage is not ProgrammeStage.UNKNOWN:
        raise ProgrammeAlreadyOpened(year=command.year, stage=programme.stage)
    ids = [area.id for area in command.areas]
    for area in ids:
        if ids.count(area) > 1:
            raise AreaTwice(year=command.year, area=area)
    return facts.Opened(
        name=command.title,
        city=command.city,
        areas=command.areas,
        declared_task_count=command.declared_task_count,
        declared_agency_count=command.declared_agency_count,
    )


def _task_added(command: AddTask, programme: Programme, given: Given) -> facts.TaskAdded:
    if year_of(command.task) != command.year:
        raise TaskOfAnotherYear(task=command.task, year=command.year)
    if listed := programme.tasks.get(command.task):
        raise TaskAlreadyListed(task=command.task, year=command.year, title=listed.title)
    if command.area not in programme.areas:
        areas = tuple(programme.areas)
        raise UnknownArea(task=command.task, year=command.year, area=command.area, areas=areas)
    check_active(command, command.lead, given.others[agency_stream(command.lead)])
    return facts.TaskAdded(
        task=command.task,
        area=command.area,
        lead=command.lead,
        title=command.title,
        summary=None if command.summary is None else ref_of(command.summary),
        not_before=command.not_before,
        phases=command.phases,
    )


class _TaskInStage:
    """A task with its stage, for the list of what is still open."""

    def __init__(self, task: str, stage: Stage) -> None:
        self.task, self.stage = task, stage

    def say(self, lang: Lang) -> str:
        return f"{self.task} {self.stage.say(lang)}"


def _closed(command: Close, programme: Programme, given: Given) -> facts.Closed:
    stages = {task: given.others[task_stream(task)].stage for task in programme.tasks}
    still_open = tuple(_TaskInStage(task, stage) for task, stage in stages.items() if stage.is_open)
    if still_open:
        raise TasksStillOpen(year=command.year, tasks=still_open)
    return facts.Closed()


PROGRAMME = Aggregate(
    name="programme",
    initial=Programme(),
    facts=(facts.Opened, facts.TaskAdded, facts.Closed, facts.ContactSet),
    commands=(Open, AddTask, Close, SetContact),
    decide=decide,
    evolve=evolve,
    reads=reads,
)
