"""Long logs are backed up and restored in memory that does not grow with them."""

from __future__ import annotations

from pathlib import Path

import pytest

from store.backups.archive import frames
from store.backups.sealing import SealedReader
from store.log import Store
from tests.store.backups.stores_to_back_up import FACTS, PASSPHRASE, backed_up, empty_database, restored
from tests.store.fact_batches import put
from tests.store.test_memory import most_bytes

SHORT = FACTS // 4


@pytest.fixture
def short(owner_dsn: str, store: Store) -> str:
    for first in range(1, SHORT, 2_000):
        put(store, first=first, count=2_000)
    return owner_dsn


def read_whole(file: Path) -> None:
    with file.open("rb") as opened:
        b"".join(
            one
            for one in frames(SealedReader(opened, file).chunks(PASSPHRASE), file)
            if isinstance(one, bytes)
        )


def test_a_longer_log_takes_no_more_memory(cluster: str, short: str, long: str, tmp_path: Path) -> None:
    made, taken, kept = {}, {}, {}
    for name, dsn in (("warm", short), ("short", short), ("long", long)):
        file = tmp_path / name
        with empty_database(cluster) as empty:
            made[name] = most_bytes(lambda: backed_up(dsn, file))  # noqa: B023
            taken[name] = most_bytes(lambda: restored(empty, file))  # noqa: B023
            kept[name] = most_bytes(lambda: read_whole(file))  # noqa: B023
    # Whether a buffer of a megabyte is just full or just empty at the peak differs from log to log, so
    # what is bounded is the growth: a tenth of what those need who keep all of it, and they are the control.
    grown = kept["long"] - kept["short"]
    assert kept["long"] > 2 * kept["short"]
    assert made["long"] - made["short"] < 0.1 * grown
    assert taken["long"] - taken["short"] < 0.1 * grown
