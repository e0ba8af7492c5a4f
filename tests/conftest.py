"""The real servers and a migrated database for each test."""

from __future__ import annotations

import itertools
import os
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from projections.schema import statements
from scripts.throwaway import forget_the_disk
from store.log import Store
from store.migrate import migrate
from tests.data_folders import data_folder
from workers.servers import Addresses, running
from workers.servers.place import read_pointer

_numbers = itertools.count(1)

# A shell without job control ignores SIGINT in what it starts in the background, and so would every process that a test
# starts and interrupts.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session", autouse=True)
def nothing_left_outside(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """As root, pytest's own folders are closed to PostgreSQL's user, and a cluster for one of them lies elsewhere."""
    yield
    for pointer in tmp_path_factory.getbasetemp().rglob("*.location"):
        shutil.rmtree(read_pointer(pointer).parent, ignore_errors=True)


@pytest.fixture(scope="session")
def servers() -> Iterator[Addresses]:
    """PostgreSQL and Valkey, started once for all tests."""
    with data_folder() as data, running(data) as addresses:
        forget_the_disk(str(addresses.owner_dsn))
        yield addresses


@pytest.fixture
def data() -> Iterator[Path]:
    """A data folder of the test's own."""
    with data_folder() as folder:
        yield folder


@pytest.fixture(scope="session")
def cluster(servers: Addresses) -> str:
    """The cluster's superuser, on its maintenance database."""
    assert servers.owner_dsn is not None
    return psycopg.conninfo.make_conninfo(servers.owner_dsn, dbname="postgres")


@pytest.fixture(scope="session")
def template(cluster: str) -> str:
    """A migrated database to copy from."""
    return _made(cluster, simulated=False)


@pytest.fixture(scope="session")
def simulated_template(cluster: str) -> str:
    return _made(cluster, simulated=True)


@pytest.fixture
def owner_dsn(cluster: str, template: str) -> Iterator[str]:
    """A database of this test's own, as its owner."""
    yield from _copied(cluster, template)


@pytest.fixture
def app_dsn(owner_dsn: str) -> str:
    """The same as the application's role."""
    return psycopg.conninfo.make_conninfo(owner_dsn, user="donghaeng_app")


@pytest.fixture
def store(app_dsn: str) -> Iterator[Store]:
    with Store.open(app_dsn) as opened:
        yield opened


@pytest.fixture
def other_store(app_dsn: str) -> Iterator[Store]:
    """A second program on the same database."""
    with Store.open(app_dsn) as opened:
        yield opened


@pytest.fixture
def simulated_store(cluster: str, simulated_template: str) -> Iterator[Store]:
    for dsn in _copied(cluster, simulated_template):
        with Store.open(psycopg.conninfo.make_conninfo(dsn, user="donghaeng_app")) as opened:
            yield opened


def _made(cluster: str, *, simulated: bool) -> str:
    name = f"template_{os.getpid()}_{next(_numbers)}"
    with psycopg.connect(cluster, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    migrate(psycopg.conninfo.make_conninfo(cluster, dbname=name), simulated=simulated, views=statements())
    return name


def _copied(cluster: str, template: str) -> Iterator[str]:
    """A copy with a store id of its own; dropped afterwards."""
    name = f"test_{os.getpid()}_{next(_numbers)}"
    with psycopg.connect(cluster, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy".encode())
        dsn = psycopg.conninfo.make_conninfo(cluster, dbname=name)
        with psycopg.connect(dsn, autocommit=True) as copy:
            # only a superuser gets past the trigger that keeps a store's identity
            copy.execute("SET session_replication_role = replica")
            copy.execute("UPDATE donghaeng.store SET id = gen_random_uuid()")
        yield dsn
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


def top() -> Path:
    return Path(__file__).parents[1]
