"""What one command has carried out in its own append: what an approval line was asked for, and what a meeting's decision gives.

Each is decided anew on what stands when its turn comes, under the same command id, with the fact that ordered it as its
cause. Where it is refused, nothing is written: the refusal says which of them, and has the reason in it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

from domain.aggregate import Command
from domain.catalogue import COMMANDS
from domain.errors import Refusal
from domain.meeting.commands import Decide, GivenCommand
from domain.meeting.facts import CarriedOut, Decided
from domain.meeting.refusals import DecisionNotCarriedOut, GivesFromOutside, GivesNoSuchCommand
from domain.task.facts import LineOpened
from domain.task.lining import Sign
from domain.task.refusals_of_lines import LineNotCarriedOut
from domain.task.state import Task
from domain.values import FilledField, LocalText
from store.envelope import Cause, Envelope
from store.recorded import NewFact, RecordedFact
from workflows.definitions.lining import command_of
from workflows.parsing import parse_command

# whose commands do all that they do by their facts: of persons, texts and tokens something else is done beside the log
_MAY_BE_GIVEN = frozenset(("task", "programme", "agency", "position", "calendar", "definition", "concern"))


class Order(NamedTuple):
    """`command`: what is carried out; `cause`: by which fact. `refuse`: what is said where it is refused.

    `asked`: of a line, the envelope of who asked for it: it goes by that right, which was looked at then, and for that
    reason; None where it goes by the right of who gives the command that orders it, which is looked at now. `form`: of a step.
    """

    command: Command
    cause: Cause
    refuse: Callable[[Refusal], Refusal]
    asked: Envelope | None = None
    form: tuple[FilledField, ...] | None = None


def may_order(command: Command) -> bool:
    return isinstance(command, Sign | Decide)


def find_orders(
    command: Command, before: Any, after: Any, stream: Sequence[RecordedFact[Any]], made: Sequence[NewFact]
) -> Iterator[Order]:
    """What is to be carried out now that the command's own facts stand. `before`, `after`: the state without and with these."""
    if isinstance(command, Sign):
        yield from _of_line(command, before, after, stream)
    elif isinstance(command, Decide):
        yield from _of_decision(command, made[0])


def _of_line(
    command: Sign, before: Task, after: Task, stream: Sequence[RecordedFact[Any]]
) -> Iterator[Order]:
    """What was asked for, where this was the last signature."""
    if before.line is None or after.line is not None:
        return
    asked = stream[before.line.number - 1]
    said: LineOpened = asked.fact
    yield Order(
        command_of(said, command.task),
        _cause_of(asked),
        lambda problem: LineNotCarriedOut(task=command.task, what=said.label, problem=problem),
        asked.envelope,
        said.form if said.step is not None else None,
    )


def _of_decision(command: Decide, made: NewFact) -> Iterator[Order]:
    decided: Decided = made.fact
    for given in command.commands:
        ordered = _read_given(command, given)
        yield Order(ordered, _cause_of(made), _refuse_for(command, decided.wording, ordered))


def describe_given(command: Decide) -> tuple[CarriedOut, ...]:
    """The commands that the decision gives, as its fact names them. Raises DecisionNotCarriedOut."""
    read = [_read_given(command, one) for one in command.commands]
    return tuple(
        CarriedOut(one.name, one.stream, LocalText(ko=one.label.ko, en=one.label.en)) for one in read
    )


def _read_given(command: Decide, given: GivenCommand) -> Command:
    kind = COMMANDS.get(given.command)
    try:
        if kind is None:
            raise GivesNoSuchCommand(given=given.command[:60])
        if kind.name.partition(".")[0] not in _MAY_BE_GIVEN:
            raise GivesFromOutside(command=kind.label)
        return parse_command(kind, given.fields)
    except Refusal as problem:
        what = given.command[:60] if kind is None else kind.label
        raise DecisionNotCarriedOut(
            meeting=command.meeting, wording=command.wording, what=what, about="–", problem=problem
        ) from None


def _refuse_for(command: Decide, wording: LocalText, ordered: Command) -> Callable[[Refusal], Refusal]:
    return lambda problem: DecisionNotCarriedOut(
        meeting=command.meeting, wording=wording, what=ordered.label, about=ordered.stream, problem=problem
    )


def _cause_of(fact: RecordedFact[Any] | NewFact) -> Cause:
    return Cause(due=f"{fact.stream}#{fact.version}")
