"""eventsourcing's own classes at work on our table."""

from __future__ import annotations

import re
import uuid
from datetime import date
from typing import Any

import psycopg
import pytest
from eventsourcing.persistence import IntegrityError, ProgrammingError, StoredEvent, Tracking
from eventsourcing.postgres import PostgresDatastore, PostgresTrackingRecorder
from psycopg.conninfo import conninfo_to_dict

from domain.access.facts import Pruned
from domain.task.facts import ProgressReported
from store.application import FactApplication
from store.errors import NewerFact, ReadingsMiscounted, Unstorable
from store.log import Store
from store.mapper import encode
from store.recorded import NewFact
from tests.conftest import top
from tests.store.fact_batches import envelope, positions, progress, put


def fact(stream: str = "task/2024-07", version: int = 1) -> NewFact:
    return progress(stream, version, uuid.uuid4().hex)


def test_an_application_saves_through_the_one_function_and_reads_what_it_saved(store: Store) -> None:
    put(store, "task/2024-01", count=2)
    new = fact()
    (recording,) = FactApplication(store=store).save(new)
    assert recording.notification.id == 3
    assert list(FactApplication(store=store).events.get("task/2024-07")) == [new]
    (recorded,) = store.read("task/2024-07")
    assert (recorded.position, recorded.fact, recorded.envelope) == (3, new.fact, new.envelope)
    assert store.outcome(new.envelope.command) is not None


def test_saving_on_a_version_that_is_taken_is_its_own_integrity_error(store: Store) -> None:
    FactApplication(store=store).save(fact())
    with pytest.raises(IntegrityError):
        FactApplication(store=store).save(fact())
    assert positions(store) == [1]


def test_saving_the_same_again_is_known_by_its_command_id(store: Store) -> None:
    new = fact()
    first, again = FactApplication(store=store).save(new), FactApplication(store=store).save(new)
    assert first[0].notification == again[0].notification
    assert positions(store) == [1]


def test_what_takes_something_away_goes_the_way_of_our_own_commands(store: Store) -> None:
    """Nothing is counted there, so that the fact would say what is not so: it came into the log as any other."""
    identity = uuid.uuid4().hex
    untrue = NewFact("access/log", 1, envelope(identity), Pruned(before=date(2020, 1, 1), count=3))
    with pytest.raises(ReadingsMiscounted):
        FactApplication(store=store).save(untrue)
    assert positions(store) == []


def test_the_repository_folds_our_facts(store: Store) -> None:
    put(store, count=3, percent=40)

    def percent(_: Any, facts: Any) -> int:
        return max((fact.fact.percent for fact in facts), default=0)

    assert FactApplication(store=store).repository.get("task/2024-07", projector_func=percent) == 40


def test_the_notification_log_follows_our_table(store: Store) -> None:
    put(store, "task/2024-01", count=8)
    put(store, "task/2024-02", count=8)
    log = FactApplication(store=store).notification_log
    sections = [log["1,10"], log["11,20"]]
    assert [[item.id for item in section.items] for section in sections] == [
        list(range(1, 11)),
        list(range(11, 17)),
    ]
    assert (sections[0].next_id, sections[1].next_id) == ("11,20", None)
    assert store.recorder.max_notification_id() == 16
    first = sections[0].items[0]
    assert (first.originator_id, first.topic) == ("task/2024-01", "task.progress_reported")
    assert store.mapper.to_domain_event(first).fact == ProgressReported(percent=1)  # type: ignore[attr-defined]


def test_the_notification_log_shows_ten_at_a_time_and_the_recorder_as_many_as_are_asked(store: Store) -> None:
    put(store, count=30)
    with pytest.raises(ValueError, match="10"):
        FactApplication(store=store).notification_log.select(1, 11)
    found = store.recorder.select_notifications(5, 20, topics=["task.progress_reported"])
    assert [item.id for item in found] == list(range(5, 25))


class Follower(PostgresTrackingRecorder):
    """A read model as eventsourcing has them: a count and the tracked position, in one transaction."""

    def __init__(self, datastore: PostgresDatastore) -> None:
        super().__init__(datastore)
        self.create_table()
        with self.datastore.transaction(commit=True) as cursor:
            cursor.execute("CREATE TABLE IF NOT EXISTS public.counted (id bigint PRIMARY KEY)")

    def pull(self, store: Store) -> int:
        """Fold what is after the tracked position; how many."""
        tracked = self.max_tracking_id("donghaeng") or 0
        recorder = store.recorder
        new = recorder.select_notifications(tracked, 7, inclusive_of_start=False)
        for notification in new:
            with self.datastore.transaction(commit=True) as cursor:
                self._insert_tracking(cursor, tracking=Tracking("donghaeng", notification.id))
                cursor.execute("INSERT INTO public.counted VALUES (%s)", (notification.id,))
        return len(new)


@pytest.fixture
def follower(owner_dsn: str) -> Any:
    at = conninfo_to_dict(owner_dsn)
    names = ("dbname", "host", "port", "user")
    with PostgresDatastore(*(str(at[name]) for name in names), "") as datastore:
        yield Follower(datastore)


def counted(dsn: str) -> list[int]:
    with psycopg.connect(dsn) as connection:
        return [row[0] for row in connection.execute("SELECT id FROM public.counted ORDER BY 1")]


def test_a_tracking_read_model_follows_our_table_by_pulling_from_its_position(
    store: Store, owner_dsn: str, follower: Follower
) -> None:
    put(store, count=10)
    while follower.pull(store):
        pass
    put(store, first=11, count=5)
    assert (follower.pull(store), follower.pull(store)) == (5, 0)
    assert counted(owner_dsn) == list(range(1, 16))


def test_tracking_accepts_a_gap_so_whoever_does_not_pull_loses_facts(
    store: Store, owner_dsn: str, follower: Follower
) -> None:
    """The control: told of the fifth fact only, a read model that folds just that never sees the four before."""
    put(store, count=5)
    told = store.recorder.select_notifications(5, 1)[0]
    with follower.datastore.transaction(commit=True) as cursor:
        follower._insert_tracking(cursor, tracking=Tracking("donghaeng", told.id))
        cursor.execute("INSERT INTO public.counted VALUES (5)")
    assert follower.pull(store) == 0
    assert counted(owner_dsn) == [5]


def test_a_newer_fact_stops_the_application_too(store: Store) -> None:
    identity = uuid.uuid4().hex
    newer = NewFact("task/2024-07", 1, envelope(identity, schema=9), ProgressReported(percent=1))
    with pytest.raises(Unstorable):
        FactApplication(store=store).save(newer)
    state = encode(newer.envelope, newer.fact)
    store.recorder.insert_events([StoredEvent(newer.stream, newer.version, newer.fact.kind, state)])
    with pytest.raises(NewerFact):
        list(FactApplication(store=store).events.get("task/2024-07"))


def test_the_application_never_creates_a_table(app_dsn: str) -> None:
    with Store.open(app_dsn) as store, store.connection() as connection:
        store.recorder.create_table()  # type: ignore[attr-defined]
        found = connection.execute("SELECT count(*) FROM pg_class WHERE relname LIKE '%stored_event%'")
        assert found.fetchone() == (1,), "only our view"


def test_the_tables_of_eventsourcing_itself_would_need_rights_that_the_application_has_not(
    app_dsn: str,
) -> None:
    """The control."""
    at = conninfo_to_dict(app_dsn)
    names = ("dbname", "host", "port", "user")
    with (
        PostgresDatastore(*(str(at[name]) for name in names), "", schema="donghaeng") as datastore,
        pytest.raises(ProgrammingError),
    ):
        PostgresTrackingRecorder(datastore).create_table()


def test_only_the_recorder_appends() -> None:
    rooms = (room for room in top().iterdir() if (room / "__init__.py").exists() and room.name != "tests")
    sources = {
        path.relative_to(top()).as_posix(): path.read_text() for room in rooms for path in room.rglob("*.py")
    }
    calls = re.compile(r"donghaeng\.append|store\.appending|donghaeng\.\{function\}")
    assert {path for path, text in sources.items() if calls.search(text)} - {"store/appending.py"} == {
        "store/recorder.py"
    }
