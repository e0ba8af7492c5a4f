"""Any view at any slice is the view's own fold, kept or not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from projections import rows_as_of
from projections.fresh import Fresh, Unfoldable, fold, tally_rows
from projections.inbox import AGENCY_INBOX
from projections.row_packs import pack_rows
from projections.rows_as_of import (
    MOST_SPACED,
    forget_removed,
    is_kept_as_folded,
    keep_spaced,
    list_kept,
    rows_behind,
    rows_of,
)
from projections.runner import project
from projections.slices import AsOf, AsOfMoments, facts_of, resolve_as_of
from projections.tables import encode_rows, read_rows
from projections.task_board import TASK_BOARD, summary
from projections.view import View
from projections.views import VIEWS
from store.errors import NotMigrated
from store.log import Store
from tests.conftest import _copied
from tests.projections.timed_logs import known_at, many, of_every_kind, put

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


def spoil(store: Store, at: AsOf, code: str | None = None) -> None:
    """Put a row that no fact makes into what was kept at that cut: who shows it has not folded the facts."""
    row = next(iter(rows_of(store, TASK_BOARD, at).values()))
    spoiled = pack_rows({"spoiled": row})
    with store.connection() as connection:
        connection.execute(
            "UPDATE views.slices SET rows = %s, code = coalesce(%s, code) WHERE view = 'task_board' AND last = %s "
            "AND effective = coalesce(%s, timestamptz 'infinity')",
            (spoiled, code, at.last, at.effective),
        )


@EVERY_VIEW
def test_at_the_head_it_is_the_view_in_use_byte_for_byte(filled: Store, view: View) -> None:
    project(filled, view)
    rows = rows_of(filled, view, AsOfMoments())
    with filled.connection() as connection:
        live = read_rows(connection, view, list(rows))
        count: Any = connection.execute(f"SELECT count(*) FROM {view.table}".encode()).fetchone()
    assert count[0] == len(rows) > 0
    assert encode_rows(view, list(rows.values())) == encode_rows(view, [live[key] for key in rows])


@EVERY_VIEW
@pytest.mark.parametrize("last", [0, 1, 40, 97])
def test_at_any_position_it_is_a_fresh_fold_to_there(filled: Store, view: View, last: int) -> None:
    fresh = Fresh(filled, view)
    fresh.fold_up_to(last)
    assert rows_of(filled, view, AsOf(last)) == fresh.rows


@EVERY_VIEW
@pytest.mark.parametrize("place", [20, 60, 1000])
def test_as_corrected_since_it_is_the_fold_of_the_facts_in_the_order_in_which_they_were_so(
    filled: Store, view: View, place: int
) -> None:
    for wanted in (
        AsOfMoments(effective=known_at(place)),
        AsOfMoments(as_of=known_at(90), effective=known_at(place) - timedelta(minutes=1)),
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
    wanted = AsOfMoments(as_of, effective)
    assert list(facts_of(filled, wanted)) == facts
    assert rows_of(filled, view, wanted) == fold(view, facts)


def test_the_two_senses_differ_where_something_was_entered_late(filled: Store) -> None:
    moments = [known_at(place) for place in range(20, 100, 10)]
    assert any(
        rows_of(filled, TASK_BOARD, AsOfMoments(as_of=one))
        != rows_of(filled, TASK_BOARD, AsOfMoments(effective=one))
        for one in moments
    )


def test_sums_follow_the_rows(filled: Store) -> None:
    project(filled, TASK_BOARD)
    (tally,) = TASK_BOARD.tallies
    counted = tally_rows(tally, rows_of(filled, TASK_BOARD, AsOfMoments()))
    rows = [(one.year, one.area, one.stage.value) for one in summary(filled, 2024)]
    assert sorted(key for key in counted if key[0] == 2024) == rows


def test_asked_a_second_time_nothing_is_folded(spoilable: Store) -> None:
    for wanted in (AsOfMoments(as_of=known_at(55)), AsOfMoments(effective=known_at(55))):
        first = rows_of(spoilable, TASK_BOARD, wanted)
        spoil(spoilable, resolve_as_of(spoilable, wanted))
        assert list(first) != list(rows_of(spoilable, TASK_BOARD, wanted)) == ["spoiled"]


def test_a_later_slice_goes_on_from_the_nearest_one_that_was_kept(spoilable: Store) -> None:
    for at, later in ((AsOf(50), AsOf(60)), (AsOf(95, known_at(50)), AsOf(95, known_at(60)))):
        rows_of(spoilable, TASK_BOARD, at)
        spoil(spoilable, at)
        assert "spoiled" in rows_of(spoilable, TASK_BOARD, later)


def test_another_program_does_not_take_what_this_one_kept(spoilable: Store) -> None:
    first = rows_of(spoilable, TASK_BOARD, AsOf(44))
    spoil(spoilable, AsOf(44), code="another")
    assert rows_of(spoilable, TASK_BOARD, AsOf(44)) == first


def test_a_store_without_the_table_says_that_it_is_to_be_migrated(store: Store, owner_dsn: str) -> None:
    with psycopg.connect(owner_dsn) as connection:
        connection.execute("DROP TABLE views.slices")
    with pytest.raises(NotMigrated):
        rows_of(store, TASK_BOARD, AsOf(1))


def test_what_is_kept_does_not_grow_for_ever(store: Store) -> None:
    put(store, many(60))
    for last in range(1, 210):
        rows_of(store, TASK_BOARD, AsOf(last))
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
        rows_of(filled, view, AsOf(40))
    assert kept(filled) == before


def spaced(store: Store) -> list[int]:
    with store.connection() as connection:
        rows = connection.execute("SELECT last FROM views.slices WHERE effective = 'infinity' ORDER BY last")
        return [last for (last,) in rows]


def test_a_few_slices_are_kept_before_anybody_asks_and_a_first_question_goes_on_from_there(
    spoilable: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rows_as_of, "_LEAST_SPACE", 10)
    head = spoilable.head().position
    with spoilable.connection() as connection:
        connection.execute("DELETE FROM views.slices")
    for _ in range(2):
        keep_spaced(spoilable, TASK_BOARD)
        every = rows_as_of.spacing(head)
        assert spaced(spoilable) == list(range(every, head + 1, every))
    assert MOST_SPACED / 2 <= len(spaced(spoilable)) <= MOST_SPACED
    spoil(spoilable, AsOf(2 * every))
    assert "spoiled" in rows_of(spoilable, TASK_BOARD, AsOf(3 * every - 1)), (
        "only the facts since were folded"
    )
    assert "spoiled" not in rows_of(spoilable, TASK_BOARD, AsOf(2 * every - 1)), "the control"
    with spoilable.connection() as connection:
        connection.execute("UPDATE views.slices SET code = 'another'")
    keep_spaced(spoilable, TASK_BOARD)
    assert "spoiled" not in rows_of(spoilable, TASK_BOARD, AsOf(2 * every)), "another program's are gone"


def test_what_has_too_many_rows_is_not_folded_again_each_night(
    spoilable: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rows_as_of, "_LEAST_SPACE", 10)
    every = rows_as_of.spacing(spoilable.head().position)
    most = len(rows_of(spoilable, TASK_BOARD, AsOf(2 * every))) - 1
    with spoilable.connection() as connection:
        connection.execute("DELETE FROM views.slices")
    monkeypatch.setattr(rows_as_of, "_MOST_ROWS", most)
    folded: list[int] = []

    def counting(store: Store, view: View, at: AsOf) -> Any:
        folded.append(at.last)
        return rows_of(store, view, at)

    monkeypatch.setattr(rows_as_of, "rows_of", counting)
    keep_spaced(spoilable, TASK_BOARD)
    beyond = folded[-1]
    assert len(rows_of(spoilable, TASK_BOARD, AsOf(beyond))) > most
    assert folded == list(range(every, beyond + 1, every))
    keep_spaced(spoilable, TASK_BOARD)
    assert folded[-1] == beyond
    assert len(folded) == beyond // every, "nothing was folded a second time"
    fresh = Fresh(spoilable, TASK_BOARD)
    fresh.fold_up_to(beyond)
    assert rows_of(spoilable, TASK_BOARD, AsOf(beyond)) == fresh.rows, "what is noted is no slice"
    assert list(rows_behind(spoilable, TASK_BOARD, AsOf(beyond), None)) == [
        fresh.rows[key] for key in sorted(fresh.rows)
    ]
    assert beyond not in [at.last for at in list_kept(spoilable, TASK_BOARD)]
    assert is_kept_as_folded(spoilable, TASK_BOARD, AsOf(beyond))
    with spoilable.connection() as connection:
        connection.execute("DELETE FROM views.slices WHERE rows = ''")
    folded.clear()
    keep_spaced(spoilable, TASK_BOARD)
    assert folded == [beyond], "the control: without the note it is folded again"


def test_of_a_view_that_there_is_no_more_nothing_stays(spoilable: Store) -> None:
    rows_of(spoilable, AGENCY_INBOX, AsOf(40))
    rows_of(spoilable, replace(AGENCY_INBOX, name="removed"), AsOf(40))

    def kept_of() -> list[str]:
        with spoilable.connection() as connection:
            found = connection.execute("SELECT DISTINCT view FROM views.slices ORDER BY view").fetchall()
        return [view for (view,) in found]

    assert kept_of() == ["agency_inbox", "removed"], "the control"
    forget_removed(spoilable, VIEWS)
    assert kept_of() == ["agency_inbox"]


def test_a_slice_that_is_forgotten_between_two_pieces_is_read_on_from_the_facts(
    spoilable: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = AsOf(spoilable.head().position)
    rows = rows_of(spoilable, TASK_BOARD, at)
    assert len(rows) > 3
    whole = [rows[key] for key in sorted(rows)]
    with spoilable.connection() as connection:
        connection.execute("DELETE FROM views.slices")
    monkeypatch.setattr("projections.row_packs._ROWS", 2)
    rows_of(spoilable, TASK_BOARD, at)
    monkeypatch.setattr("projections.row_packs.READ_FIRST", 300)
    for read_before in (0, 1, 2, 3):
        reading = rows_behind(spoilable, TASK_BOARD, at, None)
        found = [next(reading) for _ in range(read_before)]
        with spoilable.connection() as connection:
            connection.execute("DELETE FROM views.slices")
        assert found + list(reading) == whole
    spoil(spoilable, at)
    assert list(rows_behind(spoilable, TASK_BOARD, at, None)) != whole, "the control: what is kept is read"


def test_what_people_ask_for_does_not_push_out_the_spaced_ones_and_has_its_limit_of_disk(
    spoilable: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rows_as_of, "_LEAST_SPACE", 10)
    with spoilable.connection() as connection:
        connection.execute("DELETE FROM views.slices")
    keep_spaced(spoilable, TASK_BOARD)
    before = spaced(spoilable)
    monkeypatch.setattr(rows_as_of, "_KEPT_BYTES", 1)
    for last in (31, 32, 33):
        rows_of(spoilable, TASK_BOARD, AsOf(last))
    assert spaced(spoilable) == sorted([*before, 33]), (
        "the one just asked for is kept, the others are over the limit"
    )
    monkeypatch.setattr(rows_as_of, "spacing", lambda _: 10**9)
    rows_of(spoilable, TASK_BOARD, AsOf(34))
    assert spaced(spoilable) == [34], "the control: those that are not told apart are forgotten"


@given(st.integers(0, 10**9))
def test_the_spaced_ones_are_few_and_those_of_a_shorter_log_are_of_use_to_a_longer_one(head: int) -> None:
    every = rows_as_of.spacing(head)
    assert head // every <= MOST_SPACED
    assert rows_as_of.spacing(2 * head) in (every, 2 * every)
