"""Databases that several tests of one file share, or of which one test needs two."""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg.conninfo import make_conninfo

_numbers = itertools.count(1)


@contextmanager
def copied(cluster: str, template: str) -> Iterator[str]:
    """A copy of a migrated database, as its owner; dropped afterwards."""
    name = f"copy_{os.getpid()}_{next(_numbers)}"
    _run(cluster, f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
    try:
        yield make_conninfo(cluster, dbname=name)
    finally:
        _run(cluster, f"DROP DATABASE {name} WITH (FORCE)")


def _run(cluster: str, statement: str) -> None:
    with psycopg.connect(cluster, autocommit=True) as connection:
        connection.execute(statement.encode())
