"""What came of a command, by what was appended for it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from store.errors import CommandIdReused
from store.recorded import Appended
from workflows.command_envelope import CommandEnvelope, Outcome
from workflows.prepared_command import PreparedCommand


def share_out(
    prepared: Sequence[PreparedCommand], decided: Sequence[tuple[str, ...] | Outcome], appended: Appended
) -> Iterator[Outcome]:
    """What came of each, of what was appended for all of them. `decided`: its facts' kinds, or what came of it before."""
    position = appended.first_position
    for one, kinds in zip(prepared, decided, strict=True):
        if isinstance(kinds, Outcome):
            yield kinds
        else:
            first, position = position, position + len(kinds)
            part = replace(appended, first_position=first, last_position=position - 1)
            yield make_outcome(one.envelope, kinds, part)


def repeat_outcome(envelope: CommandEnvelope, digest: bytes, appended: Appended) -> Outcome:
    """What came of it when it was carried out before. Raises CommandIdReused where that was another command."""
    if digest != envelope.digest():
        raise CommandIdReused(command_id=envelope.command_id)
    return make_outcome(envelope, (), appended)


def make_outcome(envelope: CommandEnvelope, kinds: Sequence[str], appended: Appended) -> Outcome:
    """`kinds`: of the facts that it made, none where it had been carried out before."""
    return Outcome(
        command_id=envelope.command_id,
        stream=envelope.command.stream,
        kinds=tuple(kinds),
        first_position=appended.first_position,
        last_position=appended.last_position,
        known_at=appended.known_at,
        repeated=appended.repeated or not kinds,
    )
