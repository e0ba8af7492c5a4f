"""Free texts for tests: look-ups without a store, and references to texts that are put down by hand."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from domain.values import TextRef
from store.recorded import NewText
from store.texts import Look, TextRead, TextState

GONE = TextRead(TextState.REDACTED, fact=99)


def looked_up(bodies: Mapping[str, str], otherwise: TextRead = GONE) -> Look:
    """A look-up that finds these by id as committed, and of all others says the same."""

    def look(ref: Any) -> TextRead:
        body = bodies.get(ref.id)
        return otherwise if body is None else TextRead(TextState.COMMITTED, body=body)

    return look


def reference(text: NewText) -> TextRef:
    """As a fact refers to it."""
    return TextRef(id=text.id, commitment=hashlib.sha256(text.salt + text.body.encode()).hexdigest())
