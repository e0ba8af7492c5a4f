"""Lives that the simulated year does not live: what is due, what rules do and who is told, beside its path."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from msgspec.structs import replace

from domain.agency.commands import Register
from domain.calendar.commands import OpenCalendar, Proclaim, WithdrawDay
from domain.calendar.facts import Holiday
from domain.calendar.refusals import CalendarOpenAlready
from domain.programme.commands import AddTask, Open, SetContact
from domain.programme.facts import Area
from domain.seoul import SEOUL
from domain.streams import calendar_stream, programme_stream
from domain.task import basis
from domain.task import commands as t
from domain.task.refusals import PeriodOutside
from domain.values import LocalText, Milestone, Plan
from projections import deadlines_row
from store.log import Store
from tests.workflows.worlds import OFFICER, PLANNER, STREAM, World
from workflows.automation import transitions
from workflows.automation.reminders import notice_about
from workflows.automation.rescheduling import change_calendar, deadlines_moved_by
from workflows.calendars import opening
from workflows.command_envelope import CommandEnvelope
from workflows.overdue import list_late, list_overdue

TASK = STREAM[5:]
NAME = LocalText(ko="이름", en="name")
PLAN = Plan(
    start=date(2024, 3, 11),
    end=date(2024, 12, 31),
    budget_krw=1,
    milestones=(Milestone(id="half", name=NAME, due=date(2024, 6, 28)),),
)


@pytest.fixture
def bare(simulated_store: Store) -> World:
    """A programme with one task on its list, on 7 March 2024, and no calendar that anybody opened."""
    world = World(simulated_store)
    simulated_store.move_clock(_noon(2024, 3, 7))
    for command in (
        Open(year=2024, name=NAME, city=NAME, areas=(Area(id="culture", name=NAME),)),
        SetContact(year=2024, office="planner", address="planner@city.example"),
        Register(agency="gto", name=NAME),
        AddTask(year=2024, task=TASK, area="culture", lead="gto", title=NAME),
    ):
        world.give(command)
    return world


@pytest.fixture
def running(bare: World) -> World:
    return started(bare)


def started(world: World, plan: Plan = PLAN) -> World:
    """Proposed, approved on the same day, and begun by rule on Monday 11 March."""
    world.give(t.Propose(task=TASK, title=NAME, area="culture", lead="gto", plan=plan), OFFICER)
    world.give(t.Approve(task=TASK))
    world.at(2024, 3, 7, 4)
    world.at(2024, 3, 11, 1)
    return world


def _noon(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, 12, tzinfo=SEOUL)


def _midnight(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, tzinfo=SEOUL)


def report(world: World, percent: int, **more: object) -> None:
    world.give(t.ReportProgress(task=TASK, percent=percent, **more), OFFICER)  # type: ignore[arg-type]


class TestWhatMovesNothing:
    def test_a_second_report_in_a_quarter_switches_nothing_off(self, running: World) -> None:
        running.at(2024, 4, 2, 1)
        report(running, 20)
        running.at(2024, 4, 3, 1)
        before = running.store.head().position
        report(running, 22)
        assert running.at(2024, 4, 4, 1) == 0
        assert running.store.head().position == before + 1  # and nothing was counted anew
        running.at(2024, 6, 27, 1)  # a business day before the milestone
        assert ("milestone", "half", "2024-06-28", -1) in running.reminded()
        running.at(2025, 3, 1)
        assert running.kinds()[-1] == "task.carried_over"
        assert running.kinds(programme_stream(2024))[-1] == "programme.closed"
        assert list_overdue(running.store, running.handler) == []

    @pytest.mark.parametrize("what", ["correction", "budget", "partner"])
    def test_nor_does_any_other_fact_that_moves_no_deadline(self, running: World, what: str) -> None:
        running.at(2024, 4, 2, 1)
        report(running, 20)
        running.at(2024, 4, 3, 1)
        match what:
            case "correction":
                number = running.last("task.progress_reported").version
                running.give(t.Correct(task=TASK, fact=f"{STREAM}#{number}", percent=21), OFFICER)
            case "budget":
                less = Plan(start=PLAN.start, end=PLAN.end, budget_krw=0, milestones=PLAN.milestones)
                running.give(t.Replan(task=TASK, plan=less), OFFICER)
            case "partner":
                running.give(Register(agency="gcf", name=NAME))
                running.give(t.AddPartner(task=TASK, partner="gcf"), OFFICER)
        running.at(2024, 6, 27, 1)
        assert ("milestone", "half", "2024-06-28", -1) in running.reminded()
        assert list_overdue(running.store, running.handler) == []

    def test_where_each_fact_made_a_row_stale_for_good_nobody_would_be_reminded(
        self, running: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The control: what was wrong before."""
        running.at(2024, 4, 2, 1)
        report(running, 20)
        running.at(2024, 4, 3, 1)
        known = deadlines_row.basis_of
        monkeypatch.setattr(deadlines_row, "is_same_basis", lambda *_: False)
        monkeypatch.setattr(
            deadlines_row,
            "basis_of",
            lambda task: replace(known(task), rated_on=date(2000, 1, 1 + task.percent)),
        )
        monkeypatch.setattr("workflows.automation.deadlines._has_moved_on", lambda *_: False)
        report(running, 22)
        running.at(2024, 6, 27, 1)
        assert ("milestone", "half", "2024-06-28", -1) not in running.reminded()


class TestCalendars:
    def test_nobody_has_to_open_them_and_no_running_task_waits(self, bare: World) -> None:
        started(bare, Plan(start=PLAN.start, end=date(2029, 12, 31), budget_krw=1))
        assert ("final_report", None, "2030-01-15") in bare.due()
        assert ("progress", "2027-Q2", "2027-07-07") in bare.due()
        assert bare.waiting() == []
        opened = [bare.last("calendar.opened", calendar_stream(year)) for year in range(2024, 2031)]
        assert {(one.fact.provisional, one.envelope.actor.role) for one in opened} == {(True, "system")}
        assert bare.store.read(calendar_stream(2023)) == []  # that year is over

    def test_the_coming_year_is_open_as_soon_as_a_programme_is(self, bare: World) -> None:
        bare.at(2024, 3, 8)
        assert [bool(bare.store.read(calendar_stream(year))) for year in (2023, 2024, 2025, 2026)] == [
            False,
            True,
            True,
            False,
        ]
        bare.at(2025, 1, 1)
        assert bare.store.read(calendar_stream(2026))

    def test_what_can_be_counted_is_and_what_cannot_waits_by_name(
        self, bare: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("workflows.automation.years.years_to_open", lambda _: [])
        bare.give(opening(2024))
        started(bare)
        assert ("milestone", "half", "2024-06-28") in bare.due()
        assert ("progress", "2024-Q1", "2024-04-05") in bare.due()
        assert bare.waiting() == [("progress", "2024-Q4", 2025), ("final_report", None, 2025)]
        bare.at(2024, 6, 27, 1)
        assert ("milestone", "half", "2024-06-28", -1) in bare.reminded()
        bare.give(opening(2025))
        bare.at(2024, 6, 27, 2)
        assert ("final_report", None, "2025-01-15") in bare.due()
        assert bare.waiting() == []

    def test_the_planner_confirms_one_and_what_is_past_or_proclaimed_stays(self, bare: World) -> None:
        started(bare)
        bare.give(Proclaim(day=date(2024, 7, 12), title=NAME))
        bare.give(WithdrawDay(day=date(2024, 8, 15)))
        listed = [one for one in opening(2024).holidays if one.day != date(2024, 1, 1)]
        planned = (
            *listed,
            Holiday(day=date(2024, 3, 4), name=NAME),
            Holiday(day=date(2024, 7, 1), name=NAME),
        )
        bare.give(OpenCalendar(year=2024, holidays=planned, source="the city's own list"))
        found = bare.last("calendar.opened", calendar_stream(2024)).fact
        days = {one.day for one in found.holidays}
        assert date(2024, 7, 12) in days  # proclaimed since
        assert date(2024, 8, 15) not in days  # withdrawn since
        assert date(2024, 7, 1) in days  # to come
        assert date(2024, 3, 4) not in days  # past: offices were open
        assert date(2024, 1, 1) in days  # past: offices were closed
        assert found.provisional is False
        with pytest.raises(CalendarOpenAlready):
            bare.give(opening(2024))

    def test_the_rule_never_takes_the_place_of_the_planners(self, bare: World) -> None:
        bare.give(opening(2024))
        with pytest.raises(CalendarOpenAlready):
            bare.give(opening(2024, provisional=True))

    def test_a_proclaimed_day_moves_a_task_that_reaches_further_than_three_years(self, bare: World) -> None:
        started(bare, Plan(start=PLAN.start, end=date(2027, 12, 31), budget_krw=1))
        proclaim = Proclaim(day=date(2024, 7, 3), title=NAME)
        moved = change_calendar(
            bare.store, bare.handler, CommandEnvelope(command=proclaim, actor=PLANNER, via="cli"), proclaim
        )
        assert [(one.deadline.item, str(one.deadline.due), str(one.to)) for one in moved] == [
            ("2024-Q2", "2024-07-05", "2024-07-08")
        ]
        assert ("progress", "2024-Q2", "2024-07-08") in bare.due()

    def test_proclaiming_counts_on_what_is_so_and_not_on_what_a_view_has_come_to(self, bare: World) -> None:
        started(bare)
        bare.give(t.Suspend(task=TASK))
        bare.give(t.Resume(task=TASK))  # neither of which the view knows yet
        with_lag = deadlines_moved_by(bare.store, Proclaim(day=date(2024, 7, 3), title=NAME))[1]
        assert [str(one.to) for one in with_lag] == ["2024-07-08"]


class TestLateRules:
    def test_a_start_that_the_ticker_slept_through_is_dated_as_the_rule_names(self, bare: World) -> None:
        friday = Plan(start=date(2024, 3, 29), end=PLAN.end, budget_krw=1)
        bare.give(t.Propose(task=TASK, title=NAME, area="culture", lead="gto", plan=friday), OFFICER)
        bare.give(t.Approve(task=TASK))
        bare.at(2024, 3, 7, 4)
        bare.at(2024, 4, 1, 1)  # a Monday, in the next quarter
        begun = bare.last("task.started")
        assert str(begun.fact.on) == "2024-03-29"
        assert begun.effective_at == _midnight(2024, 3, 29)
        assert ("progress", "2024-Q1", "2024-04-05") in bare.due()
        assert [one.kind for one in list_late(bare.store)] == ["task.started"]

    def test_one_that_is_carried_out_on_its_day_states_no_time_of_its_own(self, running: World) -> None:
        assert running.last("task.started").envelope.effective_at is None
        assert list_late(running.store) == []

    def test_a_year_that_ended_unseen_ended_on_the_first_of_march(self, running: World) -> None:
        running.at(2025, 3, 5, 1)
        assert running.last("task.carried_over").effective_at == _midnight(2025, 3, 1)
        assert running.last("programme.closed", programme_stream(2024)).effective_at == _midnight(2025, 3, 1)

    def test_nothing_is_dated_before_what_it_follows_from(self, running: World) -> None:
        running.at(2025, 2, 28, 1)
        running.store.move_clock(_noon(2025, 3, 3))
        running.give(t.Suspend(task=TASK))
        running.at(2025, 3, 5, 1)
        assert running.last("task.carried_over").effective_at == running.last("task.suspended").effective_at

    def test_were_it_dated_when_the_ticker_woke_the_quarter_would_be_owed_by_nobody(
        self, bare: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The control."""
        monkeypatch.setattr(transitions, "time_to_state", lambda at, now: None)
        self_start = Plan(start=date(2024, 3, 29), end=PLAN.end, budget_krw=1)
        bare.give(t.Propose(task=TASK, title=NAME, area="culture", lead="gto", plan=self_start), OFFICER)
        bare.give(t.Approve(task=TASK))
        bare.at(2024, 3, 7, 4)
        bare.at(2024, 4, 1, 1)
        assert "2024-Q1" not in [item for _, item, _ in bare.due()]


class TestQuarters:
    @pytest.mark.parametrize("protected", [True, False])
    def test_those_in_which_no_work_was_under_way_are_not_owed(
        self, running: World, protected: bool, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Of the second quarter some days were under way. With the control."""
        if not protected:
            known = basis._quarters  # which remembers, so that what it asks is not asked again
            monkeypatch.setattr(basis, "_quarters", lambda start, end, until, _: known(start, end, until, ()))
        running.at(2024, 4, 2, 1)
        report(running, 10)
        running.store.move_clock(_noon(2024, 6, 28))
        running.give(t.Suspend(task=TASK))
        running.store.move_clock(_noon(2024, 10, 2))
        running.give(t.Resume(task=TASK))
        running.at(2024, 10, 2, 4)
        owed = [item for kind, item, _ in running.due() if kind == "progress"]
        assert owed == ["2024-Q2", *([] if protected else ["2024-Q3"]), "2024-Q4"]

    def test_a_report_that_is_dated_to_the_quarters_last_day_counts_for_it(self, running: World) -> None:
        running.store.move_clock(_noon(2024, 4, 3))
        running.give_late(t.ReportProgress(task=TASK, percent=20), date(2024, 3, 31), OFFICER)
        running.at(2024, 4, 3, 4)
        assert running.last("task.progress_reported").fact.period == "2024-Q1"
        assert "2024-Q1" not in [item for _, item, _ in running.due()]

    def test_one_of_before_its_end_counts_where_it_says_so(self, running: World) -> None:
        running.store.move_clock(_noon(2024, 3, 29))
        report(running, 20, period="2024-Q1")
        running.at(2024, 3, 29, 4)
        assert [item for kind, item, _ in running.due() if kind == "progress"] == [
            "2024-Q2",
            "2024-Q3",
            "2024-Q4",
        ]

    @pytest.mark.parametrize("period", ["2023-Q4", "2024-Q2"])
    def test_one_of_a_quarter_without_work_or_to_come_is_refused(self, running: World, period: str) -> None:
        with pytest.raises(PeriodOutside):
            report(running, 20, period=period)


class TestToldOnce:
    def test_a_deadline_that_goes_and_comes_back_is_told_once(self, running: World) -> None:
        running.at(2024, 6, 25, 1)  # three business days before the milestone
        assert ("milestone", "half", "2024-06-28", -3) in running.reminded()
        running.give(t.Suspend(task=TASK))
        running.at(2024, 6, 25, 2)
        running.give(t.Resume(task=TASK))
        running.at(2024, 6, 25, 3)
        assert running.reminded().count(("milestone", "half", "2024-06-28", -3)) == 1

    def test_were_it_another_one_each_time_it_would_be_told_again(
        self, running: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The control: what is remembered goes with the deadline, and the notice is named after the fact that set it."""
        known = deadlines_row._apply_set
        monkeypatch.setattr(
            deadlines_row, "_apply_set", lambda row, *rest: known(replace(row, reminded=()), *rest)
        )
        monkeypatch.setattr(
            "workflows.automation.reminders.notice_about",
            lambda *what: f"{notice_about(*what)} {running.store.head().position}",
        )
        running.at(2024, 6, 25, 1)
        running.give(t.Suspend(task=TASK))
        running.at(2024, 6, 25, 2)
        running.give(t.Resume(task=TASK))
        running.at(2024, 6, 25, 3)
        assert running.reminded().count(("milestone", "half", "2024-06-28", -3)) == 2

    def test_a_day_that_changed_is_told_as_changed_and_one_that_came_back_too(self, running: World) -> None:
        running.at(2024, 6, 25, 1)
        self._change(running, Proclaim(day=date(2024, 6, 28), title=NAME))
        running.at(2024, 6, 26, 1)  # three business days before Monday 1 July
        self._change(running, WithdrawDay(day=date(2024, 6, 28)))
        running.at(2024, 6, 27, 1)
        told = [
            (str(one.due), one.days, None if one.was is None else str(one.was))
            for chunk in running.store.replay()
            for fact in chunk
            if fact.kind == "notice.due"
            for one in [fact.fact]
            if one.item == "half"
        ]
        assert told[-3:] == [
            ("2024-06-28", -3, None),
            ("2024-07-01", -3, "2024-06-28"),
            ("2024-06-28", -1, "2024-07-01"),
        ]

    def _change(self, world: World, command: Proclaim | WithdrawDay) -> None:
        change_calendar(
            world.store, world.handler, CommandEnvelope(command=command, actor=PLANNER, via="cli"), command
        )
