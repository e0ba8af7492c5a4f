"""One task's history replayed: at each of its facts, what was set and done by rule, and what would have been.

People's steps are taken as they were. Nobody knows what they would have done under another rule, so once a rule would
have moved the task otherwise, what comes later is told as `beyond` that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any

import msgspec

from domain.calendar.periods import describe_length
from domain.calendar.reckoning import Calendars, Reckoned
from domain.calendar.refusals import CalendarNotOpen
from domain.errors import Bilingual, Refusal
from domain.lifecycle.model import Definition
from domain.seoul import local_day, midnight
from domain.task.basis import Basis, basis_of
from domain.task.facts import DeadlinesSet, Evaluated
from domain.task.state import TASK, Task
from domain.values import Act, Deadline, LocalText
from projections.labels import find_item_name
from store.recorded import RecordedFact
from workflows.automation.deadlines import Counts, open_deadlines, pending
from workflows.automation.rescheduling import days_between
from workflows.definitions.adopted import Definitions
from workflows.definitions.requiring import Look
from workflows.what_if.calendars_then import CalendarsThen
from workflows.what_if.difference import WhatIfDifference
from workflows.what_if.grading import compare_grade
from workflows.what_if.requiring import calendars_at, compare_requirements, hindrance_of
from workflows.what_if.rules import Rule

_END = 2**62
_Key = tuple[str, str | None]


class _Set(msgspec.Struct, frozen=True):
    """What is due and what rules will do. `reckoned`: how the days were counted, where that was done here; `by`: under which
    definition.
    """

    deadlines: tuple[Deadline, ...]
    acts: tuple[Act, ...]
    by: Definition
    reckoned: Mapping[_Key, Reckoned] = msgspec.field(default_factory=dict)


class _Moment(msgspec.Struct, frozen=True):
    """What was set and what would have been, from one fact of the task until the next. `facts`: that made it so.

    `patience`: until when another rule may act in the place of one that did: until somebody does something. `looks`: at the
    calendars as they were until then, the real ones and those instead.
    """

    state: Task
    real: _Set
    otherwise: _Set
    facts: tuple[int, ...]
    since: datetime
    until: datetime
    patience: datetime
    next: RecordedFact[Any] | None
    looks: tuple[Look, Look]


def differences(
    task: str,
    facts: Sequence[RecordedFact[Any]],
    rule: Rule,
    real: CalendarsThen,
    then: CalendarsThen,
    now: datetime,
    definitions: Definitions,
) -> Iterator[WhatIfDifference[Bilingual]]:
    """Each difference once, with the facts where it first shows. `real`, `then`: the calendars, and those instead.

    `now`: until when rules have acted. Raises CalendarNotOpen, UnknownDefinition.
    """
    seen: set[tuple[str, ...]] = set()
    beyond = False
    for found in _find_differences(task, facts, rule, real, then, now, definitions):
        key = tuple(map(str, (found.what, found.name, found.item, found.really, found.otherwise)))
        if key in seen:
            continue
        seen.add(key)
        yield msgspec.structs.replace(found, beyond=beyond)
        beyond = beyond or found.what in ("transition", "refused")


def _find_differences(
    task: str,
    facts: Sequence[RecordedFact[Any]],
    rule: Rule,
    real: CalendarsThen,
    then: CalendarsThen,
    now: datetime,
    definitions: Definitions,
) -> Iterator[WhatIfDifference[Bilingual]]:
    state: Task = TASK.initial
    began: tuple[int, ...] = ()
    for number, one in enumerate(facts):
        following = facts[number + 1] if number + 1 < len(facts) else None
        before, state = state, TASK.evolve(state, one.fact, one.effective_at, one.version)
        yield from _compare_fact(task, before, one, rule, then, definitions)
        recorded = isinstance(one.fact, DeadlinesSet)
        began = (*began, one.position) if recorded else (one.position,)
        if not recorded and following is not None and isinstance(following.fact, DeadlinesSet):
            continue  # the system is about to count
        was = _really(task, state, one, real, definitions)
        if was is None:
            continue
        other = _otherwise(task, state, one, rule, then, definitions)
        until = now if following is None else following.known_at
        patience = _patience(facts[number + 1 :], now)
        last = _END if following is None else following.position
        looks = calendars_at(real, last), calendars_at(then, last)
        moment = _Moment(state, was, other, began, one.known_at, until, patience, following, looks)
        yield from _deadlines(task, moment)
        yield from _transitions(task, moment)


def _compare_fact(
    task: str,
    before: Task,
    one: RecordedFact[Any],
    rule: Rule,
    then: CalendarsThen,
    definitions: Definitions,
) -> Iterator[WhatIfDifference[Bilingual]]:
    """What of the fact itself would have been otherwise: its grade, or that it was allowed at all."""
    if isinstance(one.fact, Evaluated):
        yield from compare_grade(task, before, one, rule, definitions)
    if rule.definition is not None:
        look = calendars_at(then, one.position)
        yield from compare_requirements(task, before, one, rule.definition, look)


def _patience(coming: Sequence[RecordedFact[Any]], now: datetime) -> datetime:
    """When somebody does something with the task, or its deadlines are counted anew before a rule has acted."""
    acted = False
    for one in coming:
        counted = isinstance(one.fact, DeadlinesSet)
        if one.envelope.via != "rule" or (counted and not acted):
            return one.known_at
        acted = acted or not counted
    return now


def _really(
    task: str, state: Task, one: RecordedFact[Any], real: CalendarsThen, definitions: Definitions
) -> _Set | None:
    """What the system had recorded; None where it had not counted yet, so that nothing can be said of the moment."""
    recorded = state.deadlines
    basis, by = basis_of(state), definitions.of(state.definition)
    if isinstance(one.fact, DeadlinesSet):
        counts = open_deadlines(basis, by, real.at(basis.years(), one.position, one.fact.calendars))
        return _Set(one.fact.deadlines, one.fact.acts, by, _reckonings(counts))
    calendars = real.at(basis.years(), one.position)
    counts = open_deadlines(basis, by, calendars)
    counted = _make_set(task, basis, by, counts, calendars)
    in_force = ((), (), ()) if recorded is None else (recorded.deadlines, recorded.acts, recorded.waiting)
    return counted if (counted.deadlines, counted.acts, counts.waiting) == in_force else None


def _otherwise(
    task: str,
    state: Task,
    one: RecordedFact[Any],
    rule: Rule,
    then: CalendarsThen,
    definitions: Definitions,
) -> _Set:
    by, basis = rule.definition or definitions.of(state.definition), basis_of(state)
    recorded = one.fact.calendars if isinstance(one.fact, DeadlinesSet) else ()
    calendars = then.at(basis.years(), one.position, recorded)
    counts = open_deadlines(basis, by, calendars)
    waited = () if state.deadlines is None else state.deadlines.waiting
    if counts.waiting and not waited:
        # another rule may look at a year whose calendar was not open yet; then at what it came to be
        calendars = then.at(basis.years(), _END)
        counts = open_deadlines(basis, by, calendars)
        if counts.waiting:
            raise CalendarNotOpen(year=counts.waiting[0].year)
    return _make_set(task, basis, by, counts, calendars)


def _make_set(task: str, basis: Basis, by: Definition, counts: Counts, calendars: Calendars) -> _Set:
    acts = tuple(pending(basis, task, by, counts.deadlines, calendars))
    return _Set(counts.deadlines, acts, by, _reckonings(counts))


def _reckonings(counts: Counts) -> dict[_Key, Reckoned]:
    return {_key(one.deadline): one.reckoned for one in counts.found}


def _key(deadline: Deadline) -> _Key:
    return deadline.kind, deadline.item


def _deadlines(task: str, at: _Moment) -> Iterator[WhatIfDifference[Bilingual]]:
    was = {_key(one): one for one in at.real.deadlines}
    would = {_key(one): one for one in at.otherwise.deadlines}
    for key in dict.fromkeys([*was, *would]):
        old, new = was.get(key), would.get(key)
        if old is None or new is None:
            days = tuple(None if one is None else str(one.due) for one in (old, new))
            yield _difference(task, at, "deadline", key, days)
        elif old.due != new.due:
            yield _difference(task, at, "deadline", key, (str(old.due), str(new.due)), _why(old, new, at))
        else:
            yield from _of_one(task, at, key, old, new)


def _of_one(
    task: str, at: _Moment, key: _Key, old: Deadline, new: Deadline
) -> Iterator[WhatIfDifference[Bilingual]]:
    """What differs beside the day."""
    if old.who != new.who:
        yield _difference(task, at, "owed_by", key, (old.who, new.who))
    if old.rungs != new.rungs:
        listed = tuple(" ".join(str(rung.on) for rung in one.rungs) or None for one in (old, new))
        yield _difference(task, at, "reminders", key, listed)


def _transitions(task: str, at: _Moment) -> Iterator[WhatIfDifference[Bilingual]]:
    """What a rule did, or would have done, before the task's next fact came."""
    real, otherwise = (
        partial(hindrance_of, task, at.state, by=one.by, look=look)
        for one, look in zip((at.real, at.otherwise), at.looks, strict=True)
    )
    was, _ = _first_act(at.real.acts, at.since, at.until, real)
    would, refused = _first_act(
        at.otherwise.acts, at.since, at.until if was is None else at.patience, otherwise
    )
    if was == would:
        return
    name = was or would
    assert name is not None
    facts = at.facts if at.next is None else (*at.facts, at.next.position)
    said = tuple(None if one is None else f"{one.rule} {one.on}" for one in (was, would))
    why = None if was is None or at.next is None or at.next.envelope.via == "rule" else _OVERTAKEN
    if refused is not None:
        why = Bilingual(refused.say("ko"), refused.say("en"))
    yield _difference(task, at, "transition", (name.rule, None), said, why, facts)


_OVERTAKEN = Bilingual("실제로는 사람이 먼저 처리함", "somebody was faster in fact")


def _first_act(
    acts: Sequence[Act], since: datetime, until: datetime, hindrance: Callable[[Act], Refusal | None]
) -> tuple[Act | None, Refusal | None]:
    """The first to act before that moment, and what refused one before it; what was due before acts at once."""
    first = local_day(since)
    due = [Act(rule=one.rule, on=max(one.on, first)) for one in acts if midnight(one.on) < until]
    refused = None
    for act in sorted(due, key=lambda one: one.on):
        found = hindrance(act)
        if found is None:
            return act, refused
        refused = refused or found
    return None, refused


def _difference(
    task: str,
    at: _Moment,
    what: str,
    key: _Key,
    pair: tuple[str | None, ...],
    why: Bilingual | None = None,
    facts: tuple[int, ...] | None = None,
) -> WhatIfDifference[Bilingual]:
    title = at.state.title or LocalText(ko=task)
    name = find_item_name(at.state, key[1])
    called = {one.kind: one.label for one in (*at.otherwise.deadlines, *at.real.deadlines)}.get(key[0])
    return WhatIfDifference(
        task, title, what, *key, name, pair[0], pair[1], why, facts or at.facts, False, called
    )


def _why(old: Deadline, new: Deadline, at: _Moment) -> Bilingual | None:
    """Another start, another span, or the days off by which the two counts differ."""
    if old.start != new.start:
        return Bilingual(f"시작일 {old.start} → {new.start}", f"counted from {old.start} → {new.start}")
    if (old.days, old.counting) != (new.days, new.counting):
        was, is_ = (describe_length(one.days, one.counting) for one in (old, new))
        return Bilingual(f"{was.ko} → {is_.ko}", f"{was.en} → {is_.en}")
    counts = at.real.reckoned.get(_key(old)), at.otherwise.reckoned.get(_key(new))
    if counts[0] is None or counts[1] is None:
        return None
    days = days_between(counts[0], counts[1])
    return Bilingual(
        ", ".join(f"{one.day} {one.name.say('ko')}" for one in days),
        ", ".join(f"{one.day} {one.name.say('en')}" for one in days),
    )
