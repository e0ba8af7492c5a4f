"""Stores to be backed up, empty databases to restore to, and what is compared between the two."""

from __future__ import annotations

import itertools
import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from psycopg.conninfo import make_conninfo

from projections.schema import statements
from store.accesses import record_access
from store.backups import dumping, restoring
from store.backups.header import Cost, Header
from store.log import Store
from store.recorded import NewText
from store.refused import record_refused
from tests.attachments_by_hand import put_attachment
from tests.store.fact_batches import put
from tests.store.watched_rows import reading, refusal

PASSPHRASE = "열려라 참깨 open sesame"
FACTS = 40_000  # of a long store
CHEAP = Cost(doublings=4)
TABLES = ("facts", "texts", "attachments", "commands", "store", "head", "refused", "accesses", "watched")
_numbers = itertools.count(1)


@contextmanager
def empty_database(cluster: str) -> Iterator[str]:
    """A database without anything of ours, as its owner; dropped afterwards."""
    name = f"empty_{os.getpid()}_{next(_numbers)}"
    with psycopg.connect(cluster, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'".encode())
        try:
            yield make_conninfo(cluster, dbname=name)
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


def filled(store: Store, streams: int = 3) -> None:
    """Facts of several streams, with texts that COPY has to quote; what was refused, and who read what."""
    for number in range(1, streams + 1):
        text = NewText(uuid.uuid4().hex, b"\\\x00\n\t" * 4, '줄\n바꿈 \\ \\. \t 그리고 "따옴표" NULL \\N')
        put(store, f"task/2024-{number:02}", count=number + 1, texts=(text,))
    put_attachment(store, bytes(range(256)) * 10_000, stream="task/2024-99")
    record_refused(store, [refusal(), refusal(actor=None, what="token", command="token", command_id=None)])
    record_access(store, reading(purpose='줄\n바꿈 \\N "따옴표"'))
    record_access(store, reading(actor=None, tasks=("2024-01",), agencies=("gto", "gjcf")))


def backed_up(dsn: str, out: Path, **more: Any) -> Header:
    return dumping.back_up(dsn, out, PASSPHRASE, **({"keys": out.parent / "keys", "cost": CHEAP} | more))


def restored(dsn: str, file: Path, passphrase: str = PASSPHRASE, **more: Any) -> Header:
    given = {"keys": file.parent / "restored-keys", "views": statements()} | more
    return restoring.restore(dsn, file, passphrase, **given)


def contents(dsn: str) -> dict[str, list[Any]]:
    """Every row of every table of the log."""
    with psycopg.connect(dsn) as connection:
        return {
            table: connection.execute(
                f"SELECT * FROM donghaeng.{table} t ORDER BY t::text".encode()
            ).fetchall()
            for table in TABLES
        }


def is_empty(dsn: str) -> bool:
    """Nothing of ours, neither schemas nor tables."""
    with psycopg.connect(dsn) as connection:
        query = "SELECT count(*) FROM pg_namespace WHERE nspname !~ '^(pg_|information_schema|public)'"
        return connection.execute(query).fetchone() == (0,)
