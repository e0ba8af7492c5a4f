"""The access log, in the database: who read what, kept for two years."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from domain.access.facts import Pruned
from store.accesses import accesses, accesses_before, record_access
from store.errors import ReadingsKept, ReadingsMiscounted
from store.log import Store
from store.recorded import Batch, NewFact
from tests.store.fact_batches import envelope, positions
from tests.store.watched_rows import OFFICER, PLANNER, SUBJECT, reading

READ_AT = datetime(2024, 5, 7, 3, tzinfo=UTC)
TWO_YEARS_ON = datetime(2026, 5, 8, tzinfo=UTC)


def owner_of(store: Store) -> psycopg.Connection[tuple[object, ...]]:
    with store.connection() as connection:
        info = connection.info
        dsn = make_conninfo(host=info.host, port=info.port, dbname=info.dbname, user="donghaeng_owner")
    return psycopg.connect(dsn, autocommit=True)


def test_a_reading_is_kept_with_who_whose_what_for_and_from_where(store: Store) -> None:
    record_access(store, reading(client="192.0.2.7", exported=True))
    (row,) = accesses(store)
    assert (row.actor, row.authn, row.reading) == (PLANNER, "asserted", "subject.show")
    assert (row.subjects, row.tasks, row.agencies) == ((SUBJECT,), (), ())
    assert (row.purpose, row.host, row.os_user, row.client) == ("연락처 확인", "desk", "kim", "192.0.2.7")
    assert row.exported


def test_readings_are_found_by_reader_by_whose_they_are_and_by_time(store: Store) -> None:
    record_access(store, reading())
    record_access(store, reading(actor=OFFICER, reading="task.show", subjects=(), tasks=("2024-07",)))
    record_access(store, reading(actor=None, authn="none", agencies=("gto", "gjcf"), subjects=()))
    assert [row.actor for row in accesses(store)] == [None, OFFICER, PLANNER]
    assert [row.actor for row in accesses(store, actor=OFFICER)] == [OFFICER]
    assert [row.actor for row in accesses(store, unnamed=True)] == [None]
    for about, reader in ((SUBJECT, PLANNER), ("2024-07", OFFICER), ("gjcf", None)):
        assert [row.actor for row in accesses(store, about=about)] == [reader]
    assert len(accesses(store, most=2)) == 2
    assert accesses(store, until=READ_AT) == []
    assert len(accesses(store, since=READ_AT)) == 3


def test_what_is_not_two_years_old_nobody_deletes_and_then_the_owner_may(simulated_store: Store) -> None:
    simulated_store.move_clock(READ_AT)
    record_access(simulated_store, reading())
    with owner_of(simulated_store) as owner:
        for attempt in (
            "DELETE FROM donghaeng.accesses",
            "SELECT donghaeng.prune_accesses('2024-05-08')",
        ):
            with pytest.raises(psycopg.Error, match="kept for two years") as refused:
                owner.execute(attempt.encode())
            assert refused.value.sqlstate == "DH008"
        assert accesses_before(simulated_store, date(2024, 5, 7)) == 0
        assert accesses_before(simulated_store, date(2024, 5, 8)) == 1
        simulated_store.move_clock(TWO_YEARS_ON)
        assert owner.execute("SELECT donghaeng.prune_accesses('2024-05-07')").fetchone() == (0,)
        assert owner.execute("SELECT donghaeng.prune_accesses('2024-05-08')").fetchone() == (1,)
    assert accesses(simulated_store) == []


def pruning(before: date, count: int) -> Batch:
    identity = uuid.uuid4().hex
    fact = NewFact("access/log", 1, envelope(identity), Pruned(before=before, count=count))
    return Batch(identity, b"digest", (fact,))


def test_the_fact_and_the_removal_stand_or_fall_together(simulated_store: Store) -> None:
    simulated_store.move_clock(READ_AT)
    record_access(simulated_store, reading())
    with pytest.raises(ReadingsKept):
        simulated_store.append(pruning(date(2024, 5, 8), 1))
    simulated_store.move_clock(TWO_YEARS_ON)
    with pytest.raises(ReadingsMiscounted):
        simulated_store.append(pruning(date(2024, 5, 8), 2))
    assert (positions(simulated_store), len(accesses(simulated_store))) == ([], 1)
    batch = pruning(date(2024, 5, 8), 1)
    assert not simulated_store.append(batch).repeated
    assert (positions(simulated_store), accesses(simulated_store)) == ([1], [])
    assert simulated_store.append(batch).repeated, "asked again, as after a lost reply"


def test_without_the_trigger_the_owner_could(store: Store, owner_dsn: str) -> None:
    """The control."""
    record_access(store, reading())
    with psycopg.connect(owner_dsn, autocommit=True) as owner:
        owner.execute("ALTER TABLE donghaeng.accesses DISABLE TRIGGER USER")
        owner.execute("DELETE FROM donghaeng.accesses")
    assert accesses(store) == []
