"""One backup that all tests of a file read, and an empty place for each."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from store.log import Store
from tests.store.backups.stores_to_back_up import FACTS, backed_up, empty_database, filled
from tests.store.copied_databases import copied
from tests.store.fact_batches import put


@pytest.fixture(scope="module")
def source(cluster: str, template: str) -> Iterator[str]:
    """A store with a few facts, as its owner."""
    with copied(cluster, template) as dsn:
        with Store.open(dsn) as store:
            filled(store)
        yield dsn


@pytest.fixture(scope="module")
def backup(source: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its backup."""
    out = tmp_path_factory.mktemp("backup") / "store.backup"
    backed_up(source, out)
    return out


@pytest.fixture
def empty(cluster: str) -> Iterator[str]:
    with empty_database(cluster) as dsn:
        yield dsn


@pytest.fixture(scope="package")
def long(cluster: str, template: str) -> Iterator[str]:
    """A store with so many facts that it takes a while to write or read them."""
    with copied(cluster, template) as dsn:
        with Store.open(dsn) as store:
            for first in range(1, FACTS, 2_000):
                put(store, first=first, count=2_000)
        yield dsn
