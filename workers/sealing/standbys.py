"""What is sealed cannot be taken back, so it is sealed only once a failover cannot lose it: standbys have it on disk."""

from __future__ import annotations

import time
from typing import Any

from store.connecting import Connection
from store.flushing import flush
from store.log import Store
from workers.sealing.errors import StandbysBehind

PATIENCE_SECONDS = 10.0
_PAUSE_SECONDS = 0.05


def await_standbys(store: Store, needed: int, patience: float = PATIENCE_SECONDS) -> None:
    """Wait until all that stands in the log now is on the disk of so many standbys.

    Raises StandbysBehind, at once where there are not so many.
    """
    if not needed:
        return
    deadline = time.monotonic() + patience
    with store.connection() as connection:
        flush(connection)
        place = _one(connection, "SELECT pg_current_wal_flush_lsn()")
        while (found := _one(connection, "SELECT donghaeng.flushed_on(%s)", place)) < needed:
            connected = _one(connection, "SELECT donghaeng.flushed_on('0/0')")
            if connected < needed or time.monotonic() > deadline:
                raise StandbysBehind(needed=needed, connected=connected, found=found)
            time.sleep(_PAUSE_SECONDS)


def _one(connection: Connection, query: str, *given: Any) -> Any:
    row = connection.execute(query.encode(), given).fetchone()
    assert row is not None
    return row[0]
