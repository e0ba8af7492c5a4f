"""A task of the year's list that nobody has proposed: until when it is to be, who is reminded, and what ends that."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from domain.agency.commands import Close as CloseAgency
from domain.agency.commands import Register
from domain.calendar.commands import Proclaim
from domain.programme import commands as p
from domain.programme.facts import Area
from domain.seoul import SEOUL
from domain.streams import programme_stream
from domain.task import commands as t
from domain.values import LocalText, Plan
from projections.report.gathering import gather
from projections.report.report_data import OUTCOMES, ReportData, report_data_of
from projections.slices import AsOf, facts_of
from store.log import Store
from tests.workflows.worlds import OFFICER, STREAM, World
from workers.sweeping import sweep
from workflows.automation import requesting
from workflows.automation.reacting import Memory
from workflows.definitions.enforcing import RoleNotInDefinition
from workflows.definitions.templates import UnknownDefinition, templates
from workflows.draft import Draft
from workflows.lookups import responsible_for
from workflows.overdue import list_overdue

TASK, YEAR = STREAM[5:], programme_stream(2024)
NAME = LocalText(ko="이름", en="name")
PLAN = Plan(start=date(2024, 5, 1), end=date(2024, 12, 31), budget_krw=1)
PROPOSE = t.Propose(task=TASK, title=NAME, area="culture", lead="gto", plan=PLAN)
DUE = ("proposal", None, "2024-04-04")  # 20 business days after Thursday, 7 March


def listed(store: Store, by: str | None = "donghaeng-2024/3", *, asked: bool = True) -> World:
    """`asked`: the ticker has looked at it."""
    world = World(store)
    store.move_clock(datetime(2024, 3, 7, 12, tzinfo=SEOUL))
    for command in (
        p.Open(year=2024, name=NAME, city=NAME, areas=(Area(id="culture", name=NAME),), definition=by),
        p.SetContact(year=2024, office="planner", address="planner@city.example"),
        Register(agency="gto", name=NAME),
        Register(agency="gcf", name=NAME),
        p.AddTask(year=2024, task=TASK, area="culture", lead="gto", title=NAME),
    ):
        world.give(command)
    if asked:
        world.at(2024, 3, 7, 4)
    return world


@pytest.fixture
def waiting(simulated_store: Store) -> World:
    return listed(simulated_store)


def data_of(world: World) -> ReportData:
    gathered = gather(facts_of(world.store, AsOf(world.store.head().position)), 2024)
    return report_data_of(gathered, world.store.texts(gathered.text_refs()), gathered.last_day)


def outcomes(world: World) -> list[str]:
    """What came of each deadline for proposing, as the report has it; all of them together are all that there were."""
    data = data_of(world)
    assert sum(sum(one.outcome == name for one in data.owed) for name in OUTCOMES) == len(data.owed)
    return [one.outcome for one in data.owed if one.obligation.kind == "proposal"]


@pytest.mark.parametrize("by", ["donghaeng-2024/3", "donghaeng-2024/2", None])
def test_before_it_is_asked_for_it_goes_by_the_definition_that_its_list_says(
    simulated_store: Store, by: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the control: by the year's own it would be given, whatever the list says."""
    world = listed(simulated_store, by, asked=False)
    assert world.kinds() == []
    third = templates()["donghaeng-2024/3"]
    known = {**templates(), third.identity: third.model_copy(update={"grants": {}})}
    monkeypatch.setattr(Draft, "definition", lambda _, name: known[name])
    if by == third.identity:
        with pytest.raises(RoleNotInDefinition, match="donghaeng-2024/3"):
            world.give(PROPOSE, actor=OFFICER)
        monkeypatch.setattr(
            "workflows.definitions.enforcing.definition_for",
            lambda task, number, find, look: find("donghaeng-2024/2"),
        )
    world.give(PROPOSE, actor=OFFICER)
    assert world.kinds() == ["task.proposed"]


def test_its_lead_is_asked_at_once_and_it_is_due_by_the_definition(waiting: World) -> None:
    assert waiting.kinds() == ["task.proposal_requested"]
    asked = waiting.last("task.proposal_requested")
    assert (asked.fact.lead, asked.fact.definition) == ("gto", "donghaeng-2024/3")
    assert asked.envelope.cause is not None
    assert asked.envelope.cause.due == f"{YEAR}#3"
    assert waiting.due() == [DUE]
    assert outcomes(waiting) == ["open"]


@pytest.mark.parametrize("by", [None, "donghaeng-2024/2"])
def test_where_the_programme_names_no_such_definition_nothing_is_due_and_no_fact_is_made(
    simulated_store: Store, by: str | None
) -> None:
    """The control, and what years of before are like."""
    world = listed(simulated_store, by)
    world.at(2024, 5, 7, 4)
    assert world.kinds() == []
    assert world.due() == []
    assert world.reminded() == []
    assert list_overdue(world.store, world.handler) == []


def test_the_ladder_climbs_until_it_is_proposed(waiting: World) -> None:
    waiting.at(2024, 4, 3, 2)
    assert [one[3] for one in waiting.reminded()] == [-14, -7, -3, -1][-len(waiting.reminded()) :]
    waiting.at(2024, 4, 5, 2)
    waiting.at(2024, 4, 9, 2)
    assert waiting.reminded()[-1] == (*DUE, 3)
    waiting.give(PROPOSE, OFFICER)
    waiting.at(2024, 4, 9, 3)
    assert [one[0] for one in waiting.due()] == ["decision"]
    before = len(waiting.reminded())
    waiting.at(2024, 4, 12, 2)
    assert [one for one in waiting.reminded()[before:] if one[0] == "proposal"] == []
    assert waiting.last("task.proposed").fact.definition == "donghaeng-2024/3"
    assert outcomes(waiting) == ["late"]


def test_proposed_in_time_it_is_kept(waiting: World) -> None:
    waiting.at(2024, 3, 20, 2)
    waiting.give(PROPOSE, OFFICER)
    waiting.at(2024, 3, 20, 3)
    assert outcomes(waiting) == ["kept"]


def test_the_list_that_names_another_lead_changes_whom_it_waits_for_and_not_since_when(
    waiting: World,
) -> None:
    waiting.at(2024, 3, 14, 2)
    waiting.give(p.ChangeTask(year=2024, task=TASK, lead="gcf"))
    waiting.at(2024, 3, 14, 3)
    assert waiting.kinds() == ["task.proposal_requested"] * 2
    assert waiting.due() == [DUE]
    found = responsible_for(waiting.store, TASK, date(2024, 3, 14))
    assert found is not None
    assert (found.agency, found.line[0].by) == ("gcf", "programme.task_changed")
    waiting.give_for(CloseAgency(agency="gto"))
    waiting.at(2024, 3, 26, 2)
    (last,) = [one.fact for chunk in waiting.store.replay() for one in chunk if one.kind == "notice.due"][-1:]
    assert last.agency == "gcf"
    owed = [one.who for one in data_of(waiting).owed]
    assert owed == ["gcf"]


def test_that_somebody_is_asked_again_late_dates_no_count_that_comes_later(waiting: World) -> None:
    waiting.store.move_clock(datetime(2024, 3, 12, 12, tzinfo=SEOUL))
    waiting.give(p.ChangeTask(year=2024, task=TASK, lead="gcf"))
    waiting.at(2024, 3, 15, 2)  # the ticker was away for three days
    asked = waiting.last("task.proposal_requested")
    assert asked.effective_at.astimezone(SEOUL).date() == date(2024, 3, 12)
    waiting.give_for(Proclaim(day=date(2024, 3, 27), title=NAME))
    waiting.at(2024, 3, 18, 2)
    counted = waiting.last("task.deadlines_set")
    assert counted.effective_at == counted.known_at
    assert waiting.due() == [("proposal", None, "2024-04-05")]


def test_a_change_of_what_nobody_is_told_asks_for_nothing(waiting: World) -> None:
    waiting.give(p.ChangeTask(year=2024, task=TASK, not_before=date(2024, 5, 1)))
    waiting.at(2024, 3, 8, 2)
    assert waiting.kinds() == ["task.proposal_requested"]


def test_a_number_that_was_freed_waits_anew(waiting: World) -> None:
    waiting.give(PROPOSE, OFFICER)
    waiting.at(2024, 3, 20, 2)
    waiting.give_for(t.Reject(task=TASK))
    waiting.at(2024, 3, 20, 3)
    assert waiting.due() == []
    waiting.give_for(t.FreeNumber(task=TASK))
    waiting.at(2024, 3, 20, 4)
    assert waiting.kinds()[-2:] == ["task.number_freed", "task.proposal_requested"]
    assert waiting.due() == [("proposal", None, "2024-04-18")]  # the election day is no business day
    assert outcomes(waiting) == ["kept", "open"]


def test_of_a_closed_year_nothing_is_waited_for(waiting: World) -> None:
    waiting.at(2024, 3, 25, 2)
    waiting.give_for(p.Close(year=2024))
    waiting.at(2024, 3, 25, 3)
    assert waiting.kinds()[-1] == "task.request_lapsed"
    assert waiting.due() == []
    assert list_overdue(waiting.store, waiting.handler) == []
    assert outcomes(waiting) == ["lapsed"]


def test_the_year_that_closes_by_rule_lets_it_lapse_too(waiting: World) -> None:
    waiting.at(2025, 3, 1)
    assert waiting.store.read(YEAR)[-1].kind == "programme.closed"
    assert waiting.kinds()[-1] == "task.request_lapsed"
    assert outcomes(waiting) == ["late"], "its day had passed long before"


def test_two_tickers_that_know_nothing_of_each_other_ask_once(simulated_store: Store) -> None:
    world = listed(simulated_store)
    world.give(p.AddTask(year=2024, task="2024-02", area="culture", lead="gto", title=NAME))
    world.due()  # the view knows of the listing, and of nothing that comes of it
    for memory in (Memory(), Memory(), Memory()):
        sweep(world, memory)  # type: ignore[arg-type]
    assert [one.kind for one in world.store.read("task/2024-02")] == ["task.proposal_requested"]


def test_late_it_says_since_when(simulated_store: Store) -> None:
    world = listed(simulated_store)
    world.give(p.AddTask(year=2024, task="2024-02", area="culture", lead="gto", title=NAME))
    world.at(2024, 3, 11, 2)
    (asked,) = [one for one in world.store.read("task/2024-02") if one.kind == "task.proposal_requested"]
    assert asked.effective_at.astimezone(SEOUL).date() == date(2024, 3, 7)
    assert asked.known_at.astimezone(SEOUL).date() == date(2024, 3, 11)


def test_the_doctor_names_whom_nobody_asked(simulated_store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(requesting, "to_see_to", lambda *_: [])
    world = listed(simulated_store)
    world.at(2024, 3, 8, 2)
    assert [(one.stream, one.rule) for one in list_overdue(world.store, world.handler)] == [
        (STREAM, "task.request_proposal")
    ]


def test_a_year_is_not_opened_by_a_definition_that_there_is_not(simulated_store: Store) -> None:
    with pytest.raises(UnknownDefinition):
        listed(simulated_store, "donghaeng-2024/99")


def test_programmes_from_2027_on_are_opened_with_it_and_those_of_before_say_none(
    simulated_store: Store,
) -> None:
    world = World(simulated_store)
    for year in (2026, 2027):
        world.give(p.Open(year=year, name=NAME, city=NAME, areas=(Area(id="culture", name=NAME),)))
    said = [world.store.read(programme_stream(year))[0].fact.definition for year in (2026, 2027)]
    assert said == [None, "donghaeng-2024/3"]
    assert [rule.kind for rule in templates()["donghaeng-2024/2"].deadlines if rule.stage == "listed"] == []
