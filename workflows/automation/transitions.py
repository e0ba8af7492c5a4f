"""What rules do with tasks: the system's commands on the day that was recorded, dated as the rule says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from domain.aggregate import Command
from domain.lifecycle.model import Definition
from domain.streams import identity_of, task_stream, year_of
from domain.task.basis import moment_of_rule
from domain.task.commands import CarryOver, Discontinue, OpenRating, Start, Withdraw
from domain.task.state import TASK, Task
from domain.task.stepping import TakeStep
from domain.values import Act
from projections.deadlines import tasks_to_act_on
from projections.deadlines_row import DeadlinesRow
from store.recorded import RecordedFact, fold_state
from workflows.automation.reacting import ProcessManager, Tick
from workflows.command_envelope import CommandEnvelope
from workflows.definitions.scoring import evaluate_by_rule
from workflows.ruling import by_rule, time_to_state

_AT_ONCE = 500


class _Acting(NamedTuple):
    """A task with which a rule does something by today."""

    row: DeadlinesRow
    facts: Sequence[RecordedFact[Any]]


def _look(tick: Tick) -> Iterator[list[_Acting]]:
    rows = tasks_to_act_on(tick.store, tick.today)
    rows = [row for row in rows if task_stream(row.task) not in tick.unsettled]
    for first in range(0, len(rows), _AT_ONCE):
        some = rows[first : first + _AT_ONCE]
        streams = tick.store.load([task_stream(row.task) for row in some]).streams
        yield [_Acting(row, streams[task_stream(row.task)]) for row in some]


def _react(one: _Acting, tick: Tick) -> Iterator[Sequence[CommandEnvelope]]:
    """One command a task at most: what was to be done first, of what was not refused a moment ago.

    So a rule whose command the definition's own requirements refuse does not hold up those after it.
    """
    by = tick.definitions.of(one.row.definition)
    for act in sorted((act for act in one.row.acts if act.on <= tick.today), key=lambda act: act.on):
        envelope = transition(tick.store.id, one.facts, act, by, one.row.set_by, tick.now)
        if tick.memory.may_try(envelope):
            yield [envelope]
            return


TRANSITIONS = ProcessManager("transitions", _look, _react)


def transition(
    store_id: str, facts: Sequence[RecordedFact[Any]], act: Act, by: Definition, set_by: int, now: datetime
) -> CommandEnvelope:
    """The system's command by this rule on the task with these facts. `by`: the definition; `set_by`: the fact that
    recorded when it acts.
    """
    stream, state = facts[0].stream, fold_state(TASK, facts)
    when = next(one.when for one in by.transitions if one.rule == act.rule)
    at = moment_of_rule(state, act.on, by_plan=when.startswith("deadline_"), by_rating=when == "rated")
    return by_rule(
        store_id,
        command_of(identity_of(stream), state, act.rule, by),
        rule=act.rule,
        version=by.identity,
        about=f"{stream}#{set_by}",
        at=time_to_state(at, now),
    )


def command_of(task: str, state: Task, rule: str, by: Definition) -> Command:
    """What the rule of that definition gives to the task."""
    (found,) = (one for one in by.transitions if one.rule == rule)
    if found.is_step:
        return TakeStep(task=task, step=found.command)
    match found.command:
        case "task.start":
            return Start(task=task)
        case "task.withdraw":
            return Withdraw(task=task)
        case "task.discontinue":
            return Discontinue(task=task)
        case "task.carry_over":
            return CarryOver(task=task, to_year=year_of(task) + 1)
        case "task.open_rating":
            return OpenRating(task=task)
        case "task.evaluate":
            return evaluate_by_rule(task, state, by)
    raise AssertionError(found.command)
