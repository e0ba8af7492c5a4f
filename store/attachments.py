"""Attached files beside the log: a text, to which a fact commits, says the SHA-256 of a file's bytes; the bytes lie in pieces.

The text is a line as sha256sum writes it, so that whoever has the text, e.g. out of a pack, and the file needs nothing of ours.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from hashlib import sha256

from store.connecting import Connection
from store.texts import Ref, TextRead, TextState, look_up

PIECE = 1 << 20  # bytes; of a file no more is held at once
_PIECES = "SELECT content FROM donghaeng.attachments WHERE text = %b ORDER BY number"
_DIGEST = 64  # hex digits


def write_digest(content: bytes, name: str) -> str:
    """The text that a fact commits to in place of a file."""
    return f"{sha256(content).hexdigest()}  {name}"


def split_content(content: bytes) -> Iterator[bytes]:
    """Its pieces; of an empty file one, so that it is told from one that is missing."""
    for start in range(0, len(content) or 1, PIECE):
        yield content[start : start + PIECE]


def read_attachment(
    connection: Connection, ref: Ref, take: Callable[[bytes], object] = lambda piece: None
) -> TextRead:
    """What the file is to who reads the fact that refers to it; its bytes go to `take`, piece by piece, before that is known.

    `connection`: in a transaction of one snapshot, lest it be redacted meanwhile.
    """
    found = look_up(connection, [ref])(ref)
    if found.body is None:
        return found
    state = check_bytes(connection, ref.id, found.body, take)
    return found if state is TextState.COMMITTED else TextRead(state)


def check_bytes(
    connection: Connection, identity: str, body: str, take: Callable[[bytes], object] = lambda piece: None
) -> TextState:
    """The bytes against the text that says their digest. `identity`: the text's, in hex. As of `read_attachment`."""
    digest, there = sha256(), False
    for piece in _pieces(connection, identity):
        there = True
        digest.update(piece)
        take(piece)
    if not there:
        return TextState.MISSING
    return TextState.COMMITTED if digest.hexdigest() == body[:_DIGEST] else TextState.CHANGED


def _pieces(connection: Connection, identity: str) -> Iterator[bytes]:
    with connection.cursor(name="attachment") as cursor:
        cursor.execute(_PIECES, (uuid.UUID(identity),), binary=True)
        while row := cursor.fetchone():
            yield bytes(row[0])
