"""The three times of a fact, and the clock of a simulated store."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from store.errors import ClockBackwards, NotSimulated
from store.log import Store
from tests.store.facts_of_the_tests import batch, put

SPRING = datetime(2024, 3, 7, 1, 0, tzinfo=UTC)


def test_a_real_store_knows_a_fact_when_it_records_it(store: Store) -> None:
    before = store.now()
    appended = put(store)
    assert before <= appended.known_at == appended.recorded_at <= store.now()
    assert not store.simulated


def test_the_clock_of_a_real_store_cannot_be_moved(store: Store) -> None:
    with pytest.raises(NotSimulated):
        store.move_clock(SPRING)


def test_a_simulated_store_knows_facts_by_its_own_clock_and_records_them_by_the_real_one(
    simulated_store: Store,
) -> None:
    assert simulated_store.simulated
    simulated_store.move_clock(SPRING)
    assert simulated_store.now() == SPRING
    first = put(simulated_store)
    simulated_store.move_clock(SPRING + timedelta(days=1))
    second = put(simulated_store, first=2)
    assert (first.known_at, second.known_at) == (SPRING, SPRING + timedelta(days=1))
    assert first.recorded_at <= second.recorded_at
    assert abs(second.recorded_at - datetime.now(UTC)) < timedelta(hours=1)


def test_a_simulated_clock_is_one_for_all_processes(simulated_store: Store) -> None:
    simulated_store.move_clock(SPRING)
    loaded = simulated_store.load(("task/2024-07",))
    assert loaded.now == simulated_store.head().now == SPRING


def test_a_simulated_clock_is_never_moved_back(simulated_store: Store) -> None:
    simulated_store.move_clock(SPRING)
    simulated_store.move_clock(SPRING)
    with pytest.raises(ClockBackwards):
        simulated_store.move_clock(SPRING - timedelta(microseconds=1))
    assert simulated_store.now() == SPRING


def test_a_fact_without_a_date_of_its_own_took_effect_when_it_became_known(simulated_store: Store) -> None:
    simulated_store.move_clock(SPRING)
    simulated_store.append(batch())
    (fact,) = simulated_store.read("task/2024-07")
    assert fact.effective_at == fact.known_at == SPRING
