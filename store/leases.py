"""Leases in database time: one worker at a time on each thing, and a token that always rises."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from store.log import Store

_KNOWN = (
    b"INSERT INTO donghaeng.leases (name, token, until) SELECT name, 0, '-infinity' FROM unnest(%s::text[]) AS name "
    b"ON CONFLICT DO NOTHING"
)
_TAKEN = (
    b"WITH free AS (SELECT name FROM donghaeng.leases WHERE name = ANY(%(names)s) AND until < clock_timestamp() "
    b"ORDER BY name LIMIT %(most)s FOR UPDATE SKIP LOCKED) "
    b"UPDATE donghaeng.leases AS lease SET token = nextval('donghaeng.lease_tokens'), "
    b"until = clock_timestamp() + make_interval(secs => %(seconds)s) FROM free WHERE lease.name = free.name "
    b"RETURNING lease.name, lease.token"
)
_RENEWED = (
    b"UPDATE donghaeng.leases SET until = clock_timestamp() + make_interval(secs => %s) "
    b"WHERE name = %s AND token = %s AND until > clock_timestamp()"
)
_GIVEN_BACK = b"DELETE FROM donghaeng.leases WHERE name = %s AND token = %s"


def take(store: Store, names: Sequence[str], most: int, seconds: float) -> dict[str, int]:
    """Leases on those of the names that nobody holds, with their tokens; at most so many."""
    if not names:
        return {}
    with store.connection() as connection:
        connection.execute(_KNOWN, (list(names),))
        rows: Any = connection.execute(
            _TAKEN, {"names": list(names), "most": most, "seconds": seconds}
        ).fetchall()
    return dict(sorted(rows))


def renew(store: Store, name: str, token: int, seconds: float) -> bool:
    """Hold it for so long from now, unless it was lost meanwhile; whether it is held."""
    with store.connection() as connection:
        return connection.execute(_RENEWED, (seconds, name, token)).rowcount == 1


def give_back(store: Store, name: str, token: int) -> None:
    """Let go of it. Who has lost it lets go of nothing."""
    with store.connection() as connection:
        connection.execute(_GIVEN_BACK, (name, token))
