"""Persons' details and their erasing; texts and their redaction."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping

from domain.aggregate import Command
from domain.streams import subject_stream, text_stream
from domain.subject.commands import Change, Erase, Register
from domain.text.commands import Redact
from store.log import Store
from store.looking_up import streams_speaking_of
from store.vault import Vault
from workflows.command_envelope import Outcome

Give = Callable[[Command], Outcome]


def register_person(vault: Vault, give: Give, details: Mapping[str, str]) -> str:
    """A new person's id. The fact goes first: killed between the two, an entry without details is left."""
    subject = uuid.uuid4().hex
    give(Register(subject=subject))
    vault.put(subject, details)
    return subject


def change_person(vault: Vault, give: Give, subject: str, details: Mapping[str, str]) -> Outcome:
    """Other details for some. Raises NotInVault for who was erased meanwhile."""
    outcome = give(Change(subject=subject, fields=tuple(details)))  # type: ignore[arg-type]
    vault.put(subject, details, known=vault.read(subject).there)
    return outcome


def erase_person(store: Store, give: Give, subject: str) -> Outcome:
    """Destroy the key of a person's details, with the fact that says so, unless something on legal hold speaks of them.

    Nothing else holds personal details: facts, views and jobs hold the random id alone, and nothing is cached.
    """
    return give(Erase(subject=subject, appears_in=streams_with(store, subject)))


def redact_text(store: Store, give: Give, text: str) -> Outcome:
    """Take a free text away, with the fact that says so, unless something on legal hold refers to it."""
    return give(Redact(text=text, appears_in=streams_with(store, text)))


def streams_with(store: Store, identity: str) -> tuple[str, ...]:
    """The streams whose facts or envelopes speak of this id (hex): all of the log is looked through."""
    with store.connection() as connection:
        own = (subject_stream(identity), text_stream(identity))
        return streams_speaking_of(connection, identity, but=own)
