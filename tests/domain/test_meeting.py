"""A meeting of agency heads: called, its agenda, who came, what is decided, and its minutes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

import pytest
from pydantic import ValidationError

from domain.aggregate import DecisionContext
from domain.calendar.facts import CalendarOpened
from domain.catalogue import aggregate_of
from domain.errors import Refusal
from domain.fact import Fact
from domain.lifecycle.content import parse_content
from domain.meeting import commands as c
from domain.meeting import facts as f
from domain.meeting import refusals as r
from domain.meeting.facts import Attendee, Vote
from domain.meeting.state import MEETING, Meeting, MeetingStage
from domain.position.facts import Declared
from domain.programme import facts as programme_facts
from domain.values import LocalText
from tests.domain.examples import (
    CONTENT,
    HEAD,
    MEETING_ID,
    OFFICER,
    REF,
    WORLD,
    fold,
    ko,
    refused,
    when,
)

DAY = date(2024, 3, 7)  # a Thursday
TERMS = f.Terms(agenda_days=5, objection_days=7, quorum="more than 1/2", majority="more than 1/2")
CALLED = f.Called(
    year=2024,
    name=ko("제1차 공공기관장 회의"),
    on=DAY,
    venue=ko("시청 중회의실"),
    format="discussion",
    definition="donghaeng-2024/1",
    terms=TERMS,
    chair="vice-mayor",
    invited=("agency/gjcf", "agency/gto"),
)
ITEM = f.ItemAdded(item=1, name=ko("협업과제 승인"))
CAME = (Attendee("position/vice-mayor"), Attendee("agency/gjcf"))
OPENED = f.Opened("position/vice-mayor", CAME)
HELD = (CALLED, ITEM, OPENED)
DECIDED = f.Decided(decision=4, wording=ko("현황 보고"), due=date(2024, 4, 30), agency="gjcf", item=1)
CIRCULATED = f.MinutesCirculated(up_to=5, object_until=date(2024, 3, 18))
ROUND = (*HELD, DECIDED, f.Closed(), CIRCULATED)
OBJECTED = f.Objected(7, REF, "gto")
WORLD_OF_MEETINGS: Mapping[str, Sequence[Fact]] = {
    **WORLD,
    "position/vice-mayor": (Declared(name=ko("부시장")),),
    "calendar/2023": (CalendarOpened(year=2023, holidays=(), source="-"),),
    **{
        f"calendar/{year}": (CalendarOpened(year=year, holidays=(), source="-"),)
        for year in (2025, 2026, 2027)
    },
}


def at(month: int, day: int) -> datetime:
    """Noon in Seoul."""
    return datetime(2024, month, day, 3, tzinfo=UTC)


def give(
    command: c.OnMeeting, given: Sequence[Fact] = (), moment: datetime | None = None
) -> tuple[Fact, ...]:
    return when(command, given, world=WORLD_OF_MEETINGS, at=moment or at(3, 7))


def add_item() -> c.AddItem:
    return c.AddItem(meeting=MEETING_ID, title=ko("협업과제 승인"))


def decide(**more: Any) -> c.Decide:
    said: dict[str, Any] = {"wording": ko("현황 보고"), "item": 1, "agency": "gjcf", "due": date(2024, 4, 30)}
    return c.Decide(meeting=MEETING_ID, **said | more)


def call(**more: Any) -> c.Call:
    said: dict[str, Any] = {
        "year": 2024,
        "title": CALLED.name,
        "on": DAY,
        "venue": CALLED.venue,
        "format": "discussion",
        "chair": "vice-mayor",
        "invited": CALLED.invited,
    }
    return c.Call(meeting=MEETING_ID, **said | more)


def call_under(meetings: Mapping[str, Any], **more: Any) -> f.Called:
    """What a meeting is called with under a definition that says this of meetings."""
    by = parse_content(CONTENT).model_copy(
        update={"meetings": type(parse_content(CONTENT).meetings).model_validate(meetings)}
    )
    opened = programme_facts.Opened(
        name=ko("동행전략"), city=ko("광주광역시"), areas=(), definition="donghaeng-2024/1"
    )
    world = {**WORLD_OF_MEETINGS, "programme/2024": (opened,)}
    command = call(**more)
    aggregate = aggregate_of(command.stream)
    others = {one: fold(aggregate_of(one), world.get(one, ())) for one in aggregate.reads(command, Meeting())}
    context = DecisionContext(at(2, 1), others, definition_of=lambda _: by)
    (called,) = aggregate.decide(command, Meeting(), context)
    assert isinstance(called, f.Called)
    return called


def test_a_meeting_goes_by_what_the_definition_says_under_which_it_is_called() -> None:
    assert call_under({}) == CALLED
    own = call_under({"agenda_business_days": 10, "objection_business_days": 3, "quorum": "2/3"})
    assert own.terms == f.Terms(10, 3, "2/3", "more than 1/2")
    with pytest.raises(ValidationError):
        call_under({"quorum": "3/2"})


def test_a_meeting_belongs_to_a_series_that_its_definition_has() -> None:
    label = {"ko": "기관장 회의", "en": "the heads' meeting"}
    rules = {"series": [{"name": "heads", "label": label, "rhythm": "quarterly"}]}
    called = call_under(rules, series="heads")
    assert (called.series, called.series_name) == ("heads", LocalText(**label))
    assert call_under(rules).series is None
    for said in (rules, {}):
        with pytest.raises(r.MeetingSeriesUnknown):
            call_under(said, series="officers")


def test_items_are_put_in_until_so_many_business_days_before() -> None:
    """Five business days before Thursday, 7 March: 6, 5, 4 March, 29 and 28 February, since 1 March is a holiday."""
    assert give(add_item(), (CALLED,), at(2, 28)) == (ITEM,)
    error = refused(r.AgendaOver, add_item(), (CALLED,), world=WORLD_OF_MEETINGS, at=at(2, 29))
    assert error.details["until"] == date(2024, 2, 28)


def test_a_meeting_that_was_moved_takes_items_again() -> None:
    moved = (CALLED, f.Moved(on=date(2024, 3, 21)))
    assert give(add_item(), moved, at(3, 4)) == (ITEM,)


def test_the_agenda_is_in_the_order_that_was_put_without_what_was_withdrawn() -> None:
    items = tuple(f.ItemAdded(item=number, name=ko(f"안건 {number}")) for number in (1, 2, 3, 4))
    state: Meeting = fold(MEETING, (CALLED, *items, f.ItemsOrdered((3, 1)), f.ItemWithdrawn(1)))
    assert state.agenda == (3, 2, 4)


def test_who_came_makes_the_quorum_and_the_chair_is_one_of_them() -> None:
    command = c.Open(meeting=MEETING_ID, chairs=("position/vice-mayor",), present=(Attendee("agency/gjcf"),))
    assert give(command, (CALLED, ITEM)) == (OPENED,)
    held: Meeting = fold(MEETING, HELD)
    assert (held.seats_taken, held.seats_needed, len(held.members)) == (2, 2, 3)
    stranger = Attendee("agency/gto", subject=HEAD, stands_in_for=OFFICER)
    joined = c.Join(meeting=MEETING_ID, present=(stranger,))
    assert give(joined, HELD) == (f.Joined((stranger,)),)
    assert fold(MEETING, (*HELD, f.Joined((stranger,)))).seats_taken == 3


def test_a_decision_has_who_carries_it_out_and_is_done() -> None:
    assert give(decide(), HELD) == (DECIDED,)
    done = c.FinishDecision(meeting=MEETING_ID, decision=4, result=REF, agency="gjcf")
    assert give(done, (*HELD, DECIDED)) == (f.DecisionDone(4, REF),)
    state: Meeting = fold(MEETING, (*HELD, DECIDED, f.DecisionDone(4, REF)))
    assert state.decisions[4].done


def test_nothing_is_done_before_it_was_decided() -> None:
    done = c.FinishDecision(meeting=MEETING_ID, decision=4, result=REF, agency="gjcf")
    state, before = fold(MEETING, (*HELD, DECIDED)), fold(MEETING, HELD)
    for then, fits in ((before, False), (state, True)):
        context = DecisionContext(datetime(2024, 3, 1, tzinfo=UTC), history=(*HELD, DECIDED), then=then)
        if fits:
            aggregate_of(done.stream).decide(done, state, context)
            continue
        with pytest.raises(r.DoneBeforeDecided):
            aggregate_of(done.stream).decide(done, state, context)


def test_votes_need_their_majority_and_what_finds_none_is_voted_down() -> None:
    (decided,) = give(decide(vote=Vote(2, 0, 0)), HELD)
    assert decided == f.Decided(4, DECIDED.wording, 1, "gjcf", DECIDED.due, vote=Vote(2, 0, 0))
    refused(r.NoMajority, decide(vote=Vote(1, 1, 0)), HELD, world=WORLD_OF_MEETINGS)
    down = c.VoteDown(meeting=MEETING_ID, wording=ko("현황 보고"), vote=Vote(1, 1, 0))
    assert give(down, HELD) == (f.VotedDown(ko("현황 보고"), Vote(1, 1, 0)),)
    carried = c.VoteDown(meeting=MEETING_ID, wording=ko("현황 보고"), vote=Vote(2, 0, 0))
    refused(r.MajorityFound, carried, HELD, world=WORLD_OF_MEETINGS)


def test_minutes_go_round_are_objected_to_and_confirmed() -> None:
    circulate = c.CirculateMinutes(meeting=MEETING_ID)
    assert give(circulate, ROUND[:-1], at(3, 7)) == (CIRCULATED,)
    confirm = c.ConfirmMinutes(meeting=MEETING_ID)
    objected = c.Object(meeting=MEETING_ID, text=REF, agency="gto")
    assert give(objected, ROUND, at(3, 18)) == (OBJECTED,)
    settled = f.ObjectionSettled(7, True, REF)
    settle = c.SettleObjection(meeting=MEETING_ID, objection=7, upheld=True, text=REF)
    assert give(settle, (*ROUND, OBJECTED), at(3, 18)) == (settled,)
    assert give(confirm, (*ROUND, OBJECTED, settled), at(3, 19)) == (f.MinutesConfirmed(),)
    confirmed: Meeting = fold(MEETING, (*ROUND, f.MinutesConfirmed()))
    assert confirmed.stage is MeetingStage.CONFIRMED


@pytest.mark.parametrize(
    ("refusal", "command", "given", "moment"),
    [
        (r.MeetingNotCalled, add_item(), (), at(2, 1)),
        (r.MeetingCalledAlready, call(), (CALLED,), at(2, 1)),
        (r.MeetingYearNotOpen, call(year=2031), (), at(2, 1)),
        (r.MeetingNotNow, add_item(), HELD, at(3, 7)),
        (r.MeetingDayUnchanged, c.Move(meeting=MEETING_ID, on=DAY), (CALLED,), at(2, 1)),
        (r.InvitedAlready, c.Invite(meeting=MEETING_ID, invited=("agency/gto",)), (CALLED,), at(2, 1)),
        (r.SeatUnknown, c.Invite(meeting=MEETING_ID, invited=("position/mayor",)), (CALLED,), at(2, 1)),
        (r.NoSuchItem, c.OrderItems(meeting=MEETING_ID, order=(2,)), (CALLED, ITEM), at(2, 1)),
        (r.ItemTwice, c.OrderItems(meeting=MEETING_ID, order=(1, 1)), (CALLED, ITEM), at(2, 1)),
        (r.ItemOfAnother, c.WithdrawItem(meeting=MEETING_ID, item=1, agency="gto"), (CALLED, ITEM), at(2, 1)),
        (r.ItemIsWithdrawn, decide(), (CALLED, ITEM, f.ItemWithdrawn(1), OPENED), at(3, 7)),
        (
            r.SeatUnknown,
            c.Open(meeting=MEETING_ID, chairs=("position/mayor",)),
            (CALLED,),
            at(3, 7),
        ),
        (r.NoChair, c.Open(meeting=MEETING_ID), (CALLED,), at(3, 7)),
        (
            r.TwoChairs,
            c.Open(meeting=MEETING_ID, chairs=("position/vice-mayor", "agency/gto")),
            (CALLED,),
            at(3, 7),
        ),
        (
            r.SeatNotInvited,
            c.Open(meeting=MEETING_ID, chairs=("agency/gto",), present=(Attendee("agency/gtc"),)),
            (CALLED,),
            at(3, 7),
        ),
        (r.SeatTaken, c.Join(meeting=MEETING_ID, present=(Attendee("agency/gjcf"),)), HELD, at(3, 7)),
        (r.QuorumAbsent, decide(), (CALLED, ITEM, f.Opened(OPENED.chair, CAME[:1])), at(3, 7)),
        (r.MoreVotesThanPresent, decide(vote=Vote(2, 1, 0)), HELD, at(3, 7)),
        (r.NobodyCarriesOut, decide(due=None), HELD, at(3, 7)),
        (r.DecidedForThePast, decide(due=date(2024, 3, 6)), HELD, at(3, 7)),
        (
            r.NoSuchDecision,
            c.FinishDecision(meeting=MEETING_ID, decision=3, result=REF),
            (*HELD, DECIDED),
            at(4, 1),
        ),
        (
            r.DecisionOfAnother,
            c.FinishDecision(meeting=MEETING_ID, decision=4, result=REF, agency="gto"),
            (*HELD, DECIDED),
            at(4, 1),
        ),
        (r.ObjectionsMayCome, c.ConfirmMinutes(meeting=MEETING_ID), ROUND, at(3, 18)),
        (r.ObjectionsOpen, c.ConfirmMinutes(meeting=MEETING_ID), (*ROUND, OBJECTED), at(3, 19)),
        (r.ObjectionsOpen, c.CirculateMinutes(meeting=MEETING_ID), (*ROUND, OBJECTED), at(3, 19)),
        (r.ObjectionsOver, c.Object(meeting=MEETING_ID, text=REF), ROUND, at(3, 19)),
        (r.SeatNotInvited, c.Object(meeting=MEETING_ID, text=REF, agency="gtc"), ROUND, at(3, 18)),
        (
            r.NoSuchObjection,
            c.SettleObjection(meeting=MEETING_ID, objection=9, upheld=True, text=REF),
            ROUND,
            at(3, 18),
        ),
    ],
)
def test_what_cannot_be_is_refused(
    refusal: type[Refusal], command: c.OnMeeting, given: Sequence[Fact], moment: datetime
) -> None:
    refused(refusal, command, given, world=WORLD_OF_MEETINGS, at=moment)


def test_in_a_slice_without_what_came_before_nothing_falls() -> None:
    """The control of the fold: each fact alone, on a meeting of which nothing is known."""
    for fact in (
        CALLED,
        f.ItemWithdrawn(3),
        DECIDED,
        f.DecisionDone(9, REF),
        f.ObjectionSettled(9, True, REF),
    ):
        assert isinstance(fold(MEETING, (fact,)), Meeting)
