"""Deciding commands one after the other on the streams as they were read, each seeing what those before it made."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from domain.catalogue import aggregate_of
from domain.errors import Refusal
from domain.meeting.refusals import GivesUnderLine
from domain.seoul import local_day
from domain.streams import identity_of
from domain.task.lining import OnLine
from domain.task.on_task import OnTask
from domain.task.refusals_of_lines import LineNotDatedBack
from domain.task.state import Task
from store.envelope import Envelope
from store.log import Loaded
from store.recorded import Batch, CommandPart, NewFact
from workflows.command_envelope import CommandEnvelope
from workflows.deciding import Decided, Given, check_effective, decide_given, find_time_of_corrected
from workflows.definitions.enforcing import Find
from workflows.definitions.lining import open_line
from workflows.definitions.requiring import ask
from workflows.definitions.stepping import check_reason
from workflows.draft import Draft
from workflows.orders import Order, find_orders, may_order
from workflows.permissions import authorise_role, by_right_of, owner
from workflows.prepared_command import PreparedCommand


class ReasonNeeded(Refusal):
    """It changes what was settled or cannot be undone, and whoever reads of it has to learn why."""

    ko = "‘{command}’에는 사유가 있어야 합니다. --reason으로 사유를 적으십시오."
    en = "“{command}” needs a reason. Say why with --reason."


class UnitOfWork:
    """`read(streams)` finds what is needed beside `loaded`; `authorise(envelope, lead)` refuses, and says by which mandate
    one person acts for another; `find_definition`: by its identity, among those of the store.

    What is decided is kept for the one `batch`.
    """

    def __init__(
        self,
        loaded: Loaded,
        read: Callable[[Sequence[str]], Loaded],
        authorise: Callable[[CommandEnvelope, str | None], str | None],
        find_definition: Find,
    ) -> None:
        self.draft = Draft(loaded, read, find_definition)
        self._authorise = authorise
        self._commands: list[CommandPart] = []

    def decide(self, prepared: PreparedCommand) -> tuple[str, ...]:
        """The kinds of the facts that the command makes. Raises Refusal, and then nothing of it is kept."""
        before = self.draft.mark() if may_order(prepared.command) else None
        try:
            made = self._decide_with_orders(prepared)
        except Refusal:
            if before is not None:
                self.draft.go_back_to(before)
            raise
        envelope = prepared.envelope
        self._commands.append(CommandPart(envelope.command_id, envelope.digest(), len(made)))
        return tuple(one.fact.kind for one in made)

    def batch(self) -> Batch:
        """All that was decided, to be appended at once."""
        return self.draft.batch(self._commands)

    def _decide_with_orders(self, prepared: PreparedCommand, ordered: bool = False) -> list[NewFact]:
        """What the command comes to, and then what that has carried out. `ordered`: it is carried out by another one."""
        command, draft = prepared.command, self.draft
        before = draft.state(command.stream)
        made = self._decide_one(prepared, ordered)
        after, stream = draft.state(command.stream), draft.stream(command.stream)
        orders = find_orders(command, before, after, stream, made)
        mandate = made[0].envelope.mandate
        return [*made, *(fact for order in orders for fact in self._carry_out(order, prepared, mandate))]

    def _decide_one(self, prepared: PreparedCommand, ordered: bool) -> list[NewFact]:
        """By the right of who gives it, which is looked at now."""
        envelope, command, draft = prepared.envelope, prepared.command, self.draft
        state = draft.state(command.stream)
        dated = find_time_of_corrected(command, draft.stream(command.stream)) or envelope.effective_at
        check_effective(dated, draft.now)  # before anything is said of who may
        mandate = self._authorise(envelope, owner(command, state))
        given = Given(command, envelope.actor, envelope.on_behalf_of, dated, files=envelope.files)
        decided = decide_given(given, draft)
        _check_reason(envelope, decided)
        facts = decided.facts
        if (opened := self._open_line(given, decided, state)) is not None:
            if ordered:
                raise GivesUnderLine(command=command.label)
            if envelope.effective_at is not None:
                raise LineNotDatedBack(task=identity_of(command.stream), command=command.label)
            facts, dated = (opened,), None  # a correction is of then, and asked for now
        made = self._keep(prepared, decided._replace(facts=facts), given._replace(dated=dated), mandate)
        if decided.taken is not None:
            draft.texts += decided.taken.texts
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
        command = order.command
        dated = find_time_of_corrected(command, self.draft.stream(command.stream))
        given = Given(command, asked.actor, asked.on_behalf_of, dated, order.form)
        return self._keep(prepared, decide_given(given, self.draft), given, mandate)

    def _keep(
        self, prepared: PreparedCommand, decided: Decided, given: Given, mandate: str | None
    ) -> list[NewFact]:
        aggregate = aggregate_of(given.command.stream)
        self.draft.looked_at |= decided.looked
        return self.draft.add(prepared, aggregate, decided.facts, given.dated, mandate)

    def _open_line(self, given: Given, decided: Decided, state: Any) -> Any:
        """That the command is asked for, where it goes by an approval line. A rule asks nobody."""
        command, role, by = given.command, given.role, decided.by
        if role == "system" or by is None or not by.lines or not isinstance(command, OnTask):
            return None
        if isinstance(command, OnLine) or not isinstance(state, Task):
            return None

        def look(name: str) -> Any:
            return self.draft.state(name, decided.looked)

        form = None if decided.taken is None else decided.taken.form
        asked = ask(command.task, state, role, local_day(self.draft.now), look, command, form)
        return open_line(by, command, state, decided.taken, asked, look)


def _check_reason(envelope: CommandEnvelope, decided: Decided) -> None:
    """Last, lest a reason be asked for what is refused anyhow."""
    command, role = envelope.command, envelope.actor.role
    if envelope.reason is not None:
        return
    if command.asks_why(role):
        raise ReasonNeeded(command=command.label)
    if decided.taken is not None:
        check_reason(decided.taken, identity_of(command.stream), role)
