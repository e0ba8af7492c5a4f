"""The story of the simulated year, before anything carries it out."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest

from domain.agency.state import Agency
from domain.aggregate import Command, DecisionContext
from domain.calendar.commands import OpenCalendar
from domain.catalogue import COMMANDS, aggregate_of
from domain.concern.state import Concern, ConcernStage
from domain.definition_names import definition_of
from domain.fact import Fact
from domain.fund.commands import Allocate, Contribute, OnFund, Open
from domain.fund.state import Fund
from domain.meeting.commands import Decide
from domain.meeting.state import Meeting, MeetingStage
from domain.money.commands import CarryOver, Correct, OnMoney, ReopenMonth, Return, Spend
from domain.money.state import Money
from domain.reform.state import ReformCase, ReformStage
from domain.task.commands import Approve, Propose, ReachMilestones, ReportProgress, Start
from domain.task.stages import Stage
from domain.task.state import Task
from domain.values import LocalText, Milestone, Plan
from workflows.definitions.templates import templates
from workflows.office_hours import may_be_written_to
from workflows.orders import describe_given
from workflows.programme_file import read_programme
from workflows.simulation.meetings import Meetings
from workflows.simulation.milestones import Span, calendars_of, tell
from workflows.simulation.step import SEOUL, Step
from workflows.simulation.year import REASON, SEED, planner_of, steps
from workflows.texts import externalise_texts

FILE = read_programme(Path(__file__).parents[2] / "data" / "programme-2024.json")


def folded(story: Sequence[Step]) -> dict[str, object]:
    """The states the story leads to, by the domain alone."""
    states: dict[str, object] = {}
    histories: dict[str, list[Fact]] = {}
    for step in story:
        if step.refused is not None:
            continue
        kinds = [fact.kind for fact in histories.get(step.command.stream, ())]
        for one in with_given(step.command_after(kinds)):
            command, _ = externalise_texts(one)
            aggregate = aggregate_of(command.stream)
            state = states.get(command.stream, aggregate.initial)
            others = {
                name: states.get(name, aggregate_of(name).initial) for name in aggregate.reads(command, state)
            }
            history = histories.setdefault(command.stream, [])
            context = DecisionContext(
                step.at,
                others,
                history,
                step=describe_given(command) if isinstance(command, Decide) else None,
                definition=templates()[definition_of(FILE.programme.year)],
                definition_of=templates().__getitem__,
            )
            for fact in aggregate.decide(command, state, context):
                state = aggregate.evolve(state, fact, step.at, len(histories[command.stream]) + 1)
                histories[command.stream] = [*history, fact]
            states[command.stream] = state
    return states


def with_given(command: Command) -> list[Command]:
    """A command, and what it gives where it is a meeting's decision."""
    given = command.commands if isinstance(command, Decide) else ()
    return [command, *(COMMANDS[one.command].model_validate_json(one.fields) for one in given)]


def days(story: Sequence[Step], kind: type) -> dict[str, date]:
    return {
        one.stream: step.at.astimezone(SEOUL).date()
        for step in story
        for one in with_given(step.command)
        if isinstance(one, kind)
    }


def test_the_same_seed_tells_the_same_story_and_another_seed_another() -> None:
    assert steps(FILE) == steps(FILE)
    assert steps(FILE) != steps(FILE, seed=1)


def test_time_never_runs_backwards_in_the_story() -> None:
    story = steps(FILE)
    assert all(earlier.at <= later.at for earlier, later in itertools.pairwise(story))


def test_proposals_approvals_and_starts_fall_on_the_announced_days() -> None:
    story = steps(FILE)
    proposed, approved, started = days(story, Propose), days(story, Approve), days(story, Start)
    assert len(proposed) == len(approved) == len(started) == 21
    assert all(date(2024, 2, 21) <= day <= date(2024, 2, 29) for day in proposed.values())
    assert set(approved.values()) == {date(2024, 3, 7)}
    assert started["task/2024-02"] >= date(2024, 7, 1)
    assert all(started[stream] >= approved[stream] for stream in started)


def test_the_year_ends_with_one_task_discontinued_and_all_others_evaluated() -> None:
    for seed in range(5):
        states = folded(steps(FILE, seed=seed + 1))
        stages = [state.stage for state in states.values() if isinstance(state, Task)]
        assert stages.count(Stage.EVALUATED) == 20
        assert stages.count(Stage.DISCONTINUED) == 1


def test_a_task_is_handed_over_another_replanned_and_an_agency_renamed_with_its_head_away() -> None:
    for seed in range(5):
        states = folded(steps(FILE, seed=seed + 1))
        listed = {entry.id: entry.lead for entry in FILE.tasks}
        tasks = {name[5:]: state for name, state in states.items() if isinstance(state, Task)}
        handed = [task for name, task in tasks.items() if task.lead != listed[name]]
        assert [task.stage for task in handed] == [Stage.EVALUATED]
        assert [task.plan_version for task in tasks.values()].count(2) >= 1
        receiver = states[f"agency/{handed[0].lead}"]
        assert isinstance(receiver, Agency)
        assert len(receiver.formerly) >= 1
        assert len(receiver.substitutions) == 1, "it is the ticker that ends it"


def test_the_announced_reform_cases_are_presented_and_three_are_taken_over_with_figures_of_their_own() -> (
    None
):
    for seed in range(3):
        states = folded(steps(FILE, seed=seed + 1))
        cases = {name: one for name, one in states.items() if isinstance(one, ReformCase)}
        assert len(cases) == 10
        assert {one.stage for one in cases.values()} == {ReformStage.CONFIRMED}
        assert all(list(one.presentations) == ["heads-2024-1"] for one in cases.values())
        taken = [(one, taker) for one in cases.values() for taker in one.takers]
        assert len(taken) == 3
        for one, taker in taken:
            (own,) = one.measures_of(taker)
            assert None not in (own.value_before, own.value_after)
            assert "모의" in str(own.source), "it says that it is made up"
    of_the_file = states["reform/gto-2023"]
    assert isinstance(of_the_file, ReformCase)
    (managers,) = of_the_file.measures_of("gto")
    assert (managers.value_before, managers.value_after) == ("13", "9")
    unsaid = states["reform/gpsc-2023"]
    assert isinstance(unsaid, ReformCase)
    assert (unsaid.category, unsaid.measures_of("gpsc")) == (None, ())


def test_the_seasonal_task_reaches_its_three_seasons() -> None:
    task = folded(steps(FILE))["task/2024-07"]
    assert isinstance(task, Task)
    assert task.milestones_reached == ("phase-1", "phase-2", "phase-3")


def told_after(story: Sequence[Step]) -> dict[tuple[str, str], int | None]:
    """Of each milestone that anybody tells, how many days after its day by itself; None where a quarter's report tells it."""
    due = {
        (step.command.task, one.id): one.due
        for step in story
        if isinstance(step.command, Propose)
        for one in step.command.plan.milestones
    }
    found: dict[tuple[str, str], int | None] = {}
    for step in story:
        if isinstance(step.command, ReachMilestones | ReportProgress):
            alone = isinstance(step.command, ReachMilestones)
            for one in step.command.milestones:
                key = (step.command.task, one)
                found[key] = (step.at.astimezone(SEOUL).date() - due[key]).days if alone else None
    return found | {key: NEVER for key in due if key not in found}


NEVER = 999


@pytest.mark.parametrize("seed", [SEED, 1, 2, 3, 4, 5])
def test_most_milestones_are_told_near_their_day_and_some_early_late_in_a_report_or_never(seed: int) -> None:
    found = list(told_after(steps(FILE, seed=seed)).values())
    near = [days for days in found if days is not None and -7 <= days <= 3]
    early = [days for days in found if days is not None and days < -7]
    late = [days for days in found if days is not None and 3 < days < NEVER]

    assert len(found) == 43
    assert len(near) > 43 / 2
    assert min(len(early), len(late), found.count(None), found.count(NEVER)) >= 1


def test_it_is_told_on_business_days_in_office_hours_and_not_while_the_task_stands_still() -> None:
    story = steps(FILE)
    told = [step for step in story if isinstance(step.command, ReachMilestones)]
    openings = [step.command for step in story if isinstance(step.command, OpenCalendar)]
    calendars = calendars_of(openings, {date(2024, 10, 1): LocalText(ko="국군의 날")})

    assert {may_be_written_to(calendars, step.at) for step in told} == {True}
    half = Milestone(id="half", name=LocalText(ko="중간"), due=date(2024, 7, 12))
    plan = Plan(start=date(2024, 3, 4), end=date(2024, 12, 31), budget_krw=1, milestones=(half,))
    still = Span(date(2024, 7, 15), date(2024, 8, 19))

    def on(closed: tuple[Span, ...]) -> date:
        return tell(plan, date(2024, 3, 4), calendars, closed, iter((1,))).by_itself["half"]

    assert on((still,)) == date(2024, 8, 20)
    assert on(()) == date(2024, 7, 15), "the control"


def test_the_tasks_are_approved_by_decisions_of_the_announced_meeting() -> None:
    story = steps(FILE)
    decided = [one.command for one in story if isinstance(one.command, Decide)]
    announced = [one for one in decided if one.meeting == "heads-2024-1"]
    assert sum(len(one.commands) for one in announced) == 21
    assert {one.meeting for one in decided} == {"heads-2024-1", "heads-2024-2", "heads-2024-3"}
    for one in decided:  # what was not announced says so
        assert "모의" in one.wording.ko
    meetings = {name: one for name, one in folded(story).items() if isinstance(one, Meeting)}
    assert {one.stage for one in meetings.values()} == {MeetingStage.CONFIRMED}
    done = {name: [each.done for each in one.decisions.values()] for name, one in meetings.items()}
    assert done["meeting/heads-2024-2"] == [True, True], "a report, and what was decided on a concern"
    assert done["meeting/heads-2024-3"] == [False, True]


@pytest.mark.parametrize("seed", [SEED, 1, 2])
def test_two_concerns_are_deliberated_and_resolved_by_the_later_meetings(seed: int) -> None:
    states = folded(steps(FILE, seed=seed))
    first, second = (states[f"concern/concern-2024-{number}"] for number in (1, 2))
    assert isinstance(first, Concern)
    assert isinstance(second, Concern)
    assert first.raised is not None
    assert first.raised.agency is not None, "an agency raised it"
    assert (first.stage, len(first.opinions), first.chosen in (1, 2)) == (ConcernStage.REVIEWED, 3, True)
    assert first.follow_ups[0] == "meeting/heads-2024-2#7"
    assert second.raised is not None
    assert second.raised.agency is None, "the city did"
    assert (second.stage, second.standing) == (ConcernStage.DEFERRED, (1,))
    for number, one in ((2, first), (3, second)):
        meeting = states[f"meeting/heads-2024-{number}"]
        assert isinstance(meeting, Meeting)
        assert meeting.items[2].concern == f"concern-2024-{number - 1}"
        (decided,) = (each.decided for each in meeting.decisions.values() if each.decided.item == 2)
        assert decided.carried_out[0].stream == f"concern/concern-2024-{number - 1}"
        said = (one.raised, decided, *(each.added for each in one.alternatives.values()))
        assert all("모의" in str(each) for each in said), "nobody announced any of it"


def test_what_concerns_draw_moves_no_other_step_of_the_meetings() -> None:
    story = steps(FILE)
    told = [(one.at, one.command) for one in story]
    without = [(one.at, one.command) for one in Meetings(FILE, SEED, planner_of(story), REASON, {}).steps()]
    moved = [command for at, command in without if (at, command) not in told]
    assert len(without) == 24
    assert [getattr(one, "decision", None) for one in moved] == [5], "an item more comes before it"


@pytest.mark.parametrize("seed", [SEED, 1, 2])
def test_each_month_s_money_is_spent_and_one_entry_is_corrected_one_rest_returned_and_one_carried_over(
    seed: int,
) -> None:
    story = steps(FILE, seed=seed)
    given = [step.command for step in story if isinstance(step.command, OnMoney)]
    kinds = Counter(type(one) for one in given)
    assert [kinds[one] for one in (Correct, ReopenMonth, Return, CarryOver)] == [1, 1, 1, 1]
    assert {one.month for one in given if isinstance(one, Spend)} >= {
        f"2024-{month:02}" for month in range(3, 13)
    }
    moneys = {one[6:]: state for one, state in folded(story).items() if isinstance(state, Money)}
    assert len(moneys) == 21
    rates = [one.budget("city", 2024) for one in moneys.values()]
    assert all(0 <= one.remaining < one.budget and not one.over for one in rates)
    assert sum(one.carried_out > 0 for one in rates) == sum(one.returned > 0 for one in rates) == 1


@pytest.mark.parametrize("seed", [SEED, 1, 2])
def test_the_fund_has_twelve_contributions_and_allots_to_two_tasks_and_a_citizens_project(seed: int) -> None:
    story = steps(FILE, seed=seed)
    given = [step.command for step in story if isinstance(step.command, Contribute)]
    assert (len(given), {one.form for one in given}) == (12, {"money", "kind"})
    assert len({one.giver for one in given if one.anonymous}) == 1
    assert len([one for one in given if one.pledge is not None]) == 2
    fund = folded(story)["fund/gongik"]
    assert isinstance(fund, Fund)
    assert not fund.pledges, "what was promised was given"
    assert len({name.split()[1] for name in fund.accounts if name.startswith("allocated")}) == 3
    left, right = (sum(getattr(one, side) for one in fund.accounts.values()) for side in ("debit", "credit"))
    assert left == right > 0
    used = sum(one.debit for name, one in fund.accounts.items() if name.startswith("allocated"))
    assert 0 < sum(fund.proven.values()) < used, "the last use waits for its proof"


def test_whatever_of_money_has_words_says_that_it_is_simulated() -> None:
    story = steps(FILE)
    words = [
        one
        for step in story
        if isinstance(step.command, OnFund)
        for one in (
            step.command.model_dump(include={"what", "evidence"}).values()
            if not isinstance(step.command, Open | Allocate)
            else [step.command.title.ko if step.command.title else None]
        )
        if one is not None
    ]
    assert len(words) > 8
    assert [one for one in words if "모의" not in one] == []
    assert {step.reason for step in story if isinstance(step.command, OnMoney | OnFund)} == {REASON}
