"""Why a task is where it is: what rules did with it and on which inputs, what they will do, and why others do not act."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import partial
from typing import Any

import msgspec

from domain.catalogue import aggregate_of
from domain.errors import Refusal
from domain.lifecycle.model import Definition
from domain.lifecycle.rules import TransitionRule
from domain.seoul import local_day
from domain.streams import task_stream
from domain.task.basis import basis_of
from domain.task.facts import DeadlinesSet
from domain.task.open_line import OpenLine
from domain.task.stages import Condition, Stage
from domain.task.state import TASK, Task
from domain.values import Awaited, CalendarVersion, Deadline, LocalText
from store.log import Store
from store.recorded import RecordedFact, fold_state
from workflows.automation.deadlines import calendars_for
from workflows.automation.transitions import transition
from workflows.command_handler import CommandHandler
from workflows.definitions.adopted import Definitions, definitions_of
from workflows.explaining_adoptions import AdoptedBy, find_adoption
from workflows.explaining_requirements import Required, explain_requirements
from workflows.overdue import expect, find_blockers, number_of_last_set

# what a rule of this kind needs before it can say on which day it acts
_WAITS = {
    "rated": LocalText(ko="시민평가 결과를 기다림", en="waits for the citizens' rating"),
    "deadline": LocalText(ko="기한이 정해지기를 기다림", en="waits for its deadline to be set"),
    "year": LocalText(ko="해가 끝나기를 기다림", en="waits for the year to end"),
    "at": LocalText(ko="다음 점검을 기다림", en="waits for the next sweep"),
}


class Inputs(msgspec.Struct, frozen=True):
    """What a rule looked at: the task as it stood after a fact, the day that was set, and what it was counted with.

    `on`, `deadline`: of a transition, the day from which it was to happen and the deadline that this day is of.
    """

    fact: str
    stage: Stage
    condition: Condition
    on: date | None
    deadline: Deadline | None
    calendars: tuple[CalendarVersion, ...]


class Done(msgspec.Struct, frozen=True):
    """A fact that a rule made: which, when, by which version and on what basis, and what it looked at."""

    fact: str
    kind: str
    at: datetime
    rule: str
    version: str
    because_of: str | None
    basis: LocalText | None
    inputs: Inputs | None


class Coming(msgspec.Struct, frozen=True):
    """What a rule will do and on which day. `overdue`: the day has come; `hindrance`: what refuses it now."""

    rule: str
    on: date
    basis: LocalText
    overdue: bool = False
    hindrance: Refusal | None = None


class Idle(msgspec.Struct, frozen=True):
    """A rule that does nothing now: it is for a task in another stage or condition, or `waits_for` something."""

    rule: str
    stage: Stage
    condition: Condition
    basis: LocalText
    waits_for: LocalText | None = None


class Why(msgspec.Struct, frozen=True):
    """`next`: what rules will do, should nobody be faster; `waits`: by day.

    `uncounted`: what is due, but waits for a calendar to be counted. `requirements`: of the commands possible now.
    `place_names`, `step_names`: what the definition calls what is its own, as "proposed/budget_review", "send_to_budget".
    `adopted`: by which fact the definition is in force, None where it came along and the log does not have it.
    `line`: the approval line that is open.
    """

    task: str
    stage: Stage
    condition: Condition
    definition: str
    today: date
    done: tuple[Done, ...]
    next: tuple[Coming, ...]
    waits: tuple[Deadline, ...]
    idle: tuple[Idle, ...]
    uncounted: tuple[Awaited, ...] = ()
    requirements: tuple[Required, ...] = ()
    place_names: Mapping[str, LocalText] = {}
    step_names: Mapping[str, LocalText] = {}
    adopted: AdoptedBy | None = None
    line: OpenLine | None = None


def why(store: Store, handler: CommandHandler, task: str, facts: Sequence[RecordedFact[Any]]) -> Why:
    """What rules did with the task and will do, counted anew from its facts, of which there are some."""
    state: Task = fold_state(TASK, facts)
    definitions = definitions_of(store)
    by = definitions.of(state.definition)
    basis, now = basis_of(state), store.now()
    counts, acts = expect(basis, task, by, calendars_for(store, [basis]))
    today = local_day(now)
    overdue = [
        transition(store.id, facts, act, by, number_of_last_set(facts), now)
        for act in acts
        if act.on <= today
    ]
    refused = find_blockers(handler, overdue)
    reasons = {rule.rule: rule.basis for rule in by.transitions}
    return Why(
        task=task,
        stage=state.stage.on_lists,
        condition=state.condition,
        definition=by.identity,
        today=today,
        done=tuple(
            _explain_done(facts, one, definitions)
            for one in facts
            if one.envelope.cause and one.envelope.cause.rule
        ),
        next=tuple(
            Coming(
                act.rule,
                act.on,
                reasons[act.rule],
                act.on <= today,
                refused.get((task_stream(task), act.rule)),
            )
            for act in sorted(acts, key=lambda one: one.on)
        ),
        waits=tuple(sorted(counts.deadlines, key=lambda one: one.due)),
        uncounted=counts.waiting,
        idle=tuple(_explain_idle(by, state, {act.rule for act in acts})),
        requirements=tuple(explain_requirements(by, task, state, today, partial(_look, store))),
        place_names={one.place: one.label for one in by.places},
        step_names={one.step: one.label for one in by.steps},
        adopted=find_adoption(store, by.identity),
        line=state.line,
    )


def _look(store: Store, stream: str) -> Any:
    return fold_state(aggregate_of(stream), store.read(stream))


def _explain_done(
    facts: Sequence[RecordedFact[Any]], one: RecordedFact[Any], definitions: Definitions
) -> Done:
    cause = one.envelope.cause
    assert cause is not None
    assert cause.rule is not None
    by = definitions.find(cause.rule_version or "")
    rule = next((each for each in by.transitions if each.rule == cause.rule), None) if by else None
    return Done(
        fact=f"#{one.version}",
        kind=one.kind,
        at=one.known_at,
        rule=cause.rule,
        version=cause.rule_version or "",
        because_of=cause.due,
        basis=None if rule is None else rule.basis,
        inputs=_explain_inputs(facts, one, rule, cause.due or ""),
    )


def _explain_inputs(
    facts: Sequence[RecordedFact[Any]], one: RecordedFact[Any], rule: TransitionRule | None, due: str
) -> Inputs | None:
    """What the fact's cause names, if it is one of the task's own facts."""
    stream, _, number = due.rpartition("#")
    if stream != one.stream or not number.isdigit() or not 0 < int(number) < one.version:
        return None
    state: Task = fold_state(TASK, facts[: int(number)])
    counted = one.fact if rule is None else facts[int(number) - 1].fact
    acts = counted.acts if isinstance(counted, DeadlinesSet) and rule is not None else ()
    deadlines = counted.deadlines if isinstance(counted, DeadlinesSet) and rule is not None else ()
    return Inputs(
        fact=f"#{number}",
        stage=state.stage.on_lists,
        condition=state.condition,
        on=next((act.on for act in acts if rule is not None and act.rule == rule.rule), None),
        deadline=next((each for each in deadlines if rule is not None and each.kind == rule.deadline), None),
        calendars=counted.calendars if isinstance(counted, DeadlinesSet) else (),
    )


def _explain_idle(by: Definition, state: Task, acting: set[str]) -> list[Idle]:
    place = (state.stage, state.condition)
    return [
        Idle(
            rule.rule,
            rule.stage,
            rule.condition,
            rule.basis,
            _WAITS[rule.when.partition("_")[0]] if (rule.stage, rule.condition) == place else None,
        )
        for rule in by.transitions
        if rule.rule not in acting
    ]
