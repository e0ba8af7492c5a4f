"""What one command comes to on what stands, whoever it is that has it carried out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any, NamedTuple

from domain.aggregate import Aggregate, DecisionContext
from domain.catalogue import aggregate_of
from domain.errors import Refusal
from domain.lifecycle.model import Definition
from domain.meeting.commands import Decide
from domain.roles import Role
from domain.seoul import local_day
from domain.task.lining import OnLine
from domain.task.refusals_of_lines import LineNotDatedBack
from domain.values import FilledField
from store.envelope import Actor
from store.recorded import RecordedFact, fold_state
from workflows.definitions.enforcing import check_definition, check_required, find_definition, find_step
from workflows.definitions.lining import Signer, find_line_fact
from workflows.definitions.stepping import Taken
from workflows.draft import Draft
from workflows.offering import Offering
from workflows.orders import describe_given
from workflows.permissions import by_right_of

_CLOCK_SLACK = timedelta(seconds=5)


class EffectiveInFuture(Refusal):
    """No fact takes effect in the future."""

    ko = "효력 시각 {given}은(는) 아직 오지 않았습니다(현재 {now}). 지난 시각을 지정하거나 빼고 실행하십시오."
    en = "The effective time {given} has not come yet (it is {now}). Give a past time, or leave it out."


class Given(NamedTuple):
    """A command with who gives it, in whose place, and when it takes effect where that is not now. `form`: of a step, where it
    has been read before; `files`: as of the envelope.
    """

    command: Any
    actor: Actor
    behalf: Actor | None
    dated: datetime | None = None
    form: tuple[FilledField, ...] | None = None
    files: Mapping[str, bytes] = {}

    @property
    def role(self) -> Role:
        return by_right_of(self.actor, self.behalf, self.command).role


class Decided(NamedTuple):
    """`facts`: what the command comes to; `taken`: the step that it takes; `by`: the definition by which the task lives that
    it is about; `looked`: the streams on which that was decided.
    """

    facts: tuple[Any, ...]
    taken: Taken | None
    by: Definition | None
    looked: dict[str, None]


def decide_given(given: Given, draft: Draft) -> Decided:
    """Raises Refusal; nothing is kept in the draft but what was read."""
    command, looked = given.command, dict[str, None]()
    look, find = partial(draft.state, looked=looked), draft.definition
    aggregate, state = aggregate_of(command.stream), draft.state(command.stream)
    effective_at = check_effective(given.dated, draft.now)
    known = _find_known(given, state, draft, look)
    by = find_definition(command, state, find, look)
    offers = offering(draft, given.actor, given.behalf).offers
    check_definition(given.role, command, state, by, find, offers, look)
    taken = find_step(command, state, by, look, given.files, given.form)
    check_required(given.role, command, state, local_day(effective_at), by, look, taken)
    others = tuple(dict.fromkeys(aggregate.reads(command, state)))
    draft.find(others)
    stream = draft.stream(command.stream)
    context = DecisionContext(
        effective_at=effective_at,
        others={name: draft.state(name) for name in others},
        history=[one.fact for one in stream],
        now=draft.now,
        then=_then(aggregate, stream, given.dated),
        offers=offers,
        step=known if taken is None else taken.fact,
        definition_of=find,
        definition=by,
    )
    facts = aggregate.decide(command, state, context)
    return Decided(facts, taken, by, looked | dict.fromkeys(others))


def offering(draft: Draft, actor: Actor, behalf: Actor | None) -> Offering:
    """What the actor could give on what stands in the draft."""
    return Offering(actor, behalf, draft.state, partial(_context_of, draft), draft.definition)


def find_time_of_corrected(command: Any, stream: Sequence[RecordedFact[Any]]) -> datetime | None:
    """When the fact was so that the command corrects."""
    version = command.takes_time_of
    return stream[version - 1].effective_at if version is not None and version <= len(stream) else None


def check_effective(dated: datetime | None, now: datetime) -> datetime:
    """When it takes effect. Raises EffectiveInFuture."""
    if dated is None:
        return now
    if dated > now + _CLOCK_SLACK:
        raise EffectiveInFuture(given=dated, now=now)
    return dated


def _find_known(given: Given, state: Any, draft: Draft, look: Callable[[str], Any]) -> Any:
    """What the command comes to by what is known here and not in the domain: in an approval line, or as a meeting's decision."""
    command = given.command
    if isinstance(command, Decide):
        return describe_given(command)
    if not isinstance(command, OnLine):
        return None
    if given.dated is not None:
        raise LineNotDatedBack(task=command.task, command=command.label)
    signer = Signer(given.actor, given.behalf or given.actor, local_day(draft.now))
    return find_line_fact(command, state, signer, draft.stream(command.stream), look)


def _context_of(draft: Draft, name: str) -> DecisionContext:
    return DecisionContext(draft.now, history=[one.fact for one in draft.stream(name)], now=draft.now)


def _then(aggregate: Aggregate, stream: Sequence[RecordedFact[Any]], dated: datetime | None) -> Any:
    """The state as it was so at a late entry's moment; None without one."""
    if dated is None:
        return None
    return fold_state(aggregate, (one for one in stream if one.effective_at <= dated))
