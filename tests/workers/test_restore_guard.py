"""A restored store does nothing twice: what was acted on is remembered outside of it, and a person lets it go on."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from domain.epoch.commands import BeginEpoch
from projections.runner import project
from projections.views import VIEWS
from store.envelope import Actor
from store.log import Store
from tests.projections.counting_view import compare
from tests.store.backups.stores_to_back_up import backed_up, empty_database, restored
from tests.store.fact_batches import put
from workers.restore_guard import mark_restored, may_act, remember_epoch, state_of_store
from workers.servers.errors import FolderNotUsable
from workflows.command_envelope import CommandEnvelope
from workflows.command_handler import CommandHandler


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def backup(store: Store, owner_dsn: str, tmp_path: Path) -> Path:
    """The store at its third fact."""
    put(store, count=3)
    backed_up(owner_dsn, tmp_path / "b")
    return tmp_path / "b"


@contextmanager
def from_backup(cluster: str, file: Path) -> Iterator[Store]:
    """The older store in the place of the one that went on."""
    with empty_database(cluster) as dsn:
        restored(dsn, file)
        with Store.open(dsn) as opened:
            yield opened


def accept(store: Store, data: Path) -> None:
    found = state_of_store(store, data)
    command = BeginEpoch(number=found.next_epoch, after=found.position)
    CommandHandler(store, lambda: None).handle(
        CommandEnvelope(command=command, actor=Actor(role="planner"), via="cli")
    )
    remember_epoch(store, data)


def state(store: Store, data: Path) -> str:
    return state_of_store(store, data).state


def test_a_store_that_ends_before_what_was_acted_on_does_nothing_until_a_person_lets_it_go_on(
    store: Store, backup: Path, folder: Path, cluster: str
) -> None:
    put(store, first=4, count=5)
    assert may_act(store, folder)
    with from_backup(cluster, backup) as older:
        found = state_of_store(older, folder)
        assert (found.state, found.position, found.acted_on) == ("restored", 3, 8)
        assert not may_act(older, folder)
        for view in VIEWS.values():
            project(older, view)
            assert compare(older, view) == []
        accept(older, folder)
        assert may_act(older, folder)
        put(older, first=4)
        assert may_act(older, folder)
        found = state_of_store(older, folder)
        assert (found.state, found.epoch, found.position, found.acted_on) == ("current", 2, 5, 5)


def test_without_what_was_remembered_nobody_would_notice(
    store: Store, backup: Path, folder: Path, cluster: str, tmp_path: Path
) -> None:
    """The control: it is the file that tells, and nothing else."""
    put(store, first=4, count=5)
    assert may_act(store, folder)
    with from_backup(cluster, backup) as older:
        assert may_act(older, tmp_path / "another machine")
        assert not may_act(older, folder)


def test_a_restored_store_that_has_overtaken_the_old_one_is_noticed_by_another_fact_at_its_place(
    store: Store, backup: Path, folder: Path, cluster: str
) -> None:
    put(store, first=4, count=2)
    assert may_act(store, folder)
    with from_backup(cluster, backup) as older:
        put(older, first=4, count=9)
        assert state_of_store(older, folder).position > 5
        assert not may_act(older, folder)


def test_a_store_restored_to_where_it_was_goes_on(
    store: Store, backup: Path, folder: Path, cluster: str
) -> None:
    """Nothing was acted on that it does not know."""
    assert may_act(store, folder)
    with from_backup(cluster, backup) as same:
        assert may_act(same, folder)


def test_who_restores_is_asked_even_where_nothing_was_acted_on(
    backup: Path, folder: Path, cluster: str
) -> None:
    """The machine that acted, and its folder, may be gone with the store."""
    with from_backup(cluster, backup) as older:
        mark_restored(folder, older.id)
        assert not may_act(older, folder)
        mark_restored(folder, older.id, 1)
        assert not may_act(older, folder)
        accept(older, folder)
        assert may_act(older, folder)


def test_what_was_accepted_on_one_machine_holds_on_the_others(
    store: Store, backup: Path, folder: Path, cluster: str, tmp_path: Path
) -> None:
    other, third = tmp_path / "other", tmp_path / "third"
    put(store, first=4, count=5)
    assert may_act(store, folder)
    assert may_act(store, other)
    with from_backup(cluster, backup) as older:
        mark_restored(third, older.id, 1)
        assert [state(older, one) for one in (folder, other, third)] == ["restored"] * 3
        accept(older, folder)
        assert [state(older, one) for one in (folder, other, third)] == ["current"] * 3
        assert may_act(older, other)
        assert state_of_store(older, other).acted_on == 4


def test_a_second_restore_from_before_the_first_is_noticed_and_counted_on(
    store: Store, backup: Path, folder: Path, cluster: str
) -> None:
    put(store, first=4, count=5)
    assert may_act(store, folder)
    with from_backup(cluster, backup) as first:
        accept(first, folder)
    with from_backup(cluster, backup) as second:
        assert state_of_store(second, folder).epoch == 1
        assert not may_act(second, folder)
        accept(second, folder)
        assert state_of_store(second, folder).epoch == 3
        assert may_act(second, folder)


@pytest.mark.parametrize("content", [b"", b"{", b"null", b'{"epoch": "1"}'])
def test_what_cannot_be_read_is_a_persons_to_look_at(store: Store, folder: Path, content: bytes) -> None:
    put(store)
    assert may_act(store, folder)
    (folder / "acted-on" / store.id).write_bytes(content)
    assert not may_act(store, folder)
    accept(store, folder)
    assert may_act(store, folder)


def test_many_at_once_never_fall_behind(store: Store, folder: Path) -> None:
    def work(stream: int) -> None:
        for version in range(1, 11):
            put(store, f"task/2024-{stream:02}", first=version)
            assert may_act(store, folder)
            assert state_of_store(store, folder).acted_on >= version  # type: ignore[operator]

    threads = [threading.Thread(target=work, args=(number,)) for number in range(1, 5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert state_of_store(store, folder).acted_on == 40


def test_who_cannot_remember_does_not_act(store: Store, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(FolderNotUsable):
        may_act(store, tmp_path / "file")
