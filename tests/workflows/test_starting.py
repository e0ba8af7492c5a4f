"""Deadlines counted from a definition's own days: what is due, what fulfils it, and when it waits. By the example, and by hand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from domain.calendar.reckoning import Calendars
from domain.lifecycle.model import Definition
from domain.lifecycle.rules import DeadlineRule
from domain.task import facts as f
from domain.task.basis import basis_of, is_same_basis
from domain.task.state import TASK, Task
from domain.values import Deadline, FilledField, LocalText, Milestone, Plan
from tests.domain.examples import APPROVED, PROPOSED
from tests.domain.test_periods import calendars
from tests.domain.test_starts import deadline, own
from workflows.automation import deadlines, starting
from workflows.automation.deadlines import due, pending
from workflows.definitions.templates import read_definition, scenarios_beside
from workflows.scenarios.testing import DefinitionTested, run_scenarios

REPORTING = Path(__file__).parents[2] / "data" / "definitions" / "reporting.toml"
PLAN = Plan(start=date(2024, 1, 2), end=date(2024, 11, 29), budget_krw=1)
OPEN = calendars((), range(2023, 2027))
HANDED = {"met_by": "steps.handed_in"}
RESUMED, SUSPENDED = f.Resumed(), f.Suspended()
Lived = tuple[str, Any]  # the day on which a fact was so, at noon in Seoul, and it


def taken(name: str, **form: str) -> f.StepTaken:
    filled = tuple(
        FilledField(field=field, label=LocalText(ko=field), type="date", value=value)
        for field, value in form.items()
    )
    at = "in_progress"
    return f.StepTaken(
        definition="own/1", step=name, label=LocalText(ko=name), from_place=at, to_place=at, form=filled
    )


CALLED, HANDED_IN = taken("called"), taken("handed_in")
BEGUN: tuple[Lived, ...] = (
    ("2024-01-02", PROPOSED),
    ("2024-01-03", APPROVED),
    ("2024-01-04", f.Started(on=date(2024, 1, 4))),
)


def task(*lived: Lived, plan: Plan = PLAN) -> Task:
    """As these facts made it, in the order in which they were recorded."""
    state: Task = TASK.initial
    for version, (day, fact) in enumerate((*BEGUN, *lived), start=1):
        at = datetime.fromisoformat(f"{day}T03:00").replace(tzinfo=UTC)
        state = TASK.evolve(state, fact, at, version)
        if isinstance(fact, f.Proposed):
            state = replace(state, plan=plan)
    return state


def found(
    *lived: Lived, by: Definition, kind: str = "papers", plan: Plan = PLAN, known: Calendars = OPEN
) -> list[Deadline]:
    counts = due(basis_of(task(*lived, plan=plan)), by, known)
    return [one for one in counts.deadlines if one.kind == kind]


def days(*lived: Lived, by: Definition, plan: Plan = PLAN) -> list[str]:
    return [f"{one.item or ''} {one.due}".strip() for one in found(*lived, by=by, plan=plan)]


def test_it_is_counted_from_the_last_time_the_step_was_so() -> None:
    by = own(deadline("steps.called", 5))
    assert days(by=by) == []
    assert days(("2024-03-04", CALLED), by=by) == ["2024-03-11"]
    assert days(("2024-03-04", CALLED), ("2024-03-20", CALLED), by=by) == ["2024-03-27"]
    assert days(("2024-03-20", CALLED), ("2024-03-04", CALLED), by=by) == ["2024-03-27"], "told late"


def test_it_is_due_until_the_step_after_it_and_comes_back_with_the_first() -> None:
    by = own(deadline("steps.called", 5, **HANDED))
    called, handed = ("2024-03-04", CALLED), ("2024-03-06", HANDED_IN)
    assert days(("2024-03-01", HANDED_IN), called, by=by) == ["2024-03-11"], (
        "handed in before it was called for"
    )
    assert days(called, handed, by=by) == []
    assert days(called, handed, ("2024-03-06", CALLED), by=by) == ["2024-03-13"]
    assert days(called, ("2024-04-01", SUSPENDED), by=by) == []
    assert days(called, ("2024-04-01", SUSPENDED), ("2024-04-02", RESUMED), by=by) == ["2024-03-11"]


def test_what_began_with_the_condition_is_fulfilled_by_a_step_since_then() -> None:
    by = own(deadline("condition", 5, **HANDED))
    handed = ("2024-01-08", HANDED_IN)
    assert days(by=by) == ["2024-01-11"]
    assert days(handed, by=by) == []
    again = (("2024-02-01", SUSPENDED), ("2024-03-04", RESUMED))
    assert days(handed, *again, by=by) == ["2024-03-11"], "the condition began anew"


def test_a_form_says_from_which_day() -> None:
    by = own(deadline("steps.called.held_on", 3, before=True, **HANDED))
    called = taken("called", held_on="2024-05-10")
    (one,) = found(("2024-03-04", called), by=by)
    assert (one.start, one.due, one.counted_from, one.met_by) == (
        date(2024, 5, 10),
        date(2024, 5, 7),
        "steps.called.held_on",
        "steps.handed_in",
    )
    moved = ("2024-03-05", taken("called", held_on="2024-06-14"))
    assert days(("2024-03-04", called), moved, by=by) == ["2024-06-11"]
    assert days(("2024-03-04", CALLED), by=by) == [], "it was left out"


def test_a_span_before_another_deadline_goes_where_that_goes() -> None:
    by = own(deadline("deadlines.final_report", 10, before=True, **HANDED))
    assert days(by=by) == ["2024-11-29"]
    later = replace(PLAN, end=date(2024, 12, 20))
    assert days(by=by, plan=later) == ["2024-12-20"]
    assert days(("2024-03-04", HANDED_IN), by=by) == []
    assert due(basis_of(task()), by, {2024: OPEN[2024]}).waiting == ()
    awaited = due(basis_of(task(plan=later)), by, {2024: OPEN[2024]}).waiting
    assert [(one.kind, one.year) for one in awaited] == [
        ("final_report", 2025),
        ("papers", 2025),
    ]


def test_before_each_milestone_there_is_one_of_it() -> None:
    milestones = tuple(
        Milestone(id=one, name=LocalText(ko=one), due=date(2024, month, 14))
        for one, month in (("m1", 6), ("m2", 8))
    )
    by = own(deadline("deadlines.milestone", 5, before=True))
    plan = replace(PLAN, milestones=milestones)
    assert days(by=by, plan=plan) == ["m1 2024-06-07", "m2 2024-08-07"]
    assert days(("2024-03-01", f.MilestonesReached(milestones=("m1",))), by=by, plan=plan) == [
        "m2 2024-08-07"
    ]


def test_each_month_within_the_plan_is_due_until_the_step_stands_for_it() -> None:
    by = own(deadline("month_end", 5, **HANDED))
    assert days(by=by)[:2] == ["2024-M01 2024-02-07", "2024-M02 2024-03-07"]
    assert len(days(by=by)) == 11
    assert days(("2024-10-31", HANDED_IN), by=by) == ["2024-M10 2024-11-07", "2024-M11 2024-12-06"], (
        "not over yet"
    )
    assert days(("2024-11-01", HANDED_IN), by=by) == ["2024-M11 2024-12-06"]
    assert days(("2024-12-02", HANDED_IN), by=by) == ["2024-M12 2025-01-07"], "it went on, and reported"


def test_a_form_says_for_which_month_it_stands() -> None:
    by = own(deadline("month_end", 5, met_by="steps.handed_in.held_on"))
    early = ("2024-10-25", taken("handed_in", held_on="2024-10-31"))
    assert days(early, by=by) == ["2024-M11 2024-12-06"]
    late = ("2024-11-20", taken("handed_in", held_on="2024-09-15"))
    assert days(late, by=by) == ["2024-M10 2024-11-07", "2024-M11 2024-12-06"]


def test_only_months_at_whose_end_it_stood_there_are_due() -> None:
    by = own(deadline("month_end", 5, **HANDED))
    away = (("2024-02-20", SUSPENDED), ("2024-05-02", RESUMED))
    assert [one[:8] for one in days(*away, by=by)][:3] == ["2024-M01", "2024-M05", "2024-M06"]


def test_the_first_days_of_a_quarter_and_of_a_half_year_are_due_within_it() -> None:
    quarterly = own(deadline("quarter_start", 5, **HANDED))
    assert days(by=quarterly) == ["2024-Q2 2024-04-05", "2024-Q3 2024-07-05", "2024-Q4 2024-10-07"]
    assert days(("2024-07-01", HANDED_IN), by=quarterly) == ["2024-Q4 2024-10-07"]
    half_yearly = own(deadline("half_year_start", 10, unit="calendar_days", **HANDED))
    assert days(by=half_yearly) == ["2024-H2 2024-07-10"]
    ended = own(deadline("half_year_end", 20, **HANDED))
    assert days(by=ended) == ["2024-H1 2024-07-26", "2024-H2 2025-01-28"]


def test_a_day_of_the_year_is_due_in_each_year_of_the_plan() -> None:
    by, two_years = own(deadline("12-15", 0, **HANDED)), replace(PLAN, end=date(2025, 6, 30))
    assert days(by=by, plan=two_years) == ["2024-Y 2024-12-16", "2025-Y 2025-12-15"]
    assert days(("2024-12-10", HANDED_IN), by=by, plan=two_years) == ["2025-Y 2025-12-15"]


def test_a_day_of_the_year_without_a_step_is_the_next_one() -> None:
    by = own(deadline("12-15", 0))
    assert days(by=by) == ["2024-12-16"]
    again = (("2024-12-01", SUSPENDED), ("2024-12-20", RESUMED))
    assert days(*again, by=by, plan=replace(PLAN, end=date(2025, 6, 30))) == ["2025-12-15"]


def test_a_rule_acts_by_the_first_of_those_that_are_due() -> None:
    act = {"rule": "late", "command": "task.discontinue", "stage": "in_progress", "condition": "normal"}
    by = own(deadline("month_end", 5, **HANDED))
    rule = next(one for one in by.transitions if one.when == "deadline_passed")
    rule = rule.model_copy(update=act | {"stage": "in_progress", "deadline": "papers"})
    by = by.model_copy(update={"transitions": (rule,)})
    basis = basis_of(task())
    (acts,) = pending(basis, "2024-07", by, due(basis, by, OPEN).deadlines, OPEN)
    assert (acts.rule, acts.on) == ("late", date(2024, 2, 8))


def test_a_step_that_leaves_a_task_where_it_is_has_its_deadlines_counted_anew() -> None:
    before, after = task(("2024-03-04", CALLED)), task(("2024-03-04", CALLED), ("2024-03-05", HANDED_IN))
    assert basis_of(before) != basis_of(after)
    assert not is_same_basis(before, after)


def lived_example() -> DefinitionTested:
    return run_scenarios(read_definition(REPORTING), [scenarios_beside(REPORTING)])


def test_the_example_is_lived_as_its_scenarios_say() -> None:
    assert lived_example().failures == []


def _always(*_: Any) -> bool:
    return True


def _never(*_: Any) -> bool:
    return False


def _none(*_: Any) -> None:
    return None


FAULTS: dict[str, tuple[Any, str, Callable[..., Any]]] = {
    "months in which it was suspended are due": (starting, "_has_stood", _always),
    "nothing is fulfilled": (deadlines, "is_fulfilled", _never),
    "a step before the other one fulfils it": (starting, "_was_taken_after", _always),
    "the step stands for no month": (starting, "_stands_until", _none),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_without_a_protection_the_scenarios_find_it(fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    module, name, wrong = FAULTS[fault]
    monkeypatch.setattr(module, name, wrong)
    assert "deadlines" in {one.what for one in lived_example().failures}


def test_without_the_first_day_the_scenarios_find_it() -> None:
    by = read_definition(REPORTING)
    (plan,) = (one for one in by.deadlines if one.kind == "half_year_plan")
    wrong = DeadlineRule.model_validate(plan.model_dump(exclude_unset=True) | {"first_day": False})
    rules = tuple(wrong if one is plan else one for one in by.deadlines)
    found = run_scenarios(by.model_copy(update={"deadlines": rules}), [scenarios_beside(REPORTING)])
    assert {one.what for one in found.failures} == {"deadlines"}
