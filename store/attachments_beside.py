"""The bytes of attached files, held against the texts that say their digests, as the facts pass."""

from __future__ import annotations

import re
from binascii import hexlify, unhexlify
from collections.abc import Collection, Mapping
from typing import Any

from store.arrays import Identities
from store.attachments import check_bytes
from store.beside_found import Beside, Wrong
from store.connecting import Connection
from store.texts import TextState

_ATTACHED = b'"content":{"id":"'
_REF = re.compile(_ATTACHED + rb'([0-9a-f]{32})"')
_SOME = "SELECT DISTINCT uuid_send(text) FROM donghaeng.attachments WHERE text = ANY(%b)"
_ALL = "SELECT DISTINCT uuid_send(text) FROM donghaeng.attachments"
_WRONG = {
    TextState.MISSING: Wrong.ATTACHMENT_MISSING,
    TextState.CHANGED: Wrong.ATTACHMENT_CHANGED,
}


class AttachmentsBeside:
    """A file at a time is read, in pieces; memory holds an id a file. `found`: where what is wrong is noted.

    A fact that refers to a file in another spelling than ours is not seen to do so: its bytes are then those of no fact.
    """

    def __init__(self, connection: Connection, found: Beside) -> None:
        self._connection, self._found = connection, found
        self._ids: set[bytes] = set()
        self._waiting: dict[bytes, int] = {}

    def note(self, position: int, state: bytes) -> None:
        """A fact that may refer to files, which are looked at with the next `judge`."""
        if _ATTACHED in state:
            for identity in _REF.findall(state):
                self._waiting.setdefault(identity, position)

    def judge(self, texts: Mapping[bytes, tuple[Any, Any]], redactions: Mapping[bytes, int]) -> None:
        """`texts`: salt and body of those that the facts refer to, by id in hex; `redactions`: positions of the facts."""
        for identity, position in self._waiting.items():
            raw, body = unhexlify(identity), texts.get(identity, (None, None))[1]
            if raw not in self._ids and body is not None:  # else it is told that the text is gone
                self._check(identity, position, bytes(body).decode(errors="replace"))
            self._ids.add(raw)
        self._waiting = {}
        for identity in self._there(redactions):
            self._found.note(Wrong.ATTACHMENT_KEPT, redactions[identity], identity.decode())

    def end(self) -> None:
        """Name the bytes that no fact refers to."""
        others = (
            row[0].hex() for row in self._connection.execute(_ALL, binary=True) if row[0] not in self._ids
        )
        for one in sorted(others):
            self._found.note(Wrong.ATTACHMENT_UNREFERENCED, None, one)

    def _check(self, identity: bytes, position: int, body: str) -> None:
        state = check_bytes(self._connection, identity.decode(), body)
        if state is TextState.COMMITTED:
            self._found.attachments += 1
        else:
            self._found.note(_WRONG[state], position, identity.decode())

    def _there(self, identities: Collection[bytes]) -> list[bytes]:
        """Those of which there are bytes."""
        sound = Identities(unhexlify(one) for one in identities if re.fullmatch(rb"[0-9a-f]{32}", one))
        if not sound:
            return []
        return sorted(hexlify(row[0]) for row in self._connection.execute(_SOME, (sound,), binary=True))
