"""Free texts as they are found beside the log, each held against the commitment in the fact that refers to it."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from hashlib import sha256
from typing import Any, Protocol

import msgspec

from store.arrays import Identities, Texts
from store.connecting import Connection

REDACTED = "text.redacted"
STREAM = "text/"
_IDENTITY = re.compile(r"[0-9a-f]{32}")
# in one statement, lest a text be redacted between the two
_FOUND = """
    SELECT id, salt, body, NULL::bigint FROM donghaeng.texts WHERE id = ANY(%b)
    UNION ALL
    SELECT substr(stream, 6)::uuid, NULL, NULL, position FROM donghaeng.facts
    WHERE stream = ANY(%b) AND kind = 'text.redacted'"""


class Ref(Protocol):
    """What a fact, or its envelope, holds instead of a text: its id and SHA-256 over its salt and UTF-8 bytes, in hex."""

    @property
    def id(self) -> str: ...
    @property
    def commitment(self) -> str: ...


class TextState(StrEnum):
    """What a reader has to be told of a text."""

    COMMITTED = "as_committed"
    REDACTED = "redacted"
    MISSING = "missing"
    CHANGED = "changed"


class TextRead(msgspec.Struct, frozen=True):
    """What a look-up came to. `body`: the text, only as committed; `fact`: the position of the redaction, where there is one.

    A text that a fact says is redacted is never given, also where somebody has put it back. One that is *missing* is
    not there, and no fact says why; one that is *changed* is not what its fact was made with.
    """

    state: TextState
    body: str | None = None
    fact: int | None = None


class Kept(msgspec.Struct, frozen=True):
    """What lies beside the log for one id. `there`: whether there is a row; `redacted`: the position of the fact that says so."""

    there: bool = False
    salt: bytes | None = None
    body: str | None = None
    redacted: int | None = None


Look = Callable[[Any], TextRead]  # given a Ref


def check_text(kept: Kept, commitment: str) -> TextRead:
    """What a text is to who reads the fact with this commitment."""
    if kept.redacted is not None:
        return TextRead(TextState.REDACTED, fact=kept.redacted)
    if kept.body is None:
        return TextRead(TextState.MISSING)
    if kept.salt is None or sha256(kept.salt + kept.body.encode()).hexdigest() != commitment:
        return TextRead(TextState.CHANGED)
    return TextRead(TextState.COMMITTED, body=kept.body)


def look_up(connection: Connection, refs: Iterable[Ref]) -> Look:
    """A look-up among the texts that these refer to, in one round trip; of any other it says that it is missing."""
    kept = load_texts(connection, {ref.id for ref in refs})
    return lambda ref: check_text(kept.get(ref.id, Kept()), ref.commitment)


def load_texts(connection: Connection, identities: Iterable[str]) -> Mapping[str, Kept]:
    """What lies beside the log by id, of those of which there is something."""
    sound = [one for one in identities if _IDENTITY.fullmatch(one)]
    if not sound:
        return {}
    wanted = Identities(uuid.UUID(one).bytes for one in sound), Texts(STREAM + one for one in sound)
    found: dict[str, Kept] = {}
    redacted: dict[str, int] = {}
    for identity, salt, body, position in connection.execute(_FOUND, wanted, binary=True):
        if position is None:
            found[identity.hex] = Kept(True, None if salt is None else bytes(salt), body)
        else:
            redacted[identity.hex] = position
    for identity, position in redacted.items():
        found[identity] = msgspec.structs.replace(found.get(identity, Kept()), redacted=position)
    return found
