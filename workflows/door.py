"""The one door: every command of every person and rule goes through `Door.handle`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

import structlog
from msgspec.structs import replace

from domain.aggregate import Given
from domain.catalogue import aggregate_of
from domain.errors import Refusal
from domain.limits import document_number, free_text
from store.envelope import Actor, Envelope, text_of
from store.errors import CommandIdReused, StreamConflict
from store.log import Loaded, Store
from store.recorded import Appended, Batch, NewFact, NewText, Recorded, folded
from workflows.order import Order, Outcome
from workflows.permissions import authorise_reach, authorise_role, owner
from workflows.reading import answering
from workflows.texts import put_aside, put_aside_text

_log = structlog.get_logger()
_CLOCK_SLACK = timedelta(seconds=5)


class Conflict(Refusal):
    """Somebody else changed the same thing twice while the command was being decided."""

    ko = (
        "‘{command}’ 명령을 처리하는 동안 {stream}이(가) 바뀌었습니다: {meanwhile}. "
        "바뀐 내용을 확인하고 다시 실행하십시오."
    )
    en = (
        "{stream} changed while “{command}” was being decided: {meanwhile}. Look at the change and try again."
    )


class EffectiveInFuture(Refusal):
    """No fact takes effect in the future."""

    ko = "효력 시각 {given}은(는) 아직 오지 않았습니다(현재 {now}). 지난 시각을 주거나 빼고 실행하십시오."
    en = "The effective time {given} has not come yet (it is {now}). Give a past time, or leave it out."


class Door:
    """Carries out commands: authorise, put texts aside, load, decide, append, wake.

    `wake` tells the workers that there is something new; it never raises.
    """

    def __init__(self, store: Store, wake: Callable[[], None]) -> None:
        self._store = store
        self._wake = wake

    def handle(self, order: Order) -> Outcome:
        """Carry out the command once, whatever happens, or refuse it with a named error and write nothing.

        A lost race is tried once more on the new state. Raises Refusal, StoreUnreachable, OutcomeUnknown.
        """
        log = _log.bind(command_id=order.command_id, command=order.command.name, stream=order.command.stream)
        try:
            outcome = self._handle(order)
        except Refusal as refusal:
            log.info("command_refused", refusal=refusal.name, role=order.actor.role)
            raise
        log.info("command_carried_out", position=outcome.last_position, repeated=outcome.repeated)
        self._wake()
        return outcome

    def _handle(self, order: Order) -> Outcome:
        authorise_role(order.actor, order.command)
        command, texts = put_aside(order.command)
        reason = None
        if order.reason is not None:
            reason, text = put_aside_text(free_text("reason", order.reason))
            texts = (*texts, text)
        prepared = _Prepared(order, command, texts, _envelope(order, reason))
        try:
            return self._attempt(prepared)
        except StreamConflict:
            pass
        try:
            return self._attempt(prepared)
        except StreamConflict as conflict:
            raise self._conflict(command, conflict) from None

    def _conflict(self, command: Any, conflict: StreamConflict) -> Conflict:
        """Name what was appended after the version that the decision was made on."""
        stream, seen = str(conflict.details["stream"]), int(str(conflict.details["expected"]))
        meanwhile = [fact for fact in self._store.read(stream) if fact.version > seen]
        return Conflict(
            stream=stream,
            command=command.label,
            meanwhile=tuple(f"{fact.kind} (#{fact.position})" for fact in meanwhile),
        )

    def _attempt(self, prepared: _Prepared) -> Outcome:
        order, command = prepared.order, prepared.command
        aggregate = aggregate_of(command.stream)
        # what a decision on nothing would need is loaded in the same round trip: for a proposal that is all
        likely = aggregate.reads(command, aggregate.initial)
        loaded = self._store.load(tuple(dict.fromkeys((command.stream, *likely))), order.command_id)
        if loaded.known is not None:
            return _repeated(order, *loaded.known)
        stream = loaded.streams[command.stream]
        dated = _corrected_at(command, stream) or order.effective_at
        effective_at = _effective_at(dated, loaded.now)
        state = folded(aggregate, stream)
        self._authorise(order.actor, command, owner(command, state))
        others = self._others(aggregate.reads(command, state), loaded)
        states = {name: folded(aggregate_of(name), read) for name, read in others.items()}
        given = Given(effective_at, states, [one.fact for one in stream], loaded.now)
        facts = aggregate.decide(command, state, given)
        batch = Batch(
            command_id=order.command_id,
            digest=order.digest(),
            facts=tuple(
                NewFact(
                    stream=command.stream,
                    version=version,
                    envelope=prepared.envelope(fact.schema_version, dated),
                    fact=fact,
                )
                for version, fact in enumerate(facts, start=len(stream) + 1)
            ),
            texts=prepared.texts,
            unchanged=tuple((name, len(read)) for name, read in others.items()),
        )
        return _outcome(order, tuple(fact.kind for fact in facts), self._store.append(batch))

    def _authorise(self, actor: Actor, command: Any, lead: str | None) -> None:
        """An agency that others were merged into acts on their tasks too."""
        if lead is not None and actor.agency not in (None, lead):
            lead = answering(self._store, lead)
        authorise_reach(actor, command, lead)

    def _others(self, names: Sequence[str], loaded: Loaded) -> dict[str, list[Recorded[Any]]]:
        """The facts of the other streams that the decision needs."""
        missing = tuple(dict.fromkeys(name for name in names if name not in loaded.streams))
        found = {**loaded.streams, **(self._store.load(missing).streams if missing else {})}
        return {name: found[name] for name in dict.fromkeys(names)}


class _Prepared:
    """An order with its texts set aside, ready to be decided on whatever state there is."""

    def __init__(self, order: Order, command: Any, texts: tuple[NewText, ...], envelope: Envelope) -> None:
        self.order, self.command, self.texts = order, command, texts
        self._envelope = envelope

    def envelope(self, schema: int, effective_at: datetime | None) -> Envelope:
        if schema == 1 and effective_at is None:
            return self._envelope
        return replace(self._envelope, schema=schema, effective_at=effective_at)


def _envelope(order: Order, reason: Any) -> Envelope:
    return Envelope(
        v=1,
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
    )


def _corrected_at(command: Any, stream: Sequence[Recorded[Any]]) -> datetime | None:
    """When the fact was so that the command corrects."""
    version = command.takes_time_of
    return stream[version - 1].effective_at if version is not None and version <= len(stream) else None


def _effective_at(dated: datetime | None, now: datetime) -> datetime:
    if dated is None:
        return now
    if dated > now + _CLOCK_SLACK:
        raise EffectiveInFuture(given=dated, now=now)
    return dated


def _repeated(order: Order, digest: bytes, appended: Appended) -> Outcome:
    if digest != order.digest():
        raise CommandIdReused(command_id=order.command_id)
    return _outcome(order, (), appended)


def _outcome(order: Order, kinds: Sequence[str], appended: Appended) -> Outcome:
    return Outcome(
        command_id=order.command_id,
        stream=order.command.stream,
        kinds=tuple(kinds),
        first_position=appended.first_position,
        last_position=appended.last_position,
        known_at=appended.known_at,
        repeated=appended.repeated or not kinds,
    )
