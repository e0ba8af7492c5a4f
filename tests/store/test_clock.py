"""The three times of a fact, and the clock of a simulated store."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from store import bulk
from store.errors import ClockBackwards, NotImportable, NotSimulated, TwoTimes
from store.log import Store
from store.recorded import Batch, CommandPart
from tests.store.fact_batches import batch, put

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


def of_two_commands() -> Batch:
    one, two = batch("task/2024-08"), batch("task/2024-09")
    parts = tuple(CommandPart(made.command_id, made.digest, 1) for made in (one, two))
    return Batch(command_id=one.command_id, digest=one.digest, facts=one.facts + two.facts, commands=parts)


def set_clock(owner_dsn: str, statement: str) -> None:
    with psycopg.connect(owner_dsn) as connection:
        connection.execute(statement.encode())


@pytest.mark.parametrize(
    "what", ["clock = '2024-03-07'", "known_at = now() + interval '1 day'", "clock = '2024-03-07', known_at = '2024-03-07'"]
)  # fmt: skip
def test_a_real_store_records_nothing_that_would_be_known_at_another_time(
    store: Store, owner_dsn: str, what: str
) -> None:
    """Neither one fact, nor several, nor those of several commands; and nobody can move that clock."""
    put(store)
    set_clock(owner_dsn, f"UPDATE donghaeng.head SET {what}")
    for given in (batch(first=2), batch(first=2, count=3), of_two_commands()):
        with pytest.raises(TwoTimes) as told:
            store.append(given)
        assert "no simulated store" in told.value.say("en")
        assert "모의 저장소가 아닌데" in told.value.say("ko")
    with pytest.raises(NotSimulated):
        store.move_clock(SPRING)
    assert store.head().position == 1
    set_clock(owner_dsn, "UPDATE donghaeng.head SET clock = NULL, known_at = recorded_at")
    appended = put(store, first=2)
    assert appended.known_at == appended.recorded_at


def test_with_the_function_of_before_the_date_is_the_clocks(store: Store, owner_dsn: str) -> None:
    """The control: it is that function which refuses."""
    with psycopg.connect(owner_dsn) as connection:
        connection.execute(
            "CREATE OR REPLACE FUNCTION donghaeng.one_time(at_recorded timestamptz, at_known timestamptz) "
            "RETURNS void LANGUAGE sql AS ''"
        )
    set_clock(owner_dsn, "UPDATE donghaeng.head SET clock = '2024-03-07'")
    appended = put(store)
    assert appended.known_at < appended.recorded_at


def test_lines_with_two_times_are_not_taken_into_a_real_store_whatever_its_clock_says(
    store: Store, simulated_store: Store, owner_dsn: str
) -> None:
    simulated_store.move_clock(SPRING)
    put(simulated_store)
    lines = list(bulk.export_facts(simulated_store.rows_after(0, 1)))
    set_clock(owner_dsn, "UPDATE donghaeng.head SET clock = '2000-01-01'")
    with pytest.raises(NotImportable):
        store.import_facts(lines)
