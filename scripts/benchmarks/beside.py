"""What lies beside the facts that are measured on: their free texts and their command ids, which no import brings along."""

from __future__ import annotations

from scripts.benchmarks.history import text_of
from store.beside import quick_references
from store.connecting import Connection
from store.log import Store
from store.mapper import command_of
from trail.stored import POSITION, STATE

_PAGE = 5000
_TEXTS = "COPY donghaeng.texts (id, salt, body, indexed) FROM STDIN"
_COMMANDS = (
    "COPY donghaeng.commands (id, digest, first_position, last_position, recorded_at, known_at) FROM STDIN"
)


def put_beside(store: Store, owner: Connection) -> None:
    """The texts and command ids of all facts of the store, which `scripts.benchmarks.history` made, a command each."""
    position = 0
    while rows := store.rows_after(position, _PAGE):
        texts = {identity.decode() for row in rows for identity, _ in quick_references(row[STATE])}
        with owner.cursor().copy(_TEXTS) as copy:
            for identity in sorted(texts):
                copy.write_row((identity, *text_of(identity), True))
        with owner.cursor().copy(_COMMANDS) as copy:
            for at, _, _, _, recorded_at, known_at, state in rows:
                copy.write_row((command_of(state), b"bench", at, at, recorded_at, known_at))
        position = rows[-1][POSITION]
    owner.execute("ANALYZE")
