"""Long logs are backed up and restored in memory that does not grow with them."""

from __future__ import annotations

from pathlib import Path

import pytest

from store.backups.archive import frames
from store.backups.sealing import SealedReader
from store.log import Store
from tests.store.backups.backups_of_the_tests import FACTS, PASSPHRASE, backed_up, empty_database, restored
from tests.store.facts_of_the_tests import put
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
    assert made["long"] < 1.3 * made["short"]
    assert taken["long"] < 1.3 * taken["short"]
    # the control: whoever keeps all of it needs more for a longer log
    assert kept["long"] > 2 * kept["short"]
