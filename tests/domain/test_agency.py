"""An agency's entry in the register, and what becomes of it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from domain.agency import commands as c
from domain.agency import facts as f
from domain.agency import refusals as r
from domain.agency.decider import AGGREGATE as AGENCY
from domain.agency.state import Agency
from domain.errors import Refusal
from domain.fact import Fact
from domain.programme.commands import AddTask
from domain.task.commands import HandOver
from tests.domain.examples import (
    COMMANDS,
    HEAD,
    IN_PROGRESS,
    OFFICER,
    OPENED,
    REGISTERED,
    TASK_ID,
    WORLD,
    fold,
    ko,
    refused,
    when,
)

REGISTER = COMMANDS["agency.register"]
STAFFED = (
    REGISTERED,
    f.Appointed(subject=OFFICER, post="officer"),
    f.Appointed(subject=HEAD, post="head"),
)
AWAY = f.SubstituteAppointed(
    number=4, absent=HEAD, substitute=OFFICER, starts=date(2024, 5, 1), ends=date(2024, 5, 10)
)
LET = f.DecisionDelegated(
    number=4,
    form="standing",
    decision="task.report_progress",
    holder=HEAD,
    delegate=OFFICER,
    starts=date(2024, 5, 1),
)
GONE = (f.Merged(into="gto"), f.Closed())
NEEDS: dict[str, tuple[Fact, ...]] = {
    "agency.register": (),
    "agency.appoint": STAFFED[:2],
    "agency.end_substitution": (*STAFFED, AWAY),
    "agency.end_delegation": (*STAFFED, LET),
}
OWN = sorted(command.name for command in AGENCY.commands)


def agency(*given: Fact) -> Agency:
    state: Agency = fold(AGENCY, given)
    return state


def test_an_agency_is_registered_under_its_name() -> None:
    assert when(REGISTER) == (REGISTERED,)
    assert fold(AGENCY, [REGISTERED]).name.ko == "광주문화재단"


def test_an_agency_is_registered_once() -> None:
    assert "광주문화재단" in refused(r.AgencyAlreadyRegistered, REGISTER, [REGISTERED]).say("ko")


@pytest.mark.parametrize("name", OWN)
def test_every_command_of_an_agency_that_is_there_makes_one_fact(name: str) -> None:
    given = NEEDS.get(name, STAFFED)
    (fact,) = when(COMMANDS[name], given)
    changes_nothing = name == "agency.transfer"  # what it holds is told from its history
    assert (agency(*given, fact) != agency(*given)) is not changes_nothing


@pytest.mark.parametrize("gone", GONE, ids=lambda fact: str(fact.kind))
@pytest.mark.parametrize("name", [name for name in OWN if name != "agency.register"])
def test_an_agency_that_is_no_more_takes_no_command(name: str, gone: Fact) -> None:
    refusal = r.AgencyMergedAway if isinstance(gone, f.Merged) else r.AgencyClosed
    refused(refusal, COMMANDS[name], (*NEEDS.get(name, STAFFED), gone))
    refused(r.AgencyNotRegistered, COMMANDS[name])


@pytest.mark.parametrize("gone", GONE, ids=lambda fact: str(fact.kind))
def test_an_agency_that_is_no_more_is_given_nothing(gone: Fact) -> None:
    world = {**WORLD, "agency/gto": (REGISTERED, gone)}
    refusal = r.AgencyMergedAway if isinstance(gone, f.Merged) else r.AgencyClosed
    add = AddTask(year=2024, task="2024-09", area="culture", lead="gto", title=ko("새 과제"))
    for command, given in (
        (COMMANDS["agency.merge"], [REGISTERED]),
        (COMMANDS["agency.transfer"], [REGISTERED]),
        (HandOver(task=TASK_ID, to="gto"), list(IN_PROGRESS)),
        (add, [OPENED]),
    ):
        refused(refusal, command, given, world=world)
        assert when(command, given), "the control: before that it was"


def test_former_names_are_kept() -> None:
    state = agency(f.Registered(name=ko("둘째"), formerly=(ko("첫째"),)), f.Renamed(name=ko("셋째")))
    assert [name.ko for name in (*state.formerly, state.name) if name] == ["첫째", "둘째", "셋째"]
    refused(r.NameUnchanged, c.Rename(agency="gjcf", name=ko("광주문화재단")), [REGISTERED])


def test_a_merger_into_itself_or_in_a_circle_is_refused() -> None:
    refused(r.MergesIntoItself, c.Merge(agency="gjcf", into="gjcf"), [REGISTERED])
    world = {**WORLD, "agency/gto": (REGISTERED, f.Merged(into="gjcf"))}
    refused(r.MergesInCircle, c.Merge(agency="gjcf", into="gto"), [REGISTERED], world=world)
    further = {**WORLD, "agency/gto": (REGISTERED, f.Merged(into="gtc"))}
    refused(r.AgencyMergedAway, c.Merge(agency="gjcf", into="gto"), [REGISTERED], world=further)
    refused(
        r.TransfersToItself, c.Transfer(agency="gto", what="function", name=ko("ㄱ"), to="gto"), [REGISTERED]
    )


def test_people_come_into_posts_and_leave_them() -> None:
    assert agency(*STAFFED).holders("officer") == (OFFICER,)
    refused(r.AppointedAlready, c.Appoint(agency="gjcf", subject=OFFICER, post="officer"), STAFFED)
    refused(r.HasAHead, c.Appoint(agency="gjcf", subject=OFFICER, post="head"), STAFFED)
    refused(r.AppointsUnknown, c.Appoint(agency="gjcf", subject="9" * 32, post="head"), (REGISTERED,))
    refused(r.NotInPost, c.Release(agency="gjcf", subject=OFFICER, post="head"), STAFFED)
    left = f.Released(subject=HEAD, post="head")
    assert when(c.Appoint(agency="gjcf", subject=OFFICER, post="head"), (*STAFFED, left))


def substitute(**changes: Any) -> c.AppointSubstitute:
    given = {"absent": HEAD, "substitute": OFFICER, "starts": date(2024, 5, 1), "ends": date(2024, 5, 10)}
    return c.AppointSubstitute(agency="gjcf", **{**given, **changes})


OTHER = "3" * 32
THREE = (*STAFFED, f.Appointed(subject=OTHER, post="officer"))


@pytest.mark.parametrize(
    ("refusal", "changes", "given"),
    [
        (r.StandsForSelf, {"substitute": HEAD}, STAFFED),
        (r.NotInPost, {"substitute": OTHER}, STAFFED),
        (r.NotInPost, {"absent": OTHER}, STAFFED),
        (r.SpanTurnedRound, {"ends": date(2024, 4, 30)}, STAFFED),
        (r.SpanInPast, {"starts": date(2024, 3, 1), "ends": date(2024, 3, 7)}, STAFFED),
        (r.TwoAtOnce, {}, (*STAFFED, AWAY)),
        (r.TwoAtOnce, {"substitute": OTHER, "starts": date(2024, 5, 10)}, (*THREE, AWAY)),
        (r.StandInCircle, {"absent": OFFICER, "substitute": HEAD}, (*STAFFED, AWAY)),
    ],
)
def test_a_wrong_substitution_is_refused_by_name(
    refusal: type[Refusal], changes: dict[str, Any], given: tuple[Fact, ...]
) -> None:
    command = substitute(**{"ends": date(2024, 5, 20), **changes})
    refused(refusal, command, given)


def test_a_substitution_may_follow_another_and_begin_today() -> None:
    after = substitute(starts=date(2024, 5, 11), ends=date(2024, 5, 20))
    (fact,) = when(after, (*STAFFED, AWAY))
    assert isinstance(fact, f.SubstituteAppointed)
    assert fact.number == 5
    assert when(substitute(starts=date(2024, 3, 1), ends=date(2024, 3, 8)), STAFFED), "today is the 8th"
    assert when(substitute(), (*STAFFED, AWAY, f.SubstitutionEnded(number=4)))


def on_days(first: int, last: int, **changes: Any) -> c.AppointSubstitute:
    return substitute(starts=date(2024, 5, first), ends=date(2024, 5, last), **changes)


def test_a_substitute_may_be_away_too_whichever_was_entered_first() -> None:
    first = on_days(1, 10, absent=HEAD, substitute=OFFICER)
    second = on_days(5, 20, absent=OFFICER, substitute=OTHER)
    for one, other in ((first, second), (second, first)):
        (fact,) = when(one, THREE)
        assert when(other, (*THREE, fact))


@pytest.mark.parametrize("order", [(0, 1, 2), (0, 2, 1), (1, 0, 2), (1, 2, 0), (2, 0, 1), (2, 1, 0)])
@pytest.mark.parametrize(("last_begins", "circle"), [(8, True), (9, False)])
def test_three_go_round_only_where_all_three_share_a_day(
    order: tuple[int, ...], last_begins: int, circle: bool
) -> None:
    links = (
        on_days(1, 8, absent=HEAD, substitute=OFFICER),
        on_days(5, 20, absent=OFFICER, substitute=OTHER),
        on_days(last_begins, 25, absent=OTHER, substitute=HEAD),
    )
    given: tuple[Fact, ...] = THREE
    for place in order[:2]:
        given = (*given, *when(links[place], given))
    if circle:
        refused(r.StandInCircle, links[order[2]], given)
    else:
        assert when(links[order[2]], given), "the control: they share no day"


def test_what_has_ended_cannot_be_ended() -> None:
    end = COMMANDS["agency.end_substitution"]
    refused(r.NothingToEnd, end, STAFFED)
    refused(r.NothingToEnd, end, (*STAFFED, AWAY, f.SubstitutionEnded(number=4)))
    refused(r.NothingToEnd, COMMANDS["agency.end_delegation"], (*STAFFED, AWAY))


def delegate(**changes: Any) -> c.DelegateDecision:
    given = {
        "form": "proxy",
        "decision": "task.submit_final_report",
        "holder": HEAD,
        "delegate": OFFICER,
        "starts": date(2024, 5, 1),
        "ends": date(2024, 5, 10),
    }
    return c.DelegateDecision(agency="gjcf", **{**given, **changes})


@pytest.mark.parametrize(
    ("refusal", "changes"),
    [
        (r.StandsForSelf, {"delegate": HEAD}),
        (r.NotInPost, {"delegate": OTHER}),
        (r.ProxyWithoutEnd, {"ends": None}),
        (r.SpanTurnedRound, {"ends": date(2024, 4, 30)}),
        (r.SpanInPast, {"starts": date(2024, 3, 1), "ends": date(2024, 3, 7)}),
    ],
)
def test_a_wrong_delegation_is_refused_by_name(refusal: type[Refusal], changes: dict[str, Any]) -> None:
    refused(refusal, delegate(**changes), STAFFED)
    assert when(delegate(), STAFFED), "the control"


def test_a_standing_delegation_needs_no_last_day() -> None:
    (fact,) = when(delegate(form="standing", ends=None), STAFFED)
    assert agency(*STAFFED, fact).delegations[4].ends is None


def test_a_decision_is_not_delegated_in_a_circle() -> None:
    (fact,) = when(delegate(form="standing", ends=None), THREE)
    back = delegate(holder=OFFICER, delegate=HEAD, starts=date(2029, 1, 1), ends=date(2029, 1, 2))
    refused(r.StandInCircle, back, (*THREE, fact))
    (on,) = when(delegate(holder=OFFICER, delegate=OTHER), (*THREE, fact))
    refused(r.StandInCircle, delegate(holder=OTHER, delegate=HEAD), (*THREE, fact, on))
    assert when(back, THREE), "the control: the first has ended, or was never there"
    other = delegate(holder=OFFICER, delegate=HEAD, decision="task.replan")
    assert when(other, (*THREE, fact)), "the control: another decision"
