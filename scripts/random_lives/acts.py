"""What people do, step by step: the commands that a step comes to, given what there is by now.

Nothing is checked here. What the door refuses stays refused; a life in which most is refused is a bad life.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from functools import cache
from typing import Any

from msgspec.structs import replace

from domain.agency import commands as agency
from domain.agency.commands import agency_stream
from domain.agency.decider import AGENCY
from domain.aggregate import Command
from domain.calendar.commands import OpenCalendar
from domain.programme import commands as programme
from domain.programme.facts import Area
from domain.subject.commands import Change, Register
from domain.task import commands as task
from domain.task.commands import task_stream
from domain.task.decider import TASK
from domain.task.state import Task
from domain.values import LocalText, Milestone, Plan
from scripts.random_lives.life import SEOUL, Step
from store.envelope import Actor
from store.log import Store
from store.recorded import folded
from workflows.calendars import opening
from workflows.order import Order
from workflows.reading import answering

PLANNER = Actor(role="planner")
AREA = "economy"
Given = tuple[Command, Actor]


class NothingMeant(Exception):
    """There is nothing that the step could be about, e.g. no report to correct."""


def subject_of(seed: int, person: str) -> str:
    """The random id of a person of the life, the same for the same seed."""
    return uuid.uuid5(uuid.NAMESPACE_OID, f"life {seed} {person}").hex


def mail_of(person: str) -> str:
    return f"{person}@people.example"


class Knowing:
    """What a step may look at: the store, and whose life it is."""

    def __init__(self, store: Store, seed: int) -> None:
        self.store, self.seed = store, seed

    def person(self, step: Step, name: str = "person") -> str:
        return subject_of(self.seed, str(step.values[name]))

    def task(self, step: Step) -> Task:
        state: Task = folded(TASK, self.store.read(task_stream(str(step.task))))
        return state

    def plan(self, step: Step) -> Plan:
        plan = self.task(step).plan
        if plan is None:
            raise NothingMeant
        return plan

    def officer(self, step: Step) -> Actor:
        """Somebody of the agency that answers for the task now, or of the one that the step names."""
        lead = str(step.values.get("by") or self.task(step).lead or step.values.get("lead", ""))
        if "by" not in step.values:
            lead = answering(self.store, lead)
        return Actor(role="officer", agency=lead)

    def fact(self, step: Step, kinds: Sequence[str]) -> tuple[str, Any]:
        """The name of the fact that the step means, and the fact. `which`: 1 the last one of its kind, 2 the one before."""
        found = [one for one in self.store.read(task_stream(str(step.task))) if one.kind in kinds]
        which = int(step.values.get("which", 1))
        if len(found) < which:
            raise NothingMeant
        return f"{task_stream(str(step.task))}#{found[-which].version}", found[-which].fact


def plan_from(values: Mapping[str, Any]) -> Plan:
    return Plan(
        start=date.fromisoformat(values["start"]),
        end=date.fromisoformat(values["end"]),
        budget_krw=int(values["budget"]),
        milestones=tuple(
            Milestone(id=name, name=LocalText(ko=f"단계 {name}"), due=date.fromisoformat(due))
            for name, due in values.get("milestones", {}).items()
        ),
        not_before=None if values.get("bar") is None else date.fromisoformat(values["bar"]),
    )


def changed_plan(plan: Plan, step: Step) -> Plan:
    """The plan with so much more or less money (percent) and so many days more or less at its end."""
    days = int(step.values.get("days", 0))
    end = max(plan.end + timedelta(days=days), plan.start)
    kept = tuple(
        replace(one, due=min(one.due + timedelta(days=int(step.values.get("shift", 0))), end))
        for one in plan.milestones
    )
    kept = tuple(replace(one, due=max(one.due, plan.start)) for one in kept)
    return replace(
        plan, budget_krw=plan.budget_krw * int(step.values["percent"]) // 100, end=end, milestones=kept
    )


@cache
def _public_holidays(year: int) -> OpenCalendar:
    return opening(year)


def _calendar(know: Knowing, step: Step) -> Given:
    return _public_holidays(int(step.values["year"])), PLANNER


def _programme(know: Knowing, step: Step) -> Given:
    year = int(step.values["year"])
    areas = (Area(id=AREA, name=LocalText(ko="경제")),)
    title = LocalText(ko=f"{year}년 협업사업")
    return programme.Open(year=year, name=title, city=LocalText(ko="동행시"), areas=areas), PLANNER


def _listed(know: Knowing, step: Step) -> Given:
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


def _proposed(know: Knowing, step: Step) -> Given:
    return (
        task.Propose(
            task=str(step.task),
            title=LocalText(ko=f"과제 {step.task}"),
            area=AREA,
            lead=step.values["lead"],
            partners=tuple(step.values.get("partners", ())),
            plan=plan_from(step.values),
        ),
        Actor(role="officer", agency=step.values["lead"]),
    )


def _revised(know: Knowing, step: Step) -> Given:
    values = step.values
    plan = changed_plan(know.plan(step), step) if "percent" in values else None
    title = LocalText(ko=values["title"]) if "title" in values else None
    return task.Revise(task=str(step.task), plan=plan, title=title), know.officer(step)


def _reported(know: Knowing, step: Step) -> Given:
    """`for`, the quarter, where the command knows of quarters."""
    given: dict[str, Any] = {
        "task": str(step.task),
        "percent": step.values["done"],
        "milestones": tuple(step.values.get("milestones", ())),
    }
    if "for" in step.values and "period" in task.ReportProgress.model_fields:
        given["period"] = step.values["for"]
    return task.ReportProgress(**given), know.officer(step)


def _corrected(know: Knowing, step: Step) -> Given:
    name, fact = know.fact(step, (step.values["of"],))
    by = PLANNER if step.values.get("by_planner") else know.officer(step)
    if step.values["of"] == "task.started":
        days = timedelta(days=int(step.values["days"]))
        return task.Correct(task=str(step.task), fact=name, on=fact.on + days), by
    percent = min(100, max(0, fact.percent + int(step.values["more"])))
    return task.Correct(task=str(step.task), fact=name, percent=percent), by


def _cancelled(know: Knowing, step: Step) -> Given:
    name, _ = know.fact(step, ("task.corrected",))
    return task.CancelCorrection(task=str(step.task), correction=name), know.officer(step)


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


def _substitution_ended(know: Knowing, step: Step) -> Given:
    state = folded(AGENCY, know.store.read(agency_stream(str(step.agency))))
    if not state.substitutions:
        raise NothingMeant
    return agency.EndSubstitution(agency=str(step.agency), number=max(state.substitutions)), PLANNER


def _delegated(know: Knowing, step: Step) -> Given:
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


def _plain(kind: type[task.OnTask], by: Actor | None = None) -> Callable[[Knowing, Step], Given]:
    def act(know: Knowing, step: Step) -> Given:
        return kind(task=str(step.task)), by or know.officer(step)

    return act


ACTS: Mapping[str, Callable[[Knowing, Step], Given]] = {
    "calendar_open": _calendar,
    "programme_open": _programme,
    "programme_add_task": _listed,
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
        agency.SetContact(agency=str(step.agency), channel="mail", address=step.values.get("mail")),
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
    "agency_substitute_back": _substitution_ended,
    "agency_delegate": _delegated,
    "person_register": lambda know, step: (Register(subject=know.person(step)), PLANNER),
    "person_change": lambda know, step: (Change(subject=know.person(step), fields=("mail",)), PLANNER),
    "task_propose": _proposed,
    "task_revise": _revised,
    "task_return": _plain(task.Return, PLANNER),
    "task_approve": _plain(task.Approve, PLANNER),
    "task_reject": _plain(task.Reject, PLANNER),
    "task_withdraw": _plain(task.Withdraw),
    "task_start": _plain(task.Start),
    "task_suspend": _plain(task.Suspend, PLANNER),
    "task_resume": _plain(task.Resume, PLANNER),
    "task_report": _reported,
    "task_final": lambda know, step: (
        task.SubmitFinalReport(task=str(step.task), text="최종 보고서: 계획한 일을 마쳤다."),
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
        task.Replan(task=str(step.task), plan=changed_plan(know.plan(step), step)),
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
    "task_correct": _corrected,
    "task_cancel_correction": _cancelled,
}


def order_of(know: Knowing, step: Step, number: int) -> Order:
    """What is handed to the door. Raises NothingMeant, and what a command refuses of its values."""
    command, actor = ACTS[step.do](know, step)
    return Order(
        command=command,
        actor=actor,
        reason="모의 삶" if step.do != "task_report" else None,
        command_id=uuid.uuid5(uuid.UUID(know.store.id), f"step {number}").hex,
        effective_at=None if step.late is None else step.late.astimezone(SEOUL),
    )
