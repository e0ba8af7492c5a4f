"""Sweeps the database's files clean of what was erased or redacted: dead rows and old journal segments."""

from __future__ import annotations

import psycopg
from psycopg import sql

from domain.errors import Refusal
from store.connecting import server_message, session
from workers.servers import Addresses

_TABLES = ("texts", "attachments", "subject_keys", "subject_details", "accesses")


class MayNotPurge(Refusal):
    """Only a superuser may switch and cut the journal."""

    ko = "{problem}. DATABASE_OWNER_URL에 관리자(superuser) 로그인을 지정하거나 docs/privacy.md의 절차를 서버에서 직접 하십시오."
    en = "{problem}. Give a superuser's login in DATABASE_OWNER_URL, or do by hand what docs/privacy.md says."


def purge(addresses: Addresses) -> None:
    """Rewrite the tables that held the plaintext, and let go of every journal segment before this moment.

    Safe to repeat. Raises MayNotPurge. Backups made before still hold what was taken away.
    """
    assert addresses.owner_dsn is not None
    try:
        with session(addresses.owner_dsn) as connection:
            for table in _TABLES:
                connection.execute(sql.SQL("VACUUM (FULL) donghaeng.{}").format(sql.Identifier(table)))
            # a recycled segment keeps its old content under a new name
            connection.execute("ALTER SYSTEM SET wal_recycle = off")
            connection.execute("SELECT pg_reload_conf()")
            for _ in range(2):
                connection.execute("SELECT pg_switch_wal()")
                connection.execute("CHECKPOINT")
    except psycopg.errors.InsufficientPrivilege as error:
        raise MayNotPurge(problem=server_message(error)) from None
