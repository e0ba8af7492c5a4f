"""A PostgreSQL that a test may stop, beside the one that all share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from psycopg.conninfo import make_conninfo

from store.migrate import migrate
from tests.data_folders import data_folder
from tests.store.copied_databases import copied
from workers.servers.data_folder import ensure_folder
from workers.servers.postgres import DATABASE, PostgresServer


@pytest.fixture(scope="session")
def stoppable() -> Iterator[PostgresServer]:
    with data_folder() as data:
        server = PostgresServer(data, ensure_folder(data / "logs") / "postgres.log")
        server.start()
        migrate(server.address)
        yield server
        server.stop()


@pytest.fixture
def own_server(stoppable: PostgresServer) -> Iterator[PostgresServer]:
    """A running server that the test may stop and start."""
    yield stoppable
    assert stoppable.process is not None
    if stoppable.process.poll() is not None:
        stoppable.start()


@pytest.fixture
def own_dsn(own_server: PostgresServer) -> Iterator[str]:
    """A migrated database there, as the application."""
    assert own_server.process is not None
    with copied(make_conninfo(own_server.address, dbname="postgres"), DATABASE) as dsn:
        yield make_conninfo(dsn, user="donghaeng_app")
        if own_server.process.poll() is not None:
            own_server.start()
