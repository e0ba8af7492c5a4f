"""What a refusal offers instead: what this actor can do there now, and only what is possible."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from domain.aggregate import Command, DecisionContext
from domain.catalogue import aggregate_of
from domain.errors import Refusal
from domain.fact import Fact
from domain.programme.facts import Closed
from domain.roles import Reach
from domain.task import commands as c
from domain.task import facts as f
from domain.task import refusals as r
from domain.task.lifecycle import COMMANDS, commands_at
from domain.task.state import TASK
from store.envelope import Actor
from tests.domain.examples import (
    APPROVED,
    CORRECTED,
    EVALUATED,
    FINAL,
    HELD,
    IN_PROGRESS,
    NOON,
    PLAN,
    PROPOSED,
    REPORTED,
    REQUESTED,
    TASK_ID,
    WORLD,
    decided,
    fold,
    refused,
)
from tests.domain.examples import COMMANDS as EXAMPLES
from workflows.definitions.templates import templates
from workflows.offering import Offering

OFFICER, PLANNER, HEAD = (
    Actor(role="officer", agency="gjcf"),
    Actor(role="planner"),
    Actor(role="head", agency="gjcf"),
)
RATED = (*IN_PROGRESS, FINAL, f.RatingOpened())
LIVES: dict[str, tuple[Fact, ...]] = {
    "proposed": (PROPOSED,),
    "returned": (PROPOSED, f.Returned()),
    "approved": (PROPOSED, APPROVED),
    "too early to start": (replace(PROPOSED, plan=replace(PLAN, not_before=date(2024, 4, 1))), APPROVED),
    "under way": IN_PROGRESS,
    "without partners": (replace(PROPOSED, partners=()), *IN_PROGRESS[1:]),
    "reported on": (*IN_PROGRESS, REPORTED),
    "corrected": (*IN_PROGRESS, REPORTED, CORRECTED),
    "correction cancelled": (
        *IN_PROGRESS,
        REPORTED,
        CORRECTED,
        f.CorrectionCancelled(correction=5, percent=40),
    ),
    "another plan asked for": (*IN_PROGRESS, REQUESTED),
    "on hold": (*IN_PROGRESS, HELD),
    "suspended": (*IN_PROGRESS, f.Suspended()),
    "final report in": (*IN_PROGRESS, FINAL),
    "to be rated": RATED,
    "rated": (*RATED, f.Rated(score="80", raters=3)),
    "evaluated": (*IN_PROGRESS, FINAL, EVALUATED),
    "rejected": (PROPOSED, f.Rejected()),
    "discontinued": (*IN_PROGRESS, f.Discontinued()),
}
AT = NOON + timedelta(days=1)


def offered(actor: Actor, given: Sequence[Fact], world: Any = WORLD, behalf: Actor | None = None) -> set[Any]:
    def look(stream: str) -> Any:
        return fold(aggregate_of(stream), world.get(stream, ()))

    offering = Offering(
        actor,
        behalf,
        look,
        lambda stream: DecisionContext(AT, history=given, now=AT),
        templates().__getitem__,
    )
    return {one.command for one in offering.offers(f"task/{TASK_ID}", fold(TASK, given))}


def may(actor: Actor, command: type[Command]) -> bool:
    return actor.role in command.by


def goes(command: Command, given: Sequence[Fact]) -> bool:
    try:
        decided(command, fold(TASK, given), AT, WORLD, given)
    except Refusal:
        return False
    return True


@pytest.mark.parametrize("actor", [OFFICER, PLANNER, HEAD], ids=lambda actor: actor.role)
@pytest.mark.parametrize("life", LIVES)
def test_all_that_the_decider_takes_from_this_role_is_offered_and_no_other_roles(
    life: str, actor: Actor
) -> None:
    given = LIVES[life]
    taken = {one for one in COMMANDS if may(actor, one) and goes(EXAMPLES[one.name], given)}
    offers = offered(actor, given)
    assert taken <= offers
    assert all(may(actor, one) for one in offers)


@pytest.mark.parametrize("life", LIVES)
def test_what_needs_nothing_more_than_the_task_is_offered_only_where_it_is_not_refused(life: str) -> None:
    plain = [
        one
        for one in COMMANDS
        if one is not c.Revise
        and {n for n, field in one.model_fields.items() if field.is_required()} == {"task"}
    ]
    assert {c.Approve, c.Start, c.ApproveReplan, c.LiftHold} <= set(plain)
    for actor in (OFFICER, PLANNER):
        for one in offered(actor, LIVES[life]) & set(plain):
            command = (
                c.Replan(task=TASK_ID, plan=replace(PLAN, budget_krw=1))
                if one is c.Replan
                else one(task=TASK_ID)
            )
            assert goes(command, LIVES[life]), one.name


@pytest.mark.parametrize(
    ("life", "command"),
    [
        ("too early to start", c.Start),
        ("without partners", c.ReleasePartner),
        ("under way", c.ApproveReplan),
        ("under way", c.CancelCorrection),
        ("correction cancelled", c.CancelCorrection),
        ("under way", c.LiftHold),
        ("on hold", c.PlaceHold),
        ("rated", c.Rate),
    ],
)
def test_what_the_place_allows_and_the_task_does_not_is_not_offered(life: str, command: Any) -> None:
    given = LIVES[life]
    assert command in commands_at(fold(TASK, given).place), "the control: by place alone it would be"
    assert command not in offered(OFFICER, given) | offered(PLANNER, given)


def test_a_task_of_the_list_is_offered_to_its_lead_alone_while_the_year_is_open() -> None:
    assert offered(OFFICER, ()) == {c.Propose}
    assert offered(PLANNER, ()) == offered(Actor(role="officer", agency="gto"), ()) == set()
    closed = {**WORLD, "programme/2024": (*WORLD["programme/2024"], Closed())}
    assert offered(OFFICER, (), closed) == set()
    unlisted = {**WORLD, "programme/2024": WORLD["programme/2024"][:1]}
    assert offered(OFFICER, (), unlisted) == set()


def test_a_rejected_tasks_number_is_the_planners_to_free_and_then_its_leads_to_propose() -> None:
    given = (PROPOSED, f.Rejected())
    assert c.FreeNumber in offered(PLANNER, given)
    assert offered(OFFICER, given) == set()
    assert offered(OFFICER, (*given, f.NumberFreed())) == {c.Propose}


def test_after_a_handover_it_is_the_new_leads_turn() -> None:
    given = (PROPOSED, f.HandedOver(lead="gtc"))
    assert offered(OFFICER, given) == set()
    assert c.Revise in offered(Actor(role="officer", agency="gtc"), given)


def test_who_acts_for_another_is_offered_what_that_other_may() -> None:
    assert c.Revise in offered(HEAD, (PROPOSED,), behalf=OFFICER)
    assert c.Revise not in offered(HEAD, (PROPOSED,))


def test_roles_that_reach_everything_reach_it_here() -> None:
    assert all(one.by["planner"] is Reach.ANY for one in offered(PLANNER, (PROPOSED,)))


def test_a_decider_by_itself_offers_nothing() -> None:
    refusal = refused(r.NotAllowedNow, c.Start(task=TASK_ID), (PROPOSED,))
    assert refusal.details["allowed"] == ()
