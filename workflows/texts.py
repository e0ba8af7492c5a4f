"""Puts free texts aside before a command is decided: facts hold a salted commitment, never the text."""

from __future__ import annotations

import hashlib
import secrets
import uuid
from functools import cache
from typing import Any, TypeVar

from domain.aggregate import Command
from domain.values import TextRef
from store.recorded import NewText

C = TypeVar("C", bound=Command)


@cache
def _free_text_fields(command: type[Command]) -> tuple[str, ...]:
    """The fields typed `FreeText | TextRef`, alone, optional or in a tuple."""
    return tuple(name for name, field in command.model_fields.items() if "TextRef" in str(field.annotation))


def externalise_text(body: str) -> tuple[TextRef, NewText]:
    """A reference with a commitment for the fact, and the text with its salt for the table beside it."""
    salt, identity = secrets.token_bytes(16), uuid.uuid4().hex
    commitment = hashlib.sha256(salt + body.encode()).hexdigest()
    return TextRef(id=identity, commitment=commitment), NewText(id=identity, salt=salt, body=body)


def externalise_texts(command: C) -> tuple[C, tuple[NewText, ...]]:
    """The command with references in place of its free texts, and those texts."""
    texts: list[NewText] = []

    def refer(value: Any) -> Any:
        if isinstance(value, tuple):
            return tuple(refer(item) for item in value)
        if not isinstance(value, str):
            return value
        ref, text = externalise_text(value)
        texts.append(text)
        return ref

    replaced = {name: refer(getattr(command, name)) for name in _free_text_fields(type(command))}
    return (command.model_copy(update=replaced) if replaced else command), tuple(texts)
