"""Looking through the free texts that lie beside the log. What is redacted is not found."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from store.connecting import Connection
from store.log import Store

INDEXED_AT_ONCE = 8000  # bytes of text, a hundredth of a second of work
# both parts: what is in the index of letter pairs, and what was written a moment ago
_WITH = """
    SELECT t.id FROM donghaeng.texts t
    WHERE t.indexed AND t.body IS NOT NULL AND donghaeng.bigrams(t.body) @> donghaeng.bigrams(%(part)s)
        AND position(donghaeng.searchable(%(part)s) IN donghaeng.searchable(t.body)) > 0
    UNION ALL
    SELECT t.id FROM donghaeng.texts t
    WHERE NOT t.indexed AND t.body IS NOT NULL
        AND position(donghaeng.searchable(%(part)s) IN donghaeng.searchable(t.body)) > 0
    LIMIT %(most)s"""
_WITHOUT_INDEX = """
    SELECT t.id FROM donghaeng.texts t
    WHERE t.body IS NOT NULL AND position(donghaeng.searchable(%(part)s) IN donghaeng.searchable(t.body)) > 0
    LIMIT %(most)s"""
_AMONG = """
    SELECT t.id FROM donghaeng.texts t
    WHERE t.id = ANY(%s::uuid[]) AND position(donghaeng.searchable(%s) IN donghaeng.searchable(t.body)) > 0"""


def index_texts(store: Store, most: int = INDEXED_AT_ONCE) -> tuple[int, bool]:
    """Take texts into the index, so many bytes of them: how many texts, and whether there are more.

    Safe to repeat and side by side: each is taken under its row's lock. Until then a text is found all the same.
    """
    with store.connection() as connection:
        row: Any = connection.execute("SELECT done, more FROM donghaeng.index_texts(%s)", (most,)).fetchone()
    return row[0], row[1]


def texts_with(connection: Connection, part: str, most: int, *, by_index: bool = True) -> list[str]:
    """The ids of at most so many texts that hold this part, of two letters or more, in no order.

    `by_index`: else every text is looked at, whatever the index says, some seconds a million.
    """
    if not by_index:
        given = {"part": part, "most": most}
        return [row[0].hex for row in connection.execute(_WITHOUT_INDEX, given, prepare=False).fetchall()]
    with connection.transaction():
        # without statistics the planner would rather look through all of them
        connection.execute("SET LOCAL enable_seqscan = off")
        rows: Any = connection.execute(_WITH, {"part": part, "most": most}, prepare=False).fetchall()
    return [row[0].hex for row in rows]


def those_with(connection: Connection, part: str, identities: Sequence[str]) -> set[str]:
    """Which of these texts hold this part."""
    rows: Any = connection.execute(_AMONG, (list(identities), part), prepare=False).fetchall()
    return {row[0].hex for row in rows}
