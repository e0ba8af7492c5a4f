"""What changes between two steps: a deadline that moves, a task that is done, clocks that are wrong, a view made anew."""

from __future__ import annotations

import threading
import time
from collections.abc import Container, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from msgspec.structs import replace

from domain.calendar.commands import Proclaim
from domain.task.commands import ApproveReplan, Replan, Withdraw
from domain.values import LocalText
from projections import notices
from projections.deadlines import DEADLINES
from projections.rebuilding.errors import ReadersBusy
from store import leases
from store.envelope import Actor
from tests.workers.delivery.reminded_cities import FIRST_RUNG, PLAN, PLANNER, City, Sender
from workers.delivery import sending
from workers.delivery.sink import Sink, mail_sink
from workflows.automation.rescheduling import change_calendar
from workflows.automation.sources import SOURCES
from workflows.command_envelope import CommandEnvelope

OFFICER = Actor(role="officer", agency="a000")


@pytest.fixture
def digest(bare: City) -> City:
    """Two tasks' notices in one message."""
    bare.begin(agencies=1, tasks=2)
    bare.at(*FIRST_RUNG)
    assert len(bare.message().notices) == 2
    return bare


def proclaimed(city: City) -> None:
    """The day on which the tasks were to start comes to be a holiday: they start a day later."""
    command = Proclaim(day=date(2024, 6, 3), title=LocalText(ko="임시공휴일"))
    moved = change_calendar(
        city.store, city.handler, CommandEnvelope(command=command, actor=PLANNER, via="cli"), command
    )
    assert {one.to for one in moved} == {date(2024, 6, 4)}


def left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "find_void", lambda *_: set())


@pytest.mark.parametrize("protected", [True, False])
def test_of_a_task_that_is_done_nobody_is_reminded_and_of_the_others_all_are(
    digest: City, protected: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the control: without the last look both go."""
    if not protected:
        left_alone(monkeypatch)
    digest.give(Withdraw(task="2024-001"), actor=OFFICER)
    with mail_sink() as sink:
        assert digest.post(sink.url).send_due() == 1
        told = sink.notices()
    by_task = {digest.store.read(f"notice/{one}")[0].fact.task: one for one in digest.notices}
    if not protected:
        assert set(told) == set(by_task.values())
        return
    assert list(told) == [by_task["2024-002"]]
    assert digest.notice_kinds(by_task["2024-001"]) == ["due", "composed", "cancelled"]
    assert digest.notice_kinds(by_task["2024-002"]) == ["due", "composed"]
    assert digest.message().left_out == (by_task["2024-001"],)
    assert digest.kinds() == ["composed", "attempted", "sent"]


@pytest.mark.parametrize("protected", [True, False])
def test_where_nothing_is_left_the_message_is_cancelled(
    digest: City, protected: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the control."""
    if not protected:
        left_alone(monkeypatch)
    proclaimed(digest)
    with mail_sink() as sink:
        post = digest.post(sink.url)
        assert post.send_due() == 1
        assert post.send_due() == 0
        assert len(sink.mails) == (0 if protected else 1)
    assert digest.kinds() == (["composed", "cancelled"] if protected else ["composed", "attempted", "sent"])
    if protected:
        assert {tuple(digest.notice_kinds(one)) for one in digest.notices} == {
            ("due", "composed", "cancelled")
        }


class Slow(Sink):
    """While it takes the first mail, the office closes."""

    def __init__(self, city: City) -> None:
        super().__init__()
        self._city = city

    async def handle_DATA(self, *given: Any) -> str:
        self._city.store.move_clock(datetime(2024, 5, 13, 9, 0, tzinfo=UTC))
        return await super().handle_DATA(*given)


@pytest.mark.parametrize("protected", [True, False])
def test_of_several_messages_none_goes_after_the_office_has_closed(
    bare: City, protected: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Taken at once by a worker that stood still, or whose first one took long. With the control."""
    bare.begin(agencies=3, tasks=1)
    bare.at(2024, 5, 13, 8, 59)
    assert len(bare.messages) == 3
    if not protected:
        monkeypatch.setattr(sending, "may_write", lambda *_: True)
    with mail_sink(Slow(bare)) as sink:
        bare.post(sink.url).send_due()
        assert len(sink.mails) == (1 if protected else 3)


@pytest.mark.parametrize("protected", [True, False])
def test_none_goes_where_its_worker_stood_still_after_the_attempt_was_recorded(
    bare: City, protected: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It goes on when the office has closed. With the control: a worker that looks at the clock but once."""
    bare.begin(agencies=1, tasks=1)
    bare.at(2024, 5, 13, 8, 59)
    renewed, looked = sending.renew, sending.may_write

    def stands_still(*given: Any) -> bool:
        if bare.kinds()[-1] == "attempted":
            bare.store.move_clock(datetime(2024, 5, 13, 9, 0, tzinfo=UTC))
            if not protected:
                monkeypatch.setattr(sending, "may_write", lambda *_: True)
        return renewed(*given)

    monkeypatch.setattr(sending, "renew", stands_still)
    with mail_sink() as sink:
        bare.post(sink.url).send_due()
        assert len(sink.mails) == (0 if protected else 1)
        if protected:
            assert bare.kinds() == ["composed", "attempted", "deferred"]
            monkeypatch.setattr(sending, "renew", renewed)
            monkeypatch.setattr(sending, "may_write", looked)
            bare.fold()
            bare.at(2024, 5, 14, 0, 1)
            bare.post(sink.url).send_due()
            assert len(sink.mails) == 1


@pytest.mark.parametrize("protected", [True, False])
def test_a_deadline_that_moved_to_where_nobody_can_count_is_not_told_as_it_was(
    digest: City, protected: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its new year's calendar is not open. With the control: what cannot be counted is taken as still due."""
    if not protected:
        counted = SOURCES["task"]._replace(still_due=lambda _, lives: dict.fromkeys(lives, _Everything()))
        monkeypatch.setitem(SOURCES, "task", counted)
    for task in ("2024-001", "2024-002"):
        far = replace(PLAN, start=date(2031, 6, 2), end=date(2031, 12, 1), milestones=())
        digest.give(Replan(task=task, plan=far), actor=OFFICER)
        digest.give(ApproveReplan(task=task))
    with mail_sink() as sink:
        digest.post(sink.url).send_due()
        assert len(sink.mails) == (0 if protected else 1)


class _Everything(Container[Any]):
    def __contains__(self, _: object) -> bool:
        return True


@pytest.mark.parametrize("protected", [True, False])
def test_a_deadline_that_moves_between_claim_and_send_is_not_told(digest: City, protected: bool) -> None:
    """Claimed, the worker waits; the deadline moves; it goes on. With the control: without the last look both go."""
    with mail_sink() as sink:
        more = {} if protected else {"UNSEEING": "1"}
        with Sender(digest, sink.url, "claimed", **more) as sender:
            assert sender.said() == "claimed"
            proclaimed(digest)
            sender.go_on()
            sender.end()
        digest.fold()
        assert len(sink.notices()) == (0 if protected else 2)
        assert digest.kinds() == (
            ["composed", "cancelled"] if protected else ["composed", "attempted", "sent"]
        )
        digest.at(2024, 5, 14, 1)  # nobody gets two messages on a day
        digest.post(sink.url).send_due()
    dues = {str(digest.store.read(f"notice/{one}")[0].fact.due) for one in sink.notices()}
    assert dues == ({"2024-06-04"} if protected else {"2024-06-03", "2024-06-04"})


def test_a_deadline_that_moves_is_reminded_of_anew(digest: City) -> None:
    """14 business days before a start that a holiday puts off by a day is the same day as before."""
    proclaimed(digest)
    with mail_sink() as sink:
        digest.post(sink.url).send_due()
        assert sink.mails == []
        digest.sweep()
        assert digest.post(sink.url).send_due() == 1
        told = sink.notices()
    assert len(digest.notices) == 4
    dues = {str(digest.store.read(f"notice/{one}")[0].fact.due) for one in told}
    assert dues == {"2024-06-04"}
    assert len(digest.messages) == 2


def test_what_changes_while_a_worker_has_the_message_is_seen_until_the_attempt_begins(digest: City) -> None:
    """Claimed, then stopped; the task is withdrawn; the attempt does not know. Its second attempt says the same."""
    with mail_sink() as sink:
        with Sender(digest, sink.url, "attempt") as sender:
            assert sender.said() == "attempt"
            digest.give(Withdraw(task="2024-001"), actor=OFFICER)
            sender.go_on()
            sender.end()
        assert len(sink.mails) == 1
        assert len(sink.notices()) == 2, "it was looked at a moment before: what was true then was said"
    assert digest.kinds() == ["composed", "attempted", "sent"]


def test_what_was_tried_once_says_the_same_the_second_time_though_a_part_is_done(digest: City) -> None:
    from tests.workers.delivery.reminded_cities import Rude  # noqa: PLC0415

    with Rude("after the dot", times=1) as server:
        post = digest.post(server.url)
        post.send_due()
        digest.give(Withdraw(task="2024-001"), actor=OFFICER)
        post.send_due()
        assert digest.kinds()[-1] == "sent"
        assert server.mails[0] == server.mails[1]


@contextmanager
def rebuilding(city: City) -> Iterator[list[int]]:
    """The deadlines view is made anew again and again during the block; how often."""
    done, count = threading.Event(), [0]

    def run() -> None:
        while not done.is_set() or not count[0]:
            with suppress(ReadersBusy):
                city.rebuild(DEADLINES)
                count[0] += 1

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield count
    finally:
        done.set()
        thread.join()


def test_a_view_made_anew_in_the_middle_of_a_sweep_arms_and_sends_nothing_again(bare: City) -> None:
    bare.begin(agencies=20, tasks=3)
    bare.store.move_clock(datetime(*FIRST_RUNG, tzinfo=UTC))
    with mail_sink() as sink, rebuilding(bare):
        bare.sweep()
        post = bare.post(sink.url)
        while post.send_due():
            bare.sweep()
        told = sink.notices()
    assert set(told.values()) == {1}
    assert len(told) == len(bare.notices) == 60
    bare.rebuild(DEADLINES)
    assert bare.sweep() == 0
    assert bare.post("smtp://127.0.0.1:1").send_due() == 0


def test_a_view_that_lost_what_was_armed_would_arm_again_but_the_stream_refuses(
    bare: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: with ids that do not say what a notice is, the view's loss would be a second reminder."""
    import uuid  # noqa: PLC0415

    from workflows.automation import reminders  # noqa: PLC0415

    bare.begin()
    bare.at(*FIRST_RUNG)

    def forget() -> None:
        with bare.store.connection() as connection:
            connection.execute(
                f"UPDATE {DEADLINES.table} SET next_rung = '2024-05-13', "
                "row = jsonb_set(row::jsonb, '{reminded}', '[]')".encode()
            )

    forget()
    assert bare.sweep() == 0
    assert len(bare.notices) == 1
    monkeypatch.setattr(reminders, "notice_about", lambda *_: uuid.uuid4().hex)
    bare.sweep()
    assert len(bare.notices) > 1


@pytest.mark.parametrize("off", [timedelta(hours=1), timedelta(hours=-1), timedelta(1), timedelta(-1)])
def test_a_worker_whose_clock_is_wrong_arms_composes_and_sends_as_the_others_do(
    bare: City, off: timedelta
) -> None:
    """Only the store's clock counts for days and hours, and the database's for leases."""
    bare.begin()
    before, after = datetime(2024, 5, 12, 23, 59, tzinfo=UTC), datetime(2024, 5, 13, 0, 0, tzinfo=UTC)
    with mail_sink() as sink:
        with time_machine.travel(datetime.now(UTC) + off, tick=True):
            bare.store.move_clock(before)
            assert bare.sweep() == 0, "a minute before nine in Seoul"
            bare.store.move_clock(after)
            assert bare.sweep() > 0
            with Sender(bare, sink.url, "renew") as other:
                assert other.said() == "renew"
                bare.fold()
                assert bare.post(sink.url).send_due() == 0, "another's lease is good"
                other.go_on()
                other.end()
            bare.fold()
            assert bare.post(sink.url).send_due() == 0
        assert len(sink.mails) == 1
    facts = [one for chunk in bare.store.replay() for one in chunk]
    assert {one.known_at for one in facts if one.kind.startswith(("notice", "message"))} == {after}
    assert bare.kinds() == ["composed", "attempted", "sent"]


@pytest.mark.parametrize("off", [timedelta(hours=1), timedelta(1)])
def test_if_leases_ended_by_a_workers_own_clock_a_fast_one_would_send_too(
    city: City, off: timedelta, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: another is about to send, and its lease is good by the database's clock alone."""
    with mail_sink() as sink, Sender(city, sink.url, "dialogue") as other:
        assert other.said() == "dialogue"
        city.fold()
        with time_machine.travel(datetime.now(UTC) + off, tick=True):
            post = city.post(sink.url)
            assert post.send_due() == 0
            own = f"to_timestamp({time.time()})".encode()
            for module, name in ((leases, "_TAKEN"), (leases, "_RENEWED"), (notices._MESSAGES_DUE, "sql")):
                known = getattr(module, name)
                monkeypatch.setattr(module, name, known.replace(b"clock_timestamp()", own))
            assert post.send_due() == 1
        other.go_on()
        other.end()
    assert len(sink.mails) == 2
    assert city.kinds() == ["composed", "attempted", "unknown", "attempted", "sent"]


def test_a_worker_that_asked_its_own_clock_for_the_hour_would_write_at_night(
    bare: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control."""
    bare.begin()
    night = datetime(2024, 5, 12, 20, tzinfo=UTC)  # 5:00 on the rung's day in Seoul
    bare.store.move_clock(night)
    assert bare.sweep() == 0
    with time_machine.travel(datetime(2024, 5, 13, 1, tzinfo=UTC), tick=True):
        assert bare.sweep() == 0
        monkeypatch.setattr(type(bare.store), "now", lambda _: datetime.now(UTC))
        assert bare.sweep() > 0
