"""A late entry: the board, the inbox, `responsible`, the permissions and the present state all name what was so last."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from domain.agency import commands as a
from domain.agency import refusals as of_agencies
from domain.agency.state import AGENCY
from domain.errors import Refusal
from domain.programme.commands import AddTask, Open, SetContact
from domain.programme.facts import Area
from domain.programme.state import PROGRAMME
from domain.seoul import SEOUL
from domain.subject.commands import Register as RegisterPerson
from domain.task import commands as t
from domain.task import refusals as of_moves
from domain.task import refusals_of_changes as r
from domain.task.state import TASK
from domain.values import LocalText, Plan
from projections.agency_register import AGENCY_REGISTER
from projections.fresh import fold
from projections.inbox import AGENCY_INBOX, CITY_INBOX
from projections.responsible import responsible
from projections.slices import AsOfMoments, facts_of
from projections.task_board import TASK_BOARD
from store.envelope import Actor
from store.log import Store
from store.recorded import RecordedFact, fold_state
from tests.workflows.worlds import OFFICER, STREAM, World
from workflows.permissions import NotYourTask

TASK_ID = STREAM[5:]
NAME = LocalText(ko="이름")
PLAN = Plan(start=date(2024, 3, 11), end=date(2024, 12, 31), budget_krw=1000)
SMALLER, LEAST, LARGER = (replace(PLAN, budget_krw=amount) for amount in (900, 500, 2000))
EARLY, LATE = date(2024, 3, 13), date(2024, 3, 15)
GJCF = Actor(role="officer", agency="gjcf")
PERSON, OTHER = "1" * 32, "2" * 32


@pytest.fixture
def running(simulated_store: Store) -> World:
    """A task under way since Monday 11 March 2024, on Monday the 18th."""
    world = World(simulated_store)
    clock(world, 7)
    for command in (
        Open(year=2024, name=NAME, city=NAME, areas=(Area(id="culture", name=NAME),)),
        *(a.Register(agency=agency, name=NAME) for agency in ("gto", "gjcf", "gtc")),
        AddTask(year=2024, task=TASK_ID, area="culture", lead="gto", title=NAME),
    ):
        world.give(command)
    world.give(t.Propose(task=TASK_ID, title=NAME, area="culture", lead="gto", plan=PLAN), OFFICER)
    world.give(t.Approve(task=TASK_ID))
    clock(world, 11)
    world.give(t.Start(task=TASK_ID), OFFICER)
    clock(world, 18)
    return world


@pytest.fixture
def proposed(simulated_store: Store) -> World:
    world = World(simulated_store)
    clock(world, 7)
    for command in (
        Open(year=2024, name=NAME, city=NAME, areas=(Area(id="culture", name=NAME),)),
        *(a.Register(agency=agency, name=NAME) for agency in ("gto", "gjcf", "gtc")),
        AddTask(year=2024, task=TASK_ID, area="culture", lead="gto", title=NAME),
    ):
        world.give(command)
    world.give(t.Propose(task=TASK_ID, title=NAME, area="culture", lead="gto", plan=PLAN), OFFICER)
    clock(world, 18)
    return world


def clock(world: World, day: int) -> None:
    world.store.move_clock(datetime(2024, 3, day, 12, tzinfo=SEOUL))


def known(world: World, stream: str = STREAM) -> Any:
    """The present state."""
    aggregate = {"task": TASK, "agency": AGENCY, "programme": PROGRAMME}[stream.partition("/")[0]]
    return fold_state(aggregate, world.store.read(stream))


def so(world: World, stream: str = STREAM, day: date | None = None) -> Any:
    """The state at the end of a day, or now, as all that is known tells it, in the order in which it was so."""
    end = world.store.now() if day is None else datetime(day.year, day.month, day.day, tzinfo=SEOUL)
    end += timedelta(seconds=1) if day is None else timedelta(days=1)
    aggregate = {"task": TASK, "agency": AGENCY, "programme": PROGRAMME}[stream.partition("/")[0]]
    facts = facts_of(world.store, AsOfMoments(effective=end))
    return fold_state(aggregate, (one for one in facts if one.stream == stream))


def rows(world: World, view: Any) -> Any:
    """A view's row of the task, folded as the facts came and as they were so."""
    facts = [one for one in facts_of(world.store, AsOfMoments()) if one.kind in view.kinds]
    end = world.store.now() + timedelta(seconds=1)
    ordered = [one for one in facts_of(world.store, AsOfMoments(effective=end)) if one.kind in view.kinds]
    return fold(view, facts)[TASK_ID], fold(view, ordered)[TASK_ID]


def answers(world: World) -> str:
    facts: list[RecordedFact[Any]] = world.store.read(STREAM)
    found = responsible(TASK_ID, facts, lambda name: world.store.read(f"agency/{name}"), date(2024, 3, 18))
    assert found is not None
    return found.agency


def refused(refusal: type[Refusal], give: Any) -> None:
    with pytest.raises(refusal) as caught:
        give()
    assert "2024" in caught.value.say("en")
    assert any("가" <= letter <= "힣" for letter in caught.value.say("ko"))
    assert "{" not in caught.value.say("ko") + caught.value.say("en")


def test_everything_names_the_agency_that_leads_in_effect_and_only_its_officer_may_act(
    running: World,
) -> None:
    running.give_late(t.HandOver(task=TASK_ID, to="gjcf"), LATE)
    running.give_late(t.HandOver(task=TASK_ID, to="gtc"), EARLY)  # known later, so earlier
    assert [known(running).lead, so(running).lead, answers(running)] == ["gjcf"] * 3
    assert [row.lead for view in (TASK_BOARD, CITY_INBOX) for row in rows(running, view)] == ["gjcf"] * 4
    assert [row.agency for row in rows(running, AGENCY_INBOX)] == ["gjcf"] * 2
    assert so(running, day=EARLY).lead == "gtc"
    report = t.ReportProgress(task=TASK_ID, percent=10)
    with pytest.raises(NotYourTask):
        running.give(report, Actor(role="officer", agency="gtc"))
    running.give(report, GJCF)


def test_in_time_the_last_one_recorded_leads(running: World) -> None:
    """The control."""
    running.give(t.HandOver(task=TASK_ID, to="gjcf"))
    running.give(t.HandOver(task=TASK_ID, to="gtc"))
    assert [known(running).lead, so(running).lead, answers(running), rows(running, TASK_BOARD)[0].lead] == [
        "gtc"
    ] * 4


def test_the_plan_that_was_in_force_last_is_in_force(running: World) -> None:
    running.give_late(t.Replan(task=TASK_ID, plan=LEAST), LATE, OFFICER)
    running.give_late(t.Replan(task=TASK_ID, plan=SMALLER), EARLY, OFFICER)
    assert known(running).plan == so(running).plan == LEAST
    assert known(running).plan_version == 3, "three plans, of which the last one recorded is not the last"
    assert [row.budget_krw for row in rows(running, TASK_BOARD)] == [500, 500]
    assert so(running, day=EARLY).plan == SMALLER


def test_title_department_and_partners_are_those_of_the_last_revision_that_was_so(proposed: World) -> None:
    one, other = LocalText(ko="나중"), LocalText(ko="먼저")
    revise = t.Revise(task=TASK_ID, title=one, department=one, partners=("gjcf",))
    proposed.give_late(revise, LATE, OFFICER)
    proposed.give_late(
        t.Revise(task=TASK_ID, title=other, department=other, partners=("gtc",)), EARLY, OFFICER
    )
    for task in (known(proposed), so(proposed)):
        assert (task.title, task.department, task.partners) == (one, one, ("gjcf",))
    assert [row.title_ko for view in (TASK_BOARD, AGENCY_INBOX) for row in rows(proposed, view)] == [
        "나중"
    ] * 4
    assert so(proposed, day=EARLY).partners == ("gtc",)


def test_a_partner_who_was_released_after_it_was_added_late_is_none(running: World) -> None:
    running.give_late(t.AddPartner(task=TASK_ID, partner="gjcf"), date(2024, 3, 12), OFFICER)
    running.give_late(t.ReleasePartner(task=TASK_ID, partner="gjcf"), LATE, OFFICER)
    running.give_late(t.ReleasePartner(task=TASK_ID, partner="gjcf"), EARLY, OFFICER)
    running.give_late(t.AddPartner(task=TASK_ID, partner="gjcf"), date(2024, 3, 14), OFFICER)
    assert known(running).partners == so(running).partners == ()
    assert so(running, day=date(2024, 3, 14)).partners == ("gjcf",)
    assert so(running, day=EARLY).partners == ()


def test_a_partner_is_not_released_before_it_was_added(running: World) -> None:
    running.give_late(t.AddPartner(task=TASK_ID, partner="gjcf"), LATE, OFFICER)
    release = t.ReleasePartner(task=TASK_ID, partner="gjcf")
    refused(r.ReleasedBeforeAdded, lambda: running.give_late(release, EARLY, OFFICER))
    running.give_late(release, LATE, OFFICER)
    assert known(running).partners == ()


def test_a_partner_does_not_come_to_lead_before_it_was_one(running: World) -> None:
    running.give_late(t.AddPartner(task=TASK_ID, partner="gjcf"), LATE, OFFICER)
    refused(r.LeadsBeforePartner, lambda: running.give_late(t.HandOver(task=TASK_ID, to="gjcf"), EARLY))
    running.give_late(t.HandOver(task=TASK_ID, to="gjcf"), LATE)
    assert (known(running).lead, known(running).partners) == ("gjcf", ())


def test_who_led_already_on_the_day_of_a_late_hand_over_is_judged_by_that_day(running: World) -> None:
    running.give_late(t.HandOver(task=TASK_ID, to="gjcf"), LATE)
    with pytest.raises(r.LeadsAlready):
        running.give_late(t.HandOver(task=TASK_ID, to="gto"), EARLY)
    running.give_late(t.HandOver(task=TASK_ID, to="gjcf"), EARLY)
    assert so(running, day=EARLY).lead == "gjcf"
    with pytest.raises(of_moves.LeadAmongPartners):
        running.give_late(t.AddPartner(task=TASK_ID, partner="gto"), date(2024, 3, 12), GJCF)


@pytest.mark.parametrize("decision", [t.ApproveReplan(task=TASK_ID), t.RefuseReplan(task=TASK_ID)])
def test_a_new_plan_is_not_decided_on_before_it_was_asked_for(running: World, decision: t.OnTask) -> None:
    running.give_late(t.Replan(task=TASK_ID, plan=LARGER), LATE, OFFICER)
    refused(r.DecidedBeforeRequested, lambda: running.give_late(decision, EARLY))
    running.give_late(decision, LATE)
    assert known(running) == so(running)
    assert known(running).pending_plan is None


def test_a_new_plan_is_not_asked_for_before_another_was_settled(running: World) -> None:
    """It would never be decided on."""
    running.give_late(t.Replan(task=TASK_ID, plan=SMALLER), LATE, OFFICER)
    refused(r.RequestOutdone, lambda: running.give_late(t.Replan(task=TASK_ID, plan=LARGER), EARLY, OFFICER))
    running.give_late(t.Replan(task=TASK_ID, plan=LARGER), LATE, OFFICER)
    assert known(running).pending_plan == LARGER
    assert [row.waits for row in rows(running, CITY_INBOX)] == ["replan", "replan"]


def test_a_smaller_plan_entered_late_leaves_the_later_request_to_be_decided(running: World) -> None:
    running.give_late(t.Replan(task=TASK_ID, plan=LARGER), LATE, OFFICER)
    running.give_late(t.Replan(task=TASK_ID, plan=SMALLER), EARLY, OFFICER)
    assert (known(running).plan, known(running).pending_plan) == (SMALLER, LARGER)
    assert [row.waits for row in rows(running, CITY_INBOX)] == ["replan", "replan"]


def test_a_hold_stands_from_its_placing_to_its_lifting_by_their_days(running: World) -> None:
    place, lift = t.PlaceHold(task=TASK_ID, basis="법"), t.LiftHold(task=TASK_ID)
    running.give_late(place, date(2024, 3, 14))
    refused(r.LiftedBeforeHeld, lambda: running.give_late(lift, EARLY))
    running.give_late(lift, LATE)
    refused(r.HeldBeforeLifted, lambda: running.give_late(place, EARLY))
    running.give_late(place, LATE)
    assert known(running).hold == so(running).hold == "법"


def test_a_correction_of_the_first_of_two_of_one_moment_leaves_the_second_as_it_is(running: World) -> None:
    for percent in (10, 20):
        running.give_late(t.ReportProgress(task=TASK_ID, percent=percent), LATE, OFFICER)
    first, second = (f"{STREAM}#{one.version}" for one in running.store.read(STREAM)[-2:])
    running.give(t.Correct(task=TASK_ID, fact=first, percent=15), OFFICER)
    assert (known(running).percent, so(running).percent) == (20, 20)
    correction = f"{STREAM}#{running.store.read(STREAM)[-1].version}"
    running.give(t.CancelCorrection(task=TASK_ID, correction=correction), OFFICER)
    assert [known(running).percent, *(row.progress for row in rows(running, TASK_BOARD))] == [20] * 3
    running.give(t.Correct(task=TASK_ID, fact=second, percent=25), OFFICER)
    assert [known(running).percent, so(running).percent] == [25, 25], "the control"


def test_an_agency_bears_the_name_and_has_the_contacts_and_posts_that_were_so_last(running: World) -> None:
    names = [LocalText(ko=name) for name in ("나중 이름", "먼저 이름")]
    for name, day in zip(names, (LATE, EARLY), strict=True):
        running.give_late(a.Rename(agency="gto", name=name), day)
        running.give_late(a.SetContact(agency="gto", channel="mail", address=f"d{day.day}@gto.example"), day)
        running.give_late(SetContact(year=2024, office="planner", address=f"d{day.day}@city.example"), day)
    for state in (known(running, "agency/gto"), so(running, "agency/gto")):
        assert (state.name, [one.ko for one in state.formerly]) == (names[0], ["이름", "먼저 이름"])
        assert state.contacts == {"mail": "d15@gto.example"}
    assert known(running, "programme/2024").contacts == {"planner": "d15@city.example"}
    facts = [one for one in facts_of(running.store, AsOfMoments()) if one.kind in AGENCY_REGISTER.kinds]
    assert fold(AGENCY_REGISTER, facts)["gto"].name_ko == "나중 이름"
    assert so(running, "agency/gto", EARLY).name == names[1]


def test_nobody_leaves_a_post_before_coming_into_it_and_there_is_one_head_on_a_day(running: World) -> None:
    for person in (PERSON, OTHER):
        running.give(RegisterPerson(subject=person))
    running.give_late(a.Appoint(agency="gto", subject=PERSON, post="head"), date(2024, 3, 14))
    release = a.Release(agency="gto", subject=PERSON, post="head")
    refused(of_agencies.ReleasedBeforeAppointed, lambda: running.give_late(release, EARLY))
    running.give_late(release, date(2024, 3, 16))
    with pytest.raises(of_agencies.HasAHead):
        running.give_late(a.Appoint(agency="gto", subject=OTHER, post="head"), LATE)
    running.give_late(a.Appoint(agency="gto", subject=OTHER, post="head"), date(2024, 3, 16))
    assert known(running, "agency/gto").holders("head") == (OTHER,)
    assert known(running, "agency/gto") == so(running, "agency/gto")
