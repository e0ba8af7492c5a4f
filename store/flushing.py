"""That what was appended, or read, is on the disk before anybody is told or acts on it.

Appending lets go of the log's lock when its commit is in memory, and only then waits for the disk: so many writers share
one wait. (Who appends alone waits in one message, under the lock: see decision 62.) Until then others see facts that a crash of the server would take back. The log is written in order, so a later
commit that waits has on the disk all that was seen before it.
"""

from __future__ import annotations

from store.connecting import Connection
from store.prepared import Statement

# A message to nobody: something has to be committed for a commit to wait. Where nothing is outstanding there is none;
# a standby sends on what it has, and it has only what was on the disk.
_FLUSH = (
    "SELECT pg_logical_emit_message(true, 'donghaeng', ''){also} WHERE CASE WHEN pg_is_in_recovery() THEN false "
    "ELSE pg_current_wal_insert_lsn() > pg_current_wal_flush_lsn(){or_else} END"
)
# This is waited for on the disk, and where there is a synchronous standby, on its disk too.
FLUSH = Statement(
    _FLUSH.format(also="", or_else=" OR current_setting('synchronous_standby_names') <> ''"), ()
)
# This on our own disk only: whoever only looks does not wait for a standby that is away.
_FLUSH_HERE = Statement(
    _FLUSH.format(also=", set_config('synchronous_commit', 'local', true)", or_else=""), ()
)


def flush(connection: Connection) -> None:
    """Wait until all that this session can have seen is where a commit has to be. Raises psycopg's errors."""
    FLUSH.run(connection, ())


def flush_here(connection: Connection) -> None:
    """The same, on the disk of this server alone."""
    _FLUSH_HERE.run(connection, ())
