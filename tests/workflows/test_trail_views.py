"""What lists, deadlines, reminders and inboxes show is held against the facts, whatever is done to a row of any view."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import psycopg
import pytest
from msgspec.structs import replace as altered

from domain.trail.facts import Mapped
from projections import compact, rows_as_of, rows_in_use
from projections.inspection.entries import TRAIL_ENTRIES
from projections.row_packs import pack_rows, unpack_rows
from projections.runner import project
from projections.slices import AsOfMoments
from projections.task_board import TASK_BOARD
from projections.views import VIEWS
from store.log import Store
from tests.projections.appended_facts import PROPOSED, append
from tests.projections.counting_view import Counted, name_of
from tests.projections.timed_logs import of_every_kind, put
from tests.sealed_trails import SealedTrail
from tests.workflows.trail_parts import verify_parts
from trail.sources import Folder
from trail.verdict import Verdict
from trail.verifying import Own
from workers.views_apart import _Apart
from workflows.trail.beside import BesidePart
from workflows.trail.completeness import EntriesPart
from workflows.trail.verifying import verify_all
from workflows.trail.views import ViewsPart, compare_views_on, differing_views

TABLES = [
    table for view in compare_views_on() for table in (view.table, *(one.table for one in view.tallies))
]
VIEW_OF = {
    table: view.name
    for view in compare_views_on()
    for table in (view.table, *(one.table for one in view.tallies))
}


@pytest.fixture
def filled(store: Store) -> Store:
    """Facts of every kind, and every view at the log's end."""
    put(
        store, [one for one in of_every_kind() if not isinstance(one[1], Mapped)]
    )  # which is proved by a file
    for view in VIEWS.values():
        project(store, view)
    return store


@pytest.fixture
def tampering(app_dsn: str) -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    """As the application, which writes the rows of views."""
    with psycopg.connect(app_dsn, autocommit=True) as connection:
        yield connection


def failures(store: Store) -> list[str]:
    verdict = Verdict()
    verify_parts(store, (partial(ViewsPart, store),), verdict, lambda _: None)
    return [item.said.en for item in verdict.failures]


def tampered(tampering: psycopg.Connection[tuple[object, ...]], table: str) -> Iterator[str]:
    """One row deleted, one changed, one slipped in; each put back afterwards."""
    one = f"(SELECT ctid FROM {table} ORDER BY {table.removeprefix('views.')}::text LIMIT 1)"
    keeping = f"CREATE TEMP TABLE kept ON COMMIT PRESERVE ROWS AS SELECT * FROM {table}"
    columns = [row[0] for row in tampering.execute(f"SELECT * FROM {table} LIMIT 0").description or ()]
    key = columns[0]
    other = f"({key}::text || '1')::integer" if key == "year" else f"{key} || '-x'"
    rest = ", ".join(columns[1:])
    last = columns[-1]
    for name, statement in {
        "deleted": f"DELETE FROM {table} WHERE ctid = {one}",
        "changed": (
            f"UPDATE {table} SET row = (row::text || ' ')::json WHERE ctid = {one}"
            if "row" in columns
            else f"UPDATE {table} SET {last} = {last} + 1 WHERE ctid = {one}"
        ),
        "slipped in": f"INSERT INTO {table} SELECT {other}, {rest} FROM {table} WHERE ctid = {one}",
    }.items():
        tampering.execute(keeping.encode())
        assert tampering.execute(statement.encode()).rowcount == 1, (table, name)
        yield name
        tampering.execute(f"DELETE FROM {table}".encode())
        tampering.execute(f"INSERT INTO {table} SELECT * FROM kept".encode())
        tampering.execute("DROP TABLE kept")


def test_a_row_that_is_deleted_changed_or_slipped_in_is_named_with_its_view_in_every_table(
    filled: Store, tampering: psycopg.Connection[tuple[object, ...]]
) -> None:
    assert failures(filled) == [], "the control: nobody has touched them"
    for table in TABLES:
        for name in tampered(tampering, table):
            found = failures(filled)
            assert len(found) == 1, (table, name, found)
            assert found[0].startswith(f"the view {VIEW_OF[table]} ({name_of(table)}): the row "), name
            assert list(differing_views(filled, compare_views_on())) == [VIEW_OF[table]]
    assert failures(filled) == []


def test_a_column_that_people_filter_by_is_compared_as_well(
    filled: Store, tampering: psycopg.Connection[tuple[object, ...]]
) -> None:
    tampering.execute(f"UPDATE {TASK_BOARD.table} SET stage = 'rejected' WHERE key = '2024-001'".encode())
    assert failures(filled) == [
        f"the view task_board ({name_of(TASK_BOARD)}): the row “2024-001” is another than the facts make"
    ]


def test_without_the_comparison_nothing_is_found(
    filled: Store, tampering: psycopg.Connection[tuple[object, ...]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: what finds it is the comparison of the rows."""
    monkeypatch.setattr(rows_in_use._OfView, "_compare_all", lambda self: 0)
    for table in TABLES:
        for _ in tampered(tampering, table):
            assert failures(filled) == []


@pytest.mark.parametrize("effective", [False, True], ids=["known", "so"])
def test_a_past_state_that_was_kept_and_changed_is_named(
    filled: Store,
    tampering: psycopg.Connection[tuple[object, ...]],
    monkeypatch: pytest.MonkeyPatch,
    effective: bool,
) -> None:
    at = filled.at([filled.head().position // 2])[0].known_at
    rows_as_of.rows_of(filled, TASK_BOARD, AsOfMoments(effective=at) if effective else AsOfMoments(as_of=at))
    assert failures(filled) == []
    ((last, rows),) = tampering.execute("SELECT last, rows FROM views.slices").fetchall()
    assert isinstance(rows, bytes)
    kept = unpack_rows(rows, TASK_BOARD.row)
    first = min(kept)
    forged = pack_rows(kept | {first: altered(kept[first], progress=kept[first].progress + 1)})
    tampering.execute("UPDATE views.slices SET rows = %s", (forged,))
    said = f"what is kept of the view task_board as it was (up to no. {last}) is another than the facts make"
    assert failures(filled) == [said]
    if not effective:
        monkeypatch.delattr(rows_in_use, "is_kept_as_folded")
        assert failures(filled) == [said], "compared in passing: nothing is folded anew for it"
    monkeypatch.setattr(rows_in_use, "list_kept", lambda *_: [])
    assert failures(filled) == [], "the control: found by comparing what is kept"


def test_the_whole_check_names_every_view_and_up_to_which_fact(
    filled: Store, owner_dsn: str, tmp_path: Path
) -> None:
    trail = SealedTrail(tmp_path / "trail", f"donghaeng/{filled.id}")
    trail.seal(filled)
    size = filled.head().position
    for apart in (False, True):
        verdict = Verdict()
        views = partial(_Apart, owner_dsn) if apart else partial(ViewsPart, filled)
        parts = (BesidePart, partial(EntriesPart, filled, None), views)
        _, holds = verify_all(Folder(trail.folder), Own(), filled, parts, verdict, lambda _: None)
        assert holds
        assert [item.said.en for item in verdict.failures] == []
        (said,) = [item.said.en for item in verdict.items if (item.where, item.holds) == ("views", True)]
        for view in VIEWS.values():
            names = ", ".join((view.name, *(one.name for one in view.tallies)))
            assert (f"{names} (up to event {size:,})" in said) is (view is not TRAIL_ENTRIES)


def test_a_view_that_lags_is_said_to(filled: Store) -> None:
    append(filled, ("task/2024-999", PROPOSED))
    verdict = Verdict()
    verify_parts(filled, (partial(ViewsPart, filled),), verdict, lambda _: None)
    assert verdict.failures == []
    assert "the view task_board does not show the 1 fact after that yet" in [
        item.said.en for item in verdict.items
    ]


def test_rows_that_were_put_aside_are_read_back_as_they_were(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compact, "_AT_HAND", 2)
    rows = compact.Compact(Counted)
    for number in range(20):
        rows[str(number)] = Counted("gto", number, 1)
    assert {key: rows[key].facts for key in rows} == {str(number): number for number in range(20)}
    rows["3"] = Counted("gto", 33, 1)
    assert (rows.pop("3").facts, rows.pop("4").facts, rows.get("3")) == (33, 4, None)
    assert len(rows) == len(list(rows)) == 18
    with pytest.raises(KeyError):
        del rows["4"]
