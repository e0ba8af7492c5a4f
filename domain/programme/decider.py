"""Every rule of a year's programme."""

from __future__ import annotations

from collections.abc import Sequence

from domain.agency.rules import check_active
from domain.aggregate import Aggregate, DecisionContext, Offer
from domain.definition_names import definition_to_open
from domain.errors import Label, Lang
from domain.limits import ref_of
from domain.programme import changing, facts
from domain.programme.commands import (
    AddArea,
    AddTask,
    Change,
    ChangeTask,
    ChooseLanguage,
    Close,
    Open,
    ProgrammeCommand,
    RenameArea,
    SetContact,
)
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
from domain.programme.state import PROGRAMME, Programme, ProgrammeStage
from domain.streams import agency_stream, definition_stream, task_stream, year_of


def decide(
    command: ProgrammeCommand, programme: Programme, context: DecisionContext
) -> tuple[facts.ProgrammeFact, ...]:
    """Turn a command into facts, or refuse it."""
    match command:
        case Open():
            return (_open(command, programme, context),)
        case AddTask():
            _check_open(command, programme)
            return (_add_task(command, programme, context),)
        case Change() | AddArea() | RenameArea() | ChangeTask():
            _check_open(command, programme)
            return (changing.change(command, programme, context),)
        case Close():
            _check_open(command, programme)
            return (_close(command, programme, context),)
        case SetContact():
            _check_known(command, programme)
            then: Programme = programme if context.then is None else context.then
            if then.contacts.get(command.office) == command.address:
                raise ContactUnchanged(office=command.office, address=command.address or "–")
            return (facts.ContactSet(office=command.office, address=command.address),)
        case ChooseLanguage():
            _check_known(command, programme)
            return (facts.LanguageChosen(office=command.office, lang=command.lang),)


def reads(command: ProgrammeCommand, programme: Programme) -> tuple[str, ...]:
    """The definition that a year is opened by; the lead agency of a new task; every listed task before the year is closed."""
    match command:
        case Open():
            by = _definition_for(command)
            return () if by is None else (definition_stream(by),)
        case AddTask():
            return (agency_stream(command.lead),)
        case ChangeTask():
            lead = () if command.lead is None else (agency_stream(command.lead),)
            return (task_stream(command.task), *lead)
        case Close():
            return tuple(task_stream(task) for task in programme.tasks)
    return ()


def _check_known(command: ProgrammeCommand, programme: Programme) -> None:
    """What may be said of a closed year too, since reminders of its tasks may still be tried."""
    if programme.stage is ProgrammeStage.UNKNOWN:
        raise ProgrammeNotOpen(command=command.label, year=command.year, stage=programme.stage)


def _check_open(command: ProgrammeCommand, programme: Programme) -> None:
    if programme.stage is not ProgrammeStage.OPEN:
        raise ProgrammeNotOpen(command=command.label, year=command.year, stage=programme.stage)


def _definition_for(command: Open) -> str | None:
    return command.definition or definition_to_open(command.year)


def _open(command: Open, programme: Programme, context: DecisionContext) -> facts.Opened:
    if programme.stage is not ProgrammeStage.UNKNOWN:
        raise ProgrammeAlreadyOpened(year=command.year, stage=programme.stage)
    ids = [area.id for area in command.areas]
    for area in ids:
        if ids.count(area) > 1:
            raise AreaTwice(year=command.year, area=area)
    by = _definition_for(command)
    if by is not None:
        context.others[definition_stream(by)].check_may_be_taken(by, context.today, command.year)
    return facts.Opened(
        name=command.title,
        city=command.city,
        areas=command.areas,
        declared_task_count=command.declared_task_count,
        declared_agency_count=command.declared_agency_count,
        definition=by,
    )


def _add_task(command: AddTask, programme: Programme, context: DecisionContext) -> facts.TaskAdded:
    if year_of(command.task) != command.year:
        raise TaskOfAnotherYear(task=command.task, year=command.year)
    if listed := programme.tasks.get(command.task):
        raise TaskAlreadyListed(task=command.task, year=command.year, title=listed.title)
    if command.area not in programme.areas:
        areas = tuple(programme.areas)
        raise UnknownArea(task=command.task, year=command.year, area=command.area, areas=areas)
    check_active(command, command.lead, context.others[agency_stream(command.lead)])
    return facts.TaskAdded(
        task=command.task,
        area=command.area,
        lead=command.lead,
        title=command.title,
        summary=None if command.summary is None else ref_of(command.summary),
        not_before=command.not_before,
        phases=command.phases,
        definition=programme.definition,
    )


class _TaskInStage:
    """A task with its stage and how it could be ended, for the list of what is still open."""

    def __init__(self, task: str, stage: Label, ways: Sequence[Offer]) -> None:
        self.task, self.stage, self.ways = task, stage, ways

    def say(self, lang: Lang) -> str:
        ways = ", ".join(one.say(lang) for one in self.ways)
        return f"{self.task} {self.stage.say(lang)}" + (f": {ways}" if ways else "")


def _close(command: Close, programme: Programme, context: DecisionContext) -> facts.Closed:
    states = {task: context.others[task_stream(task)] for task in programme.tasks}
    still_open = tuple(
        _TaskInStage(task, state.stage, [one for one in context.offers(task_stream(task), state) if one.ends])
        for task, state in states.items()
        if state.stage.is_open
    )
    if still_open:
        raise TasksStillOpen(year=command.year, tasks=still_open)
    return facts.Closed()


AGGREGATE = Aggregate.on(PROGRAMME, ProgrammeCommand, decide, reads)
