"""The one door: every command of every person and rule goes through `Door.handle`, or with others `Door.handle_all`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any, TypeVar

import structlog

from domain.errors import Lang, Refusal
from store.errors import CommandIdReused, CommandsInterleaved, StreamConflict
from store.log import Loaded, Store
from store.recorded import Appended
from workflows.deciding import Deciding, Prepared
from workflows.order import Order, Outcome
from workflows.permissions import authorise_reach, authorise_role, by_right_of
from workflows.persons import check_persons
from workflows.reading import answering
from workflows.recent import Recent
from workflows.refusing import put_down, refused_order

_log = structlog.get_logger()
_NAMED = 20
G = TypeVar("G")
R = TypeVar("R")


class Conflict(Refusal):
    """Somebody else changed the same thing twice while the command was being decided."""

    ko = (
        "‘{command}’ 명령을 처리하는 동안 {stream}이(가) 바뀌었습니다: {meanwhile}. "
        "바뀐 내용을 확인하고 다시 실행하십시오."
    )
    en = (
        "{stream} changed while “{command}” was being decided: {meanwhile}. Look at the change and try again."
    )


class SomeRefused(Refusal):
    """Some of the commands given at once were refused, so none was carried out. `faults`: by place, from 0."""

    ko = "명령 {all}개 가운데 {count}개가 거부되어 아무것도 처리하지 않았습니다: {listed}"
    en = "{count} of {all} commands were refused, so none was carried out: {listed}"

    def __init__(self, faults: Sequence[tuple[int, Refusal]], given: int) -> None:
        self.faults = tuple(faults)
        super().__init__(count=len(self.faults), all=given, listed=_Listed(self.faults))


class _Listed:
    def __init__(self, faults: Sequence[tuple[int, Refusal]]) -> None:
        self._faults = faults

    def say(self, lang: Lang) -> str:
        told = [f"{place + 1}: {refusal.say(lang)}" for place, refusal in self._faults[:_NAMED]]
        return " / ".join(told) + (" …" if len(self._faults) > _NAMED else "")


class Door:
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
        watched: Callable[[Sequence[Order]], AbstractContextManager[None]] = lambda _: nullcontext(),
        unrecorded: Callable[[], None] = lambda: None,
    ) -> None:
        self.machine: str | None = None
        self._store = store
        self._wake = wake
        self._watched, self._unrecorded = watched, unrecorded
        self._recent = Recent(store, recent)

    def handle(self, order: Order) -> Outcome:
        """Carry out the command once, whatever happens, or refuse it with a named error and write nothing.

        A lost race is tried once more on the new state. Raises Refusal, StoreUnreachable, OutcomeUnknown.
        """
        with self._watched((order,)):
            try:
                outcome = self._handle(order)
            except Refusal as refusal:
                _log.info("command_refused", refusal=refusal.name, role=order.actor.role, **_named(order))
                self._record([(order, refusal)])
                raise
            _log.info(
                "command_carried_out",
                position=outcome.last_position,
                repeated=outcome.repeated,
                **_named(order),
            )
            self._wake()
        return outcome

    def handle_all(self, orders: Sequence[Order], *, dry_run: bool = False) -> list[Outcome]:
        """Carry out several commands in one append: all of them, in this order, or none.

        Each is authorised, sees what those before it made, and is carried out once under its own id. With `dry_run`
        nothing is written and the list is empty. Raises SomeRefused with every command that would be refused, and as
        `handle`.
        """
        if not orders:
            return []
        with nullcontext() if dry_run else self._watched(orders):
            try:
                outcomes = self._handle_all(orders, dry_run)
            except Refusal as refusal:
                _log.info("commands_refused", commands=len(orders), refusal=refusal.name)
                if not dry_run:
                    self._record(_blamed(orders, refusal))
                raise
            if outcomes:
                _log.info("commands_carried_out", commands=len(orders), position=outcomes[-1].last_position)
                self._wake()
        return outcomes

    def _record(self, refused: Sequence[tuple[Order, Refusal]]) -> None:
        if not put_down(self._store, [refused_order(order, refusal) for order, refusal in refused]):
            self._unrecorded()

    def _handle_all(self, orders: Sequence[Order], dry_run: bool) -> list[Outcome]:
        prepared = _sorted_out(orders, self._prepared)
        try:
            return self._attempt_all(prepared, dry_run)
        except (StreamConflict, CommandsInterleaved):
            pass
        try:
            return self._attempt_all(prepared, dry_run)
        except StreamConflict as conflict:
            raise self._conflict(orders[0].command, conflict) from None

    def _handle(self, order: Order) -> Outcome:
        prepared = self._prepared(order)
        if (known := self._recent.loaded(prepared.likely, order.command.stream)) is not None:
            try:
                return self._decided(prepared, known)
            except (Refusal, StreamConflict):  # what is remembered may be old
                self._recent.forget(known.streams)
        try:
            return self._attempt(prepared)
        except StreamConflict:
            pass
        try:
            return self._attempt(prepared)
        except StreamConflict as conflict:
            raise self._conflict(order.command, conflict) from None

    def _attempt(self, prepared: Prepared) -> Outcome:
        order = prepared.order
        loaded = self._store.load(tuple(dict.fromkeys(prepared.likely)), order.command_id)
        if loaded.known is not None:
            return _repeated(order, *loaded.known)
        self._recent.read(loaded)
        return self._decided(prepared, loaded)

    def _decided(self, prepared: Prepared, loaded: Loaded) -> Outcome:
        deciding = Deciding(loaded, self._read, self._authorise)
        kinds = deciding.decide(prepared)
        batch = deciding.batch()
        appended = self._store.append(batch)
        self._recent.appended(batch, deciding.streams, appended)
        return _outcome(prepared.order, kinds, appended)

    def _attempt_all(self, prepared: Sequence[Prepared], dry_run: bool) -> list[Outcome]:
        names = dict.fromkeys(name for one in prepared for name in one.likely)
        deciding = Deciding(self._store.load(tuple(names)), self._store.load, self._authorise)
        # asked for after the streams: what is carried out between the two is known, or the append refuses
        known = self._store.outcomes([one.order.command_id for one in prepared])
        seen: set[str] = set()

        def decide(one: Prepared) -> tuple[str, ...] | Outcome:
            if one.order.command_id in seen:
                raise CommandIdReused(command_id=one.order.command_id)
            seen.add(one.order.command_id)
            if (before := known.get(one.order.command_id)) is not None:
                return _repeated(one.order, *before)
            return deciding.decide(one)

        decided = _sorted_out(prepared, decide)
        if dry_run:
            return []
        if all(isinstance(one, Outcome) for one in decided):
            return [one for one in decided if isinstance(one, Outcome)]
        self._recent.forget(names)
        appended = self._store.append(deciding.batch())
        outcomes, position = [], appended.first_position
        for one, kinds in zip(prepared, decided, strict=True):
            if isinstance(kinds, Outcome):
                outcomes.append(kinds)
                continue
            part = Appended(
                position,
                position + len(kinds) - 1,
                appended.recorded_at,
                appended.known_at,
                appended.repeated,
            )
            outcomes.append(_outcome(one.order, kinds, part))
            position += len(kinds)
        return outcomes

    def _conflict(self, command: Any, conflict: StreamConflict) -> Conflict:
        """Name what was appended after the version that the decision was made on."""
        stream, seen = str(conflict.details["stream"]), int(str(conflict.details["expected"]))
        meanwhile = [fact for fact in self._store.read(stream) if fact.version > seen]
        return Conflict(
            stream=stream,
            command=command.label,
            meanwhile=tuple(f"{fact.kind} (#{fact.position})" for fact in meanwhile),
        )

    def _prepared(self, order: Order) -> Prepared:
        authorise_role(by_right_of(order.actor, order.on_behalf_of, order.command), order.command)
        return Prepared(order, None if order.via == "rule" else self.machine)

    def _authorise(self, order: Order, lead: str | None) -> str | None:
        """An agency that others were merged into acts on their tasks too, and they on none. The mandate to act for another."""
        actor, command = order.actor, order.command
        mandate = check_persons(self._store, actor, order.on_behalf_of, command)
        if lead is not None and actor.agency not in (None, lead):
            lead = answering(self._store, lead)
        authorise_reach(by_right_of(actor, order.on_behalf_of, command), command, lead)
        return mandate

    def _read(self, names: Sequence[str]) -> Loaded:
        known = self._recent.loaded(names)
        if known is None:
            known = self._store.load(names)
            self._recent.read(known)
        return known


def _sorted_out(given: Sequence[G], work: Callable[[G], R]) -> list[R]:
    """The work done on each. Raises SomeRefused with all that were refused."""
    done: list[R] = []
    faults: list[tuple[int, Refusal]] = []
    for place, one in enumerate(given):
        try:
            done.append(work(one))
        except Refusal as refusal:
            faults.append((place, refusal))
    if faults:
        raise SomeRefused(faults, len(given))
    return done


def _blamed(orders: Sequence[Order], refusal: Refusal) -> list[tuple[Order, Refusal]]:
    """Which of several commands were refused, each with its own refusal; those beside them were only not carried out."""
    if isinstance(refusal, SomeRefused):
        return [(orders[place], one) for place, one in refusal.faults]
    stream = refusal.details.get("stream")  # of a conflict
    return [(next((one for one in orders if one.command.stream == stream), orders[0]), refusal)]


def _named(order: Order) -> dict[str, str]:
    """What every log line of a command names."""
    return {"command_id": order.command_id, "command": order.command.name, "stream": order.command.stream}


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
