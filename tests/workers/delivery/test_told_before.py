"""What a mail says beyond its day: by name to whom it goes, whom reminders went to before, and what goes into a calendar."""

from __future__ import annotations

from datetime import date, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import msgspec
import pytest
import vobject
from icalendar import Calendar
from msgspec.structs import replace

from domain.agency import commands as a
from domain.calendar.commands import Proclaim
from domain.message.facts import Composed
from domain.programme.commands import AddTask, ChooseLanguage, SetContact
from domain.streams import message_stream
from domain.subject.commands import Register as RegisterPerson
from domain.task import commands as t
from domain.values import LocalText, Milestone, Plan
from store.envelope import Actor
from tests.workers.delivery.reminded_cities import NAME, PLANNER, City, Rude
from workers.delivery.sink import mail_sink
from workflows.automation.rescheduling import change_calendar
from workflows.command_envelope import CommandEnvelope
from workflows.letters import earlier, letter, outdated

OFFICER, HEAD = "1" * 32, "2" * 32
PLAN = Plan(start=date(2024, 4, 1), end=date(2024, 11, 29), budget_krw=1)
DUE = date(2024, 7, 5)  # five business days after the second quarter
WEEKS = [date(2024, 7, 1) + timedelta(day) for day in range(13)]


@pytest.fixture
def quarter(bare: City) -> City:
    """A task at work whose quarter is to be reported, by an agency with an officer and a head whom the vault knows."""
    bare.begin(plan=PLAN)
    for subject, post, name in ((OFFICER, "officer", "김 담당"), (HEAD, "head", "이 기관장")):
        command: Any = a.Appoint(agency="a000", subject=subject, post=post)  # type: ignore[arg-type]
        bare.give(RegisterPerson(subject=subject), command)
        bare.vault.put(subject, {"name": name, "mail": f"{post}@agency.example"})
    bare.give(SetContact(year=2024, office="department", address="department@city.example"))
    bare.at(2024, 4, 1, 0, 30)
    return bare


def mails_on(city: City, days: list[date]) -> list[tuple[str, EmailMessage]]:
    """What came to whom on these days at half past nine."""
    with mail_sink() as sink:
        post = city.post(sink.url)
        for day in days:
            city.at(day.year, day.month, day.day, 0, 30)
            post.send_due()
            city.fold()
    return [(to, message_from_bytes(mail, policy=policy.default)) for (to,), mail in sink.mails]  # type: ignore[misc]


def words(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def to(mails: list[tuple[str, EmailMessage]], address: str) -> list[EmailMessage]:
    return [mail for one, mail in mails if one == address]


def events(mail: EmailMessage) -> list[tuple[str, int, date]]:
    """Of each calendar file: the event's id, its sequence and its day."""
    found = []
    for part in mail.iter_attachments():
        (event,) = Calendar.from_ical(part.get_content()).walk("VEVENT")
        found.append((str(event["UID"]).partition("@")[0], int(event["SEQUENCE"]), event["DTSTART"].dt))
    return found


def test_a_person_is_greeted_by_name_and_no_fact_has_it(quarter: City) -> None:
    mails = mails_on(quarter, WEEKS)
    assert {words(one).partition(",")[0] for one in to(mails, "officer@agency.example")} == {
        "이름 담당자 김 담당 님"
    }
    (escalated,) = to(mails, "head@agency.example")
    assert words(escalated).startswith("이름 기관장 이 기관장 님, ")
    assert {words(one).partition(",")[0] for one in to(mails, "planner@city.example")} == {
        "이름 총괄부서 담당자님"
    }
    with quarter.store.connection() as connection:
        row: Any = connection.execute(
            "SELECT count(*) FROM donghaeng.facts WHERE convert_from(state, 'UTF8') LIKE '%%김 담당%%'"
        ).fetchone()
    assert row[0] == 0


def test_an_escalation_says_which_reminders_went_to_whom_before(quarter: City) -> None:
    mails = mails_on(quarter, WEEKS)
    (head,), (planner,) = to(mails, "head@agency.example"), to(mails, "planner@city.example")[-1:]
    before = next(one for one in words(head).splitlines() if one.startswith("  이전 알림: "))
    assert before == ("  이전 알림: 2024. 7. 4.(목) 담당자, 2024. 7. 5.(금) 담당자, 2024. 7. 8.(월) 담당자")
    assert f"{before}, 2024. 7. 10.(수) 기관장" in words(planner)
    assert not any("이전 알림" in words(one) for one in to(mails, "officer@agency.example"))


def test_where_none_went_it_says_so(quarter: City) -> None:
    """The officer cannot be reached, and nobody but the head is told."""
    quarter.vault.put(OFFICER, {"mail": "no address"})
    quarter.give(a.SetContact(agency="a000", channel="mail", address=None))
    mails = mails_on(quarter, WEEKS[9:10])
    assert "  이전 알림: 발송된 알림 없음" in words(to(mails, "head@agency.example")[0])


@pytest.mark.parametrize("protected", [True, False])
def test_what_was_composed_and_did_not_go_is_not_told_as_gone(
    quarter: City, protected: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the control: were it taken for gone as soon as it is in a message, it would be."""
    if not protected:
        monkeypatch.setattr(earlier, "Sent", Composed)
    for day in WEEKS[:9]:  # the post is away
        quarter.at(day.year, day.month, day.day, 0, 30)
    (head,) = to(mails_on(quarter, WEEKS[9:10]), "head@agency.example")
    assert ("  이전 알림: 발송된 알림 없음" in words(head)) is protected


@pytest.mark.parametrize("protected", [True, False])
def test_a_letter_that_is_looked_at_later_tells_of_nothing_that_went_since(
    quarter: City, protected: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the control: were all of a message's facts looked at, it would."""
    mails_on(quarter, WEEKS)
    if not protected:
        known = earlier._list_sent
        monkeypatch.setattr(earlier, "_list_sent", lambda facts, at: known(facts, 2**62))
    heads = [
        told
        for name in quarter.messages
        for first in quarter.store.read(message_stream(name))[:1]
        for told in letter(quarter.store, name, first.position, first.fact.notices).lines
        if told.to == "head"
    ]
    ((*_, last),) = [one.told or () for one in heads]
    assert (last.to == "officer") is protected


def test_did_nobody_look_what_went_before_each_mail_would_bring_it_along(
    quarter: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control of the next."""
    monkeypatch.setattr(earlier, "_list_sent", lambda facts, at: [])
    mails = to(mails_on(quarter, WEEKS[:5]), "officer@agency.example")
    assert [len(events(one)) for one in mails] == [1, 1]


def test_the_first_mail_of_a_deadline_brings_it_along_for_the_calendar(quarter: City) -> None:
    mails = to(mails_on(quarter, WEEKS), "officer@agency.example")
    brought = [events(one) for one in mails]
    assert brought[0] == [("2024-001-progress-2024-Q2", brought[0][0][1], DUE)]
    assert brought[1:] == [[] for _ in mails[1:]]
    assert "달력 파일" in words(mails[0])
    assert not any("달력 파일" in words(one) for one in mails[1:])
    (part,) = mails[0].iter_attachments()
    assert part.get_content_type() == "text/calendar"
    assert dict(part["Content-Type"].params) == {
        "charset": "utf-8",
        "method": "PUBLISH",
        "component": "VEVENT",
        "name": "2024-001-progress-2024-Q2.ics",
    }
    assert part.get_filename() == "2024-001-progress-2024-Q2.ics"
    calendar = Calendar.from_ical(part.get_content())
    assert calendar["METHOD"] == "PUBLISH"
    (event,) = calendar.walk("VEVENT")
    assert str(event["ORGANIZER"]) == "mailto:planner@city.example"
    assert "ATTENDEE" not in event, "nobody is asked to answer (RFC 5546, 3.2.1)"
    assert mails[0].get_content_type() == "multipart/mixed"


def test_one_that_moved_comes_again_under_the_same_id_with_a_higher_sequence(quarter: City) -> None:
    first = to(mails_on(quarter, WEEKS[:4]), "officer@agency.example")
    proclaim = Proclaim(day=DUE, title=LocalText(ko="임시공휴일"))
    change_calendar(
        quarter.store,
        quarter.handler,
        CommandEnvelope(command=proclaim, actor=PLANNER, via="cli", reason="임시공휴일"),
        proclaim,
    )
    second = to(mails_on(quarter, WEEKS[4:]), "officer@agency.example")
    ((uid, sequence, day),) = events(first[0])
    brought = [one for mail in second for one in events(mail)]
    ((again, later, moved),) = brought
    assert (again, day, moved) == (uid, DUE, date(2024, 7, 8))
    assert later > sequence


def test_a_second_attempt_is_the_same_to_the_byte_with_all_that(quarter: City) -> None:
    day = WEEKS[3]
    quarter.at(day.year, day.month, day.day, 0, 30)
    with Rude("after the dot", times=1) as server:
        post = quarter.post(server.url)
        post.send_due()
        quarter.give(t.Suspend(task="2024-001"), t.Resume(task="2024-001"))  # counted anew, and the same
        post.send_due()
    assert len(server.mails) == 2
    assert server.mails[0] == server.mails[1]
    assert b"text/calendar" in server.mails[0]


def test_the_planner_and_the_department_are_written_to_in_the_years_language(quarter: City) -> None:
    quarter.give(
        ChooseLanguage(year=2024, office="planner", lang="en"),
        ChooseLanguage(year=2024, office="department", lang="ko"),
    )
    mails = mails_on(quarter, WEEKS)
    assert words(to(mails, "planner@city.example")[-1]).startswith("To the planner of name: ")
    assert words(to(mails, "department@city.example")[-1]).startswith("이름 소관부서 담당자님, ")
    assert "Told before: " in words(to(mails, "planner@city.example")[-1])


def test_what_was_composed_in_the_words_of_before_says_and_brings_none_of_it(quarter: City) -> None:
    mails_on(quarter, WEEKS)
    for name in quarter.messages:
        (first, *_) = quarter.store.read(message_stream(name))
        told = letter(quarter.store, name, first.position, first.fact.notices, "김 담당")
        old = replace(
            told,
            form=2,
            name=None,
            lines=tuple(replace(one, told=None, entry=None) for one in told.lines),
        )
        assert "이전 알림" not in old.text
        assert "달력 파일" not in old.text
        assert b"text/calendar" not in old.mail("a@city.example", "b@agency.example")


# what a mail puts right in its recipient's calendar


def files(mail: EmailMessage) -> dict[str, tuple[str, Calendar]]:
    """By name: the method that the part's head says, and the calendar as another reader has it."""
    return {
        str(part.get_filename()): (
            dict(part["Content-Type"].params)["method"],
            Calendar.from_ical(part.get_content()),
        )
        for part in mail.iter_attachments()
    }


WITH_MILESTONE = msgspec.structs.replace(
    PLAN, milestones=(Milestone(id="m1", name=LocalText(ko="기본계획 수립"), due=DUE),)
)


@pytest.fixture
def two(quarter: City) -> City:
    """A second task of the same officer with a report and a milestone due on the same day: its reminders go on."""
    quarter.give(AddTask(year=2024, task="2024-002", area="culture", lead="a000", title=NAME))
    propose = t.Propose(task="2024-002", title=NAME, area="culture", lead="a000", plan=WITH_MILESTONE)
    quarter.give(propose, actor=Actor(role="officer", agency="a000"))
    quarter.give(t.Approve(task="2024-002"))
    quarter.at(2024, 4, 1, 1)
    return quarter


GONE = "2024-001-progress-2024-Q2.cancel.ics"


def reported(city: City) -> None:
    city.give(
        t.ReportProgress(task="2024-001", percent=10, period="2024-Q2"),
        actor=Actor(role="officer", agency="a000"),
    )


def test_what_is_done_is_taken_out_of_the_calendar_by_the_next_mail_that_goes_anyhow(two: City) -> None:
    first = to(mails_on(two, WEEKS[:4]), "officer@agency.example")
    published = {uid: sequence for mail in first for uid, sequence, _ in events(mail)}
    assert "2024-001-progress-2024-Q2" in published
    reported(two)
    after = to(mails_on(two, WEEKS[4:8]), "officer@agency.example")
    method, calendar = files(after[0])[GONE]
    assert (method, calendar["METHOD"]) == ("CANCEL", "CANCEL")
    other = vobject.readOne(calendar.to_ical().decode())
    assert (other.method.value, other.vevent.status.value) == ("CANCEL", "CANCELLED"), "another library"
    (event,) = calendar.walk("VEVENT")
    assert event["STATUS"] == "CANCELLED"
    assert "ATTENDEE" not in event
    assert "ORGANIZER" in event
    assert not event.walk("VALARM")
    assert str(event["UID"]).partition("@")[0] == "2024-001-progress-2024-Q2"
    assert event["SEQUENCE"] > published["2024-001-progress-2024-Q2"]
    assert "- 2024-001 이름: 2024년 2분기 추진상황 보고, 2024. 7. 5.(금)" in words(after[0])
    assert not any(GONE in files(one) for one in after[1:]), "once"


def test_no_mail_goes_for_a_cancellation_alone(quarter: City) -> None:
    mails_on(quarter, WEEKS[:4])
    reported(quarter)
    assert to(mails_on(quarter, WEEKS[4:8]), "officer@agency.example") == []


@pytest.mark.parametrize("protected", [True, False])
def test_what_no_mail_brought_along_is_not_taken_out(
    two: City, protected: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The report comes before its first reminder went. With the control: were a message taken for gone that did not go, it would be."""
    if not protected:
        monkeypatch.setattr(outdated, "Sent", Composed)
    for day in WEEKS[:4]:  # the post is away
        two.at(day.year, day.month, day.day, 0, 30)
    reported(two)
    mails = to(mails_on(two, WEEKS[4:8]), "officer@agency.example")
    assert mails
    assert any(GONE in files(one) for one in mails) is not protected


def test_one_that_moved_far_away_is_put_right_by_the_next_mail_about_something_else(two: City) -> None:
    """Its own next reminder would come a fortnight before its new day. Where it then goes, that is told too."""
    name = "2024-002-milestone-m1"
    first = to(mails_on(two, WEEKS[:4]), "officer@agency.example")
    far = Milestone(id="m1", name=LocalText(ko="기본계획 확정"), due=date(2024, 10, 31))
    two.give(
        t.Replan(task="2024-002", plan=msgspec.structs.replace(PLAN, milestones=(far,))),
        actor=Actor(role="officer", agency="a000"),
    )
    moved = to(mails_on(two, WEEKS[4:5]), "officer@agency.example")
    assert files(moved[0])[f"{name}.ics"][0] == "PUBLISH"
    assert "- 2024-002 이름: 추진일정 기본계획 확정, 2024. 10. 31.(목)" in words(moved[0])
    found = [one for mail in (*first, *moved) for one in events(mail) if one[0] == name]
    assert [one[2] for one in found] == [DUE, date(2024, 10, 31)]
    assert found[1][1] > found[0][1]


def test_what_another_agency_is_to_do_now_is_taken_out(two: City) -> None:
    mails_on(two, WEEKS[:4])
    two.give(a.Register(agency="b000", name=NAME), t.HandOver(task="2024-001", to="b000"))
    (mail, *_) = to(mails_on(two, WEEKS[4:5]), "officer@agency.example")
    assert GONE in files(mail)


def test_a_letter_of_the_form_before_puts_nothing_right(two: City, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workflows.automation.reminders.LATEST_FORM", 3)
    mails_on(two, WEEKS[:4])
    reported(two)
    mails = to(mails_on(two, WEEKS[4:8]), "officer@agency.example")
    assert mails
    assert not any(GONE in files(one) for one in mails)


@pytest.mark.parametrize("form", [3, 4])
def test_a_quarter_is_said_as_people_read_it_from_the_fourth_form_on(
    quarter: City, form: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workflows.automation.reminders.LATEST_FORM", form)
    (first, *_) = to(mails_on(quarter, WEEKS[:4]), "officer@agency.example")
    said = {3: "추진상황 보고 2024-Q2", 4: "2024년 2분기 추진상황 보고"}
    assert said[form] in str(first["Subject"])
    assert said[form] in words(first)
    assert said[7 - form] not in words(first)
