"""The one place from which refusals go into their log, after the fact: nothing fails because of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from msgspec.structs import replace

from domain.errors import Refusal
from store.envelope import Actor, Via
from store.log import Store
from store.refused import Refused, record_refused
from trail.logs import Logger
from workflows.command_envelope import CommandEnvelope, Giver
from workflows.tokens import find_id_in

if TYPE_CHECKING:
    from domain.aggregate import Command

_log = Logger()
UNRECORDED = "refusal_not_recorded"


def refusal_of_command(envelope: CommandEnvelope, refusal: Refusal, machine: str | None) -> Refused:
    """A refused command: ids and names alone, none of what was typed; `machine`: as where it is carried out."""
    giver = Giver(envelope.actor, envelope.via, envelope.authn, envelope.token)
    before = refusal_of_kind(envelope.command, giver, envelope.on_behalf_of, refusal, machine)
    return replace(before, stream=envelope.command.stream, command_id=envelope.command_id)


def refusal_of_kind(
    command: Command | type[Command],
    giver: Giver,
    behalf: Actor | None,
    refusal: Refusal,
    machine: str | None,
) -> Refused:
    """The same where the command was refused before there was anything that it could name."""
    return Refused(
        actor=giver.actor,
        on_behalf_of=behalf,
        via=giver.via,
        authn=giver.authn,
        token=giver.token,
        command=command.name,
        refusal=refusal.name,
        machine=machine,
    )


def refusal_of_token(token: str, refusal: Refusal, via: Via, machine: str | None) -> Refused:
    """A token that opens nothing: whose it is said to be is not known, and its secret is kept nowhere."""
    return Refused(
        what="token",
        actor=None,
        via=via,
        authn="token",
        token=find_id_in(token),
        command="token",
        refusal=refusal.name,
        machine=machine,
    )


def log_refusals(store: Store, refused: Sequence[Refused]) -> bool:
    """Record what was refused; whether it could be. Never raises: where it cannot be, an alarm says so.

    What a rule is refused is recorded once for each command id and refusal, since the ticker tries again each minute.
    """
    if not refused:
        return True
    try:
        record_refused(store, refused)
    except Exception as error:  # the refusal itself must reach whoever asked, whatever is wrong here
        _log.error(
            UNRECORDED,
            error=str(error),
            refusals=[
                {"command": one.command, "command_id": one.command_id, "refusal": one.refusal}
                for one in refused
            ],
        )
        return False
    return True
