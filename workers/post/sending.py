"""Sending what is due: a lease on each message, a last look at what it reminds of, and one recorded outcome."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Collection, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import structlog

from domain.agency.commands import SetContact
from domain.aggregate import Command
from domain.calendar.reckoning import Calendars
from domain.epoch.commands import EPOCHS
from domain.errors import Refusal
from domain.message import commands as message
from domain.message.commands import message_stream
from domain.message.decider import MESSAGE
from domain.message.state import Message, MessageStage, may_have_told
from domain.notice.commands import Cancel, notice_stream
from domain.notice.decider import NOTICE
from domain.notice.facts import Channel, Due, Released
from domain.notice.state import Notice, NoticeStage
from domain.task.basis import Basis
from domain.task.commands import task_stream
from projections.reading import messages_due
from store.envelope import Actor, Cause
from store.leases import give_back, renew, take
from store.recorded import Recorded, folded
from store.vault import Vault
from workers.acted_on import may_act
from workers.bootstrap import Engine
from workers.post.addresses import address_of, is_sound
from workers.post.outcome import Handed
from workers.post.smtp import Mailer
from workers.post.webhooks import Networks, deliver, secret_of
from workflows.deadlines import basis_at, calendars_for, due
from workflows.definitions.model import definition
from workflows.door import SomeRefused
from workflows.gone_webhooks import WEBHOOK_GONE
from workflows.letters import letter
from workflows.order import Order
from workflows.readdressing import readdressed
from workflows.reminders import RULE, may_write

LEASE_SECONDS = 120.0
_AT_ONCE, _LOOK = 10, 100
_BUDGET_SECONDS = (
    45.0  # in which a job may begin with a message; RQ would end it after 180, whatever it was at
)
_LONGEST_REST_SECONDS = 60.0
_EVER = datetime.min.replace(tzinfo=UTC)
_SYSTEM = Actor(role="system")
_log = structlog.get_logger()


class Post:
    """One sender. `mailer`: None where no mail server is set, and mail waits; `allowed`: private networks for webhooks."""

    def __init__(
        self,
        engine: Engine,
        vault: Vault,
        mailer: Mailer | None,
        *,
        sender: str,
        unsubscribe: str | None = None,
        allowed: Networks = (),
        lease: float = LEASE_SECONDS,
    ) -> None:
        self._engine, self._store, self._vault, self._mailer = engine, engine.store, vault, mailer
        self._sender, self._unsubscribe, self._allowed, self._lease = sender, unsubscribe, allowed, lease
        self._rests: dict[str, tuple[float, float]] = {}
        self._asked: dict[str, datetime] = {}  # until when a host asked to be left alone

    @property
    def channels(self) -> tuple[str, ...]:
        return ("webhook",) if self._mailer is None else ("mail", "webhook")

    def send_due(self) -> int:
        """Send what may be sent now, beginning with none after 45 seconds; how many messages were looked at.

        Each is looked at once: the view may not know yet what came of it.
        """
        looked_at: set[str] = set()
        end = time.monotonic() + _BUDGET_SECONDS
        while time.monotonic() < end:
            now = self._store.now()
            channels = [one for one in self.channels if not self._resting(one)]
            if not channels or not may_write(self._store, now) or not may_act(self._store, self._engine.data):
                break
            names = messages_due(self._store, now, channels, _LOOK + len(looked_at))
            left = [name for name in names if name not in looked_at]
            taken = take(self._store, left, _AT_ONCE, self._lease)
            if not taken:
                break
            for name, token in taken.items():
                if time.monotonic() >= end:
                    give_back(self._store, name, token)
                    continue
                looked_at.add(name)
                with structlog.contextvars.bound_contextvars(message=name):
                    self._one(name, token)
        if self._mailer is not None:
            self._mailer.close()
        return len(looked_at)

    def _one(self, name: str, token: int) -> None:
        try:
            # taken some at once: while the first ones took long, another may have come to have this one
            if renew(self._store, name, token, self._lease):
                self._try(name, token)
        except Refusal as refusal:  # another has it, or a person cancelled it
            _log.info("message_left", refusal=refusal.name)
        finally:
            give_back(self._store, name, token)

    def _try(self, name: str, token: int) -> None:
        facts = self._store.read(message_stream(name))
        state: Message = folded(MESSAGE, facts)
        if state.composed is None or not is_to_be_tried(state, self._store.now()):
            return  # the view may not know yet what came of it
        if self._is_before_restoring(facts, state.notices):
            self._settle(name, token, state, Handed("unknown", "restored"))
            return
        if state.stage is MessageStage.SENDING:  # by somebody who does not hold the lease any more
            state = self._settle(name, token, state, Handed("unknown", "worker_lost"))
            if not state.open:
                return
        assert state.composed is not None
        address = address_of(self._store, self._vault, state.composed.recipient, state.composed.channel)
        host = _host(state.composed.channel, address)
        if self._resting(host) or self._store.now() < self._asked.get(host, _EVER):
            return
        void = self._void(state.notices)
        # what may have been told stays with whom it went to, unless they cannot be reached at all
        told = may_have_told(state, (one.fact for one in facts))
        moved = readdressed(
            self._store,
            [one for one in state.notices if one not in void],
            self._reaches,
            only_unreached=told,
        )
        again = [command for commands in moved.values() for command in commands]
        if len(void) + len(moved) == len(state.notices):
            self._give(name, *self._cancelling(void), *again, message.Cancel(message=name))
            return
        left_out = () if told else tuple(sorted({*void, *moved}))
        hand_over = self._prepared(name, state, facts[0].position, left_out, address)
        attempt = message.Attempt(message=name, token=token, left_out=left_out)
        given = () if told else (*self._cancelling(void), *again)
        self._give(f"{name} {token}", *given, attempt)
        facts = self._store.read(message_stream(name))
        state = folded(MESSAGE, facts)
        # stopped before this, it does not send; stopped after it, the next one sends the same once more
        if not renew(self._store, name, token, self._lease):
            self._settle(name, token, state, Handed("deferred", "worker_lost"))
            return
        handed = hand_over(facts[-1].recorded_at)
        self._rest(host, away=handed.host_away)
        self._leave_alone(host, handed.after)
        self._settle(name, token, state, handed)
        if handed.gone and state.composed is not None:
            self._turn_off(name, state.composed.recipient, address)

    def _prepared(
        self, name: str, state: Message, composed_at: int, left_out: Collection[str], address: str | None
    ) -> Callable[[datetime], Handed]:
        """All that can be done before the attempt begins; what is left is the dialogue, told when it begins."""
        told = state.composed
        assert told is not None
        if address is None:
            return lambda _: Handed("failed", "no_address")
        written = letter(
            self._store, name, composed_at, [one for one in state.notices if one not in left_out]
        )
        if told.channel == "webhook":
            secret = secret_of(self._store.signing_key, told.recipient.partition("/")[2])
            event = written.event()
            return lambda at: deliver(address, name, event, secret, at, self._allowed)
        if not is_sound(address):
            return lambda _: Handed("failed", "bad_address")
        mailer, mail = self._mailer, written.mail(self._sender, address, self._unsubscribe)
        assert mailer is not None
        return lambda _: mailer.send(address, mail)

    def _reaches(self, recipient: str, channel: Channel) -> bool:
        """Whether there is an address to go to now: a person's that mail can go to, or what an office has set."""
        address = address_of(self._store, self._vault, recipient, channel)
        return address is not None and (channel != "mail" or is_sound(address))

    def _void(self, notices: Sequence[str]) -> set[str]:
        """Those that are cancelled, or remind of what was done or has moved since."""
        streams = self._store.load([notice_stream(one) for one in notices]).streams
        known: dict[str, Notice] = {name[7:]: folded(NOTICE, facts) for name, facts in streams.items()}
        wanted = sorted({task_stream(one.due.task) for one in known.values() if one.due is not None})
        bases = {name[5:]: basis_at(facts) for name, facts in self._store.load(wanted).streams.items()}
        known_calendars = calendars_for(self._store, bases.values())
        still = {task: _still_due(basis, known_calendars) for task, basis in bases.items()}
        return {
            name
            for name, one in known.items()
            if one.due is None
            or one.stage is NoticeStage.CANCELLED
            or (one.due.deadline, one.due.item, one.due.due) not in still[one.due.task]
        }

    def _cancelling(self, notices: Collection[str]) -> list[Command]:
        """The commands that cancel those of them that are not."""
        streams = self._store.load([notice_stream(one) for one in sorted(notices)]).streams
        return [
            Cancel(notice=name[7:], why="moved")
            for name, facts in streams.items()
            if folded(NOTICE, facts).stage is not NoticeStage.CANCELLED
        ]

    def _is_before_restoring(self, facts: Sequence[Recorded[Any]], notices: Sequence[str]) -> bool:
        """Whether nothing was said of the message, or of a notice in it, since a person let a restored store go on."""
        epochs = self._store.read(EPOCHS)
        if not epochs:
            return False
        if facts[-1].position < epochs[-1].position:
            return True
        if len(facts) > 1:  # it was tried since, or a person had it tried
            return False
        streams = self._store.load([notice_stream(one) for one in notices]).streams
        return any(
            max(one.position for one in told if one.kind in (Due.kind, Released.kind)) < epochs[-1].position
            for told in streams.values()
        )

    def _settle(self, name: str, token: int, state: Message, handed: Handed) -> Message:
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

    def _turn_off(self, name: str, recipient: str, address: str | None) -> None:
        """The webhook's server says that it is gone for good: the agency has none from now on.

        Safe to repeat: an address that was set meanwhile stays, and one that is off already is left so.
        """
        if address is None or address != address_of(self._store, self._vault, recipient, "webhook"):
            return
        agency = recipient.partition("/")[2]
        try:
            self._give(name, SetContact(agency=agency, channel="webhook"), rule=WEBHOOK_GONE, due=name)
            _log.warning("webhook_turned_off", agency=agency)
        except Refusal as refusal:
            _log.info("webhook_left", agency=agency, refusal=refusal.name)

    def _give(self, about: str, *commands: Command, rule: str = RULE, due: str | None = None) -> None:
        """`due`: the message because of which, where it is not what the command is about."""
        orders = [
            Order(
                command=command,
                actor=_SYSTEM,
                via="rule",
                authn="system",
                command_id=uuid.uuid5(uuid.UUID(self._store.id), f"post {about} {command.stream}").hex,
                cause=Cause(
                    due=command.stream if due is None else message_stream(due), rule=rule, rule_version="1"
                ),
            )
            for command in commands
        ]
        try:
            self._engine.door.handle_all(orders)
        except SomeRefused as refused:
            raise refused.faults[0][1] from None

    def _state(self, name: str) -> Message:
        found: Message = folded(MESSAGE, self._store.read(message_stream(name)))
        return found

    def _resting(self, host: str) -> bool:
        return time.monotonic() < self._rests.get(host, (0.0, 0.0))[0]

    def _rest(self, host: str, *, away: bool) -> None:
        """Leave a host that is away alone, twice as long each time, at most for a minute."""
        if not away:
            self._rests.pop(host, None)
            return
        pause = min(2 * self._rests.get(host, (0.0, 0.5))[1], _LONGEST_REST_SECONDS)
        self._rests[host] = (time.monotonic() + pause, pause)


def is_to_be_tried(message: Message, now: datetime) -> bool:
    """Whether it is still open and its pause, where it was put off, is over."""
    return message.next_try is not None and message.next_try <= now


def _host(channel: str, address: str | None) -> str:
    """What rests when it is away: all mail goes through one server, each webhook has its own."""
    return channel if channel == "mail" else f"webhook {urlsplit(address or '').hostname}"


def _still_due(basis: Basis, known: Calendars) -> set[tuple[str, str | None, date]]:
    """What is due of the task as it stands, and can be counted: what cannot is not what was reminded of."""
    counts = due(basis, definition(basis.definition), known)
    return {(one.kind, one.item, one.due) for one in counts.deadlines}
