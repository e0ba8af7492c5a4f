"""Meetings reach those who are invited, and what was decided is reminded of until it is done."""

from __future__ import annotations

import signal
from datetime import UTC, date, datetime
from email import message_from_bytes
from email.message import Message as Mail
from typing import Any

import pytest
from icalendar import Calendar

from domain.agency import commands as a
from domain.meeting import commands as m
from domain.notice.facts import Due
from domain.notice.state import NOTICE
from domain.programme.commands import Open, SetContact
from domain.programme.facts import Area
from domain.streams import notice_stream
from domain.values import LocalText
from store.envelope import Actor
from store.recorded import fold_state
from tests.workers.delivery.reminded_cities import NAME, City, Sender, ids_of
from workers.delivery import sending
from workers.delivery.sink import Sink, mail_sink
from workflows.automation.reminders import next_reminding
from workflows.calendars import opening

MEETING = "heads-2024-2"
TITLE = LocalText(ko="제2차 공공기관장 회의", en="The second meeting")
WORDING = LocalText(ko="문화시설을 함께 연다", en="Open the halls together")
A0, A1 = "agency/a000", "agency/a001"


@pytest.fixture
def meeting_city(bare: City) -> City:
    """On Monday 6 May 2024 at 9:30: two agencies with a mailbox, and a meeting on 20 June to which both are invited."""
    city = bare
    city.store.move_clock(datetime(2024, 5, 7, 0, 30, tzinfo=UTC))
    city.give(
        opening(2023),
        opening(2024),
        opening(2025),
        Open(
            year=2024,
            name=NAME,
            city=NAME,
            areas=(Area(id="culture", name=NAME),),
            definition="donghaeng-2024/3",
        ),
        SetContact(year=2024, office="planner", address="planner@city.example"),
        *(a.Register(agency=one, name=NAME) for one in ("a000", "a001")),
        *(
            a.SetContact(agency=one, channel="mail", address=f"{one}@agency.example")
            for one in ("a000", "a001")
        ),
        m.Call(
            meeting=MEETING,
            year=2024,
            title=TITLE,
            on=date(2024, 6, 20),
            venue=NAME,
            format="discussion",
            time="14:00",
            invited=(A0, A1),
        ),
    )
    return city


def hold(city: City, *decisions: m.Decide) -> None:
    """On 20 June both come and decide."""
    present = tuple(m.Attendee(one) for one in (A0, A1))
    city.store.move_clock(datetime(2024, 6, 20, 5, tzinfo=UTC))
    city.give(m.Open(meeting=MEETING, chairs=(A0,), present=present), *decisions)


def decide(**more: Any) -> m.Decide:
    return m.Decide(meeting=MEETING, wording=WORDING, due=date(2024, 7, 31), **more)


def told(city: City) -> list[Due]:
    """What was armed, in the order of the log."""
    states = [fold_state(NOTICE, city.store.read(notice_stream(one))) for one in city.notices]
    return [one.due for one in states]


def read(sink: Sink) -> list[tuple[str, Mail]]:
    return [(to[0], message_from_bytes(mail)) for to, mail in sink.mails]


def calendar_in(mail: Mail) -> Any:
    (part,) = [one for one in mail.walk() if one.get_content_type() == "text/calendar"]
    return Calendar.from_ical(part.get_payload(decode=True))


def test_an_invitation_goes_at_once_with_a_file_for_the_calendar(meeting_city: City) -> None:
    city = meeting_city
    with mail_sink() as sink:
        city.sweep()
        city.post(sink.url).send_due()
        mails = read(sink)
    assert sorted(to for to, _ in mails) == ["a000@agency.example", "a001@agency.example"]
    calendar = calendar_in(mails[0][1])
    (event,) = calendar.walk("VEVENT")
    assert (calendar["METHOD"], event["UID"].partition("@")[0]) == ("REQUEST", f"meeting-{MEETING}")
    assert event["ATTENDEE"].removeprefix("mailto:") == mails[0][0]
    assert [(one.about, one.deadline, one.due, one.days, one.late) for one in told(city)] == [
        (f"meeting/{MEETING}", "invitation", date(2024, 6, 20), 0, False)
    ] * 2


def test_what_moved_and_what_is_cancelled_follows_and_the_same_event_is_meant(meeting_city: City) -> None:
    city = meeting_city
    with mail_sink() as sink:
        city.sweep()
        city.post(sink.url).send_due()
        city.store.move_clock(datetime(2024, 5, 8, 1, tzinfo=UTC))
        city.give(m.Move(meeting=MEETING, on=date(2024, 6, 27), time="10:00"))
        city.sweep()
        city.post(sink.url).send_due()
        city.store.move_clock(datetime(2024, 5, 9, 1, tzinfo=UTC))
        city.give(m.Cancel(meeting=MEETING))
        city.sweep()
        city.post(sink.url).send_due()
        mails = [mail for to, mail in read(sink) if to.startswith("a000")]
    events = [(one["METHOD"], one.walk("VEVENT")[0]) for one in map(calendar_in, mails)]
    assert [method for method, _ in events] == ["REQUEST", "REQUEST", "CANCEL"]
    assert len({event["UID"] for _, event in events}) == 1
    sequences = [int(event["SEQUENCE"]) for _, event in events]
    assert sequences == sorted(set(sequences))
    moved = next(one for one in told(city) if one.due == date(2024, 6, 27))
    assert moved.was == date(2024, 6, 20)


@pytest.mark.parametrize("protected", [True, False])
def test_who_was_never_told_of_a_meeting_is_not_told_that_it_is_cancelled(
    meeting_city: City, protected: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    city = meeting_city
    if not protected:
        monkeypatch.setattr("workflows.automation.reminders_of_meetings.CANCELLATION", "nothing")
    city.give(m.Cancel(meeting=MEETING))
    city.sweep()
    assert len(city.notices) == (0 if protected else 2)


@pytest.mark.parametrize("protected", [True, False])
def test_an_invitation_to_a_day_that_has_moved_since_does_not_go(
    meeting_city: City, protected: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the control: what is in a message is not looked at again."""
    city = meeting_city
    if not protected:
        monkeypatch.setattr(sending, "find_void", lambda *_: set())
    with mail_sink() as sink:
        city.sweep()
        city.give(m.Move(meeting=MEETING, on=date(2024, 6, 27), time="10:00"))
        city.post(sink.url).send_due()
        assert len(sink.mails) == (0 if protected else 2)
        city.store.move_clock(datetime(2024, 5, 8, 1, tzinfo=UTC))
        city.sweep()
        city.post(sink.url).send_due()
        assert len(sink.mails) == (2 if protected else 4)


def test_a_decision_is_reminded_of_climbs_and_rests_when_it_is_done(meeting_city: City) -> None:
    city = meeting_city
    city.sweep()
    hold(city, decide(agency="a000"))
    officer = Actor(role="officer", agency="a000")
    for day in ((7, 22), (7, 30), (7, 31), (8, 1), (8, 5), (8, 7)):
        city.at(2024, *day, 1)
    rungs = [(one.days, one.recipient) for one in told(city) if one.deadline == "carrying_out"]
    assert rungs == [
        (-7, A0),
        (-1, A0),
        (0, A0),
        (1, A0),
        (3, A0),
        (5, "programme/2024/planner"),
    ]
    count = len(city.notices)
    assert city.sweep() == 0
    city.give(m.FinishDecision(meeting=MEETING, decision=3, result="하였음.", agency="a000"), actor=officer)
    assert city.at(2024, 8, 30, 1) == 0
    assert (len(city.notices), next_reminding(city.store)) == (count, None)


@pytest.mark.parametrize("protected", [True, False])
def test_what_was_done_meanwhile_is_not_reminded_of(
    meeting_city: City, protected: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    city = meeting_city
    if not protected:
        monkeypatch.setattr(sending, "find_void", lambda *_: set())
    with mail_sink() as sink:
        hold(city, decide(agency="a000"))
        city.at(2024, 7, 31, 1)
        city.give(m.FinishDecision(meeting=MEETING, decision=3, result="하였음.", agency="a000"))
        city.post(sink.url).send_due()
        assert len(sink.mails) == (0 if protected else 1)


def test_what_the_city_owes_is_the_planners(meeting_city: City) -> None:
    city = meeting_city
    city.sweep()
    hold(city, decide())
    with mail_sink() as sink:
        city.at(2024, 7, 31, 1)
        city.post(sink.url).send_due()
        ((to, mail),) = [one for one in read(sink) if one[0].startswith("planner")]
    due = [one for one in told(city) if one.deadline == "carrying_out"]
    assert {(one.agency, one.recipient) for one in due} == {(None, "programme/2024/planner")}
    (text,) = [one for one in mail.walk() if one.get_content_type() == "text/plain"]
    said = text.get_payload(decode=True)
    assert isinstance(said, bytes)
    assert (to, WORDING.ko in said.decode()) == ("planner@city.example", True)


def test_a_worker_killed_between_the_sending_and_the_record_sends_an_invitation_twice_under_one_id_and_says_so(
    meeting_city: City,
) -> None:
    """As any reminder: told in the log as unknown, then sent, each mail under the same id; nothing is armed again."""
    city = meeting_city
    city.sweep()
    before = len(city.notices)
    with mail_sink() as sink:
        with Sender(city, sink.url, "settle") as sender:
            assert sender.said() == "settle"
            sender.send(signal.SIGKILL)
        city.fold()
        city.lapse()
        city.post(sink.url).send_due()
        assert (city.sweep(), len(city.notices)) == (0, before)
        counts = ids_of(sink.mails)
    kinds = [city.kinds(one) for one in city.messages]
    assert sorted(map(len, kinds)) == [3, 5]
    assert sorted(counts.values()) == [1, 2]


@pytest.mark.parametrize("protected", [True, False])
def test_a_ticker_that_remembers_nothing_arms_nothing_twice(
    meeting_city: City, protected: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the control: it does not look at what was armed, and each is refused as being there."""
    city = meeting_city
    city.sweep()
    if not protected:
        monkeypatch.setattr("workflows.automation.reminders_of_meetings.notices_about", lambda *_: [])
    before = len(city.notices)
    city.memory.told_of_meetings.clear()
    tried: list[object] = []
    given = city.handler.handle_all
    monkeypatch.setattr(
        city.handler, "handle_all", lambda some, **more: (tried.extend(some), given(some, **more))[1]
    )
    city.sweep()
    assert len(city.notices) == before
    assert bool(tried) is not protected
