"""Loads a programme file: what is new in it, and of what it says otherwise than the store what may still change.

Ids of commands come from their content, so that loading the same file again changes nothing, also where it was put
right by other commands since.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from contextlib import suppress

import msgspec
from msgspec.structs import replace

from domain.aggregate import Command
from domain.definition.commands import Adopt
from domain.definition.refusals import AdoptedAlready
from domain.errors import Bilingual
from domain.streams import programme_stream
from store.log import Store
from workflows.command_envelope import CommandEnvelope, Giver, Outcome
from workflows.command_handler import CommandHandler
from workflows.commands_at_once import SomeRefused
from workflows.definitions.adopting import REASON
from workflows.loading_differences import Kept, Other, compare
from workflows.programme_file import ProgrammeFile, commands


class Loading(msgspec.Struct, frozen=True):
    """What a file would do: `given`, each with what it changes in words, None where it is new as a whole.

    `kept`: what the file says otherwise and stays as it is, and why. `first`: nobody has opened the year yet.
    """

    given: list[tuple[CommandEnvelope, Bilingual | None]]
    kept: list[Kept]
    first: bool


def envelopes_of(
    file: ProgrammeFile, store_id: str, giver: Giver, reason: str | None
) -> list[CommandEnvelope]:
    """One envelope a command of the file, in the order they must be given."""
    return [identify(command, store_id, giver, reason) for command in commands(file)]


def identify(command: Command, store_id: str, giver: Giver, reason: str | None) -> CommandEnvelope:
    """The command under an id made from its content: the same again is the same command."""
    if isinstance(command, Adopt):
        reason = REASON
    envelope = CommandEnvelope(command=command, reason=reason, **giver._asdict())
    return replace(envelope, command_id=uuid.uuid5(uuid.UUID(store_id), envelope.digest().hex()).hex)


def plan_loading(store: Store, file: ProgrammeFile, giver: Giver, reason: str | None) -> Loading:
    """What loading the file would do to the store as it is."""
    envelopes = envelopes_of(file, store.id, giver, reason)
    done = store.outcomes([one.command_id for one in envelopes])
    new = [one for one in envelopes if one.command_id not in done]
    first = not store.read(programme_stream(file.programme.year))
    given: list[tuple[CommandEnvelope, Bilingual | None]] = []
    kept: list[Kept] = []
    for envelope in new:
        for one in compare(store, envelope.command):
            match one:
                case Kept():
                    kept.append(one)
                case Other(command=command, said=said):
                    given.append((CommandEnvelope(command=command, reason=reason, **giver._asdict()), said))
                case _:
                    given.append((envelope, None))
    return Loading(given, kept, first)


def leave_out_refused(handler: CommandHandler, loading: Loading) -> Loading:
    """The same without what would be refused, which is kept, with the refusal. Nothing is written."""
    given, kept = loading.given, list(loading.kept)
    while given:
        try:
            handler.handle_all([envelope for envelope, _ in given], dry_run=True)
            break
        except SomeRefused as refused:
            faults = dict(refused.faults)
        kept += [
            Kept(_words(given[place]), Bilingual(one.say("ko"), one.say("en")))
            for place, one in faults.items()
        ]
        given = [one for place, one in enumerate(given) if place not in faults]
    return Loading(given, kept, loading.first)


def carry_out(handler: CommandHandler, loading: Loading, tick: Callable[[int], None]) -> list[Outcome]:
    """A year's first load a command at a time, so that a long one is seen to move; changes whole or not at all."""
    envelopes: Sequence[CommandEnvelope] = [envelope for envelope, _ in loading.given]
    if not loading.first:
        return handler.handle_all(envelopes)
    outcomes = []
    for envelope in envelopes:
        # Else somebody else opens another year at the same moment. Under a template's name stands the template, whoever
        # adopted it.
        with suppress(AdoptedAlready):
            outcomes.append(handler.handle(envelope))
        tick(1)
    return outcomes


def _words(given: tuple[CommandEnvelope, Bilingual | None]) -> Bilingual:
    """What one of them does."""
    envelope, said = given
    label, about = envelope.command.label, getattr(envelope.command, "task", envelope.command.stream)
    return said or Bilingual(f"{label.ko}: {about}", f"{label.en}: {about}")


def describe_all(loading: Loading) -> list[Bilingual]:
    """What is given, in words."""
    return [_words(one) for one in loading.given]
