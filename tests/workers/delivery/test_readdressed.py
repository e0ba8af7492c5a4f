"""What waited overnight, or reaches nobody, goes to whoever its rung is for when it goes."""

from __future__ import annotations

from datetime import date

import pytest

from domain.agency import commands as a
from domain.calendar.commands import Proclaim
from domain.subject.commands import Erase, Register
from domain.task.commands import HandOver, ReportProgress
from projections.deadlines import tasks_due
from store.envelope import Actor
from tests.workers.delivery.reminded_cities import FIRST_RUNG, NAME, PLANNER, Answering, City, Rude
from workers.delivery import sending
from workers.delivery.sink import Sink, mail_sink
from workflows.automation import reminders_of_tasks
from workflows.command_envelope import CommandEnvelope
from workflows.permissions import AgencyMergedInto, AgencyNoMore, NotYoursToRead
from workflows.read_access import About, Reader, authorise_and_record

OLD, NEW = "1" * 32, "2" * 32
OFFICE = "a000@agency.example"
MORNING = (2024, 5, 14, 0, 30)


@pytest.fixture
def waiting(bare: City) -> City:
    """A message to the first agency's officer was composed on Monday and has not gone by the evening."""
    bare.begin(agencies=2, tasks=1)
    bare.vault.put(OLD, {"mail": "old@agency.example"})
    bare.vault.put(NEW, {"mail": "new@agency.example"})
    bare.give(Register(subject=OLD), Register(subject=NEW))
    bare.give(a.Appoint(agency="a000", subject=OLD, post="officer"))
    bare.at(*FIRST_RUNG)
    return bare


def sent(city: City) -> list[str]:
    """To whom mail went about the first agency's task, until nothing is left to send."""
    with mail_sink() as sink:
        post = city.post(sink.url)
        while post.send_due():
            city.sweep()
        return to(sink)


def to(sink: Sink) -> list[str]:
    return sorted(one for addresses, _ in sink.mails for one in addresses if not one.startswith("a001"))


def changed(city: City) -> None:
    city.give(
        a.Release(agency="a000", subject=OLD, post="officer"),
        a.Appoint(agency="a000", subject=NEW, post="officer"),
    )


@pytest.mark.parametrize("protected", [True, False])
def test_an_officer_who_changed_overnight_is_not_written_to_but_the_next_one_is(
    waiting: City, protected: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the control: else it goes to who was officer on the day before."""
    if not protected:
        monkeypatch.setattr(sending, "readdress", lambda *_, **__: {})
    changed(waiting)
    waiting.at(*MORNING)
    assert sent(waiting) == ["new@agency.example" if protected else "old@agency.example"]
    assert sent(waiting) == [], "once"


@pytest.mark.parametrize(("puts_off", "to_whom"), [(True, "new"), (False, "old")])
def test_a_message_that_a_server_put_off_overnight_is_addressed_again_unless_it_may_have_arrived(
    waiting: City, puts_off: bool, to_whom: str
) -> None:
    """With the control: what may have arrived stays with whom it went to."""
    if puts_off:
        with mail_sink(Answering("451 not now", "451 not now")) as sink:
            waiting.post(sink.url).send_due()
        assert waiting.count("message.deferred")
    else:
        with Rude("after the dot", 2) as rude:
            waiting.post(rude.url).send_due()
        assert waiting.count("message.unknown")
    changed(waiting)
    waiting.at(*MORNING)
    assert sent(waiting) == [f"{to_whom}@agency.example"]
    assert sent(waiting) == [], "once"


@pytest.mark.parametrize("reply", [None, "451 not now"])
def test_who_was_erased_is_passed_over_also_after_an_attempt(waiting: City, reply: str | None) -> None:
    if reply is not None:
        with mail_sink(Answering(reply, reply)) as sink:
            waiting.post(sink.url).send_due()
    waiting.handler.handle(
        CommandEnvelope(
            command=Erase(subject=OLD, appears_in=("agency/a000",)), actor=PLANNER, via="cli", reason="퇴직"
        )
    )
    assert waiting.vault.details(OLD) == {}
    waiting.at(*MORNING)
    assert sent(waiting) == [OFFICE]
    assert waiting.count("message.failed") == 0


def test_an_agencys_mailbox_that_is_gone_when_it_is_to_go_is_climbed_over(bare: City) -> None:
    bare.begin()
    bare.at(*FIRST_RUNG)
    bare.vault.put(NEW, {"mail": "new@agency.example"})
    bare.give(
        a.SetContact(agency="a000", channel="mail", address=None),
        Register(subject=NEW),
        a.Appoint(agency="a000", subject=NEW, post="head"),
    )
    assert sent(bare) == ["new@agency.example"]
    assert bare.count("message.failed") == 0


def test_what_is_the_same_in_the_morning_goes_to_whom_it_was_for(waiting: City) -> None:
    before = waiting.notices
    waiting.at(*MORNING)
    assert sent(waiting) == ["old@agency.example"]
    assert waiting.notices == before


def test_a_substitution_that_began_overnight_is_followed(waiting: City) -> None:
    day = date(2024, 5, 14)
    waiting.give(
        a.Appoint(agency="a000", subject=NEW, post="head"),
        a.AppointSubstitute(agency="a000", absent=OLD, substitute=NEW, starts=day, ends=day),
    )
    waiting.at(*MORNING)
    assert sent(waiting) == ["new@agency.example"]


def test_who_gave_a_notice_away_unsent_gets_it_back(waiting: City) -> None:
    changed(waiting)
    waiting.at(*MORNING)
    with mail_sink() as sink:
        waiting.post(sink.url).send_due()  # addressed again, and composed by the ticker for the new officer
        waiting.sweep()
        assert to(sink) == []
    waiting.give(
        a.Release(agency="a000", subject=NEW, post="officer"),
        a.Appoint(agency="a000", subject=OLD, post="officer"),
    )
    waiting.at(2024, 5, 16, 0, 30)
    assert sent(waiting) == ["old@agency.example"]


@pytest.mark.parametrize("mail", [None, "no address", "old@agency.example"])
def test_who_cannot_be_reached_is_passed_over_for_the_agencys_mailbox(bare: City, mail: str | None) -> None:
    """The control is the last of them: who can be reached is."""
    bare.begin()
    if mail is not None:
        bare.vault.put(OLD, {"mail": mail})
    bare.give(Register(subject=OLD))
    bare.give(a.Appoint(agency="a000", subject=OLD, post="officer"))
    bare.at(*FIRST_RUNG)
    assert sent(bare) == ["old@agency.example" if mail == "old@agency.example" else OFFICE]
    assert bare.count("message.failed") == 0


def test_without_a_mailbox_it_climbs_to_the_head_who_can_be_reached(bare: City) -> None:
    bare.begin()
    bare.vault.put(NEW, {"mail": "new@agency.example"})
    bare.give(
        a.SetContact(agency="a000", channel="mail", address=None),
        Register(subject=OLD),
        Register(subject=NEW),
        a.Appoint(agency="a000", subject=OLD, post="officer"),
        a.Appoint(agency="a000", subject=NEW, post="head"),
    )
    bare.at(*FIRST_RUNG)
    assert sent(bare) == ["new@agency.example"]
    assert bare.count("message.failed") == 0


def test_the_successor_sees_reads_and_acts_and_the_merged_agency_does_not(waiting: City) -> None:
    task, of_old, of_new = (
        "2024-001",
        Actor(role="officer", agency="a000"),
        Actor(role="officer", agency="a001"),
    )
    about = About(reading="deadlines", agencies=("a000",), tasks=(task,))
    with pytest.raises(NotYoursToRead):  # the control
        authorise_and_record(waiting.store, Reader(via="cli", actor=of_new), about, None)
    assert task not in {row.task for row in tasks_due(waiting.store, lead="a001")}
    waiting.give(a.Register(agency="a002", name=NAME), a.Merge(agency="a000", into="a001"))
    waiting.fold()
    assert {row.lead for row in tasks_due(waiting.store, lead="a001") if row.task == task} == {"a001"}
    assert tasks_due(waiting.store, lead="a000") == []
    authorise_and_record(waiting.store, Reader(via="cli", actor=of_new), about, None)
    with pytest.raises(AgencyMergedInto, match="a001"):
        authorise_and_record(waiting.store, Reader(via="cli", actor=of_old), about, None)
    with pytest.raises(AgencyMergedInto, match="a001"):
        waiting.handler.handle(
            CommandEnvelope(command=ReportProgress(task=task, percent=5), actor=of_old, via="cli")
        )
    waiting.give(a.Merge(agency="a001", into="a002"))
    assert task in {row.task for row in tasks_due(waiting.store, lead="a002")}, "chains too"
    authorise_and_record(
        waiting.store, Reader(via="cli", actor=Actor(role="officer", agency="a002")), about, None
    )
    waiting.give(a.Close(agency="a002"))
    with pytest.raises(AgencyNoMore):
        authorise_and_record(
            waiting.store, Reader(via="cli", actor=Actor(role="officer", agency="a002")), about, None
        )


def test_a_task_handed_over_overnight_is_told_to_its_new_lead(waiting: City) -> None:
    waiting.give(HandOver(task="2024-001", to="a001"), actor=PLANNER)
    waiting.at(*MORNING)
    assert sent(waiting) == [], "nobody of the first agency"
    mailboxes = {
        waiting.store.read(f"notice/{one}")[0].fact.recipient
        for one in waiting.notices
        if waiting.store.read(f"notice/{one}")[0].fact.task == "2024-001"
    }
    assert mailboxes == {f"subject/{OLD}", "agency/a001"}


@pytest.mark.parametrize(("protected", "day"), [(True, "2024-05-10"), (False, "2024-05-13")])
def test_a_reminder_that_is_addressed_again_says_its_rungs_day_as_the_deadline_has_it_now(
    waiting: City, protected: bool, day: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A holiday before the due day, proclaimed while it waited, moves the rung: two weeks before are a day earlier."""
    if not protected:
        monkeypatch.setattr(reminders_of_tasks, "_day_of_rung", lambda due, _: due.on)
    changed(waiting)
    waiting.give(Proclaim(day=date(2024, 5, 22), title=NAME))
    waiting.at(*MORNING)
    assert sent(waiting) == ["new@agency.example"]
    with waiting.store.connection() as connection:
        rows = connection.execute(
            "SELECT convert_from(state, 'UTF8') FROM donghaeng.facts WHERE kind = 'notice.due' AND position > 1"
        ).fetchall()
    days = [row[0].rpartition('"on":"')[2][:10] for row in rows if '"task":"2024-001"' in row[0]]
    assert days == ["2024-05-13", day]
