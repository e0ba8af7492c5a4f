"""Any view at any slice is the view's own fold, kept or not."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import msgspec
import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from projections.as_of import rows_of
from projections.fresh import Fresh, Unfoldable, fold, tallied
from projections.inbox import AGENCY_INBOX
from projections.reading import summary
from projections.runner import project
from projections.slices import Cut, Slice, cut, facts_of
from projections.tables import read_rows, stored
from projections.task_board import TASK_BOARD
from projections.view import View
from projections.views import VIEWS
from store.errors import NotMigrated
from store.log import Store
from tests.conftest import _copied
from tests.projections.logs_of_the_tests import known_at, many, of_every_kind, put

EVERY_VIEW = pytest.mark.parametrize("view", VIEWS.values(), ids=list(VIEWS))


@pytest.fixture(scope="module")
def filled(cluster: str, template: str) -> Iterator[Store]:
    """One store for these tests; what they keep in it is what is tried."""
    for dsn in _copied(cluster, template):
        with Store.open(psycopg.conninfo.make_conninfo(dsn, user="donghaeng_app")) as opened:
            put(opened, of_every_kind())
            yield opened


@pytest.fixture
def spoilable(filled: Store) -> Iterator[Store]:
    yield filled
    with filled.connection() as connection:
        connection.execute("DELETE FROM views.slices")


def kept(store: Store) -> int:
    with store.connection() as connection:
        row: Any = connection.execute("SELECT count(*) FROM views.slices").fetchone()
    return int(row[0])


def spoil(store: Store, at: Cut, code: str | None = None) -> None:
    """Put a row that no fact makes into what was kept at that cut: who shows it has not folded the facts."""
    row = next(iter(rows_of(store, TASK_BOARD, at).values()))
    spoiled = zlib.compress(msgspec.json.encode({"spoiled": row}))
    with store.connection() as connection:
        connection.execute(
            "UPDATE views.slices SET rows = %s, code = coalesce(%s, code) WHERE view = 'task_board' AND last = %s "
            "AND effective = coalesce(%s, timestamptz 'infinity')",
            (spoiled, code, at.last, at.effective),
        )


@EVERY_VIEW
def test_at_the_head_it_is_the_view_in_use_byte_for_byte(filled: Store, view: View) -> None:
    project(filled, view)
    rows = rows_of(filled, view, Slice())
    with filled.connection() as connection:
        live = read_rows(connection, view, list(rows))
        count: Any = connection.execute(f"SELECT count(*) FROM {view.table}".encode()).fetchone()
    assert count[0] == len(rows) > 0
    assert stored(view, list(rows.values())) == stored(view, [live[key] for key in rows])


@EVERY_VIEW
@pytest.mark.parametrize("last", [0, 1, 40, 97])
def test_at_any_position_it_is_a_fresh_fold_to_there(filled: Store, view: View, last: int) -> None:
    fresh = Fresh(filled, view)
    fresh.fold_up_to(last)
    assert rows_of(filled, view, Cut(last)) == fresh.rows


@EVERY_VIEW
@pytest.mark.parametrize("place", [20, 60, 1000])
def test_as_corrected_since_it_is_the_fold_of_the_facts_in_the_order_in_which_they_were_so(
    filled: Store, view: View, place: int
) -> None:
    for wanted in (
        Slice(effective=known_at(place)),
        Slice(as_of=known_at(90), effective=known_at(place) - timedelta(minutes=1)),
    ):
        assert rows_of(filled, view, wanted) == fold(view, facts_of(filled, wanted))


moments = st.builds(
    lambda place, seconds: known_at(place) + timedelta(seconds=seconds),
    st.integers(1, 300),
    st.sampled_from([-60, -1, 0, 1, 4, 5]),
)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    as_of=st.none() | moments, effective=st.none() | moments, view=st.sampled_from([TASK_BOARD, AGENCY_INBOX])
)
def test_whatever_slices_were_asked_for_before_each_is_the_fold_of_its_own_facts(
    filled: Store, as_of: Any, effective: Any, view: View
) -> None:
    whole = filled.after(0, 10_000)
    facts = [one for one in whole if as_of is None or one.known_at < as_of]
    if effective is not None:
        so = [one for one in facts if one.effective_at < effective]
        facts = sorted(so, key=lambda one: (one.effective_at, one.position))
    wanted = Slice(as_of, effective)
    assert list(facts_of(filled, wanted)) == facts
    assert rows_of(filled, view, wanted) == fold(view, facts)


def test_the_two_senses_differ_where_something_was_entered_late(filled: Store) -> None:
    moments = [known_at(place) for place in range(20, 100, 10)]
    assert any(
        rows_of(filled, TASK_BOARD, Slice(as_of=one)) != rows_of(filled, TASK_BOARD, Slice(effective=one))
        for one in moments
    )


def test_sums_follow_the_rows(filled: Store) -> None:
    project(filled, TASK_BOARD)
    (tally,) = TASK_BOARD.tallies
    counted = tallied(tally, rows_of(filled, TASK_BOARD, Slice()))
    rows = [(one.year, one.area, one.stage.value) for one in summary(filled, 2024)]
    assert sorted(key for key in counted if key[0] == 2024) == rows


def test_asked_a_second_time_nothing_is_folded(spoilable: Store) -> None:
    for wanted in (Slice(as_of=known_at(55)), Slice(effective=known_at(55))):
        first = rows_of(spoilable, TASK_BOARD, wanted)
        spoil(spoilable, cut(spoilable, wanted))
        assert list(first) != list(rows_of(spoilable, TASK_BOARD, wanted)) == ["spoiled"]


def test_a_later_slice_goes_on_from_the_nearest_one_that_was_kept(spoilable: Store) -> None:
    for at, later in ((Cut(50), Cut(60)), (Cut(95, known_at(50)), Cut(95, known_at(60)))):
        rows_of(spoilable, TASK_BOARD, at)
        spoil(spoilable, at)
        assert "spoiled" in rows_of(spoilable, TASK_BOARD, later)


def test_another_program_does_not_take_what_this_one_kept(spoilable: Store) -> None:
    first = rows_of(spoilable, TASK_BOARD, Cut(44))
    spoil(spoilable, Cut(44), code="another")
    assert rows_of(spoilable, TASK_BOARD, Cut(44)) == first


def test_a_store_without_the_table_says_that_it_is_to_be_migrated(store: Store, owner_dsn: str) -> None:
    with psycopg.connect(owner_dsn) as connection:
        connection.execute("DROP TABLE views.slices")
    with pytest.raises(NotMigrated):
        rows_of(store, TASK_BOARD, Cut(1))


def test_what_is_kept_does_not_grow_for_ever(store: Store) -> None:
    put(store, many(60))
    for last in range(1, 210):
        rows_of(store, TASK_BOARD, Cut(last))
    assert kept(store) == 200


def test_a_fact_that_cannot_be_folded_is_named_and_nothing_is_kept(filled: Store) -> None:
    def evolve(row: Any, recorded: Any) -> Any:
        if recorded.position == 30:
            raise ValueError("cannot be folded")
        return TASK_BOARD.evolve(row, recorded) if recorded.kind in TASK_BOARD.kinds else row

    view = replace(TASK_BOARD, name="poisoned", evolve=evolve, kinds=frozenset(), keys=lambda _: ("x",))
    view = replace(view, kinds=TASK_BOARD.kinds | {"agency.registered"} | {filled.at([30])[0].kind})
    before = kept(filled)
    with pytest.raises(Unfoldable, match="position 30"):
        rows_of(filled, view, Cut(40))
    assert kept(filled) == before
