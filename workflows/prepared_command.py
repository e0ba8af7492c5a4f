"""A command with its texts set aside, and the envelope that its facts will have."""

from __future__ import annotations

from copy import copy
from datetime import datetime

from msgspec.structs import replace

from domain.aggregate import Command
from domain.catalogue import aggregate_of
from domain.limits import document_number, free_text
from store.envelope import Cause, Envelope, text_of
from store.recorded import NewText
from workflows.command_envelope import CommandEnvelope
from workflows.texts import externalise_papers, externalise_text, externalise_texts


def _put_aside(command: Command, envelope: CommandEnvelope) -> tuple[Command, tuple[NewText, ...]]:
    """The command with references in place of its texts and files. Raises BadInput."""
    command, texts = externalise_texts(command)
    command, files = externalise_papers(command, envelope.files)
    return command, (*texts, *files)


class PreparedCommand:
    """A command with its texts set aside, ready to be decided on whatever state there is.

    `machine`: by which user of which machine it was entered, as the machine says.
    """

    def __init__(self, envelope: CommandEnvelope, machine: str | None = None) -> None:
        self.envelope = envelope
        self.command, self.texts = _put_aside(envelope.command, envelope)
        reason = None
        if envelope.reason is not None:
            reason, text = externalise_text(free_text("reason", envelope.reason))
            self.texts = (*self.texts, text)
        machine_ref = None
        if machine is not None:
            machine_ref, text = externalise_text(machine)
            self.texts = (*self.texts, text)
        self._envelope = Envelope(
            v=1 if machine is None else 2,
            schema=1,
            actor=envelope.actor,
            via=envelope.via,
            authn=envelope.authn,
            command=envelope.command_id,
            on_behalf_of=envelope.on_behalf_of,
            cause=envelope.cause,
            ref=None if envelope.ref is None else document_number("ref", envelope.ref),
            reason=text_of(reason),
            token=envelope.token,
            machine=text_of(machine_ref),
        )

    @property
    def likely(self) -> tuple[str, ...]:
        """The command's stream, and what a decision on nothing would need: for a proposal that is all."""
        aggregate = aggregate_of(self.command.stream)
        return (self.command.stream, *aggregate.reads(self.command, aggregate.initial))

    def carry_out(self, command: Command, cause: Cause, asked: Envelope | None) -> PreparedCommand:
        """Another command that this one has carried out: under its id, by who gives it and for the same reason.

        `asked`: of who asked for it before, whose texts are aside, and whose reason and paper go before these.
        """
        made = copy(self)
        made.command, made.texts = command, ()
        if asked is None:
            made.command, made.texts = _put_aside(command, self.envelope)
        made.envelope = replace(self.envelope, command=command)
        said = {} if asked is None else {"reason": asked.reason, "ref": asked.ref}
        given = {name: value for name, value in said.items() if value is not None}
        made._envelope = replace(self._envelope, cause=cause, **given)
        return made

    def fact_envelope(self, schema: int, effective_at: datetime | None, mandate: str | None) -> Envelope:
        if schema == 1 and effective_at is None and mandate is None:
            return self._envelope
        version = self._envelope.v if mandate is None else 2
        return replace(self._envelope, v=version, schema=schema, effective_at=effective_at, mandate=mandate)
