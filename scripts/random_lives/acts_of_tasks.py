"""What people do with tasks: the commands that a step comes to, given what there is by now."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from msgspec.structs import replace

from domain.task import commands as task
from domain.values import LocalText, Milestone, Plan
from scripts.random_lives.knowing import PLANNER, Given, Knowing
from scripts.random_lives.life import Step
from store.envelope import Actor

AREA = "economy"


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


def change_plan(plan: Plan, step: Step) -> Plan:
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


def _propose(know: Knowing, step: Step) -> Given:
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


def _revise(know: Knowing, step: Step) -> Given:
    values = step.values
    plan = change_plan(know.plan(step), step) if "percent" in values else None
    title = LocalText(ko=values["title"]) if "title" in values else None
    return task.Revise(task=str(step.task), plan=plan, title=title), know.officer(step)


def _report(know: Knowing, step: Step) -> Given:
    """`for`, the quarter, where the command knows of quarters."""
    given: dict[str, Any] = {
        "task": str(step.task),
        "percent": step.values["done"],
        "milestones": tuple(step.values.get("milestones", ())),
    }
    if "for" in step.values and "period" in task.ReportProgress.model_fields:
        given["period"] = step.values["for"]
    return task.ReportProgress(**given), know.officer(step)


def _reach(know: Knowing, step: Step) -> Given:
    reached = tuple(step.values["milestones"])
    return task.ReachMilestones(task=str(step.task), milestones=reached), know.officer(step)


def _correct(know: Knowing, step: Step) -> Given:
    name, fact = know.fact(step, (step.values["of"],))
    by = PLANNER if step.values.get("by_planner") else know.officer(step)
    if step.values["of"] == "task.started":
        days = timedelta(days=int(step.values["days"]))
        return task.Correct(task=str(step.task), fact=name, on=fact.on + days), by
    percent = min(100, max(0, fact.percent + int(step.values["more"])))
    return task.Correct(task=str(step.task), fact=name, percent=percent), by


def _cancel(know: Knowing, step: Step) -> Given:
    name, _ = know.fact(step, ("task.corrected",))
    return task.CancelCorrection(task=str(step.task), correction=name), know.officer(step)


def _plain(kind: type[task.OnTask], by: Actor | None = None) -> Callable[[Knowing, Step], Given]:
    def act(know: Knowing, step: Step) -> Given:
        return kind(task=str(step.task)), by or know.officer(step)

    return act
