"""A reform case: entered, checked by the city, presented, and taken over by others with their own figures."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import permutations
from typing import Any

import pytest
from msgspec.structs import replace
from pydantic import ValidationError

from domain.agency.facts import Closed
from domain.agency.refusals import AgencyClosed, AgencyNotRegistered
from domain.agency.state import AGENCY
from domain.aggregate import DecisionContext
from domain.fact import Fact
from domain.meeting import facts as m
from domain.reform import commands as c
from domain.reform import facts as f
from domain.reform import refusals as r
from domain.reform.decider import AGGREGATE
from domain.reform.facts import Measure, MovedOver
from domain.reform.measures import describe_measure
from domain.reform.state import REFORM, ReformCase, ReformStage
from tests.domain.examples import MEASURES, MEETING_ID, NOON, REF, REGISTERED, WORLD, fold, ko, refused, when

CASE = "gto-2023"
ENTERED = f.Entered(agency="gto", year=2024, name=ko("관리직 축소"), measures=MEASURES)
CONFIRMED = (ENTERED, f.Confirmed())
TAKEN = f.TakenOver(agency="gjcf", measures=(Measure(name=ko("관리직"), unit="명", value_before="7"),))
CALLED = m.Called(
    year=2024,
    name=ko("제1차 회의"),
    on=date(2024, 3, 7),
    venue=ko("시청"),
    format="briefing",
    definition="donghaeng-2024/1",
    terms=m.Terms(5, 5, "1/2", "more than 1/2"),
)
MET = {**WORLD, f"meeting/{MEETING_ID}": (CALLED,)}


def made(command: Any, given: Sequence[Fact], **more: Any) -> Fact:
    (fact,) = when(command, given, **more)
    return fact


def enter(**said: Any) -> c.Enter:
    return c.Enter(**({"case": CASE, "agency": "gto", "year": 2024, "title": ko("관리직 축소")} | said))


def test_a_case_is_entered_returned_revised_confirmed_presented_and_taken_over() -> None:
    assert made(enter(measures=MEASURES), ()) == ENTERED
    returned = made(c.Return(case=CASE), (ENTERED,))
    revised = made(c.Revise(case=CASE, category="organisation", evidence=REF), (ENTERED, returned))
    confirmed = made(c.Confirm(case=CASE), (ENTERED, returned, revised))
    facts = (ENTERED, returned, revised, confirmed)
    presented = made(c.Present(case=CASE, meeting=MEETING_ID), facts, world=MET)
    taken = made(c.TakeOver(case=CASE, agency="gjcf", measures=TAKEN.measures), facts)
    assert taken == TAKEN
    later = replace(TAKEN.measures[0], value_after="5")
    measured = made(c.EnterFigures(case=CASE, agency="gjcf", measures=(later,)), (*facts, taken))
    case: ReformCase = fold(REFORM, (*facts, presented, taken, measured))
    assert (case.stage, case.category, case.evidence) == (ReformStage.CONFIRMED, "organisation", REF)
    assert case.presentations == {MEETING_ID: None}
    assert list(case.takers) == ["gjcf"]
    assert (case.measures_of("gto"), case.measures_of("gjcf")) == (MEASURES, (later,))


def test_figures_that_are_revised_take_the_place_of_all() -> None:
    other = (Measure(name=ko("부서"), unit="개", value_after="4"),)
    case: ReformCase = fold(REFORM, (ENTERED, f.Revised(measures=other)))
    assert case.measures_of("gto") == other
    assert fold(REFORM, (ENTERED, f.Revised(name=ko("다른 이름")))).measures_of("gto") == MEASURES


def test_a_figure_after_is_not_of_a_day_before_the_one_before() -> None:
    turned = (replace(MEASURES[0], after_on=date(2022, 12, 30)),)
    for command, given in (
        (enter(measures=turned), ()),
        (c.Revise(case=CASE, measures=turned), (ENTERED,)),
        (c.TakeOver(case=CASE, agency="gjcf", measures=turned), CONFIRMED),
        (c.EnterFigures(case=CASE, agency="gto", measures=turned), CONFIRMED),
    ):
        said = refused(r.FigureTurnedRound, command, given)
        assert "2022-12-30" in said.say("ko")
        assert "관리직" in said.say("en")
    same_day = (replace(MEASURES[0], after_on=date(2022, 12, 31)),)
    assert made(enter(measures=same_day), ()).measures == same_day


def test_nobody_takes_a_case_over_whose_it_is_or_twice() -> None:
    refused(r.TakenOverByOwner, c.TakeOver(case=CASE, agency="gto"), CONFIRMED)
    refused(r.TakenOverAlready, c.TakeOver(case=CASE, agency="gjcf"), (*CONFIRMED, TAKEN))
    refused(AgencyNotRegistered, c.TakeOver(case=CASE, agency="nobody"), CONFIRMED)
    assert made(c.TakeOver(case=CASE, agency="gtc"), (*CONFIRMED, TAKEN)) == f.TakenOver(agency="gtc")


def test_only_what_the_city_confirmed_is_presented_and_taken_over() -> None:
    commands = (
        c.Present(case=CASE, meeting=MEETING_ID),
        c.TakeOver(case=CASE, agency="gjcf"),
        c.EnterFigures(case=CASE, agency="gto", measures=MEASURES),
    )
    for command in commands:
        for given in ((ENTERED,), (ENTERED, f.Returned())):
            refused(r.CaseNotNow, command, given, world=MET)
        refused(r.CaseNotEntered, command, (), world=MET)
        assert when(command, CONFIRMED, world=MET)


def test_a_case_is_entered_once_and_checked_once() -> None:
    refused(r.CaseEnteredAlready, enter(), (ENTERED,))
    refused(r.CaseCheckedAlready, c.Confirm(case=CASE), CONFIRMED)
    refused(r.CaseNotNow, c.Return(case=CASE), CONFIRMED)
    refused(r.CaseNotNow, c.Return(case=CASE), (ENTERED, f.Returned()))
    refused(r.CaseNotNow, c.Confirm(case=CASE), (ENTERED, f.Returned()))
    refused(r.CaseNotNow, c.Revise(case=CASE, title=ko("이름")), CONFIRMED)
    refused(r.RevisionEmpty, c.Revise(case=CASE), (ENTERED,))
    refused(r.CaseYearNotOpen, enter(year=2031), ())


def test_it_is_presented_at_a_meeting_that_stands_from_its_day_on_and_once() -> None:
    present = c.Present(case=CASE, meeting=MEETING_ID)
    refused(r.PresentedAtNoMeeting, present, CONFIRMED)
    cancelled = {**WORLD, f"meeting/{MEETING_ID}": (CALLED, m.Cancelled())}
    refused(r.PresentedAtNoMeeting, present, CONFIRMED, world=cancelled)
    refused(r.PresentedTooEarly, present, CONFIRMED, world=MET, at=NOON - timedelta(days=1))
    told = f.Presented(meeting=MEETING_ID)
    refused(r.PresentedAlready, present, (*CONFIRMED, told), world=MET)
    with_item = c.Present(case=CASE, meeting=MEETING_ID, item=1)
    refused(r.PresentedWithoutItem, with_item, CONFIRMED, world=MET)
    item = {**WORLD, f"meeting/{MEETING_ID}": (CALLED, m.ItemAdded(item=1, name=ko("우수사례")))}
    assert made(with_item, CONFIRMED, world=item) == f.Presented(meeting=MEETING_ID, item=1)


def test_figures_are_of_the_agency_or_of_one_that_took_it_over() -> None:
    enter_figures = c.EnterFigures(case=CASE, agency="gjcf", measures=MEASURES)
    refused(r.NoFiguresOfAgency, enter_figures, CONFIRMED)
    assert made(enter_figures, (*CONFIRMED, TAKEN)) == f.Measured(agency="gjcf", measures=MEASURES)


def test_what_goes_over_goes_from_an_agency_to_another() -> None:
    def moved(giver: str, taker: str) -> c.Enter:
        return enter(transfers=(MovedOver(giver, taker, "facility", ko("시설")),))

    refused(r.MovedToItself, moved("gto", "gto"))
    refused(AgencyNotRegistered, moved("nobody", "gto"))
    refused(AgencyNotRegistered, moved("gto", "nobody"))
    gone = {**WORLD, "agency/old": (REGISTERED, Closed())}
    assert made(moved("old", "gto"), (), world=gone).transfers[0].from_agency == "old"
    refused(AgencyClosed, moved("gto", "old"), world=gone)


@pytest.mark.parametrize(
    "measure",
    [
        Measure(name=ko("관리직"), unit="명"),
        Measure(name=ko("관리직"), unit="명", value_after="9", before_on=date(2022, 1, 1)),
        Measure(name=ko("관리직"), unit="명", value_after="아홉"),
        Measure(name=ko(" "), unit="명", value_after="9"),
        Measure(name=ko("관리직"), unit="", value_after="9"),
    ],
)
def test_a_figure_has_a_value_before_or_after(measure: Measure) -> None:
    with pytest.raises(ValidationError):
        enter(measures=(measure,))
    assert enter(measures=(Measure(name=ko("관리직"), unit="명", value_after="9"),)).measures


def test_no_figure_stands_twice() -> None:
    with pytest.raises(ValidationError):
        enter(measures=MEASURES * 2)


def test_late_entries_come_to_the_same_in_whichever_order_they_are_told() -> None:
    """Each with the moment at which it was so, and its number."""
    facts = (f.Revised(name=ko("둘째")), f.Confirmed(), f.Measured("gto", MEASURES), f.TakenOver("gjcf"))
    dated = [(fact, NOON + timedelta(days=day), day + 2) for day, fact in enumerate(facts)]
    started = REFORM.evolve(ReformCase(), ENTERED, NOON - timedelta(days=1), 1)

    def folded(told: Sequence[tuple[Fact, Any, int]]) -> ReformCase:
        case = started
        for fact, at, version in told:
            case = REFORM.evolve(case, fact, at, version)
        return case

    assert {folded(one).stage for one in permutations(dated)} == {ReformStage.CONFIRMED}
    assert all(folded(one) == folded(dated) for one in permutations(dated))


def test_a_late_entry_is_refused_where_the_case_was_not_confirmed_then() -> None:
    now, then = fold(REFORM, CONFIRMED), fold(REFORM, (ENTERED,))
    command, others = c.TakeOver(case=CASE, agency="gjcf"), {"agency/gjcf": fold(AGENCY, (REGISTERED,))}
    with pytest.raises(r.CaseNotNow):
        AGGREGATE.decide(command, now, DecisionContext(NOON, others, CONFIRMED, then=then))
    assert AGGREGATE.decide(command, now, DecisionContext(NOON, others, CONFIRMED, then=now))


def test_a_figure_is_said_as_people_say_it() -> None:
    def said(**fields: Any) -> tuple[str, str]:
        words = describe_measure(Measure(name=ko("수치"), **fields))
        return words.ko, words.en

    assert said(unit="persons", value_before="13", value_after="9") == (
        "수치 13명 → 9명",
        "수치: 13 persons → 9 persons",
    )
    assert said(unit="KRW", value_after="11000000000") == (
        "수치 11,000,000,000원",
        "수치: KRW 11,000,000,000",
    )
    assert said(unit="차례", value_after="30", approximate=True)[0] == "수치 약 30차례"
    assert said(unit="명", value_before="7")[0] == "수치 7명(이전)"
    assert describe_measure(MEASURES[0]).ko == "관리직 13명(2022-12-31) → 9명(2023-12-31)(출처: 경영공시)"
