"""Tables of views as a failing disk or a stranger's hand leaves them, on the real PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import psycopg

_PAGE = 8192


def flip(owner_dsn: str, relation: str) -> None:
    """Flip bytes in the middle of each page on the disk, and let the server forget what it knows of the relation."""
    with psycopg.connect(owner_dsn, autocommit=True) as owner:
        owner.execute("CREATE EXTENSION IF NOT EXISTS pg_buffercache SCHEMA public")
        owner.execute("CHECKPOINT")
        row: Any = owner.execute(
            "SELECT current_setting('data_directory'), pg_relation_filepath(%s), current_setting('data_checksums')",
            (relation,),
        ).fetchone()
        folder, path, checksums = row
        assert checksums == "on"
        file = Path(folder, path)
        pages = file.stat().st_size // _PAGE
        assert pages, "there is something to damage"
        with file.open("r+b") as opened:
            for page in range(pages):
                opened.seek(page * _PAGE + _PAGE // 2)
                was = opened.read(64)
                opened.seek(page * _PAGE + _PAGE // 2)
                opened.write(bytes(255 - one for one in was))
        owner.execute("SELECT public.pg_buffercache_evict_relation(%s::regclass)", (relation,))


def _toast(owner_dsn: str, table: str) -> None:
    """A row too long for a page, as rows are that hold much, and then a flipped page of where it lies."""
    with psycopg.connect(owner_dsn, autocommit=True) as owner:
        owner.execute(f"ALTER TABLE {table} ALTER row SET STORAGE EXTERNAL".encode())
        padded = f"repeat(' ', 20000) || (SELECT row::text FROM {table} ORDER BY key LIMIT 1)"
        first = f"(SELECT min(key) FROM {table})"
        owner.execute(f"UPDATE {table} SET row = ({padded})::json WHERE key = {first}".encode())
        row: Any = owner.execute(
            "SELECT reltoastrelid::regclass::text FROM pg_class WHERE oid = %s::regclass", (table,)
        ).fetchone()
    flip(owner_dsn, row[0])


def _told(statement: str) -> Callable[[str, str], None]:
    def damage(owner_dsn: str, table: str) -> None:
        with psycopg.connect(owner_dsn, autocommit=True) as owner:
            owner.execute(statement.format(table=table, name=table.removeprefix("views.")).encode())

    return damage


def _gone(owner_dsn: str, table: str) -> None:
    """Its file is not there any more."""
    with psycopg.connect(owner_dsn, autocommit=True) as owner:
        row: Any = owner.execute(
            "SELECT current_setting('data_directory'), pg_relation_filepath(%s)", (table,)
        ).fetchone()
    flip(owner_dsn, table)
    Path(*row).unlink()


DAMAGES: Mapping[str, Callable[[str, str], None]] = {
    "pages of the table": flip,
    "pages of its key's index": lambda dsn, table: flip(dsn, f"{table}_pkey"),
    "pages of its long rows": _toast,
    "its file is gone": _gone,
    "dropped": _told("DROP TABLE {table}"),
    "another shape": _told("DROP TABLE {table}; CREATE TABLE {table} (key text, row json)"),
    "a column of another type": _told("ALTER TABLE {table} ALTER lead TYPE integer USING 1"),
    "its key's index dropped": _told("ALTER TABLE {table} DROP CONSTRAINT {name}_pkey"),
    "rights taken": _told("REVOKE ALL ON {table} FROM donghaeng_app"),
}
"""What is done to a table that is not empty, by name."""
