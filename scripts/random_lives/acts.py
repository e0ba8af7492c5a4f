"""What people do, step by step: the commands that a step comes to, given what there is by now.

Nothing is checked here. What the command handler refuses stays refused; a life in which most is refused is a bad life.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from datetime import date
from functools import cache

from domain.agency import commands as agency
from domain.agency.state import AGENCY
from domain.calendar.commands import OpenCalendar
from domain.channels import Channel
from domain.definition import commands as definition
from domain.programme import commands as programme
from domain.programme.facts import Area
from domain.streams import agency_stream
from domain.subject.commands import Change, Register
from domain.task import commands as task
from domain.values import LocalText
from scripts.random_lives.acts_of_lines import ACTS_OF_LINES
from scripts.random_lives.acts_of_meetings import ACTS_OF_MEETINGS
from scripts.random_lives.acts_of_money import ACTS_OF_MONEY
from scripts.random_lives.acts_of_tasks import (
    AREA,
    _cancel,
    _correct,
    _plain,
    _propose,
    _reach,
    _report,
    _revise,
    change_plan,
)
from scripts.random_lives.knowing import PLANNER, Given, Knowing, NothingMeant
from scripts.random_lives.life import SEOUL, TAKE, Step
from scripts.random_lives.own_definitions import NAME
from scripts.random_lives.turns_of_places import take_step
from store.recorded import fold_state
from workflows.calendars import opening
from workflows.command_envelope import CommandEnvelope


@cache
def _public_holidays(year: int) -> OpenCalendar:
    return opening(year)


def _calendar(know: Knowing, step: Step) -> Given:
    return _public_holidays(int(step.values["year"])), PLANNER


def _programme(know: Knowing, step: Step) -> Given:
    year = int(step.values["year"])
    areas = (Area(id=AREA, name=LocalText(ko="경제")),)
    title = LocalText(ko=f"{year}년 협업사업")
    by = step.values.get("definition")
    opened = programme.Open(year=year, name=title, city=LocalText(ko="동행시"), areas=areas, definition=by)
    return opened, PLANNER


def _adopt(know: Knowing, step: Step) -> Given:
    return definition.Adopt(definition=NAME, content=step.values["content"]), PLANNER


def _list_task(know: Knowing, step: Step) -> Given:
    bar = step.values.get("bar")
    return (
        programme.AddTask(
            year=int(str(step.task)[:4]),
            task=str(step.task),
            area=AREA,
            lead=step.values["lead"],
            title=LocalText(ko=f"과제 {step.task}"),
            not_before=None if bar is None else date.fromisoformat(bar),
        ),
        PLANNER,
    )


def _substitute(know: Knowing, step: Step) -> Given:
    return (
        agency.AppointSubstitute(
            agency=str(step.agency),
            absent=know.person(step, "absent"),
            substitute=know.person(step, "substitute"),
            starts=date.fromisoformat(step.values["starts"]),
            ends=date.fromisoformat(step.values["ends"]),
        ),
        PLANNER,
    )


def _end_substitution(know: Knowing, step: Step) -> Given:
    state = fold_state(AGENCY, know.store.read(agency_stream(str(step.agency))))
    if not state.substitutions:
        raise NothingMeant
    return agency.EndSubstitution(agency=str(step.agency), number=max(state.substitutions)), PLANNER


def _delegate(know: Knowing, step: Step) -> Given:
    return (
        agency.DelegateDecision(
            agency=str(step.agency),
            form="proxy",
            decision=step.values["decision"],
            holder=know.person(step, "holder"),
            delegate=know.person(step, "delegate"),
            starts=date.fromisoformat(step.values["starts"]),
            ends=date.fromisoformat(step.values["ends"]),
        ),
        PLANNER,
    )


ACTS: Mapping[str, Callable[[Knowing, Step], Given]] = {
    "calendar_open": _calendar,
    "definition_adopt": _adopt,
    "programme_open": _programme,
    "programme_add_task": _list_task,
    "programme_change_task": lambda know, step: (
        programme.ChangeTask(
            year=int(str(step.task)[:4]),
            task=str(step.task),
            lead=step.values.get("lead"),
            title=LocalText(ko=step.values["title"]) if "title" in step.values else None,
        ),
        PLANNER,
    ),
    "programme_close": lambda know, step: (programme.Close(year=int(str(step.task)[:4])), PLANNER),
    "programme_contact": lambda know, step: (
        programme.SetContact(
            year=int(step.values["year"]), office=step.values["office"], address=step.values.get("mail")
        ),
        PLANNER,
    ),
    "agency_register": lambda know, step: (
        agency.Register(agency=str(step.agency), name=LocalText(ko=f"{step.agency} 공사")),
        PLANNER,
    ),
    "agency_contact": lambda know, step: (
        agency.SetContact(agency=str(step.agency), channel=Channel.MAIL, address=step.values.get("mail")),
        PLANNER,
    ),
    "agency_rename": lambda know, step: (
        agency.Rename(agency=str(step.agency), name=LocalText(ko=step.values["name"])),
        PLANNER,
    ),
    "agency_merge": lambda know, step: (
        agency.Merge(agency=str(step.agency), into=step.values["into"]),
        PLANNER,
    ),
    "agency_close": lambda know, step: (agency.Close(agency=str(step.agency)), PLANNER),
    "agency_appoint": lambda know, step: (
        agency.Appoint(agency=str(step.agency), subject=know.person(step), post=step.values["post"]),
        PLANNER,
    ),
    "agency_release": lambda know, step: (
        agency.Release(agency=str(step.agency), subject=know.person(step), post=step.values["post"]),
        PLANNER,
    ),
    "agency_substitute": _substitute,
    "agency_substitute_back": _end_substitution,
    "agency_delegate": _delegate,
    "person_register": lambda know, step: (Register(subject=know.person(step)), PLANNER),
    "person_change": lambda know, step: (Change(subject=know.person(step), fields=("mail",)), PLANNER),
    "task_propose": _propose,
    "task_revise": _revise,
    "task_return": _plain(task.Return, PLANNER),
    "task_approve": _plain(task.Approve, PLANNER),
    "task_reject": _plain(task.Reject, PLANNER),
    "task_free": _plain(task.FreeNumber, PLANNER),
    "task_withdraw": _plain(task.Withdraw),
    "task_start": _plain(task.Start),
    "task_suspend": _plain(task.Suspend, PLANNER),
    "task_resume": _plain(task.Resume, PLANNER),
    "task_report": _report,
    "task_reach": _reach,
    "task_final": lambda know, step: (
        task.SubmitFinalReport(task=str(step.task), text="결과보고서: 계획한 사업을 완료함."),
        know.officer(step),
    ),
    "task_open_rating": _plain(task.OpenRating, PLANNER),
    "task_rate": lambda know, step: (
        task.Rate(task=str(step.task), score=step.values["score"], raters=100),
        PLANNER,
    ),
    "task_evaluate": lambda know, step: (
        task.Evaluate(task=str(step.task), score=step.values["score"], grade="B"),
        PLANNER,
    ),
    "task_discontinue": _plain(task.Discontinue, PLANNER),
    "task_carry_over": lambda know, step: (
        task.CarryOver(task=str(step.task), to_year=int(str(step.task)[:4]) + 1),
        PLANNER,
    ),
    "task_replan": lambda know, step: (
        task.Replan(task=str(step.task), plan=change_plan(know.plan(step), step)),
        know.officer(step),
    ),
    "task_approve_replan": _plain(task.ApproveReplan, PLANNER),
    "task_refuse_replan": _plain(task.RefuseReplan, PLANNER),
    "task_hand_over": lambda know, step: (
        task.HandOver(task=str(step.task), to=step.values["to"]),
        PLANNER,
    ),
    "task_add_partner": lambda know, step: (
        task.AddPartner(task=str(step.task), partner=step.values["partner"]),
        know.officer(step),
    ),
    "task_release_partner": lambda know, step: (
        task.ReleasePartner(task=str(step.task), partner=step.values["partner"]),
        know.officer(step),
    ),
    "task_correct": _correct,
    "task_cancel_correction": _cancel,
    TAKE: take_step,
    **ACTS_OF_LINES,
    **ACTS_OF_MEETINGS,
    **ACTS_OF_MONEY,
}


def order_of(know: Knowing, step: Step, number: int) -> CommandEnvelope:
    """What is handed to the command handler. Raises NothingMeant, and what a command refuses of its values."""
    command, actor = ACTS[step.do](know, step)
    return CommandEnvelope(
        command=command,
        actor=actor,
        via="cli",
        reason="모의 삶" if step.do != "task_report" else None,
        command_id=uuid.uuid5(uuid.UUID(know.store.id), f"step {number}").hex,
        effective_at=None if step.late is None else step.late.astimezone(SEOUL),
    )
