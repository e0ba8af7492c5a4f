"""What waits for what in a sweep: counts that were refused, a first step that never ends, a calendar that changed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from itertools import count, repeat
from typing import Any

import pytest

from domain.agency import commands as a
from domain.calendar.commands import Proclaim
from domain.task.commands import SetDeadlines
from domain.values import LocalText
from projections.deadlines import tasks_due
from tests.workers.delivery.reminded_cities import FIRST_RUNG, City
from workers.sweeping import Unrest, sweep
from workflows.automation.counting import COUNTING
from workflows.automation.reacting import Memory, ProcessManager, Tick
from workflows.automation.reminders import ARMING
from workflows.automation.steps import STEPS
from workflows.command_envelope import CommandEnvelope
from workflows.ruling import by_rule

# after the first rung's day by the old calendar, before it by the new one
MOVING = Proclaim(day=date(2024, 5, 31), title=LocalText(ko="임시공휴일"))


def reminded_while_the_count_is_refused(city: City) -> list[str]:
    """What is armed where a calendar has changed and no count is let through; only the calendar's fact is there."""
    city.begin()
    city.give(MOVING)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(SetDeadlines, "by", {})
        city.at(*FIRST_RUNG)
        city.sweep()
    return city.notices


def test_nobody_is_reminded_of_a_task_whose_count_was_refused_a_moment_ago(
    bare: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert reminded_while_the_count_is_refused(bare) == []
    assert bare.sweep() == 0, "the count rests for a minute"
    monkeypatch.setattr(Memory, "may_try", lambda *_: True)
    bare.sweep()
    assert len(bare.notices) == 1


def test_taken_to_be_settled_it_would_be_reminded_of_by_the_old_calendar(
    bare: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control."""

    def react(row: Any, tick: Tick) -> Iterator[Sequence[CommandEnvelope]]:
        yield from COUNTING.react(row, tick)
        tick.unsettled.discard(row.stream)

    with_fault(monkeypatch, COUNTING._replace(react=react))
    assert len(reminded_while_the_count_is_refused(bare)) == 1


def with_fault(monkeypatch: pytest.MonkeyPatch, manager: ProcessManager[Any]) -> None:
    """It takes the place of the one of its name."""
    steps = [[manager if one.name == manager.name else one for one in step] for step in STEPS]
    monkeypatch.setattr("workers.sweeping.STEPS", steps)


def test_what_is_refused_of_the_arming_holds_up_no_message(
    bare: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else a simulated clock would go on, since nothing new was done, and the message come a day late."""
    bare.begin()
    bare.store.move_clock(datetime(*FIRST_RUNG, tzinfo=UTC))  # type: ignore[arg-type,misc]
    bare.fold()
    assert sweep(bare.engine, bare.memory) == 1
    bare.fold()
    assert (len(bare.notices), bare.messages) == (1, [])

    def react(row: Any, tick: Tick) -> Iterator[Sequence[CommandEnvelope]]:
        command = a.Rename(agency="a000", name=LocalText(ko="규칙은 못 하는 일"))
        yield [by_rule(tick.store.id, command, rule="x", version="1", about="agency/a000")]

    with_fault(monkeypatch, ARMING._replace(look=lambda _: iter([[0]]), react=react))
    assert sweep(bare.engine, bare.memory) == 2, "the message, and the notice that is in it"
    assert len(bare.messages) == 1


def ticks_until_reminded(city: City, monkeypatch: pytest.MonkeyPatch, most: float) -> int | None:
    """How many ticks it takes where the first step has something new to do at each; None where thirty are not enough."""
    names = count()

    def react(_: int, tick: Tick) -> Iterator[Sequence[CommandEnvelope]]:
        number = next(names)
        command = a.Rename(agency="a000", name=LocalText(ko=f"이름 {number}"))
        yield [by_rule(tick.store.id, command, rule="x", version="1", about=f"agency/a000#{number}")]

    monkeypatch.setattr(a.Rename, "by", {"system": "anywhere"})
    city.begin()
    endless = ProcessManager("endless", lambda _: iter([[0]]), react)
    monkeypatch.setattr("workers.sweeping.STEPS", [(endless,), *STEPS[1:]])
    city.store.move_clock(datetime(*FIRST_RUNG, tzinfo=UTC))  # type: ignore[arg-type,misc]
    seconds = count()
    unrest = Unrest(most, lambda: next(seconds))
    for number in range(30):
        assert sweep(city.engine, city.memory, (), unrest) > 0
        city.fold()
        if city.messages:
            return number
    return None


def test_the_others_wait_for_the_first_step_for_a_while_and_no_longer(
    bare: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert ticks_until_reminded(bare, monkeypatch, most=5) in range(3, 10)


def test_the_control_without_a_bound_they_wait_for_ever(bare: City, monkeypatch: pytest.MonkeyPatch) -> None:
    assert ticks_until_reminded(bare, monkeypatch, most=float("inf")) is None


def read_after_a_change(city: City, monkeypatch: pytest.MonkeyPatch, memories: Iterator[Memory]) -> list[int]:
    """How many tasks' streams each tick reads after a change of the calendar, one task counted at a time."""
    city.begin(tasks=8)
    monkeypatch.setattr("workflows.automation.counting._AT_ONCE", 1)
    monkeypatch.setattr("workers.sweeping._AT_ONCE", 1)
    sweep(city.engine, next(memories))
    city.give(MOVING)
    read: list[int] = []
    load = city.store.load

    def counted(streams: Sequence[str], *given: Any) -> Any:
        read[-1] += sum(one.startswith("task/") for one in streams)
        return load(streams, *given)

    monkeypatch.setattr(city.store, "load", counted)
    for memory in memories:
        read.append(0)
        if not sweep(city.engine, memory):
            return read
        city.fold()
    raise AssertionError


def test_a_changed_calendar_is_counted_with_on_from_where_the_last_tick_stopped(
    bare: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = read_after_a_change(bare, monkeypatch, repeat(Memory()))
    assert read == [2] * 8 + [8], (
        "each is counted and handed to the command handler, and seen once more at the end"
    )
    assert all(row.calendars[0].version == 2 for row in tasks_due(bare.store))


def test_the_control_who_remembers_nothing_begins_at_the_first_task_each_time(
    bare: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = read_after_a_change(bare, monkeypatch, iter(Memory, None))
    assert read == [2, 3, 4, 5, 6, 7, 8, 9, 8]


def away(_: Sequence[CommandEnvelope]) -> None:
    """As a database that cannot be reached."""
    raise ConnectionError


def test_a_count_that_could_not_be_appended_is_made_again(
    bare: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    bare.begin()
    bare.give(MOVING)
    with monkeypatch.context() as patched:
        patched.setattr(bare.handler, "handle_all", away)
        with pytest.raises(ConnectionError):
            sweep(bare.engine, bare.memory)
    assert bare.sweep() == 1
    (row,) = tasks_due(bare.store)
    assert row.calendars[0].version == 2
