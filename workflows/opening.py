"""A year is opened by an adopted definition: a template that nobody adopted yet is adopted in the same append."""

from __future__ import annotations

import uuid

from msgspec.structs import replace

from domain.definition.refusals import AdoptedAlready
from domain.programme.commands import Open
from domain.streams import version_of
from store.log import Store
from workflows.command_envelope import CommandEnvelope, Outcome
from workflows.command_handler import CommandHandler
from workflows.commands_at_once import SomeRefused
from workflows.definitions.adopted import definitions_of
from workflows.definitions.adopting import REASON, adoption_of, definition_to_name


def open_programme(store: Store, handler: CommandHandler, envelope: CommandEnvelope) -> Outcome:
    """Open a year's programme (`envelope` holds the command), and adopt its definition where that is still to be done."""
    command = envelope.command
    assert isinstance(command, Open)
    identity = command.definition or definition_to_name(command.year)
    envelope = replace(envelope, command=command.model_copy(update={"definition": identity}))
    adopting = None if is_adopted(store, identity) else adoption_of(identity)
    if adopting is None:
        return handler.handle(envelope)
    first = replace(
        envelope,
        command=adopting,
        command_id=uuid.uuid5(uuid.UUID(envelope.command_id), "adopt").hex,
        reason=REASON,
    )
    try:
        return handler.handle_all([first, envelope])[-1]
    except SomeRefused as refused:
        refusal = refused.faults[0][1]
        if isinstance(refusal, AdoptedAlready):  # somebody else opens another year at the same moment
            return handler.handle(envelope)
        raise refusal from None


def is_adopted(store: Store, identity: str) -> bool:
    """Whether the log has this version, as it was looked at."""
    return version_of(identity) in definitions_of(store).versions(identity).adopted
