"""What people read of how deadlines are counted, and counting them anew."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import msgspec

from domain.calendar.periods import BUSINESS_DAYS, LAWS, describe_length
from domain.calendar.reckoning import business_days_after
from domain.errors import BadInput, Bilingual, Lang, Refusal
from domain.lifecycle.model import Definition
from domain.lifecycle.starts import read_start
from domain.limits import FIRST_YEAR, LAST_YEAR
from domain.refusals import bad_input, validation_error
from domain.streams import task_stream
from domain.task.state import TASK, Task
from domain.values import LocalText, Roll, Unit
from projections.labels import find_item_name
from store.recorded import RecordedFact, fold_state
from workflows.automation.deadlines import Counted, basis_at, calendars_for, count_deadline, setting
from workflows.calendars import calendars, calendars_at
from workflows.command_envelope import CommandEnvelope
from workflows.definitions.adopted import definitions_of
from workflows.explaining_counts import Count, CountedDay, count_of, day_by_day
from workflows.queries.inquiry import Inquiry
from workflows.queries.task_histories import NoSuchFact
from workflows.queries.tasks import NoSuchTask, whose_task

_MOST_DAYS = 2000


class NothingDue(Refusal):
    """Nothing of that kind is due of the task."""

    ko = "과제 {task}에는 남은 기한이 없습니다({kind})."
    en = "Nothing is due of task {task} ({kind})."


class DeadlineExplained(msgspec.Struct, frozen=True):
    """`within` so many of `unit` after `start` by the rule's `basis`, day by day; `calendars`: by year, the version looked at.

    `counted_from`: what the start is, in words, where the definition says one of its own; `backward`: it lies after what is
    due. `length`: that in words, where it is none of business days; `first_day`: whether that counts; `roll`: to which business day the end moves from a day off; `law`: which
    says so.
    """

    kind: str
    item: str | None
    item_name: LocalText | None
    kind_name: LocalText | None
    who: str
    start: date
    within: int
    unit: Unit
    due: date
    basis: LocalText | None
    days: list[CountedDay]
    calendars: Mapping[int, int]
    length: str | None
    first_day: bool
    roll: Roll
    law: str | None
    counted_from: str | None
    backward: bool


class DeadlinesExplained(msgspec.Struct, frozen=True):
    """`definition`: the lifecycle definition by which they were set."""

    task: str
    definition: str
    deadlines: list[DeadlineExplained]


def explain_deadlines(
    inquiry: Inquiry, task: str, kind: str | None = None, number: int | None = None
) -> DeadlinesExplained:
    """How the open deadlines of a task were counted; `number`: those that this fact of its history had set.

    Raises NoSuchTask, NoSuchFact, NothingDue.
    """
    state, facts = _task(inquiry, task)
    if number is not None and number > len(facts):
        raise NoSuchFact(task=task, number=number, last=len(facts))
    then: Task = state if number is None else fold_state(TASK, facts[:number])
    recorded = then.deadlines
    wanted = [one for one in (recorded.deadlines if recorded else ()) if kind in (None, one.kind)]
    if recorded is None or not wanted:
        raise NothingDue(task=task, kind=kind or "–")
    known, by = (
        calendars_at(inquiry.store, recorded.calendars),
        definitions_of(inquiry.store).of(recorded.definition),
    )
    return DeadlinesExplained(
        task,
        recorded.definition,
        [_explain(count_deadline(one, known), by, then, inquiry.lang) for one in wanted],
    )


def recounting(inquiry: Inquiry, task: str) -> CommandEnvelope | None:
    """What sets a task's deadlines by rule, as they are counted now; None where they are right already. Raises NoSuchTask."""
    _, facts = _task(inquiry, task)
    known = calendars_for(inquiry.store, [basis_at(facts)])
    return setting(task_stream(task), facts, known, definitions_of(inquiry.store), inquiry.store.id)


def _task(inquiry: Inquiry, task: str) -> tuple[Task, list[RecordedFact[Any]]]:
    """A task whose deadlines may be read, with its facts. Raises NoSuchTask."""
    facts = inquiry.store.read(task_stream(task))
    inquiry.authorise("deadlines", whose_task(inquiry.store, task, facts), tasks=(task,))
    if not facts:
        raise NoSuchTask(task=task)
    return fold_state(TASK, facts), facts


def _explain(found: Counted, by: Definition, task: Task, lang: Lang) -> DeadlineExplained:
    deadline, reckoned, rule = found.deadline, found.reckoned, by.rule(found.deadline.kind)
    counting = deadline.counting or BUSINESS_DAYS
    length = None if deadline.counting is None else describe_length(deadline.days, counting).say(lang)
    law = None if rule is None or rule.law is None else LAWS[rule.law].label.say(lang)
    return DeadlineExplained(
        deadline.kind,
        deadline.item,
        find_item_name(task, deadline.item),
        deadline.label,
        deadline.who,
        deadline.start,
        deadline.days,
        counting.unit,
        deadline.due,
        None if rule is None else rule.basis,
        day_by_day(reckoned, lang),
        dict(reckoned.calendars),
        length,
        counting.first_day,
        counting.roll,
        law,
        None
        if deadline.counted_from is None
        else read_start(deadline.counted_from).describe(by.labels).say(lang),
        counting.backward,
    )


def count_days(inquiry: Inquiry, start: date, count: int) -> Count:
    """The `count`-th business day after `start`, by the store's calendars. Raises BadInput, CalendarNotOpen."""
    if not FIRST_YEAR <= start.year <= LAST_YEAR:
        raise bad_input(validation_error("year_range", min=FIRST_YEAR, max=LAST_YEAR), "--from")
    if count > _MOST_DAYS:
        problem = Bilingual(f"{_MOST_DAYS}일을 넘습니다.", f"there are more than {_MOST_DAYS}.")
        raise BadInput(field="--business-days", problem=problem)
    inquiry.authorise("calendar")
    known = calendars(inquiry.store, range(start.year, start.year + count // 200 + 2))
    return count_of(business_days_after(known, start, count), inquiry.lang)
