"""Sending: a lease on each message, one dialogue, and one recorded outcome. What of it is still due is said by `still_due`."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog

from domain.agency.commands import SetContact
from domain.aggregate import Command
from domain.channels import Channel
from domain.errors import Refusal
from domain.message import commands as message
from domain.message.state import MESSAGE, Message, MessageStage, may_have_told
from domain.streams import message_stream
from projections.notices import messages_due
from store.leases import give_back, renew, take
from store.recorded import RecordedFact, fold_state
from store.vault import Vault
from trail.logs import Logger
from workers.delivery.addresses import Whereabouts, address_of, is_sound, whereabouts_of
from workers.delivery.channel_steps import NOT_BEGUN, Plugged
from workers.delivery.channels.plugin import Sender
from workers.delivery.outcome import DeliveryResult
from workers.delivery.still_due import cancel_void, find_void, is_before_restoring, is_to_be_tried
from workers.engine import Engine
from workers.restore_guard import may_act
from workflows.automation.readdressing import readdress
from workflows.automation.reminders import RULE
from workflows.commands_at_once import SomeRefused
from workflows.gone_addresses import rule_of_gone
from workflows.letters import letter
from workflows.office_hours import may_write
from workflows.resting import Rests
from workflows.ruling import by_rule

LEASE_SECONDS = 120.0
_AT_ONCE, _LOOK = 10, 100
# in which a job may begin with a message; RQ would end it after 180, whatever it was at
_BUDGET_SECONDS = 45.0
_LONGEST_REST_SECONDS = 60.0
_EVER = datetime.min.replace(tzinfo=UTC)
_log = Logger()


class Delivery:
    """One sender. `senders`: by channel; what goes by another waits."""

    def __init__(
        self,
        engine: Engine,
        vault: Vault,
        senders: Mapping[Channel, Sender],
        *,
        lease: float = LEASE_SECONDS,
    ) -> None:
        self._engine, self._store, self._vault = engine, engine.store, vault
        self._senders = {channel: Plugged(channel, sender) for channel, sender in senders.items()}
        self._lease = lease
        self._rests = Rests(1.0, _LONGEST_REST_SECONDS)  # of hosts that are away
        self._asked: dict[str, datetime] = {}  # until when a host asked to be left alone
        self._held: dict[str, int] = {}  # leases, with their tokens

    @property
    def channels(self) -> tuple[Channel, ...]:
        """By which it sends."""
        return tuple(self._senders)

    def send_due(self) -> int:
        """Send what may be sent now, beginning with none after 45 seconds; how many messages were looked at.

        Each is looked at once: the view may not know yet what came of it.
        """
        # which the last job could not give back: the store was away
        for name, token in list(self._held.items()):
            self._give_back(name, token)
        try:
            return self._send_due()
        finally:
            for sender in self._senders.values():
                sender.close()

    def _send_due(self) -> int:
        looked_at: set[str] = set()
        end = time.monotonic() + _BUDGET_SECONDS
        while time.monotonic() < end:
            now = self._store.now()
            channels = [one for one in self.channels if not self._rests.resting(one)]
            if not channels or not may_write(self._store, now) or not may_act(self._store, self._engine.data):
                break
            names = messages_due(self._store, now, channels, _LOOK + len(looked_at))
            left = [name for name in names if name not in looked_at]
            taken = take(self._store, left, _AT_ONCE, self._lease)
            if not taken:
                break
            self._held |= taken
            looked_at |= self._send_taken(taken, end)
        return len(looked_at)

    def _send_taken(self, taken: Mapping[str, int], end: float) -> set[str]:
        """Which were looked at, none of them after `end`; what is left is given back."""
        looked_at: set[str] = set()
        for name, token in taken.items():
            if time.monotonic() >= end:
                self._give_back(name, token)
                continue
            looked_at.add(name)
            with structlog.contextvars.bound_contextvars(message=name):
                self._one(name, token)
        return looked_at

    def _one(self, name: str, token: int) -> None:
        try:
            # taken some at once: while the first ones took long, another may have come to have this one
            if renew(self._store, name, token, self._lease):
                self._try(name, token)
        except Refusal as refusal:  # another has it, or a person cancelled it
            _log.info("message_left", refusal=refusal.name)
        finally:
            self._give_back(name, token)

    def _give_back(self, name: str, token: int) -> None:
        give_back(self._store, name, token)
        self._held.pop(name, None)

    def _try(self, name: str, token: int) -> None:
        facts = self._store.read(message_stream(name))
        state: Message = fold_state(MESSAGE, facts)
        now = self._store.now()
        if state.composed is None or not is_to_be_tried(state, now):
            return  # the view may not know yet what came of it
        if not may_write(self._store, now):  # this process may have stood still since it took the message
            return
        if is_before_restoring(self._store, facts, state.notices):
            self._settle(name, token, state, DeliveryResult("unknown", "restored"))
            return
        if state.stage is MessageStage.SENDING:  # by somebody who does not hold the lease any more
            state = self._settle(name, token, state, DeliveryResult("unknown", "worker_lost"))
            if not state.open:
                return
        assert state.composed is not None
        told = state.composed
        found = whereabouts_of(self._store, self._vault, told.recipient, told.channel)
        host = self._senders[told.channel].host(found.address)
        if self._rests.resting(host) or now < self._asked.get(host, _EVER):
            return
        self._attempt(name, token, state, facts, (found, host))

    def _attempt(
        self,
        name: str,
        token: int,
        state: Message,
        facts: Sequence[RecordedFact[Any]],
        to: tuple[Whereabouts, str],
    ) -> None:
        """Hand the message over, without what is void or for somebody else now; where that is all of it, cancel it."""
        (found, host), composed = to, state.composed
        assert composed is not None
        void = find_void(self._store, state.notices)
        # what may have been told stays with whom it went to, unless they cannot be reached at all
        told = may_have_told(state, (one.fact for one in facts))
        moved = readdress(
            self._store,
            [one for one in state.notices if one not in void],
            self._reaches,
            only_unreached=told,
        )
        again = [command for commands in moved.values() for command in commands]
        if len(void) + len(moved) == len(state.notices):
            self._give(name, *cancel_void(self._store, void), *again, message.Cancel(message=name))
            return
        left_out = () if told else tuple(sorted({*void, *moved}))
        hand_over = self._prepare(name, state, facts[0].position, left_out, found)
        attempt = message.Attempt(message=name, token=token, left_out=left_out)
        given = () if told else (*cancel_void(self._store, void), *again)
        self._give(f"{name} {token}", *given, attempt)
        facts = self._store.read(message_stream(name))
        state = fold_state(MESSAGE, facts)
        # stopped before this, it does not send; stopped after it, the next one sends the same once more
        if not (renew(self._store, name, token, self._lease) and may_write(self._store, self._store.now())):
            self._settle(name, token, state, NOT_BEGUN)
            return
        handed = hand_over(facts[-1].recorded_at)
        if handed.host_away:
            self._rests.note_failure(host)
        else:
            self._rests.well(host)
        self._leave_alone(host, handed.after)
        self._settle(name, token, state, handed)
        if handed.gone:
            self._turn_off(name, composed.recipient, composed.channel, found.address)

    def _prepare(
        self, name: str, state: Message, composed_at: int, left_out: Collection[str], found: Whereabouts
    ) -> Callable[[datetime], DeliveryResult]:
        """All that can be done before the attempt begins; what is left is the dialogue, told when it begins."""
        told = state.composed
        assert told is not None
        if found.address is None:
            return lambda _: DeliveryResult("failed", "no_address")
        if not is_sound(told.channel, found.address):
            return lambda _: DeliveryResult("failed", "bad_address")
        written = letter(
            self._store,
            name,
            composed_at,
            [one for one in state.notices if one not in left_out],
            found.name,
        )
        return self._senders[told.channel].prepare(name, told.recipient, found.address, written)

    def _reaches(self, recipient: str, channel: Channel) -> bool:
        """Whether there is an address to go to now, which is one in form."""
        address = address_of(self._store, self._vault, recipient, channel)
        return address is not None and is_sound(channel, address)

    def _settle(self, name: str, token: int, state: Message, handed: DeliveryResult) -> Message:
        """Record what came of it, unless another has taken the message over. Raises LeaseLost."""
        command = message.Settle(
            message=name,
            number=state.number,
            token=token,
            outcome=handed.outcome,
            problem=handed.problem,
            code=handed.code,
            later=None if handed.after is None else self._store.now() + handed.after,
        )
        self._give(f"{name} {state.number} {token} {handed.outcome}", command)
        _log.info("message_settled", outcome=handed.outcome, problem=handed.problem, code=handed.code)
        return self._state(name)

    def _leave_alone(self, host: str, after: timedelta | None) -> None:
        """Nothing else goes to a host that asks for a pause, before it is over."""
        if after is not None:
            self._asked[host] = self._store.now() + after

    def _turn_off(self, name: str, recipient: str, channel: Channel, address: str | None) -> None:
        """The other side says that it is gone for good: the agency has no such address from now on.

        Safe to repeat: an address that was set meanwhile stays, and one that is off already is left so.
        """
        kind, _, agency = recipient.partition("/")
        if kind != "agency" or address is None:
            return
        if address != address_of(self._store, self._vault, recipient, channel):
            return
        try:
            self._give(name, SetContact(agency=agency, channel=channel), rule=rule_of_gone(channel), due=name)
            _log.warning(f"{channel}_turned_off", agency=agency)
        except Refusal as refusal:
            _log.info(f"{channel}_left", agency=agency, refusal=refusal.name)

    def _give(self, about: str, *commands: Command, rule: str = RULE, due: str | None = None) -> None:
        """`due`: the message because of which, where it is not what the command is about."""
        envelopes = [
            by_rule(
                self._store.id,
                command,
                rule=rule,
                version="1",
                about=command.stream if due is None else message_stream(due),
                named=f"post {about} {command.stream}",
            )
            for command in commands
        ]
        try:
            self._engine.handler.handle_all(envelopes)
        except SomeRefused as refused:
            raise refused.faults[0][1] from None

    def _state(self, name: str) -> Message:
        found: Message = fold_state(MESSAGE, self._store.read(message_stream(name)))
        return found
