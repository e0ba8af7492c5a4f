"""A command with its texts set aside, and the envelope that its facts will have."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from msgspec.structs import replace

from domain.catalogue import aggregate_of
from domain.limits import document_number, free_text
from store.envelope import Cause, Envelope, text_of
from store.recorded import RecordedFact
from workflows.command_envelope import CommandEnvelope
from workflows.texts import externalise_text, externalise_texts


class PreparedCommand:
    """A command with its texts set aside, ready to be decided on whatever state there is.

    `machine`: by which user of which machine it was entered, as the machine says.
    """

    def __init__(self, envelope: CommandEnvelope, machine: str | None = None) -> None:
        self.envelope = envelope
        self.command, self.texts = externalise_texts(envelope.command)
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

    def fact_envelope(
        self,
        schema: int,
        effective_at: datetime | None,
        mandate: str | None,
        asked: RecordedFact[Any] | None = None,
    ) -> Envelope:
        """`asked`: the line by which it is carried out, which is its cause and has the reason for it."""
        if schema == 1 and effective_at is None and mandate is None and asked is None:
            return self._envelope
        version = self._envelope.v if mandate is None else 2
        made = replace(self._envelope, v=version, schema=schema, effective_at=effective_at, mandate=mandate)
        if asked is None:
            return made
        cause = Cause(due=f"{asked.stream}#{asked.version}")
        said = asked.envelope
        return replace(made, cause=cause, reason=said.reason or made.reason, ref=said.ref or made.ref)
