"""Past years replayed under another rule, task by task. Nothing is written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import msgspec

from domain.errors import Bilingual, Refusal
from domain.streams import identity_of, task_stream, year_of
from store.log import Store
from workflows.definitions.adopted import definitions_of
from workflows.what_if.calendars_then import CalendarsThen
from workflows.what_if.difference import WhatIfDifference
from workflows.what_if.replaying import differences
from workflows.what_if.rules import Rule

_AT_ONCE = 200


class NothingHappened(Refusal):
    """No task was proposed in that year's programme. `known`: the years that have some."""

    ko = "{year}년에는 과제 기록이 없습니다. 기록이 있는 해: {known}."
    en = "There are no facts of tasks of {year}. There are of: {known}."


class Replayed(msgspec.Struct, frozen=True):
    """`position`: up to which the log was replayed; `facts`: of tasks; `counts`: differences by what they are."""

    years: tuple[int, ...]
    position: int
    tasks: int
    facts: int
    counts: dict[str, int]
    differences: list[WhatIfDifference[Bilingual]]


def what_if(
    store: Store, rule: Rule, years: range, told: Callable[[int, int], object] = lambda done, of: None
) -> Replayed:
    """Where the years' tasks would have gone otherwise. `told(done, of)`: tasks.

    Raises NothingHappened, CalendarNotOpen, UnknownDefinition.
    """
    head = store.head()
    tasks = _tasks(store, years)
    real, then = CalendarsThen(store), CalendarsThen(store, rule.calendars)
    found: list[WhatIfDifference[Bilingual]] = []
    facts = 0
    for first in range(0, len(tasks), _AT_ONCE):
        some = tasks[first : first + _AT_ONCE]
        for stream, history in store.load(some).streams.items():
            known = [one for one in history if one.position <= head.position]
            facts += len(known)
            found += differences(
                identity_of(stream), known, rule, real, then, head.now, definitions_of(store)
            )
        told(first + len(some), len(tasks))
    counts = Counter(one.what for one in found)
    return Replayed(tuple(years), head.position, len(tasks), facts, dict(sorted(counts.items())), found)


def _tasks(store: Store, years: range) -> list[str]:
    tasks: list[str] = []
    for year in years:
        of_year = store.streams(task_stream(f"{year}-"))
        if not of_year:
            known = sorted({year_of(identity_of(stream)) for stream in store.streams(task_stream(""))})
            raise NothingHappened(year=year, known=", ".join(map(str, known)) or "–")
        tasks += of_year
    return tasks
