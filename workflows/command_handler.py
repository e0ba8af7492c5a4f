"""Every command of every person and rule goes through `CommandHandler.handle`, or with others `CommandHandler.handle_all`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from typing import Any

from domain.aggregate import Command
from domain.errors import Refusal
from store.envelope import Actor
from store.errors import CommandIdReused, CommandsInterleaved, StreamConflict
from store.log import Loaded, Store
from store.waits import COMMAND_SECONDS, in_all
from trail.logs import Logger
from workflows.command_envelope import CommandEnvelope, Giver, Outcome
from workflows.commands_at_once import attribute, work_on_each
from workflows.definitions.adopted import definitions_of
from workflows.lookups import answering
from workflows.outcomes import make_outcome, repeat_outcome, share_out
from workflows.permissions import authorise_owned, authorise_role, by_right_of
from workflows.persons import Read, check_persons, office_streams
from workflows.prepared_command import PreparedCommand
from workflows.refusing import log_refusals, refusal_of_command, refusal_of_kind
from workflows.stream_cache import StreamCache
from workflows.unit_of_work import UnitOfWork

_log = Logger()


class Conflict(Refusal):
    """Somebody else changed the same thing twice while the command was being decided."""

    ko = (
        "‘{command}’ 명령을 처리하는 동안 {stream}이(가) 바뀌었습니다: {meanwhile}. "
        "바뀐 내용을 확인하고 다시 실행하십시오."
    )
    en = (
        "{stream} changed while “{command}” was being decided: {meanwhile}. Look at the change and try again."
    )


class CommandHandler:
    """Carries out commands: authorise, put texts aside, load, decide, append, wake.

    `wake` tells the workers that there is something new; it never raises. `recent`: how many streams are remembered.
    `watched`: put round each command, or several given at once, to measure and trace it.
    `unrecorded`: told when the log of refusals could not be written. `machine`: what a machine that people give
    commands at says of itself and its user; None at the workers'.
    """

    def __init__(
        self,
        store: Store,
        wake: Callable[[], None],
        recent: int = 500,
        watched: Callable[[Sequence[CommandEnvelope]], AbstractContextManager[None]] = lambda _: (
            nullcontext()
        ),
        unrecorded: Callable[[], None] = lambda: None,
    ) -> None:
        self.machine: str | None = None
        self._store = store
        self._wake = wake
        self._watched, self._unrecorded = watched, unrecorded
        self._recent = StreamCache(store, recent)

    def handle(self, envelope: CommandEnvelope) -> Outcome:
        """Carry out the command once, whatever happens, or refuse it with a named error and write nothing.

        A lost race is tried once more on the new state. Servers are waited for fifteen seconds in all. Raises Refusal,
        StoreUnreachable, StoreBusy, OutcomeUnknown.
        """
        with self._watched((envelope,)), in_all(COMMAND_SECONDS):
            try:
                outcome = self._handle(envelope)
            except Refusal as refusal:
                _log.info(
                    "command_refused", refusal=refusal.name, role=envelope.actor.role, **_log_fields(envelope)
                )
                self._record([(envelope, refusal)])
                raise
            _log.info(
                "command_carried_out",
                position=outcome.last_position,
                repeated=outcome.repeated,
                **_log_fields(envelope),
            )
            self._wake()
        return outcome

    def handle_all(self, envelopes: Sequence[CommandEnvelope], *, dry_run: bool = False) -> list[Outcome]:
        """Carry out several commands in one append: all of them, in this order, or none.

        Each is authorised, sees what those before it made, and is carried out once under its own id. With `dry_run`
        nothing is written and the list is empty. Raises SomeRefused with every command that would be refused, and as
        `handle`.
        """
        if not envelopes:
            return []
        with nullcontext() if dry_run else self._watched(envelopes), in_all(COMMAND_SECONDS):
            try:
                outcomes = self._handle_all(envelopes, dry_run)
            except Refusal as refusal:
                _log.info("commands_refused", commands=len(envelopes), refusal=refusal.name)
                if not dry_run:
                    self._record(attribute(envelopes, refusal))
                raise
            if outcomes:
                _log.info(
                    "commands_carried_out", commands=len(envelopes), position=outcomes[-1].last_position
                )
                self._wake()
        return outcomes

    def _record(self, refused: Sequence[tuple[CommandEnvelope, Refusal]]) -> None:
        if not log_refusals(
            self._store,
            [
                refusal_of_command(envelope, refusal, self._machine_of(envelope))
                for envelope, refusal in refused
            ],
        ):
            self._unrecorded()

    def _machine_of(self, envelope: CommandEnvelope) -> str | None:
        return None if envelope.via == "rule" else self.machine

    def _handle_all(self, envelopes: Sequence[CommandEnvelope], dry_run: bool) -> list[Outcome]:
        prepared = work_on_each(envelopes, self._prepare)
        try:
            return self._attempt_all(prepared, dry_run)
        except (StreamConflict, CommandsInterleaved, CommandIdReused):
            pass  # what is known the second time says which of them it is
        try:
            return self._attempt_all(prepared, dry_run)
        except StreamConflict as conflict:
            raise self._conflict(envelopes[0].command, conflict) from None

    def _handle(self, envelope: CommandEnvelope) -> Outcome:
        prepared = self._prepare(envelope)
        if (known := self._recent.load(prepared.likely, envelope.command.stream)) is not None:
            try:
                return self._decide(prepared, known)
            except (Refusal, StreamConflict):  # what is remembered may be old
                self._recent.forget(known.streams)
        try:
            return self._attempt(prepared)
        except StreamConflict:
            pass
        try:
            return self._attempt(prepared)
        except StreamConflict as conflict:
            raise self._conflict(envelope.command, conflict) from None

    def _attempt(self, prepared: PreparedCommand) -> Outcome:
        envelope = prepared.envelope
        loaded = self._store.load(_list_streams((prepared,)), envelope.command_id)
        if loaded.known is not None:
            return repeat_outcome(envelope, *loaded.known)
        self._recent.read(loaded)
        return self._decide(prepared, loaded, lambda _: loaded)

    def _decide(self, prepared: PreparedCommand, loaded: Loaded, offices: Read | None = None) -> Outcome:
        """`offices`: where who acts was read with the rest; by default it is read now."""
        authorise = partial(self._authorise, read=offices)
        deciding = UnitOfWork(loaded, self._read, authorise, definitions_of(self._store).of)
        kinds = deciding.decide(prepared)
        batch = deciding.batch()
        appended = self._store.append(batch)
        self._recent.remember(batch, deciding.draft.streams, appended)
        return make_outcome(prepared.envelope, kinds, appended)

    def _attempt_all(self, prepared: Sequence[PreparedCommand], dry_run: bool) -> list[Outcome]:
        names = _list_streams(prepared)
        loaded = self._store.load(names)
        authorise = partial(self._authorise, read=lambda _: loaded)
        deciding = UnitOfWork(loaded, self._store.load, authorise, definitions_of(self._store).of)
        # asked for after the streams: what is carried out between the two is known, or the append refuses
        known = self._store.outcomes([one.envelope.command_id for one in prepared])
        seen: set[str] = set()

        def decide(one: PreparedCommand) -> tuple[str, ...] | Outcome:
            if one.envelope.command_id in seen:
                raise CommandIdReused(command_id=one.envelope.command_id)
            seen.add(one.envelope.command_id)
            if (before := known.get(one.envelope.command_id)) is not None:
                return repeat_outcome(one.envelope, *before)
            return deciding.decide(one)

        decided = work_on_each(prepared, decide)
        if dry_run:
            return []
        if all(isinstance(one, Outcome) for one in decided):
            return [one for one in decided if isinstance(one, Outcome)]
        self._recent.forget(names)
        return list(share_out(prepared, decided, self._store.append(deciding.batch())))

    def _conflict(self, command: Any, conflict: StreamConflict) -> Conflict:
        """Name what was appended after the version that the decision was made on."""
        stream, seen = str(conflict.details["stream"]), int(str(conflict.details["expected"]))
        meanwhile = [fact for fact in self._store.read(stream) if fact.version > seen]
        return Conflict(
            stream=stream,
            command=command.label,
            meanwhile=tuple(f"{fact.kind} (#{fact.version})" for fact in meanwhile),
        )

    def _prepare(self, envelope: CommandEnvelope) -> PreparedCommand:
        authorise_role(by_right_of(envelope.actor, envelope.on_behalf_of, envelope.command), envelope.command)
        return PreparedCommand(envelope, self._machine_of(envelope))

    def _authorise(self, envelope: CommandEnvelope, lead: str | None, read: Read | None = None) -> str | None:
        """An agency that others were merged into acts on their tasks too, and they on none. The mandate to act for another."""
        actor, command = envelope.actor, envelope.command
        mandate = check_persons(self._store, actor, envelope.on_behalf_of, command, read)
        if lead is not None and actor.agency not in (None, lead):
            lead = answering(self._store, lead)
        authorise_owned(by_right_of(actor, envelope.on_behalf_of, command), command, lead)
        return mandate

    def _read(self, names: Sequence[str]) -> Loaded:
        known = self._recent.load(names)
        if known is None:
            known = self._store.load(names)
            self._recent.read(known)
        return known


def admit(
    store: Store,
    giver: Giver,
    behalf: Actor | None,
    command: type[Command],
    machine: str | None,
) -> None:
    """Refuse, and record, whose role may not give such a command at all, before there is one."""
    try:
        authorise_role(by_right_of(giver.actor, behalf, command), command)
    except Refusal as refusal:
        log_refusals(store, [refusal_of_kind(command, giver, behalf, refusal, machine)])
        raise


def _list_streams(prepared: Sequence[PreparedCommand]) -> tuple[str, ...]:
    """The streams that are read at once for these: what each is likely decided on, and who gives it."""
    return tuple(
        dict.fromkeys(name for one in prepared for name in (*one.likely, *office_streams(one.envelope.actor)))
    )


def _log_fields(envelope: CommandEnvelope) -> dict[str, str]:
    """What every log line of a command names."""
    return {
        "command_id": envelope.command_id,
        "command": envelope.command.name,
        "stream": envelope.command.stream,
    }
