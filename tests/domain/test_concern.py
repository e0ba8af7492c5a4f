"""A policy concern: raised, deliberated, resolved, linked to what follows, and reviewed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from domain.agency.refusals import AgencyNotRegistered
from domain.aggregate import DecisionContext
from domain.calendar.facts import CalendarOpened
from domain.catalogue import aggregate_of
from domain.concern import commands as c
from domain.concern import facts as f
from domain.concern import refusals as r
from domain.concern.state import CONCERN, Concern, ConcernStage
from domain.errors import Refusal
from domain.fact import Fact
from domain.lifecycle.content import parse_content
from domain.meeting import facts as meeting
from domain.meeting.commands import AddItem
from domain.meeting.refusals import ItemOfNoConcern
from domain.programme import facts as programme_facts
from tests.domain.examples import CONTENT, PROPOSED, REF, TASK_ID, WORLD, fold, ko, refused, when
from tests.domain.test_meeting import CALLED, DECIDED, HELD
from workflows.definitions.templates import templates

ID = "night-buses"
TERMS = f.Terms(opinion_days=10, review_days=180)
RAISED = f.Raised(
    year=2024,
    name=ko("심야버스"),
    question=REF,
    until=date(2024, 3, 20),
    definition="donghaeng-2024/1",
    terms=TERMS,
    agency="gto",
    invited=("gto", "gjcf"),
)
ONE, TWO = (
    f.AlternativeAdded(alternative=number, name=ko(name), cost_krw=number * 10**8)
    for number, name in ((1, "노선 연장"), (2, "수요응답형 버스"))
)
OPEN: tuple[Fact, ...] = (RAISED, ONE, TWO)
CHOSEN = (*OPEN, f.Chosen(1, date(2024, 9, 17)))
DEFERRED = (*OPEN, f.Deferred(date(2024, 6, 30)))
WORLD_OF_CONCERNS: Mapping[str, Sequence[Fact]] = {
    **WORLD,
    **{
        f"calendar/{year}": (CalendarOpened(year=year, holidays=(), source="-"),)
        for year in (2025, 2026, 2027)
    },
    f"task/{TASK_ID}": (PROPOSED,),
    "meeting/heads-2024-1": (*HELD, DECIDED),
}


def at(month: int, day: int) -> datetime:
    """Noon in Seoul."""
    return datetime(2024, month, day, 3, tzinfo=UTC)


def give(
    command: c.OnConcern, given: Sequence[Fact] = (), moment: datetime | None = None
) -> tuple[Fact, ...]:
    return when(command, given, world=WORLD_OF_CONCERNS, at=moment or at(3, 25))


def refuse(
    refusal: type[Refusal], command: c.OnConcern, given: Sequence[Fact] = (), moment: datetime | None = None
) -> Refusal:
    return refused(refusal, command, given, world=WORLD_OF_CONCERNS, at=moment or at(3, 25))


def stand(given: Sequence[Fact]) -> Concern:
    """The concern that these facts make."""
    found: Concern = fold(aggregate_of("concern/x"), given)
    return found


def raise_it(**more: Any) -> c.Raise:
    said: dict[str, Any] = {"year": 2024, "title": RAISED.name, "question": REF, "agency": "gto"}
    return c.Raise(concern=ID, **said | more)


def raise_under(command: c.Raise, concerns: Mapping[str, Any] | None = None) -> f.Raised:
    """What it is raised with under a definition that says this of concerns."""
    by = parse_content(CONTENT)
    if concerns is not None:
        by = by.model_copy(update={"concerns": type(by.concerns).model_validate(concerns)})
    opened = programme_facts.Opened(
        name=ko("동행전략"), city=ko("광주광역시"), areas=(), definition="donghaeng-2024/1"
    )
    world = {**WORLD_OF_CONCERNS, "programme/2024": (opened,)}
    aggregate = aggregate_of(command.stream)
    others = {one: fold(aggregate_of(one), world.get(one, ())) for one in aggregate.reads(command, Concern())}
    context = DecisionContext(at(3, 6), others, definition_of=lambda _: by)
    (raised,) = aggregate.decide(command, Concern(), context)
    assert isinstance(raised, f.Raised)
    return raised


def test_it_is_raised_under_the_years_definition_which_says_how_long_opinions_are_given() -> None:
    raised = raise_under(raise_it(tasks=(TASK_ID,), invited=("gjcf", "gjcf")))
    assert (raised.terms, raised.until) == (TERMS, date(2024, 3, 20))
    assert (raised.tasks, raised.invited) == ((TASK_ID,), ("gjcf",))
    other = raise_under(raise_it(), {"opinion_business_days": 3, "review_days": 30})
    assert (other.terms, other.until) == (f.Terms(3, 30), date(2024, 3, 11))


def test_it_is_raised_once_in_a_year_that_is_open_about_what_is_there() -> None:
    refuse(r.ConcernRaisedAlready, raise_it(), OPEN)
    refuse(r.ConcernYearNotOpen, raise_it(year=2031))
    with pytest.raises(r.NothingThere):
        raise_under(raise_it(tasks=("2024-99",)))
    with pytest.raises(AgencyNotRegistered):
        raise_under(raise_it(invited=("nobody",)))
    for command in (
        c.Drop(concern=ID),
        c.GiveOpinion(concern=ID, text=REF),
        c.Choose(concern=ID, alternative=1),
    ):
        refuse(r.ConcernNotRaised, command)


def test_opinions_are_given_until_the_last_day_and_again_in_another_round() -> None:
    opinion = c.GiveOpinion(concern=ID, text=REF, agency="gtc")
    last = at(3, 20)
    assert give(opinion, OPEN, last) == (f.OpinionGiven(4, 1, REF, "gtc"),), "also of who was not named"
    refuse(r.OpinionsOver, opinion, OPEN, last + timedelta(days=1))
    (opened,) = give(c.OpenRound(concern=ID, invited=("gtc",)), OPEN, at(3, 25))
    assert opened == f.RoundOpened(round=2, until=date(2024, 4, 8), invited=("gtc",))
    assert give(opinion, (*OPEN, opened), at(4, 8)) == (f.OpinionGiven(5, 2, REF, "gtc"),)
    state: Concern = stand((*OPEN, f.OpinionGiven(4, 1, REF, "gto"), opened))
    assert (state.invited, state.heard) == (("gto", "gjcf", "gtc"), frozenset())
    everybody = f.Raised(2024, RAISED.name, REF, RAISED.until, RAISED.definition, TERMS)
    assert stand((everybody, opened)).invited == (), "who asks all goes on asking all"


def test_an_alternative_is_chosen_once_opinions_had_their_time() -> None:
    choose = c.Choose(concern=ID, alternative=1)
    refuse(r.OpinionsMayCome, choose, OPEN, at(3, 20))
    assert give(choose, OPEN, at(3, 21)) == (f.Chosen(1, date(2024, 9, 17)),)
    refuse(r.NoSuchAlternative, c.Choose(concern=ID, alternative=3), OPEN)


def test_an_alternative_that_was_dropped_is_not_chosen() -> None:
    dropped = (*OPEN, f.AlternativeDropped(2))
    for command in (c.Choose(concern=ID, alternative=2), c.DropAlternative(concern=ID, alternative=2)):
        refuse(r.AlternativeIsDropped, command, dropped)
        assert give(command, OPEN), "the control: it stands"
    assert give(c.Choose(concern=ID, alternative=1), dropped)
    (added,) = give(c.AddAlternative(concern=ID, title=ko("새 대안"), cost_krw=0, risks=REF), dropped)
    assert isinstance(added, f.AlternativeAdded)
    assert (added.alternative, added.cost_krw, added.risks, added.effects) == (3, 0, REF, None)


def test_it_is_resolved_once_unless_it_is_taken_up_again() -> None:
    defer = c.Defer(concern=ID, until=date(2024, 6, 30))
    for settled in (CHOSEN, (*OPEN, f.Dropped())):
        for command in (
            c.Choose(concern=ID, alternative=1),
            defer,
            c.Drop(concern=ID),
            c.OpenRound(concern=ID),
        ):
            refuse(r.ConcernNotNow, command, settled)
    assert give(defer, OPEN) == (f.Deferred(date(2024, 6, 30)),)
    for command in (c.Choose(concern=ID, alternative=1), defer):
        refuse(r.ConcernNotNow, command, DEFERRED)
    again = (*DEFERRED, f.RoundOpened(2, date(2024, 7, 15)))
    assert stand(again).deferred_until is None
    assert give(c.Choose(concern=ID, alternative=1), again, at(7, 16))
    refuse(r.DeferredToThePast, c.Defer(concern=ID, until=date(2024, 3, 25)), OPEN)


def test_what_follows_is_linked_where_it_is_there() -> None:
    links = (f"task/{TASK_ID}", "meeting/heads-2024-1#4", "concern/later")
    world = {**WORLD_OF_CONCERNS, "concern/later": (RAISED,)}
    for link in links:
        command = c.Link(concern=ID, follow_up=link)
        earlier = (f.Raised(2024, RAISED.name, REF, RAISED.until, RAISED.definition, TERMS),)
        state = CONCERN.evolve(Concern(), earlier[0], at(1, 2), 1)
        aggregate = aggregate_of(command.stream)
        others = {one: fold(aggregate_of(one), world[one]) for one in aggregate.reads(command, state)}
        assert aggregate.decide(command, state, DecisionContext(at(3, 25), others)) == (f.Linked(link),)
        refuse(r.LinkedAlready, command, (*OPEN, f.Linked(link)))
    for nothing in (
        "task/2024-99",
        "meeting/heads-2024-1#5",
        "meeting/none#1",
        "definition/own/2",
        "concern/none",
    ):
        refuse(r.NothingThere, c.Link(concern=ID, follow_up=nothing), OPEN)
    for senseless in (
        "2024-07",
        "meeting/heads-2024-1",
        "definition/own",
        "subject/" + "1" * 32,
        "task/2024-07#1",
    ):
        with pytest.raises(ValidationError):
            c.Link(concern=ID, follow_up=senseless)


def link(before: str, after: str, raised: Mapping[str, datetime]) -> tuple[Fact, ...]:
    """That one concern follows from another, raised when."""
    states = {name: CONCERN.evolve(Concern(), RAISED, moment, 1) for name, moment in raised.items()}
    command = c.Link(concern=before, follow_up=f"concern/{after}")
    others = {f"concern/{name}": state for name, state in states.items()}
    return aggregate_of(command.stream).decide(command, states[before], DecisionContext(at(5, 1), others))


def test_concerns_do_not_follow_from_each_other_in_a_circle() -> None:
    """However long it would be: what follows was raised later."""
    raised = {"a": at(3, 1), "b": at(3, 2), "c": at(3, 3), "same": at(3, 1)}
    for before, after in (("a", "b"), ("b", "c"), ("a", "c")):
        assert link(before, after, raised) == (f.Linked(f"concern/{after}"),)
    for before, after in (("b", "a"), ("c", "a"), ("a", "a"), ("a", "same"), ("same", "a")):
        with pytest.raises(r.ConcernsInCircle):
            link(before, after, raised)


def test_it_is_reviewed_after_the_span_and_only_where_something_was_chosen() -> None:
    review = c.Review(concern=ID, came="in_part", text=REF)
    refuse(r.ReviewNotYet, review, CHOSEN, at(9, 16))
    assert give(review, CHOSEN, at(9, 17)) == (f.Reviewed("in_part", REF),)
    for given in (OPEN, DEFERRED, (*CHOSEN, f.Reviewed("as_expected", REF))):
        refuse(r.ConcernNotNow, review, given, at(12, 1))
    assert stand((*CHOSEN, f.Reviewed("in_part", REF))).stage is ConcernStage.REVIEWED


def test_it_is_put_on_a_meetings_agenda_where_it_was_raised() -> None:
    item = AddItem(meeting="heads-2024-1", title=ko("심야버스"), concern=ID)
    world = {
        **WORLD_OF_CONCERNS,
        "calendar/2023": (CalendarOpened(year=2023, holidays=(), source="-"),),
        f"concern/{ID}": OPEN,
    }
    (added,) = when(item, (CALLED,), world=world, at=at(2, 1))
    assert isinstance(added, meeting.ItemAdded)
    assert added.concern == ID
    refused(ItemOfNoConcern, item, (CALLED,), world={**world, f"concern/{ID}": ()}, at=at(2, 1))


def test_a_slice_that_begins_later_is_folded_all_the_same() -> None:
    """Nothing of what happened is refused: views of a slice may lack what came before."""
    later = (f.AlternativeDropped(2), f.Chosen(2, date(2024, 9, 1)), f.Linked("task/2024-07"))
    state: Concern = stand(later)
    assert (state.raised, state.alternatives, state.chosen) == (None, {}, 2)
    assert state.stage is ConcernStage.CHOSEN


def test_the_templates_say_nothing_of_concerns_and_leave_them_to_the_program() -> None:
    for one in templates().values():
        assert (one.concerns.opinion_business_days, one.concerns.review_days) == (10, 180)
