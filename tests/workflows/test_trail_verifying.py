"""The database against the sealed trail: whatever its owner does to it, the first event that differs is named."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest

from store.log import Store
from tests.sealed_trails import SealedTrail
from tests.store.fact_batches import put
from trail.errors import NotTrusted
from trail.leaf import leaf_of
from trail.leaves import parse_leaf
from trail.policy import parse_policy
from trail.sources import Folder
from trail.time_bounds import floor_of, read_held_times
from trail.verdict import Verdict
from trail.verifying import Own, check_after
from workflows.trail.beside import BesidePart
from workflows.trail.verifying import verify_all

FACTS = 30


@pytest.fixture
def trail(store: Store, tmp_path: Path) -> SealedTrail:
    """Thirty facts of three tasks in turn, sealed."""
    for number in range(FACTS):
        put(store, f"task/2024-0{number % 3 + 1}", number // 3 + 1, percent=number)
    sealed = SealedTrail(tmp_path / "trail", f"donghaeng/{store.id}")
    sealed.seal(store)
    return sealed


def verdict_of(store: Store, trail: SealedTrail) -> Verdict:
    verdict = Verdict()
    verify_all(Folder(trail.folder), Own(), store, (BesidePart,), verdict, lambda _: None)
    return verdict


def tampered(owner_dsn: str, *statements: str) -> None:
    """As one who has the database: only a superuser gets past the triggers."""
    with psycopg.connect(owner_dsn) as connection:
        connection.execute("SET session_replication_role = replica")
        for statement in statements:
            connection.execute(statement.encode())


def test_a_store_that_nobody_touched_holds_what_was_sealed(store: Store, trail: SealedTrail) -> None:
    put(store, "task/2024-09")
    verdict = verdict_of(store, trail)
    assert verdict.good
    assert any("1 fact after that is not sealed yet" in item.said.en for item in verdict.items)


# a position of 1,000 more is where a row is out of the way for a moment
_SHIFT_UP = (
    "UPDATE donghaeng.facts SET position = position + 1000 WHERE position > {0}",
    "UPDATE donghaeng.facts SET position = position - 999 WHERE position > 1000",
)
_SHIFT_DOWN = (
    "UPDATE donghaeng.facts SET position = position + 1000 WHERE position > {0}",
    "UPDATE donghaeng.facts SET position = position - 1001 WHERE position > 1000",
)


@pytest.mark.parametrize(
    ("statements", "event", "said"),
    [
        (
            ("UPDATE donghaeng.facts SET state = replace(encode(state, 'escape'), '\"percent\":11', '\"percent\":99')::bytea WHERE position = 12",),
            "event 12, task 2024-03: “An officer of gto reported progress of 99%",
            "the log has another content",
        ),
        (("DELETE FROM donghaeng.facts WHERE position = 12",), "event 12 is missing", "task.progress_reported #4"),
        (("DELETE FROM donghaeng.facts WHERE position > 12",), "from event 13 on", "it was cut off"),
        (
            ("DELETE FROM donghaeng.facts WHERE position = 12", *(one.format(12) for one in _SHIFT_DOWN)),
            "event 12, task 2024-01",
            "was removed",
        ),
        (
            (*(one.format(11) for one in _SHIFT_UP),
             "INSERT INTO donghaeng.facts SELECT 12, 'task/2024-09', 1, kind, state, recorded_at, known_at FROM donghaeng.facts WHERE position = 11"),
            "event 12, task 2024-09",
            "it was slipped in",
        ),
        (
            ("UPDATE donghaeng.facts SET position = 1012 WHERE position = 12",
             "UPDATE donghaeng.facts SET position = 12 WHERE position = 20",
             "UPDATE donghaeng.facts SET position = 20 WHERE position = 1012"),
            "event 12, task 2024-02",
            "is at 20 now",
        ),
        (
            ("UPDATE donghaeng.facts SET recorded_at = recorded_at - interval '1 day' WHERE position = 12",),
            "event 12, task 2024-03",
            "has the time",
        ),
        (("UPDATE donghaeng.facts SET state = 'nonsense' WHERE position = 12",), "event 12, task 2024-03: “task.progress_reported”", "another content"),
    ],
)  # fmt: skip
def test_the_first_event_that_differs_is_named(
    store: Store, trail: SealedTrail, owner_dsn: str, statements: tuple[str, ...], event: str, said: str
) -> None:
    tampered(owner_dsn, *statements)
    verdict = verdict_of(store, trail)
    assert not verdict.good
    (failure,) = verdict.failures
    assert failure.where == "store"
    assert event in failure.said.en
    assert said in failure.said.en
    assert "번 기록" in failure.said.ko


def test_the_trail_of_another_store_is_refused(store: Store, tmp_path: Path) -> None:
    put(store)
    other = SealedTrail(tmp_path / "trail", "donghaeng/another")
    other.seal(store)
    assert "another store" in verdict_of(store, other).failures[0].said.en


def test_a_fact_dated_before_what_it_stands_upon_is_refused(store: Store, trail: SealedTrail) -> None:
    """The control: a seal's cosignatures of now are no trouble."""

    note = trail.note(at=int(store.now().timestamp()))
    state = b"{}\n" + json.dumps({"size": trail.size, "note": str(note)}).encode()
    held = read_held_times(trail.log.name, "trail.sealed", state, "event 31")
    assert held is not None
    floor = floor_of(parse_policy(trail.policy()), held, "event 31")
    assert floor is not None
    assert abs(floor - store.now()) < timedelta(minutes=1)
    (row,) = store.rows_after(2, 1)
    check_after(parse_leaf(leaf_of(row), "event 3"), floor, "event 3")
    early = (*row[:4], row[4] - timedelta(hours=1), *row[5:])
    with pytest.raises(NotTrusted):
        check_after(parse_leaf(leaf_of(early), "event 3"), floor, "event 3")
