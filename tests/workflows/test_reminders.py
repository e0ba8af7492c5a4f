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
from domain.message.commands import message_stream
from domain.notice.commands import notice_stream
from domain.notice.facts import Due
from domain.seoul import SEOUL, local_day
from domain.values import LocalText, Plan
from projections.reading import tasks_due
from store.envelope import Actor
from store.log import Store
from tests.workers.post.posts_of_the_tests import PLAN, PLANNER, City
from workflows import office_hours, reminders
from workflows.calendars import calendars
from workflows.definitions import model
from workflows.definitions.model import read_definition
from workflows.office_hours import in_office_hours, next_opening
from workflows.order import Order
from workflows.reminders import MOST_A_DAY, next_reminding
from workflows.rescheduling import change_calendar

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
        assert in_office_hours(calendars(city.store, [2024]), at)
    city.store.move_clock(at)
    city.sweep()
    assert told(city) == [(-14, True)]


def test_at_any_hour_they_would_be_if_no_hours_were_kept(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control."""
    monkeypatch.setattr(reminders, "in_office_hours", lambda *_: True)
    city.begin()
    city.at(*seoul(2024, 5, 13, 3, 0))
    assert len(city.notices) == len(city.messages) == 1


def test_a_proclaimed_day_is_no_day_to_write_on(city: City) -> None:
    city.begin()
    command = Proclaim(day=date(2024, 5, 13), title=LocalText(ko="임시공휴일"))
    change_calendar(city.store, city.door, Order(command=command, actor=PLANNER), command)
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
    from projections import deadlines  # noqa: PLC0415

    known = deadlines.Reminding
    monkeypatch.setattr(deadlines, "Reminding", lambda since, began: known(since, date.min))
    city.begin(plan=Plan(start=date(2024, 3, 11), end=PLAN.end, budget_krw=1))
    city.at(*seoul(2024, 3, 8, 10, 0))
    assert len(told(city)) > 1


def test_after_the_due_day_it_climbs_to_the_head_and_then_to_the_city(city: City) -> None:
    """A start is by rule, so a report that nobody sends: due five business days after the quarter's end."""
    city.begin(plan=Plan(start=date(2024, 3, 11), end=date(2024, 12, 31), budget_krw=1))
    head, officer = "2" * 32, "1" * 32
    city.give(
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


def messages_of_one_day(city: City) -> Counter[date]:
    """Tasks come on the list one after the other, each with something to be reminded of at once."""
    city.begin(tasks=6)
    city.store.move_clock(datetime(*seoul(2024, 5, 13, 9, 0), tzinfo=UTC))  # type: ignore[arg-type,misc]
    city.fold()
    (groups,) = reminders.arming(city.store)
    for group in groups:
        city.door.handle_all(group)
        for some in reminders.composing(city.store):
            for one in some:
                city.door.handle_all(one)
    return Counter(city.store.read(message_stream(one))[0].fact.on for one in city.messages)


def test_nobody_gets_more_than_four_messages_a_day_and_the_rest_comes_on_the_next(city: City) -> None:
    assert messages_of_one_day(city) == {date(2024, 5, 13): MOST_A_DAY}
    assert sum(len(city.message(one).notices) for one in city.messages) == MOST_A_DAY
    city.at(*seoul(2024, 5, 13, 17, 0))
    assert len(city.messages) == MOST_A_DAY
    city.at(*seoul(2024, 5, 14, 9, 0))
    assert len(city.messages) == MOST_A_DAY + 1
    assert len(city.message(city.messages[-1]).notices) == 2


def test_without_that_limit_each_would_come_by_itself(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control."""
    monkeypatch.setattr(reminders, "MOST_A_DAY", 99)
    assert messages_of_one_day(city) == {date(2024, 5, 13): 6}


def test_a_plan_that_moves_arms_anew_and_its_old_notice_says_no_more(city: City) -> None:
    city.begin()
    city.at(*seoul(2024, 5, 13, 10, 0))
    (before,) = dues(city)
    command = Proclaim(day=date(2024, 6, 3), title=LocalText(ko="임시공휴일"))
    change_calendar(city.store, city.door, Order(command=command, actor=PLANNER), command)
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
    change_calendar(city.store, city.door, Order(command=command, actor=PLANNER), command)
    city.sweep()
    assert len(city.notices) == 1


def test_the_next_moment_to_write_at_is_always_in_office_hours(city: City) -> None:
    city.begin()
    known = calendars(city.store, [2024, 2025])
    at = datetime(2024, 4, 27, tzinfo=UTC)
    while at < datetime(2024, 5, 20, tzinfo=UTC):
        opening = next_opening(known, at)
        assert opening is not None
        assert opening >= at
        assert in_office_hours(known, opening)
        between = at
        while between < opening:
            assert not in_office_hours(known, between)
            between += timedelta(minutes=30)
        at += timedelta(hours=3, minutes=17)
    assert next_opening(known, datetime(2026, 1, 1, tzinfo=UTC)) is None
    assert not in_office_hours({}, at)
    assert (office_hours.FIRST_HOUR, office_hours.LAST_HOUR) == (9, 18)


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
            "그 전에 시작되지도 않습니다",
            "lies before the start",
        ),
        (("{ days = -14, to", "{ days = -7, to"), "두 번 나옵니다", "occurs twice"),
        (('name = "short" ', 'name = "agency" '), "두 번 나옵니다", "occurs twice"),
    ],
)
def test_a_ladder_that_cannot_be_is_refused(
    tmp_path: Path, change: tuple[str, str], ko: str, en: str
) -> None:
    text = (Path(model.__file__).parent / "donghaeng-2024.toml").read_text(encoding="utf-8")
    assert change[0] in text
    path = tmp_path / "mine.toml"
    path.write_text(text.replace(change[0], change[1], 1), encoding="utf-8")
    with pytest.raises(BadInput) as refused:
        read_definition(path)
    assert ko in refused.value.say("ko")
    assert en in refused.value.say("en")
    assert "rungs" in refused.value.say("en") or "ladder" in refused.value.say("en")
