"""Deciding commands one after the other on the streams as they were read, each seeing what those before it made."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any, NamedTuple

from domain.aggregate import Aggregate, DecisionContext
from domain.catalogue import aggregate_of
from domain.errors import Bilingual, Refusal
from domain.lifecycle.model import Definition
from domain.meeting.commands import Decide
from domain.meeting.refusals import GivesUnderLine
from domain.money.commands import OnMoney
from domain.roles import Role
from domain.seoul import local_day
from domain.streams import definition_stream, identity_of, task_stream
from domain.task.facts import OfTask
from domain.task.lining import OnLine
from domain.task.on_task import OnTask
from domain.task.refusals_of_lines import LineNotDatedBack
from domain.task.state import Task
from domain.values import FilledField, LocalText
from store.envelope import Actor, Envelope
from store.log import Loaded
from store.recorded import Batch, CommandPart, NewFact, NewText, RecordedFact, fold_state
from workflows.command_envelope import CommandEnvelope
from workflows.definitions.adopted import find_adopted
from workflows.definitions.enforcing import (
    Find,
    check_definition,
    check_required,
    definition_for,
    find_step,
)
from workflows.definitions.lining import Signer, find_line_fact, open_line
from workflows.definitions.requiring import ask
from workflows.definitions.stepping import Taken, check_reason
from workflows.offering import Offering
from workflows.orders import Order, describe_given, find_orders, may_order
from workflows.permissions import authorise_role, by_right_of, owner
from workflows.prepared_command import PreparedCommand

_CLOCK_SLACK = timedelta(seconds=5)


class EffectiveInFuture(Refusal):
    """No fact takes effect in the future."""

    ko = "효력 시각 {given}은(는) 아직 오지 않았습니다(현재 {now}). 지난 시각을 지정하거나 빼고 실행하십시오."
    en = "The effective time {given} has not come yet (it is {now}). Give a past time, or leave it out."


class ReasonNeeded(Refusal):
    """It changes what was settled or cannot be undone, and whoever reads of it has to learn why."""

    ko = "‘{command}’에는 사유가 있어야 합니다. --reason으로 사유를 적으십시오."
    en = "“{command}” needs a reason. Say why with --reason."


class _Given(NamedTuple):
    """A command with who gives it, in whose place, and when it takes effect where that is not now. `form`: of a step, where it
    has been read before; `known`: what it comes to in an approval line; `files`: as of the envelope.
    """

    command: Any
    actor: Actor
    behalf: Actor | None
    dated: datetime | None = None
    form: tuple[FilledField, ...] | None = None
    known: Any = None
    files: Mapping[str, bytes] = {}

    @property
    def role(self) -> Role:
        return by_right_of(self.actor, self.behalf, self.command).role


class _Decided(NamedTuple):
    """`facts`: what the command comes to; `taken`: the step that it takes."""

    facts: tuple[Any, ...]
    taken: Taken | None


class _Mark(NamedTuple):
    """What was kept when a command began that may have others carried out. `grown`: how long each stream was."""

    states: dict[str, Any]
    grown: dict[str, int]
    looked_at: dict[str, None]
    facts: int
    texts: int


class UnitOfWork:
    """`read(streams)` finds what is needed beside `loaded`; `authorise(envelope, lead)` refuses, and says by which mandate
    one person acts for another; `find_definition`: by its identity, among those of the store.

    `streams`: the facts as they were read. What is decided is kept for the one `batch`.
    """

    def __init__(
        self,
        loaded: Loaded,
        read: Callable[[Sequence[str]], Loaded],
        authorise: Callable[[CommandEnvelope, str | None], str | None],
        find_definition: Find,
    ) -> None:
        self.now = loaded.now
        self.streams = dict(loaded.streams)
        self._read, self._authorise, self._definition_of_store = read, authorise, find_definition
        self._grown: dict[str, list[RecordedFact[Any]]] = {}
        self._states: dict[str, Any] = {}
        self._looked_at: dict[str, None] = {}
        self._facts: list[NewFact] = []
        self._texts: list[NewText] = []
        self._commands: list[CommandPart] = []

    def decide(self, prepared: PreparedCommand) -> tuple[str, ...]:
        """The kinds of the facts that the command makes. Raises Refusal, and then nothing of it is kept."""
        before = self._mark() if may_order(prepared.command) else None
        try:
            made = self._decide_with_orders(prepared)
        except Refusal:
            if before is not None:
                self._go_back_to(before)
            raise
        envelope = prepared.envelope
        self._commands.append(CommandPart(envelope.command_id, envelope.digest(), len(made)))
        return tuple(one.fact.kind for one in made)

    def _decide_with_orders(self, prepared: PreparedCommand, ordered: bool = False) -> list[NewFact]:
        """What the command comes to, and then what that has carried out. `ordered`: it is carried out by another one."""
        command = prepared.command
        state = self._look(command.stream)
        made = self._decide_one(prepared, ordered)
        orders = find_orders(command, state, self._look(command.stream), self._stream(command.stream), made)
        mandate = made[0].envelope.mandate
        return [*made, *(fact for order in orders for fact in self._carry_out(order, prepared, mandate))]

    def _decide_one(self, prepared: PreparedCommand, ordered: bool) -> list[NewFact]:
        """What a command comes to by the right of who gives it."""
        envelope, command = prepared.envelope, prepared.command
        aggregate = aggregate_of(command.stream)
        stream = self._stream(command.stream)
        dated = _time_of_corrected(command, stream) or envelope.effective_at
        _effective_at(dated, self.now)
        state = self._state(aggregate, command.stream)
        mandate = self._authorise(envelope, owner(command, state))
        given = _Given(command, envelope.actor, envelope.on_behalf_of, dated, files=envelope.files)
        looked: dict[str, None] = {}
        if isinstance(command, OnLine):
            given = given._replace(known=self._find_line_fact(given, state, looked))
        elif isinstance(command, Decide):
            given = given._replace(known=describe_given(command))
        decided = self._decide(given, aggregate, state, looked)
        if envelope.reason is None and command.asks_why(envelope.actor.role):
            raise ReasonNeeded(
                command=command.label
            )  # last, lest a reason be asked for what is refused anyhow
        facts = decided.facts
        if decided.taken is not None and envelope.reason is None:
            check_reason(decided.taken, identity_of(command.stream), envelope.actor.role)
        if isinstance(command, OnTask) and (opened := self._open_line(given, decided, state, looked)):
            if ordered:
                raise GivesUnderLine(command=command.label)
            if envelope.effective_at is not None:
                raise LineNotDatedBack(task=command.task, command=command.label)
            facts, dated = (opened,), None  # a correction is of then, and asked for now
        made = self._keep(prepared, aggregate, facts, dated, mandate)
        if decided.taken is not None:
            self._texts += decided.taken.texts
        self._looked_at |= looked
        return made

    def _carry_out(self, order: Order, prepared: PreparedCommand, mandate: str | None) -> list[NewFact]:
        """What is ordered, decided on what stands by now. Raises what the order says of a refusal."""
        further = prepared.carry_out(order.command, order.cause, order.asked)
        try:
            if order.asked is not None:
                return self._decide_asked(order, order.asked, further, mandate)
            envelope = prepared.envelope
            authorise_role(by_right_of(envelope.actor, envelope.on_behalf_of, order.command), order.command)
            return self._decide_with_orders(further, ordered=True)
        except Refusal as refusal:
            raise order.refuse(refusal) from None

    def _decide_asked(
        self, order: Order, asked: Envelope, prepared: PreparedCommand, mandate: str | None
    ) -> list[NewFact]:
        """By the right of who asked, which was looked at then."""
        command, looked = order.command, dict[str, None]()
        aggregate = aggregate_of(command.stream)
        dated = _time_of_corrected(command, self._stream(command.stream))
        given = _Given(command, asked.actor, asked.on_behalf_of, dated, order.form)
        decided = self._decide(given, aggregate, self._state(aggregate, command.stream), looked)
        made = self._keep(prepared, aggregate, decided.facts, dated, mandate)
        self._looked_at |= looked
        return made

    def _mark(self) -> _Mark:
        return _Mark(
            dict(self._states),
            {name: len(facts) for name, facts in self._grown.items()},
            dict(self._looked_at),
            len(self._facts),
            len(self._texts),
        )

    def _go_back_to(self, before: _Mark) -> None:
        self._states, self._looked_at = before.states, before.looked_at
        self._grown = {name: self._grown[name][:length] for name, length in before.grown.items()}
        del self._facts[before.facts :], self._texts[before.texts :]

    def _decide(self, given: _Given, aggregate: Aggregate, state: Any, looked: dict[str, None]) -> _Decided:
        """What the command comes to on this state, whoever it is that carries it out."""
        command, look, find = given.command, partial(self._look, looked=looked), self._find_definition
        offers = Offering(given.actor, given.behalf, self._look, self._context_of, find).offers
        effective_at = _effective_at(given.dated, self.now)
        check_definition(given.role, command, state, find, offers, look)
        taken = find_step(command, state, find, look, given.files, given.form)
        check_required(given.role, command, state, local_day(effective_at), find, look, taken)
        names = tuple(dict.fromkeys(aggregate.reads(command, state)))
        self._find(names)
        states = {name: self._state(aggregate_of(name), name) for name in names}
        stream = self._stream(command.stream)
        history = [one.fact for one in stream]
        then = _then(aggregate, stream, given.dated)
        step = given.known if taken is None else taken.fact
        by = self._definition_beside(command, look)
        context = DecisionContext(
            effective_at,
            states,
            history,
            self.now,
            then,
            offers,
            step,
            self._name_place(state),
            self._name_grades(command, state),
            find,
            by,
        )
        facts = aggregate.decide(command, state, context)
        looked |= dict.fromkeys(names)
        return _Decided(facts, taken)

    def _find_line_fact(self, given: _Given, state: Task, looked: dict[str, None]) -> OfTask:
        command = given.command
        if given.dated is not None:
            raise LineNotDatedBack(task=command.task, command=command.label)
        signer = Signer(given.actor, given.behalf or given.actor, local_day(self.now))
        look = partial(self._look, looked=looked)
        return find_line_fact(command, state, signer, self._stream(command.stream), look)

    def _open_line(
        self, given: _Given, decided: _Decided, state: Task, looked: dict[str, None]
    ) -> OfTask | None:
        """That the command is asked for, where it goes by an approval line. A rule asks nobody."""
        command, role = given.command, given.role
        if role == "system" or isinstance(command, OnLine):
            return None
        look = partial(self._look, looked=looked)
        by = definition_for(state, command.task, self._find_definition, look)
        if not by.lines:
            return None
        form = None if decided.taken is None else decided.taken.form
        asked = ask(command.task, state, role, local_day(self.now), look, command, form)
        return open_line(by, command, state, decided.taken, asked, look)

    def _name_place(self, state: Any) -> Bilingual | None:
        """What the task's definition calls where it stands, where that is a place of its own."""
        if not isinstance(state, Task) or not state.condition.is_own:
            return None
        return self._find_definition(state.definition).name_of(state.place)

    def _name_grades(self, command: Any, state: Any) -> Mapping[str, LocalText]:
        """What the task's definition calls grades, where the command gives one."""
        if not isinstance(state, Task) or getattr(command, "grade", None) is None:
            return {}
        return definition_for(state, command.task, self._find_definition, self._look).grade_names

    def _definition_beside(self, command: Any, look: Callable[[str], Any]) -> Definition | None:
        """By which the task lives whose money a command is about."""
        if not isinstance(command, OnMoney):
            return None
        return definition_for(look(task_stream(command.task)), command.task, self._find_definition, look)

    def batch(self) -> Batch:
        """All that was decided, to be appended at once."""
        first = self._commands[0]
        return Batch(
            command_id=first.command_id,
            digest=first.digest,
            facts=tuple(self._facts),
            texts=tuple(self._texts),
            unchanged=tuple(
                (name, len(self.streams[name])) for name in self._looked_at if name not in self._grown
            ),
            commands=tuple(self._commands) if len(self._commands) > 1 else (),
        )

    def _keep(
        self,
        prepared: PreparedCommand,
        aggregate: Aggregate,
        facts: Sequence[Any],
        dated: datetime | None,
        mandate: str | None,
    ) -> list[NewFact]:
        name = prepared.command.stream
        version = len(self._stream(name))
        made = [
            NewFact(name, number, prepared.fact_envelope(fact.schema_version, dated, mandate), fact)
            for number, fact in enumerate(facts, start=version + 1)
        ]
        self._facts += made
        self._texts += prepared.texts
        if name not in self._grown:
            self._grown[name] = list(self.streams[name])
        grown = self._grown[name]
        state = self._states[name]
        for new in made:
            grown.append(
                RecordedFact(0, name, new.version, new.fact.kind, self.now, self.now, new.envelope, new.fact)
            )
            at = new.envelope.effective_at or self.now
            state = aggregate.evolve(state, new.fact, at, new.version)
        self._states[name] = state
        return made

    def _stream(self, name: str) -> list[RecordedFact[Any]]:
        self._find((name,))
        return self._grown.get(name, self.streams[name])

    def _state(self, aggregate: Aggregate, name: str) -> Any:
        if name not in self._states:
            self._states[name] = fold_state(aggregate, self.streams[name])
        return self._states[name]

    def _look(self, name: str, looked: dict[str, None] | None = None) -> Any:
        """The state of a stream as it is known here. `looked`: the names of those on which something is decided."""
        if looked is not None:
            looked[name] = None
        self._find((name,))
        return self._state(aggregate_of(name), name)

    def _context_of(self, name: str) -> DecisionContext:
        return DecisionContext(self.now, history=[one.fact for one in self._stream(name)], now=self.now)

    def _find_definition(self, identity: str) -> Definition:
        """Also one that is adopted with what is decided here."""
        grown = self._states.get(definition_stream(identity))
        return (grown and find_adopted(grown, identity)) or self._definition_of_store(identity)

    def _find(self, names: Iterable[str]) -> None:
        missing = tuple(name for name in names if name not in self.streams)
        if missing:
            self.streams |= self._read(missing).streams


def _time_of_corrected(command: Any, stream: Sequence[RecordedFact[Any]]) -> datetime | None:
    """When the fact was so that the command corrects."""
    version = command.takes_time_of
    return stream[version - 1].effective_at if version is not None and version <= len(stream) else None


def _then(aggregate: Aggregate, stream: Sequence[RecordedFact[Any]], dated: datetime | None) -> Any:
    """The state as it was so at a late entry's moment; None without one."""
    if dated is None:
        return None
    return fold_state(aggregate, (one for one in stream if one.effective_at <= dated))


def _effective_at(dated: datetime | None, now: datetime) -> datetime:
    if dated is None:
        return now
    if dated > now + _CLOCK_SLACK:
        raise EffectiveInFuture(given=dated, now=now)
    return dated
