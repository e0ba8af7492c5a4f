"""Long logs are read in memory that does not grow with them."""

from __future__ import annotations

import tracemalloc
from collections import deque
from collections.abc import Callable, Iterable, Iterator

import pytest

from store.log import Store
from tests.store.copied_databases import copied
from tests.store.fact_batches import put

CHUNK, SHORT, LONG = 200, 1_000, 8_000


@pytest.fixture(scope="module")
def long_log(cluster: str, template: str) -> Iterator[Store]:
    with copied(cluster, template) as dsn, Store.open(dsn) as store:
        for first in range(1, LONG, 1_000):
            put(store, first=first, count=1_000)
        deque(store.replay(chunk=CHUNK), maxlen=0)  # what is made once is made
        yield store


def most_bytes(work: Callable[[], object]) -> int:
    """The most memory that Python held at once during the work, beyond what it held before."""
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def gone_through(many: Iterable[object]) -> None:
    deque(many, maxlen=0)


def test_replay_takes_no_more_memory_for_a_longer_log(long_log: Store) -> None:
    short = most_bytes(lambda: gone_through(long_log.replay(last=SHORT, chunk=CHUNK)))
    long = most_bytes(lambda: gone_through(long_log.replay(last=LONG, chunk=CHUNK)))
    assert long < 1.3 * short


def test_whoever_keeps_all_facts_takes_more_for_a_longer_log(long_log: Store) -> None:
    """The control."""
    short = most_bytes(lambda: long_log.after(0, SHORT))
    long = most_bytes(lambda: long_log.after(0, LONG))
    assert long > 4 * short


def test_taking_the_log_out_and_in_takes_no_more_memory_for_a_longer_log(
    long_log: Store, cluster: str, template: str
) -> None:
    def lines(last: int) -> Iterator[bytes]:
        for number, line in enumerate(long_log.export_facts(chunk=CHUNK)):
            if number == last:
                return
            yield line

    def taken(last: int) -> int:
        with copied(cluster, template) as dsn, Store.open(dsn) as other:
            return most_bytes(lambda: other.import_facts(lines(last)))

    assert taken(LONG) < 1.3 * taken(SHORT)
