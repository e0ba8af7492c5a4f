"""A city on a database of the test's own."""

from __future__ import annotations

from pathlib import Path

import psycopg
import pytest

from store.log import Store
from tests.workers.delivery.reminded_cities import City
from workers.servers import Addresses


@pytest.fixture
def bare(simulated_store: Store, cluster: str, servers: Addresses, tmp_path: Path) -> City:
    """Nothing in it yet."""
    with simulated_store.connection() as connection:
        row = connection.execute("SELECT current_database()").fetchone()
    assert row is not None
    dsn = psycopg.conninfo.make_conninfo(cluster, dbname=row[0], user="donghaeng_app")
    assert servers.redis is not None
    return City(simulated_store, dsn, tmp_path / "data", dict(servers.redis))


@pytest.fixture
def city(bare: City) -> City:
    """One message to one agency is waiting, on the morning of the first reminder's day."""
    bare.begin()
    bare.at(2024, 5, 13, 0, 30)
    assert len(bare.messages) == len(bare.notices) == 1
    return bare
