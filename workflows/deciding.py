"""Deciding orders one after the other on the streams as they were read, each seeing what those before it made."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from msgspec.structs import replace

from domain.aggregate import Aggregate, Given
from domain.catalogue import aggregate_of
from domain.errors import Refusal
from domain.limits import document_number, free_text
from store.envelope import Envelope, text_of
from store.log import Loaded
from store.recorded import Batch, CommandPart, NewFact, NewText, Recorded, folded
from workflows.definitions.enforcing import check_definition
from workflows.order import Order
from workflows.permissions import by_right_of, owner
from workflows.texts import put_aside, put_aside_text

_CLOCK_SLACK = timedelta(seconds=5)


class EffectiveInFuture(Refusal):
    """No fact takes effect in the future."""

    ko = "효력 시각 {given}은(는) 아직 오지 않았습니다(현재 {now}). 지난 시각을 주거나 빼고 실행하십시오."
    en = "The effective time {given} has not come yet (it is {now}). Give a past time, or leave it out."


class ReasonNeeded(Refusal):
    """It changes what was settled, and whoever reads it has to learn why."""

    ko = "‘{command}’에는 사유가 있어야 합니다. --reason으로 사유를 적으십시오."
    en = "“{command}” needs a reason. Say why with --reason."


class Prepared:
    """An order with its texts set aside, ready to be decided on whatever state there is.

    `machine`: by which user of which machine it was entered, as the machine says.
    """

    def __init__(self, order: Order, machine: str | None = None) -> None:
        self.order = order
        self.command, self.texts = put_aside(order.command)
        reason = None
        if order.reason is not None:
            reason, text = put_aside_text(free_text("reason", order.reason))
            self.texts = (*self.texts, text)
        machine_ref = None
        if machine is not None:
            machine_ref, text = put_aside_text(machine)
            self.texts = (*self.texts, text)
        self._envelope = Envelope(
            v=1 if machine is None else 2,
            schema=1,
            actor=order.actor,
            via=order.via,
            authn=order.authn,
            command=order.command_id,
            on_behalf_of=order.on_behalf_of,
            cause=order.cause,
            ref=None if order.ref is None else document_number("ref", order.ref),
            reason=text_of(reason),
            token=order.token,
            machine=text_of(machine_ref),
        )

    @property
    def likely(self) -> tuple[str, ...]:
        """The command's stream, and what a decision on nothing would need: for a proposal that is all."""
        aggregate = aggregate_of(self.command.stream)
        return (self.command.stream, *aggregate.reads(self.command, aggregate.initial))

    def envelope(self, schema: int, effective_at: datetime | None, mandate: str | None) -> Envelope:
        if schema == 1 and effective_at is None and mandate is None:
            return self._envelope
        version = self._envelope.v if mandate is None else 2
        return replace(self._envelope, v=version, schema=schema, effective_at=effective_at, mandate=mandate)


class Deciding:
    """`read(streams)` finds what is needed beside `loaded`; `authorise(order, lead)` refuses, and says by which mandate
    one person acts for another.

    `streams`: the facts as they were read. What is decided is kept for the one `batch`.
    """

    def __init__(
        self,
        loaded: Loaded,
        read: Callable[[Sequence[str]], Loaded],
        authorise: Callable[[Order, str | None], str | None],
    ) -> None:
        self.now = loaded.now
        self.streams = dict(loaded.streams)
        self._read, self._authorise = read, authorise
        self._grown: dict[str, list[Recorded[Any]]] = {}
        self._states: dict[str, Any] = {}
        self._looked_at: dict[str, None] = {}
        self._facts: list[NewFact] = []
        self._texts: list[NewText] = []
        self._commands: list[CommandPart] = []

    def decide(self, prepared: Prepared) -> tuple[str, ...]:
        """The kinds of the facts that the order makes. Raises Refusal, and then nothing of it is kept."""
        order, command = prepared.order, prepared.command
        aggregate = aggregate_of(command.stream)
        stream = self._stream(command.stream)
        dated = _corrected_at(command, stream) or order.effective_at
        effective_at = _effective_at(dated, self.now)
        state = self._state(aggregate, command.stream)
        mandate = self._authorise(order, owner(command, state))
        check_definition(by_right_of(order.actor, order.on_behalf_of, command).role, command, state)
        if command.needs_reason and order.reason is None:
            raise ReasonNeeded(command=command.label)
        names = tuple(dict.fromkeys(aggregate.reads(command, state)))
        self._find(names)
        states = {name: self._state(aggregate_of(name), name) for name in names}
        history = [one.fact for one in stream]
        given = Given(effective_at, states, history, self.now, _then(aggregate, stream, dated))
        facts = aggregate.decide(command, state, given)
        self._keep(prepared, aggregate, facts, dated, mandate)
        self._looked_at |= dict.fromkeys(names)
        return tuple(fact.kind for fact in facts)

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
        prepared: Prepared,
        aggregate: Aggregate,
        facts: Sequence[Any],
        dated: datetime | None,
        mandate: str | None,
    ) -> None:
        name = prepared.command.stream
        version = len(self._stream(name))
        made = [
            NewFact(name, number, prepared.envelope(fact.schema_version, dated, mandate), fact)
            for number, fact in enumerate(facts, start=version + 1)
        ]
        order = prepared.order
        self._facts += made
        self._texts += prepared.texts
        self._commands.append(CommandPart(order.command_id, order.digest(), len(made)))
        if name not in self._grown:
            self._grown[name] = list(self.streams[name])
        grown = self._grown[name]
        state = self._states[name]
        for new in made:
            grown.append(
                Recorded(0, name, new.version, new.fact.kind, self.now, self.now, new.envelope, new.fact)
            )
            at = new.envelope.effective_at or self.now
            state = aggregate.evolve(state, new.fact, at, new.version)
        self._states[name] = state

    def _stream(self, name: str) -> list[Recorded[Any]]:
        self._find((name,))
        return self._grown.get(name, self.streams[name])

    def _state(self, aggregate: Aggregate, name: str) -> Any:
        if name not in self._states:
            self._states[name] = folded(aggregate, self.streams[name])
        return self._states[name]

    def _find(self, names: Iterable[str]) -> None:
        missing = tuple(name for name in names if name not in self.streams)
        if missing:
            self.streams |= self._read(missing).streams


def _corrected_at(command: Any, stream: Sequence[Recorded[Any]]) -> datetime | None:
    """When the fact was so that the command corrects."""
    version = command.takes_time_of
    return stream[version - 1].effective_at if version is not None and version <= len(stream) else None


def _then(aggregate: Aggregate, stream: Sequence[Recorded[Any]], dated: datetime | None) -> Any:
    """The state as it was so at a late entry's moment; None without one."""
    if dated is None:
        return None
    return folded(aggregate, (one for one in stream if one.effective_at <= dated))


def _effective_at(dated: datetime | None, now: datetime) -> datetime:
    if dated is None:
        return now
    if dated > now + _CLOCK_SLACK:
        raise EffectiveInFuture(given=dated, now=now)
    return dated
