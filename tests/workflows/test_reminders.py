"""Which notices are due when and for whom, which message each goes in, and which ladders a definition may not have."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import psycopg
import pytest

from domain.agency import commands as a
from domain.calendar.commands import Proclaim
from domain.errors import BadInput
from domain.notice.facts import Due
from domain.seoul import FIRST_HOUR, LAST_HOUR, SEOUL, local_day
from domain.streams import message_stream, notice_stream
from domain.subject.commands import ChooseLanguage
from domain.subject.commands import Register as RegisterPerson
from domain.task import commands as t
from domain.values import LocalText, Milestone, Plan
from projections.deadlines import tasks_due
from projections.notices import recipients_pending
from store.envelope import Actor
from store.log import Store
from tests.workers.delivery.reminded_cities import NAME, PLAN, PLANNER, City
from workers.sweeping import Unrest, sweep
from workflows import office_hours
from workflows.automation import digests, reminders
from workflows.automation.reacting import Tick
from workflows.automation.reminders import MOST_A_DAY, next_reminding
from workflows.automation.rescheduling import change_calendar
from workflows.calendars import calendars
from workflows.command_envelope import CommandEnvelope
from workflows.definitions.templates import files_of_templates, read_definition
from workflows.letters import LATEST_FORM
from workflows.office_hours import may_be_written_to, next_opening

OFFICER = Actor(role="officer", agency="a000")
# the days of the ladder before a start on Monday 3 June 2024, with 6 and 15 May off
RUNGS = {-14: date(2024, 5, 13), -7: date(2024, 5, 23), -3: date(2024, 5, 29), -1: date(2024, 5, 31)}


@pytest.fixture
def city(simulated_store: Store, cluster: str, tmp_path: Path) -> City:
    """Nothing in it yet."""
    with simulated_store.connection() as connection:
        row = connection.execute("SELECT current_database()").fetchone()
    assert row is not None
    dsn = psycopg.conninfo.make_conninfo(cluster, dbname=row[0], user="donghaeng_app")
    return City(simulated_store, dsn, tmp_path / "data")


def dues(city: City) -> list[Due]:
    return [city.store.read(notice_stream(one))[0].fact for one in city.notices]


def told(city: City) -> list[tuple[int, bool]]:
    """The rungs of the notices, and whether each is late."""
    return sorted((one.days, one.late) for one in dues(city))


def seoul(*moment: int) -> tuple[int, ...]:
    """The same moment as UTC's year, month, day, hour, minute."""
    at = datetime(*moment, tzinfo=SEOUL).astimezone(UTC)  # type: ignore[arg-type,misc]
    return (at.year, at.month, at.day, at.hour, at.minute)


def test_each_rung_is_armed_on_its_day_and_no_sooner(city: City) -> None:
    city.begin()
    (row,) = tasks_due(city.store)
    assert {one.days: one.on for one in row.deadlines[0].rungs if one.days < 0} == RUNGS
    for number, day in enumerate(RUNGS.values()):
        city.at(*seoul(2024, day.month, day.day, 8, 59))
        assert len(city.notices) == number
        city.at(*seoul(2024, day.month, day.day, 9, 0))
        assert len(city.notices) == number + 1
        assert city.sweep() == 0
    assert told(city) == [(days, False) for days in RUNGS]
    assert {one.on for one in dues(city)} == set(RUNGS.values())


def test_nobody_is_written_to_at_night_at_weekends_and_on_holidays(city: City) -> None:
    city.begin()
    for moment in (
        (2024, 5, 13, 8, 59),
        (2024, 5, 13, 18, 0),
        (2024, 5, 13, 23, 59),
        (2024, 5, 14, 0, 0),
        (2024, 5, 15, 11, 0),  # Buddha's birthday
        (2024, 5, 18, 11, 0),  # Saturday
        (2024, 5, 19, 11, 0),  # Sunday
    ):
        assert city.at(*seoul(*moment)) == 0
        at = next_reminding(city.store)
        assert at is not None
        assert at.astimezone(SEOUL).hour == 9
        assert may_be_written_to(calendars(city.store, [2024]), at)
    city.store.move_clock(at)
    city.sweep()
    assert told(city) == [(-14, True)]


def test_at_any_hour_they_would_be_if_no_hours_were_kept(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control."""
    for name in ("in_office_hours", "may_be_written_to"):
        monkeypatch.setattr(office_hours, name, lambda *_: True)
    city.begin()
    city.at(*seoul(2024, 5, 13, 3, 0))
    assert len(city.notices) == len(city.messages) == 1


def test_a_proclaimed_day_is_no_day_to_write_on(city: City) -> None:
    city.begin()
    command = Proclaim(day=date(2024, 5, 13), title=LocalText(ko="임시공휴일"))
    change_calendar(
        city.store, city.handler, CommandEnvelope(command=command, actor=PLANNER, via="cli"), command
    )
    city.at(*seoul(2024, 5, 13, 10, 0))
    assert [one for one in dues(city) if local_day(city.store.now()) == date(2024, 5, 13)] == []


def test_what_was_missed_is_told_late_and_once(city: City) -> None:
    city.begin()
    city.at(*seoul(2024, 5, 29, 10, 0))
    assert told(city) == [(-14, True), (-7, True), (-3, False)]
    assert len(city.messages) == 1
    assert len(city.message().notices) == 3
    city.at(*seoul(2024, 5, 29, 17, 0))
    city.at(*seoul(2024, 5, 30, 10, 0))
    assert len(city.notices) == 3


def test_a_rung_before_the_deadline_began_is_never_armed(city: City) -> None:
    """Approved two days before the task is to start."""
    plan = Plan(start=date(2024, 3, 11), end=PLAN.end, budget_krw=1)
    city.begin(plan=plan)
    city.at(*seoul(2024, 3, 8, 10, 0))
    (row,) = tasks_due(city.store)
    assert [one.on for one in row.deadlines[0].rungs if one.days == -7] == [date(2024, 2, 28)]
    # the 7th, when it was approved, is 2 business days before: only -1, the 8th, is still to come
    assert told(city) == [(-1, False)]


def test_if_no_day_were_too_early_it_would_be_told_of_days_long_gone(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control."""
    from projections import deadlines_row  # noqa: PLC0415

    known = deadlines_row.Reminding
    monkeypatch.setattr(deadlines_row, "Reminding", lambda since, began: known(since, date.min))
    city.begin(plan=Plan(start=date(2024, 3, 11), end=PLAN.end, budget_krw=1))
    city.at(*seoul(2024, 3, 8, 10, 0))
    assert len(told(city)) > 1


def test_after_the_due_day_it_climbs_to_the_head_and_then_to_the_city(city: City) -> None:
    """A start is by rule, so a report that nobody sends: due five business days after the quarter's end."""
    city.begin(plan=Plan(start=date(2024, 3, 11), end=date(2024, 12, 31), budget_krw=1))
    head, officer = "2" * 32, "1" * 32
    city.give(
        RegisterPerson(subject=head),
        RegisterPerson(subject=officer),
        a.Appoint(agency="a000", subject=head, post="head"),
        a.Appoint(agency="a000", subject=officer, post="officer"),
    )
    for day in range(11, 31):
        city.at(*seoul(2024, 3, day, 10, 0))
    for day in range(1, 31):
        city.at(*seoul(2024, 4, day, 10, 0))
    found = {(one.days, one.to, one.recipient) for one in dues(city) if one.item == "2024-Q1"}
    by_officer = {(days, "officer", f"subject/{officer}") for days in (-3, -1, 0, 1)}
    assert found == by_officer | {(3, "head", f"subject/{head}"), (5, "planner", "programme/2024/planner")}


def test_several_notices_for_one_are_one_message(city: City) -> None:
    city.begin(agencies=2, tasks=3)
    city.at(*seoul(2024, 5, 13, 10, 0))
    assert len(city.notices) == 6
    composed = [city.store.read(message_stream(one))[0].fact for one in city.messages]
    assert sorted((one.recipient, len(one.notices)) for one in composed) == [
        ("agency/a000", 3),
        ("agency/a001", 3),
    ]
    assert {(one.on, one.hour, one.channel) for one in composed} == {(date(2024, 5, 13), 10, "mail")}


def composed_on(city: City) -> list[tuple[date, list[int]]]:
    """The messages to the agency's mailbox in order: the day, and the rungs that each tells."""
    found = []
    for one in city.messages:
        fact = city.store.read(message_stream(one))[0].fact
        if fact.recipient != "agency/a000":
            continue
        days = sorted(city.store.read(notice_stream(name))[0].fact.days for name in fact.notices)
        found.append((fact.on, days))
    return found


def day_by_day(city: City, first: date, last: date) -> None:
    """Each morning once."""
    day = first
    while day <= last:
        city.at(*seoul(day.year, day.month, day.day, 9, 30))
        day += timedelta(days=1)


def test_what_is_early_waits_for_the_week_and_what_presses_takes_it_along(city: City) -> None:
    """The start on Monday 3 June: told of on two Mondays, and on the Friday before; each reminder goes in one of them."""
    city.begin()
    day_by_day(city, date(2024, 5, 13), date(2024, 5, 31))
    assert composed_on(city) == [
        (date(2024, 5, 13), [-14]),  # a Monday itself
        (date(2024, 5, 27), [-7]),  # of Thursday the 23rd
        (date(2024, 5, 31), [-3, -1]),  # of Wednesday, and of the day before
    ]
    assert len(city.notices) == 4


def test_if_nothing_waited_each_rung_would_be_a_message(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control."""
    monkeypatch.setattr(digests.DigestDay, "choose", lambda digest, rows, written: rows)
    monkeypatch.setattr(
        reminders, "recipients_pending", lambda store, *_: recipients_pending(store, date.max, date.max)
    )
    city.begin()
    day_by_day(city, date(2024, 5, 13), date(2024, 5, 31))
    assert [days for _, days in composed_on(city)] == [[-14], [-7], [-3], [-1]]


def test_what_was_missed_on_the_first_day_of_the_week_goes_on_the_next_one(city: City) -> None:
    city.begin()
    day_by_day(city, date(2024, 5, 13), date(2024, 5, 24))
    assert composed_on(city) == [(date(2024, 5, 13), [-14])]
    day_by_day(city, date(2024, 5, 28), date(2024, 5, 28))
    assert composed_on(city)[1:] == [(date(2024, 5, 28), [-7])]


def test_a_week_begins_on_its_first_business_day(city: City) -> None:
    """6 May 2024, a Monday, was a holiday."""
    calendars_known = calendars(city.store, (2024,))
    assert calendars_known[2024].version == 0
    city.begin()
    assert digests.digest_day(city.store, date(2024, 5, 7)) == (
        date(2024, 5, 7),
        date(2024, 5, 8),
        date(2024, 5, 7),
    )
    assert digests.digest_day(city.store, date(2024, 5, 10)) == (
        date(2024, 5, 10),
        date(2024, 5, 13),
        date(2024, 5, 7),
    )


def test_a_week_may_begin_in_the_year_before(city: City) -> None:
    """And where no calendar tells which was its first business day, nothing waits."""
    city.begin()
    assert digests.digest_day(city.store, date(2025, 1, 3)).week_begins == date(2024, 12, 30)
    assert digests.digest_day(city.store, date(2030, 1, 11)).week_begins == date.max


def messages_of_one_day(city: City, day: date) -> Counter[date]:
    """Milestones of one day, each armed by itself with something composed in between."""
    milestones = tuple(Milestone(id=f"m{number}", name=NAME, due=date(2024, 6, 3)) for number in range(6))
    city.begin(plan=Plan(start=date(2024, 3, 8), end=date(2024, 11, 29), budget_krw=1, milestones=milestones))
    city.store.move_clock(datetime(*seoul(day.year, day.month, day.day, 9, 0), tzinfo=UTC))  # type: ignore[arg-type,misc]
    city.fold()
    rungs = (group for some in reminders.ARMING.reactions(Tick(city.store)) for group in some)
    for group in [one for one in rungs if one[0].command.on == day]:  # type: ignore[attr-defined]
        city.handler.handle_all(group)
        for some in reminders.COMPOSING.reactions(Tick(city.store)):
            for one in some:
                city.handler.handle_all(one)
    return Counter(on for on, _ in composed_on(city))


def test_nobody_gets_a_second_message_on_a_day_but_of_what_is_due_on_it(city: City) -> None:
    """Of the day before what is due: the rest comes on the next."""
    day = date(2024, 5, 31)
    assert messages_of_one_day(city, day) == {day: 1}
    city.at(*seoul(2024, 5, 31, 17, 0))
    assert [on for on, _ in composed_on(city)] == [day]
    city.at(*seoul(2024, 6, 3, 9, 0))
    (on, days) = composed_on(city)[-1]
    assert (on, days.count(-1) >= 5, days.count(0) >= 6) == (date(2024, 6, 3), True, True)


def test_if_nobody_looked_whether_there_was_one_each_would_come_by_itself(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control."""
    right = digests.DigestDay.choose
    monkeypatch.setattr(digests.DigestDay, "choose", lambda digest, rows, written: right(digest, rows, 0))
    day = date(2024, 5, 31)
    assert messages_of_one_day(city, day) == {day: MOST_A_DAY}


def test_of_what_is_due_today_four_messages_are_the_most(city: City) -> None:
    day = date(2024, 6, 3)
    assert messages_of_one_day(city, day) == {day: MOST_A_DAY}
    city.at(*seoul(2024, 6, 3, 17, 0))
    assert len(composed_on(city)) == MOST_A_DAY
    city.at(*seoul(2024, 6, 4, 9, 0))
    assert len(composed_on(city)) == MOST_A_DAY + 1


def test_without_that_limit_each_would_come_by_itself(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control."""
    monkeypatch.setattr(reminders, "MOST_A_DAY", 99)
    day = date(2024, 6, 3)
    assert messages_of_one_day(city, day) == {day: 6}


@pytest.mark.parametrize(
    ("person", "agency", "lang"),
    [(None, None, "ko"), (None, "en", "en"), ("ko", "en", "ko"), ("en", None, "en"), ("en", "ko", "en")],
)
def test_a_person_is_written_to_in_their_language_else_in_their_agencys(
    city: City, person: str | None, agency: str | None, lang: str
) -> None:
    city.begin()
    someone = "1" * 32
    city.give(RegisterPerson(subject=someone), a.Appoint(agency="a000", subject=someone, post="officer"))
    if person is not None:
        city.give(ChooseLanguage(subject=someone, lang=person))  # type: ignore[arg-type]
    if agency is not None:
        city.give(a.ChooseLanguage(agency="a000", lang=agency))  # type: ignore[arg-type]
    city.at(*seoul(2024, 5, 13, 9, 30))
    (name,) = city.messages
    fact = city.store.read(message_stream(name))[0].fact
    assert (fact.recipient, fact.lang, fact.form) == (f"subject/{someone}", lang, LATEST_FORM)


def test_the_citys_offices_are_written_to_in_korean(city: City) -> None:
    city.begin()
    city.give(
        a.ChooseLanguage(agency="a000", lang="en"), a.SetContact(agency="a000", channel="mail", address=None)
    )
    city.at(*seoul(2024, 5, 13, 9, 30))
    (name,) = city.messages
    fact = city.store.read(message_stream(name))[0].fact
    assert (fact.recipient, fact.lang) == ("programme/2024/planner", "ko")


AFTER_HOURS = [(2024, 5, 13, 18, 0), (2024, 5, 14, 0, 0), (2024, 5, 14, 9, 0)]


def carried_out_after(city: City, later: tuple[int, ...]) -> tuple[int, int]:
    """A ticker that stood still between its look at the clock and what it does: how much it arms, and composes."""
    city.begin()
    city.store.move_clock(datetime(*seoul(2024, 5, 13, 17, 0), tzinfo=UTC))  # type: ignore[arg-type,misc]
    city.fold()
    looked = city.store.now()
    (armed,) = reminders.ARMING.reactions(Tick(city.store, now=looked))
    for group in armed:
        city.handler.handle_all(group)
    city.store.move_clock(datetime(*seoul(*later), tzinfo=UTC))  # type: ignore[arg-type,misc]
    return len(armed), len(
        [one for some in reminders.COMPOSING.reactions(Tick(city.store, now=looked)) for one in some]
    )


@pytest.mark.parametrize("later", AFTER_HOURS)
def test_a_ticker_that_stood_still_over_the_end_of_the_day_composes_nothing(
    city: City, later: tuple[int, ...]
) -> None:
    assert carried_out_after(city, later) == (1, 0)


def test_did_it_not_look_again_it_would(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control."""
    monkeypatch.setattr(Tick, "still_writes", lambda _: True)
    assert carried_out_after(city, AFTER_HOURS[0]) == (1, 1)


@pytest.mark.parametrize("protected", [True, False])
def test_nor_does_it_arm_what_fell_due_meanwhile(
    city: City, protected: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the control."""
    if not protected:
        monkeypatch.setattr(Tick, "still_writes", lambda _: True)
    city.begin()
    city.store.move_clock(datetime(*seoul(2024, 5, 13, 17, 0), tzinfo=UTC))  # type: ignore[arg-type,misc]
    city.fold()
    armed = reminders.ARMING.reactions(Tick(city.store))
    city.store.move_clock(datetime(*seoul(2024, 5, 14, 0, 0), tzinfo=UTC))  # type: ignore[arg-type,misc]
    assert len(list(armed)) == (0 if protected else 1)


def test_a_plan_that_moves_arms_anew_and_its_old_notice_says_no_more(city: City) -> None:
    city.begin()
    city.at(*seoul(2024, 5, 13, 10, 0))
    (before,) = dues(city)
    command = Proclaim(day=date(2024, 6, 3), title=LocalText(ko="임시공휴일"))
    change_calendar(
        city.store, city.handler, CommandEnvelope(command=command, actor=PLANNER, via="cli"), command
    )
    city.sweep()
    old, new = dues(city)
    assert old == before
    assert (old.due, new.due) == (date(2024, 6, 3), date(2024, 6, 4))
    assert new.since > old.since
    assert old.days == new.days == -14


def test_a_deadline_that_is_set_again_as_it_was_is_reminded_of_once(city: City) -> None:
    """What moves no day, moves no reminder: counted again because of something else."""
    city.begin()
    city.at(*seoul(2024, 5, 13, 10, 0))
    command = Proclaim(day=date(2024, 12, 24), title=LocalText(ko="임시공휴일"))
    change_calendar(
        city.store, city.handler, CommandEnvelope(command=command, actor=PLANNER, via="cli"), command
    )
    city.sweep()
    assert len(city.notices) == 1


def test_the_next_moment_to_write_at_is_always_may_be_written_to(city: City) -> None:
    city.begin()
    known = calendars(city.store, [2024, 2025])
    at = datetime(2024, 4, 27, tzinfo=UTC)
    while at < datetime(2024, 5, 20, tzinfo=UTC):
        opening = next_opening(known, at)
        assert opening is not None
        assert opening >= at
        assert may_be_written_to(known, opening)
        between = at
        while between < opening:
            assert not may_be_written_to(known, between)
            between += timedelta(minutes=30)
        at += timedelta(hours=3, minutes=17)
    assert next_opening(known, datetime(2026, 1, 1, tzinfo=UTC)) is None
    assert not may_be_written_to({}, at)
    assert (FIRST_HOUR, LAST_HOUR) == (9, 18)


@pytest.mark.parametrize(
    ("change", "ko", "en"),
    [
        (
            ('{ days = -14, to = ["officer"] }', "{ days = -14, to = [] }"),
            "받을 사람이 없습니다",
            "climbs to nobody",
        ),
        (
            ('{ days = -7, to = ["planner"] }', '{ days = -7, to = ["head"] }'),
            "받을 사람이 없습니다",
            "climbs to nobody",
        ),
        (('ladder = "short"', 'ladder = "long"'), "‘long’ 알림 단계가 없습니다", "there is no ladder “long”"),
        (
            ('{ days = -7, to = ["planner"] }', '{ days = -11, to = ["planner"] }'),
            "시작되기 전입니다",
            "lies before the start",
        ),
        (("{ days = -14, to", "{ days = -7, to"), "중복됩니다", "occurs twice"),
        (('name = "short" ', 'name = "agency" '), "중복됩니다", "occurs twice"),
    ],
)
def test_a_ladder_that_cannot_be_is_refused(
    tmp_path: Path, change: tuple[str, str], ko: str, en: str
) -> None:
    text = files_of_templates()["donghaeng-2024/1"].read_text(encoding="utf-8")
    assert change[0] in text
    path = tmp_path / "mine.toml"
    path.write_text(text.replace(change[0], change[1], 1), encoding="utf-8")
    with pytest.raises(BadInput) as refused:
        read_definition(path)
    assert ko in refused.value.say("ko")
    assert en in refused.value.say("en")
    assert "rungs" in refused.value.say("en") or "ladder" in refused.value.say("en")


class Restless:
    """A city in which one task's plan is changed before each tick; the clock by which is waited is the test's."""

    def __init__(self, city: City, most: float) -> None:
        city.begin(agencies=2, tasks=1)
        city.store.move_clock(datetime(*seoul(2024, 5, 13, 10, 0), tzinfo=UTC))  # type: ignore[arg-type,misc]
        city.fold()
        self.city, self.seconds = city, 0
        self.unrest = Unrest(most, lambda: self.seconds)

    def tick(self, *, restless: bool = True) -> int:
        self.seconds += 1
        if restless:
            plan = Plan(start=PLAN.start, end=PLAN.end + timedelta(days=self.seconds), budget_krw=1)
            lead = Actor(role="officer", agency="a001")
            self.city.handler.handle(
                CommandEnvelope(command=t.Replan(task="2024-002", plan=plan), actor=lead, via="cli")
            )
            self.city.handler.handle(
                CommandEnvelope(command=t.ApproveReplan(task="2024-002"), actor=PLANNER, via="cli")
            )
            self.city.fold()
        done = sweep(self.city.engine, self.city.memory, (), self.unrest)
        self.city.fold()
        return done

    @property
    def reminded(self) -> set[str]:
        """The tasks in messages."""
        put_in = {notice for one in self.city.messages for notice in self.city.message(one).notices}
        return {self.city.store.read(notice_stream(one))[0].fact.task for one in put_in}


def test_under_a_load_that_never_ends_the_settled_are_reminded_and_the_others_once_it_does(
    city: City,
) -> None:
    machine = Restless(city, most=5)
    for _ in range(5):
        machine.tick()
    assert (machine.reminded, city.notices) == (set(), []), (
        "for a moment it is waited: more goes into one message"
    )
    for _ in range(10):
        machine.tick()
    assert machine.reminded == {"2024-001"}
    assert {one.task for one in dues(city)} == {"2024-001"}, "of the other nobody knows yet when it is due"
    while machine.tick(restless=False):
        pass
    assert machine.reminded == {"2024-001", "2024-002"}
    assert len(city.messages) == 2


def test_the_control_whoever_waits_for_rest_waits_for_ever(city: City) -> None:
    machine = Restless(city, most=float("inf"))
    for _ in range(30):
        assert machine.tick() > 0
    assert city.notices == []


def test_a_changed_calendar_is_counted_with_to_the_last_task_however_many(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workflows.automation.counting._AT_ONCE", 1)
    monkeypatch.setattr("workers.sweeping._AT_ONCE", 1)
    tasks = city.begin(tasks=3)
    city.store.move_clock(datetime(*seoul(2024, 3, 9, 10, 0), tzinfo=UTC))  # type: ignore[arg-type,misc]
    city.sweep()
    before = {row.task: row.deadlines for row in tasks_due(city.store)}
    command = Proclaim(day=date(2024, 5, 31), title=LocalText(ko="임시공휴일"))
    city.handler.handle(
        CommandEnvelope(command=command, actor=PLANNER, via="cli")
    )  # and nothing is moved with it
    city.sweep()
    after = {row.task: row.deadlines for row in tasks_due(city.store)}
    assert [task for task in tasks if after[task] == before[task]] == []
