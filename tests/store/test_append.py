"""What one writer can rely on."""

from __future__ import annotations

import hashlib
import uuid
from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest

from domain.task.facts import ProgressReported
from domain.values import Figure
from store import appending
from store.errors import BatchTooLarge, CommandIdReused, StreamConflict, Unstorable
from store.log import Store
from store.recorded import Batch, NewFact, NewText
from store.texts import TextRead, TextState
from tests.store.fact_batches import batch, envelope, positions, progress, put
from tests.texts_by_hand import reference


def test_facts_are_read_back_as_they_were_appended(store: Store) -> None:
    late = datetime(2024, 3, 7, 5, 0, tzinfo=UTC)
    identity, text = uuid.uuid4().hex, NewText(uuid.uuid4().hex, b"salt", "본문")
    fact = ProgressReported(
        percent=40,
        text=reference(text),
        figures=(Figure(indicator="visitors", value="1200.5"),),
    )
    new = NewFact("task/2024-07", 1, envelope(identity, effective_at=late, ref="관광-12"), fact)
    store.append(Batch(identity, b"", (new,), (text,)))
    (recorded,) = store.read("task/2024-07")
    assert (recorded.position, recorded.version, recorded.kind) == (1, 1, "task.progress_reported")
    assert recorded.fact == fact
    assert recorded.envelope == new.envelope
    assert recorded.effective_at == late
    assert recorded.recorded_at == recorded.known_at
    assert recorded.recorded_at.utcoffset() is not None
    assert store.texts_of([recorded])(fact.text) == TextRead(TextState.COMMITTED, body="본문")


def test_positions_follow_each_other_over_all_streams(store: Store) -> None:
    put(store, "task/2024-01", count=3)
    put(store, "task/2024-02")
    outcome = put(store, "task/2024-01", first=4, count=2)
    assert positions(store) == [1, 2, 3, 4, 5, 6]
    assert (outcome.first_position, outcome.last_position) == (5, 6)
    assert store.head().position == 6


def test_a_refused_batch_uses_up_no_position(store: Store, owner_dsn: str) -> None:
    put(store)
    with pytest.raises(StreamConflict):
        put(store)
    put(store, first=2)
    assert positions(store) == [1, 2]


def test_a_sequence_would_leave_a_hole_where_a_batch_was_refused(owner_dsn: str) -> None:
    """The control: numbers from a sequence are used up by what is rolled back."""
    with psycopg.connect(owner_dsn, autocommit=True) as connection:
        connection.execute("CREATE TABLE naive (id bigserial PRIMARY KEY, version bigint UNIQUE)")
        connection.execute("INSERT INTO naive (version) VALUES (1)")
        with pytest.raises(psycopg.errors.UniqueViolation):
            connection.execute("INSERT INTO naive (version) VALUES (1)")
        connection.execute("INSERT INTO naive (version) VALUES (2)")
        assert connection.execute("SELECT array_agg(id) FROM naive").fetchone() == ([1, 3],)


@pytest.mark.parametrize("first", [1, 2, 4])
def test_a_stream_at_another_version_is_a_conflict_that_names_it(store: Store, first: int) -> None:
    put(store, count=2)
    with pytest.raises(StreamConflict) as caught:
        put(store, first=first)
    assert caught.value.details == {"stream": "task/2024-07", "expected": first - 1, "actual": 2}
    assert positions(store) == [1, 2]


@pytest.mark.parametrize("versions", [(2, 1), (1, 1), (1, 3)])
def test_versions_of_one_batch_must_follow_each_other(store: Store, versions: tuple[int, ...]) -> None:
    identity = uuid.uuid4().hex
    facts = tuple(progress("task/2024-07", version, identity) for version in versions)
    with pytest.raises(StreamConflict):
        store.append(Batch(identity, b"", facts))
    assert positions(store) == []


def test_a_batch_may_go_to_several_streams(store: Store) -> None:
    identity = uuid.uuid4().hex
    names = ("task/2024-01", "task/2024-02", "task/2024-01")
    facts = tuple(progress(name, 1 + names[:at].count(name), identity) for at, name in enumerate(names))
    store.append(Batch(identity, b"", facts))
    assert [fact.position for fact in store.read("task/2024-01")] == [1, 3]


def test_a_stream_that_was_only_looked_at_must_not_have_changed(store: Store) -> None:
    put(store, "programme/2024")
    with pytest.raises(StreamConflict) as caught:
        put(store, "task/2024-07", unchanged=(("agency/gto", 0), ("programme/2024", 0)))
    assert caught.value.details == {"stream": "programme/2024", "expected": 0, "actual": 1}
    put(store, "task/2024-07", unchanged=(("agency/gto", 0), ("programme/2024", 1)))
    assert positions(store) == [1, 2]


def test_a_repeated_command_id_returns_the_first_outcome(store: Store, other_store: Store) -> None:
    one = batch(count=2)
    first, again = store.append(one), other_store.append(one)
    assert (first.repeated, again.repeated) == (False, True)
    assert (again.first_position, again.last_position) == (first.first_position, first.last_position)
    assert (again.recorded_at, again.known_at) == (first.recorded_at, first.known_at)
    assert positions(store) == [1, 2]


def test_a_command_id_used_for_something_else_is_refused(store: Store) -> None:
    identity = uuid.uuid4().hex
    put(store, command_id=identity)
    with pytest.raises(CommandIdReused):
        put(store, first=2, command_id=identity)
    assert positions(store) == [1]


def test_loading_tells_the_outcome_of_a_known_command(store: Store) -> None:
    one = batch()
    assert store.load(("task/2024-07",), one.command_id).known is None
    appended = store.append(one)
    known = store.load(("task/2024-07", "agency/gto"), one.command_id)
    assert known.known is not None
    digest, outcome = known.known
    assert (digest, outcome.last_position) == (one.digest, appended.last_position)
    assert {name: len(facts) for name, facts in known.streams.items()} == {"task/2024-07": 1, "agency/gto": 0}
    assert store.outcome(one.command_id) == known.known
    assert store.outcome(uuid.uuid4().hex) is None


def test_five_thousand_facts_in_one_batch_are_appended_at_once(store: Store) -> None:
    outcome = put(store, count=5000)
    assert (outcome.first_position, outcome.last_position) == (1, 5000)
    assert [len(facts) for facts in store.replay(chunk=2050)] == [*([100] * 20), 50] * 2 + [100] * 9


def test_a_batch_beyond_the_limit_is_refused_by_name(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(appending, "MOST_BYTES", 1000)
    with pytest.raises(BatchTooLarge):
        put(store, count=10)
    assert positions(store) == []


@pytest.mark.parametrize("body", ["\x00", "half \ud800 pair"])
def test_a_text_that_cannot_be_stored_is_refused_and_nothing_is_written(store: Store, body: str) -> None:
    with pytest.raises(Unstorable):
        put(store, texts=(NewText(uuid.uuid4().hex, b"salt", body),))
    assert positions(store) == []


def test_half_a_surrogate_pair_in_a_fact_is_refused_and_nothing_is_written(store: Store) -> None:
    identity = uuid.uuid4().hex
    fact = ProgressReported(percent=1, milestones=("\ud800",))
    with pytest.raises(Unstorable):
        store.append(Batch(identity, b"", (NewFact("task/2024-07", 1, envelope(identity), fact),)))
    assert positions(store) == []


@pytest.mark.parametrize("wrong", [{"percent": 1.5}, {"percent": 1, "text": "not a reference"}])
def test_a_fact_that_could_not_be_read_again_is_refused_and_nothing_is_written(
    store: Store, wrong: dict[str, Any]
) -> None:
    identity = uuid.uuid4().hex
    fact = NewFact("task/2024-07", 1, envelope(identity), ProgressReported(**wrong))
    with pytest.raises(Unstorable, match="Expected"):
        store.append(Batch(identity, b"", (fact,)))
    assert positions(store) == []


@pytest.mark.parametrize("stream", ["task/\x00", "task/\udcff"])
def test_a_name_that_no_database_can_hold_is_refused_on_reading_too(store: Store, stream: str) -> None:
    with pytest.raises(Unstorable):
        store.read(stream)
    with pytest.raises(Unstorable):
        store.load((stream, "agency/gto"))
    with pytest.raises(Unstorable):
        put(store, stream)
    assert positions(store) == []


def test_the_commitment_of_a_text_can_be_checked_from_what_is_stored(store: Store, owner_dsn: str) -> None:
    text, salt, body = uuid.uuid4().hex, b"0123456789abcdef", "사유"
    put(store, texts=(NewText(text, salt, body),))
    with psycopg.connect(owner_dsn) as connection:
        row = connection.execute(
            "SELECT encode(sha256(salt || convert_to(body, 'UTF8')), 'hex') FROM donghaeng.texts"
        )
        assert row.fetchone() == (hashlib.sha256(salt + body.encode()).hexdigest(),)


def test_a_redacted_text_is_gone_and_the_fact_stays(store: Store, owner_dsn: str) -> None:
    text = NewText(uuid.uuid4().hex, b"salt", "비밀")
    put(store, texts=(text,))
    with psycopg.connect(owner_dsn) as connection:
        connection.execute("UPDATE donghaeng.texts SET body = NULL, redacted_at = now()")
    assert store.text(reference(text)).body is None
    assert positions(store) == [1]


@pytest.mark.parametrize("spoiled", ["DEALLOCATE ALL", "DISCARD ALL", "rolled back"])
def test_a_connection_that_has_forgotten_its_statements_learns_them_again(store: Store, spoiled: str) -> None:
    """psycopg itself forgets them all after a rollback."""
    put(store)
    with store.connection() as connection:
        if spoiled != "rolled back":
            connection.execute(spoiled.encode())
        else:
            connection.execute("SELECT 1", prepare=True)
            with pytest.raises(psycopg.errors.DivisionByZero), connection.transaction():
                connection.execute("SELECT 1 / 0")
        used = connection
    put(store, first=2)
    put(store, first=3)
    with store.connection() as connection:
        assert connection is used, "the control: it was the same connection"
    assert positions(store) == [1, 2, 3]
