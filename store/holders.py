"""Who holds what appending waits for, by the database's word, and ending those of ours that do nothing with it."""

from __future__ import annotations

from typing import Any

import msgspec

from domain.errors import Bilingual
from store.connecting import Connection

# Its lock, or the row of its head, which shows as a lock on the table. What another role's session does is not seen.
_HOLDERS = """
    SELECT a.pid, a.usename, a.application_name, l.virtualtransaction,
        CASE WHEN %(end)s AND a.state LIKE 'idle%%' AND pg_has_role(a.usesysid, 'USAGE')
            AND a.state_change < clock_timestamp() - make_interval(secs => %(idle)s)
        THEN pg_terminate_backend(a.pid, 1000) ELSE false END
    FROM (
        SELECT pid, min(virtualtransaction) AS virtualtransaction FROM pg_locks
        WHERE granted AND pid <> pg_backend_pid()
            AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
            AND (locktype = 'advisory' AND classid = 0 AND objid = 20240307 AND objsubid = 1
                AND mode = 'ExclusiveLock'
                OR relation = 'donghaeng.head'::regclass AND mode <> 'AccessShareLock')
        GROUP BY pid
    ) l JOIN pg_stat_activity a USING (pid) ORDER BY 1"""


class Holder(msgspec.Struct, frozen=True):
    """`pid`: of the session, as PostgreSQL numbers them; `transaction`: which of its transactions holds it.

    `ended`: whether we have just ended it.
    """

    pid: int
    user: str
    program: str
    transaction: str
    ended: bool

    def __str__(self) -> str:
        return f"{self.pid} ({', '.join(filter(None, (self.user, self.program)))})"


def holders(connection: Connection, *, end: bool = False) -> list[Holder]:
    """Who holds it now. `end`: those are ended that do nothing for so long and whose role is ours.

    The server ends what waits in a transaction by itself; a lock held by the session itself it lets stand.
    """
    given = {"end": end, "idle": connection.waits.holder}
    rows: Any = connection.execute(_HOLDERS, given).fetchall()
    return [Holder(pid, user, program, transaction, ended) for pid, user, program, transaction, ended in rows]


def describe_holders(found: list[Holder]) -> Bilingual:
    """In words, to follow on what could not be done."""
    listed = ", ".join(map(str, found))
    if not listed:
        return Bilingual("", "")
    return Bilingual(f" (잠금을 쥔 세션: {listed})", f" (the lock is held by session {listed})")
