"""A deadline that is counted otherwise and due on the same day is the same one: what was to be told of it still is."""

from __future__ import annotations

from datetime import date

import pytest
from msgspec.structs import replace

from domain.task.basis import Basis
from domain.task.facts import DeadlinesSet
from domain.task.stages import Condition, Stage
from domain.task.state import Task
from domain.values import Counting, Deadline, ReminderStep
from projections import deadlines_row
from projections.deadlines_row import DeadlinesRow

BASIS = Basis(Stage.IN_PROGRESS, Condition.NORMAL, "mine/1")
FIVE_DAYS = Deadline(
    kind="progress",
    item="2024-Q1",
    who="agency",
    start=date(2024, 3, 31),
    days=5,
    due=date(2024, 4, 5),
    rungs=(ReminderStep(days=13, on=date(2024, 4, 25)),),
)
OTHERWISE = replace(
    FIVE_DAYS,
    days=6,
    counting=Counting(unit="calendar_days", first_day=True),
    rungs=(ReminderStep(days=14, on=date(2024, 4, 26)),),
)


def to_tell(then: Deadline) -> list[int]:
    """The rungs that are to be armed after a definition that counts so was put in the place of the first, in May."""
    row = DeadlinesRow("2024-01", Task(), "과제", None, "gto")
    for deadline, day in ((FIVE_DAYS, date(2024, 3, 8)), (then, date(2024, 5, 13))):
        set_ = DeadlinesSet(definition="mine/1", calendars=(), deadlines=(deadline,))
        row = deadlines_row._apply_set(row, set_, BASIS, day)
    return [rung.days for _, _, rung in row.steps_to_arm()]


def test_what_was_to_be_told_before_the_day_is_told_late() -> None:
    assert to_tell(OTHERWISE) == [14]


def test_another_day_is_another_deadline_and_begins_anew() -> None:
    assert to_tell(replace(OTHERWISE, due=date(2024, 4, 8))) == []


def test_the_control_one_that_is_counted_otherwise_would_begin_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deadlines_row, "_same", lambda deadline: replace(deadline, rungs=()))
    assert to_tell(OTHERWISE) == []
