"""A store goes into a file and comes out of it as it was."""

from __future__ import annotations

import stat
from pathlib import Path

import psycopg
import pytest

from domain.catalogue import aggregate_of
from projections.runner import project
from projections.views import VIEWS
from store.backups.errors import KeysDiffer, PlaceNotEmpty
from store.log import Store
from store.recorded import fold_state, text_refs
from store.refused import load_refused, record_refused
from tests.projections.counting_view import compare
from tests.store.backups.stores_to_back_up import (
    backed_up,
    contents,
    empty_database,
    filled,
    is_empty,
    restored,
)
from tests.store.fact_batches import put
from tests.store.watched_rows import refusal


def test_a_restored_store_holds_the_same_rows_byte_for_byte(source: str, backup: Path, empty: str) -> None:
    header = restored(empty, backup)
    assert contents(empty) == contents(source)
    assert len(contents(empty)["facts"]) == header.head > 0
    assert len(contents(empty)["texts"]) == 4
    assert len(contents(empty)["attachments"]) == 3, "a file in its pieces"
    assert (len(contents(empty)["refused"]), len(contents(empty)["accesses"])) == (2, 2)


def test_a_change_of_one_row_would_be_seen(source: str, backup: Path, empty: str) -> None:
    """The control of the comparison."""
    restored(empty, backup)
    with psycopg.connect(empty) as connection:
        connection.execute("UPDATE donghaeng.texts SET body = body || ' '")
    assert contents(empty) != contents(source)


def test_states_and_views_fold_to_the_same_and_the_store_goes_on(
    source: str, backup: Path, empty: str
) -> None:
    restored(empty, backup)
    with Store.open(source) as old, Store.open(empty) as new:
        assert (new.id, new.signing_key, new.simulated) == (old.id, old.signing_key, old.simulated)
        for stream in ("task/2024-01", "task/2024-03"):
            states = [fold_state(aggregate_of(stream), store.read(stream)) for store in (old, new)]
            assert states[0] == states[1]
        refs = [ref for one in old.after(0, 100) for ref in text_refs(one)]
        assert [new.text(ref) for ref in refs] == [old.text(ref) for ref in refs]
        for view in VIEWS.values():
            project(new, view)
            assert compare(new, view) == []
        assert put(new, "task/2024-01", first=3).first_position == old.head().position + 1


def test_a_restored_log_is_protected_as_before(backup: Path, empty: str) -> None:
    restored(empty, backup)
    with psycopg.connect(empty) as connection, pytest.raises(psycopg.Error, match="never changed"):
        connection.execute("DELETE FROM donghaeng.facts")
    for table in ("refused", "accesses"):
        with (
            psycopg.connect(empty) as connection,
            pytest.raises(psycopg.Error, match=r"never changed|two years"),
        ):
            connection.execute(f"DELETE FROM donghaeng.{table}".encode())
    with Store.open(empty) as store:
        record_refused(store, [refusal()])
        assert load_refused(store)[0].id > 2, "it goes on counting"


def test_what_is_written_after_the_beginning_is_not_in_the_file(
    owner_dsn: str, store: Store, empty: str, tmp_path: Path
) -> None:
    """The file is one moment of the store, though others go on writing."""
    filled(store)
    before = contents(owner_dsn)

    def meanwhile(done: int, of: int) -> None:
        put(store, f"task/2025-{store.head().position}")

    header = backed_up(owner_dsn, tmp_path / "b", progress=meanwhile)
    assert store.head().position > header.head
    restored(empty, tmp_path / "b")
    assert contents(empty) == before


def test_an_empty_store_is_backed_up_too(owner_dsn: str, empty: str, tmp_path: Path) -> None:
    backed_up(owner_dsn, tmp_path / "b")
    assert restored(empty, tmp_path / "b").head == 0
    assert contents(empty) == contents(owner_dsn)


def test_over_a_living_store_nothing_is_restored(backup: Path, owner_dsn: str, store: Store) -> None:
    put(store)
    before = contents(owner_dsn)
    with pytest.raises(PlaceNotEmpty) as refused:
        restored(owner_dsn, backup)
    assert store.id in refused.value.say("ko")
    assert "with 1 fact." in refused.value.say("en")
    assert contents(owner_dsn) == before


def test_key_files_come_along_closed_to_others(source: str, cluster: str, tmp_path: Path) -> None:
    keys, back = tmp_path / "keys", tmp_path / "back"
    keys.mkdir()
    (keys / "vault.key").write_bytes(b"\x00secret\n")
    backed_up(source, tmp_path / "b")
    for _ in ("missing", "lying there already, as a killed run leaves them"):
        with empty_database(cluster) as empty:
            restored(empty, tmp_path / "b", keys=back)
        assert (back / "vault.key").read_bytes() == b"\x00secret\n"
        assert stat.S_IMODE((back / "vault.key").stat().st_mode) == 0o600
    (back / "vault.key").write_bytes(b"another")
    with empty_database(cluster) as empty:
        with pytest.raises(KeysDiffer):
            restored(empty, tmp_path / "b", keys=back)
        assert is_empty(empty)
    assert (back / "vault.key").read_bytes() == b"another"
