"""What inspectors look up in the entries is held against the facts, whatever the application's role does to the rows."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
import psycopg
import pytest
from msgspec.structs import replace
from psycopg import errors

from domain.task import facts
from domain.view.commands import SkipFact
from projections.inspection import entries
from projections.inspection.completeness import Compared, EntriesDiffer, check_page, compare
from projections.inspection.entries import TRAIL_ENTRIES
from projections.inspection.searching import Filters, positions_of
from projections.inspection.unlike import Fault
from projections.marks import mark_of, marking
from projections.rebuilding.rebuild import rebuild_view
from projections.runner import project
from store.connecting import OWNER_ROLE, Connection, connect
from store.envelope import Actor
from store.log import Store
from store.recorded import Batch, NewFact
from tests.projections.appended_facts import PROPOSED, append, envelope, lives
from tests.projections.timed_logs import of_every_kind, put
from tests.workflows.trail_parts import verify_parts
from trail.verdict import Verdict
from workflows.command_envelope import CommandEnvelope
from workflows.command_handler import CommandHandler
from workflows.trail.completeness import EntriesPart, compare_entries
from workflows.trail.exporting import export
from workflows.trail.findings import findings
from workflows.trail.packs import Asked, gather_events
from workflows.trail.reading import page, streams_of

TASK, TABLE = "2024-777", TRAIL_ENTRIES.table
COLUMNS = ", ".join(TRAIL_ENTRIES.columns)


@pytest.fixture
def owner(owner_dsn: str) -> Iterator[Connection]:
    connection = connect(owner_dsn, role=OWNER_ROLE)
    yield connection
    connection.close()


@pytest.fixture
def approved(store: Store) -> int:
    """Some lives, and in the middle a task that was approved on behalf of the head; the position of the approval."""
    told = list(lives(6, random.Random(1)))
    append(store, *told[: len(told) // 2], (f"task/{TASK}", PROPOSED))
    said = replace(
        envelope(), actor=Actor(role="officer", agency="gto"), on_behalf_of=Actor(role="head", agency="gto")
    )
    one = NewFact(f"task/{TASK}", 2, said, facts.Approved())
    position = store.append(Batch(command_id=said.command, digest=b"test", facts=(one,))).last_position
    append(store, *told[len(told) // 2 :])
    project(store, TRAIL_ENTRIES)
    return position


def tampered(app_dsn: str, statement: str) -> None:
    """As the application, which writes the rows of views."""
    with psycopg.connect(app_dsn) as connection:
        assert connection.execute(statement.encode()).rowcount > 0


def columns_of(names: dict[str, str]) -> str:
    return ", ".join(names.get(name, name) for name in TRAIL_ENTRIES.columns)


TAMPERED = {
    "a deleted row": (f"DELETE FROM {TABLE} WHERE position = {{at}}", Fault.MISSING, "at"),
    "a changed role": (f"UPDATE {TABLE} SET role = 'system' WHERE position = {{at}}", Fault.CHANGED, "at"),
    "a changed kind": (
        f"UPDATE {TABLE} SET kind = 'task.resumed' WHERE position = {{at}}",
        Fault.CHANGED,
        "at",
    ),
    "a changed task": (f"UPDATE {TABLE} SET task = '2024-001' WHERE position = {{at}}", Fault.CHANGED, "at"),
    "a changed row as JSON": (f"UPDATE {TABLE} SET row = '{{{{}}}}' WHERE position = {{at}}", Fault.CHANGED, "at"),
    "a row out of reach": (f"UPDATE {TABLE} SET position = NULL WHERE position = {{at}}", Fault.MISSING, "at"),
    "an added row": (
        f"INSERT INTO {TABLE} (key, row, {COLUMNS}) SELECT 'more', row, {COLUMNS} FROM {TABLE} WHERE position = {{at}}",
        Fault.ADDED,
        "at",
    ),
    "an added row of no fact": (
        (
            f"INSERT INTO {TABLE} (key, row, {COLUMNS}) SELECT '9999', row, {columns_of({'position': '9999'})} "
            f"FROM {TABLE} WHERE position = {{at}}"
        ),
        Fault.ADDED,
        "beyond",
    ),
    "two rows' contents swapped": (
        (
            f"UPDATE {TABLE} one SET (row, {COLUMNS}) = (SELECT row, {columns_of({'position': 'one.position'})} FROM {TABLE} "
            f"other WHERE other.position = {{at}} + 1 - (one.position - {{at}})) WHERE position IN ({{at}}, {{at}} + 1)"
        ),
        Fault.CHANGED,
        "at",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("statement", "fault", "where"), TAMPERED.values(), ids=TAMPERED)
def test_whatever_is_done_to_a_row_is_named_a_search_says_so_and_no_export_finding_or_pack_is_made_of_it(
    store: Store, app_dsn: str, owner: Connection, approved: int, tmp_path: Path, statement: str, fault: Fault, where: str
) -> None:  # fmt: skip
    size = store.head().position
    assert compare_entries(store, owner).difference is None, "the control: nobody has touched it"
    tampered(app_dsn, statement.format(at=approved))

    if where == "at":
        complete = page(store, Filters(task="2024-003"), "en").complete
        assert (complete.up_to, complete.changed_from) == (approved - 1, approved)
        assert complete.warning is not None
        assert f"no. {approved}" in complete.warning.en

    found = compare(store).difference
    assert found is not None
    assert (found.fault, found.position) == (fault, approved if where == "at" else 9999)
    assert str(found.position) in found.words.ko
    assert str(found.position) in found.words.en

    verdict = Verdict()
    verify_parts(store, (partial(EntriesPart, store, owner),), verdict, lambda _: None)
    assert [item.where for item in verdict.failures] == ["entries"]
    assert mark_of(owner, TRAIL_ENTRIES).position == (approved - 1 if where == "at" else size)
    if where == "beyond":
        return  # no reading of what was recorded looks there
    readings: list[Callable[[], object]] = [
        lambda: export(store, Filters(), "jsonl", tmp_path / "out", "ko"),
        lambda: findings(store, "ko", filters=Filters(), only_open=False, limit=10),
        lambda: gather_events(store, Asked(task=TASK), size),
    ]
    for reading in readings:
        with pytest.raises(EntriesDiffer):
            reading()
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("name", ["a deleted row", "a changed role", "a changed kind", "a changed task"])
def test_the_control_without_the_comparison_what_is_looked_up_leaves_the_approval_out(
    store: Store, app_dsn: str, approved: int, name: str
) -> None:
    asked = Filters(task=TASK, role="officer", kinds=("task.approved",))
    assert positions_of(store, asked, None, 10) == [approved]
    tampered(app_dsn, TAMPERED[name][0].format(at=approved))
    assert positions_of(store, asked, None, 10) == []


def test_what_was_compared_is_read_whole_and_said_to_be_complete(
    store: Store, approved: int, owner: Connection, tmp_path: Path
) -> None:
    size = store.head().position
    assert page(store, Filters(), "ko").complete.up_to == 0, "nothing was compared yet"
    verdict = Verdict()
    verify_parts(store, (partial(EntriesPart, store, owner),), verdict, lambda _: None)
    assert [item.holds for item in verdict.items] == [True]
    found = page(store, Filters(task=TASK), "ko")
    assert (found.entries[0].position, found.matches) == (approved, 2)
    assert (found.complete.up_to, found.complete.by, found.complete.warning) == (size, "mark", None)
    assert f"{size}번 기록까지 빠짐없음" in found.complete.words.ko
    assert not found.complete.by_letters, "the control"
    asked = Filters(text="예산")
    assert "an index of letters that no check reads" in page(store, asked, "en").complete.words.en
    compared = page(store, asked, "en", compared=compare(store)).complete
    assert not compared.by_letters, "every text was looked at"
    exported = export(store, Filters(), "jsonl", tmp_path / "out", "ko", checkpoint="as sealed")
    assert (exported.entries, exported.complete.up_to, exported.complete.by) == (size, size, "facts")
    about = msgspec.json.decode((tmp_path / "out.about.json").read_bytes())
    assert about["sha256"] == hashlib.sha256((tmp_path / "out").read_bytes()).hexdigest()
    assert (about["entries"], about["criteria"], about["checkpoint"]) == (size, {}, "as sealed")
    listed = findings(store, "ko", rules=("on_behalf",), filters=Filters(), only_open=False, limit=10)
    assert (listed.counts, listed.complete.up_to) == ({"on_behalf": 1}, size)
    assert [event.row[0] for event in gather_events(store, Asked(task=TASK), size)] == [
        approved - 1,
        approved,
    ]
    append(store, (f"task/{TASK}", facts.Suspended()))
    project(store, TRAIL_ENTRIES)
    after = page(store, Filters(), "ko").complete
    assert (after.up_to, after.head) == (size, size + 1)
    assert "the 1 fact after that was not" in after.words.en


def test_the_control_without_triggers_a_search_would_call_itself_complete(
    store: Store, app_dsn: str, owner: Connection, approved: int
) -> None:
    compare_entries(store, owner)
    owner.execute(f"ALTER TABLE {TABLE} DISABLE TRIGGER USER".encode())
    tampered(app_dsn, TAMPERED["a deleted row"][0].format(at=approved))
    assert page(store, Filters(task=TASK), "en").complete.up_to == store.head().position
    assert compare(store).difference is not None, "which only comparing them all finds"


def test_a_row_that_was_changed_is_not_shown(store: Store, app_dsn: str, approved: int) -> None:
    tampered(app_dsn, f"UPDATE {TABLE} SET rule = 'remind' WHERE position = {approved}")
    with pytest.raises(EntriesDiffer, match="rule is “remind”"):
        page(store, Filters(rules=("remind",)), "en")
    assert positions_of(store, Filters(rules=("remind",)), None, 9) == [approved], (
        "the control: it is looked up"
    )


MARKS = [
    "UPDATE donghaeng.compared SET position = 9999",
    "DELETE FROM donghaeng.compared",
    "INSERT INTO donghaeng.compared (view, version) VALUES ('x', 1)",
    "TRUNCATE donghaeng.compared",
    f"ALTER TABLE {TABLE} DISABLE TRIGGER ALL",
    f"DROP TRIGGER take_mark_back_delete ON {TABLE}",
    f"TRUNCATE {TABLE}",
    "CREATE OR REPLACE FUNCTION donghaeng.take_mark_back() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN END'",
]


def test_the_applications_role_sets_no_mark(
    store: Store, app_dsn: str, owner: Connection, approved: int
) -> None:
    compare_entries(store, owner)
    for statement in MARKS:
        with psycopg.connect(app_dsn) as connection, pytest.raises(errors.InsufficientPrivilege):
            connection.execute(statement.encode())
    for statement in MARKS:
        owner.execute(statement.encode())  # the control: its owner does


def test_a_transaction_that_began_before_the_mark_cannot_pass_it_by(
    store: Store, app_dsn: str, owner: Connection, approved: int
) -> None:
    with psycopg.connect(app_dsn) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.execute("SELECT FROM donghaeng.compared")
        compare_entries(store, owner)
        with pytest.raises(errors.RaiseException, match="read committed"):
            connection.execute(f"DELETE FROM {TABLE} WHERE position = {approved}".encode())


def test_what_is_changed_while_it_is_compared_does_not_count_as_compared(
    store: Store, app_dsn: str, owner: Connection, approved: int
) -> None:
    with marking(owner, TRAIL_ENTRIES) as mark:
        found = compare(store)
        tampered(app_dsn, TAMPERED["a deleted row"][0].format(at=approved))
        mark.good = found.up_to
    assert mark_of(owner, TRAIL_ENTRIES).position == approved - 1
    assert compare(store).difference is not None


def test_what_later_entries_are_folded_on_is_compared_too(
    store: Store, app_dsn: str, owner: Connection, approved: int
) -> None:
    tampered(app_dsn, f"UPDATE {TABLE} SET agency = 'other' WHERE key = 'task/{TASK}'")
    found = compare_entries(store, owner).difference
    assert found is not None
    assert (found.key, found.field, found.live, found.fresh) == (f"task/{TASK}", "agency", "other", "gto")
    assert mark_of(owner, TRAIL_ENTRIES).position == 0
    tampered(app_dsn, f"DELETE FROM {TABLE} WHERE key = 'task/{TASK}'")
    found = compare(store).difference
    assert found is not None
    assert (found.key, found.fault) == (f"task/{TASK}", Fault.MISSING)


def test_a_view_that_lags_is_said_to_and_one_put_back_is_found_out(
    store: Store, app_dsn: str, owner: Connection, approved: int
) -> None:
    append(store, (f"task/{TASK}", facts.Suspended()))
    verdict = Verdict()
    verify_parts(store, (partial(EntriesPart, store, owner),), verdict, lambda _: None)
    assert not verdict.failures
    assert any("the 1 fact after that cannot be found yet" in item.said.en for item in verdict.items)
    tampered(app_dsn, f"UPDATE views.positions SET position = {approved} WHERE view = 'trail_entries'")
    found: Any = compare(store).difference
    assert (found.fault, found.position) == (Fault.ADDED, approved + 1)


def test_rows_that_were_made_anew_have_not_been_compared(
    store: Store, app_dsn: str, owner: Connection, approved: int
) -> None:
    compare_entries(store, owner)
    rebuild_view(store, owner, TRAIL_ENTRIES, lambda certificate, identity: None)
    assert mark_of(owner, TRAIL_ENTRIES).position == 0
    compare_entries(store, owner)
    tampered(app_dsn, TAMPERED["a deleted row"][0].format(at=approved))
    assert mark_of(owner, TRAIL_ENTRIES).position == approved - 1, "the new table has the triggers"


def test_facts_of_every_kind_are_compared_and_shown_as_their_facts_make_them(store: Store) -> None:
    put(store, of_every_kind())
    project(store, TRAIL_ENTRIES)
    size = store.head().position
    assert compare(store) == Compared(size)
    known = store.after(0, size)
    check_page(store, [one.position for one in known], known, streams_of(store, known))


def test_a_fact_that_the_view_may_pass_over_is_no_difference_and_is_said(
    store: Store, owner: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    append(store, *lives(3, random.Random(2)))
    last, made = store.head().position, entries.entry

    def poison(before: Any, after: Any, recorded: Any) -> Any:
        return 1 / 0 if recorded.position == last else made(before, after, recorded)

    monkeypatch.setattr(entries, "entry", poison)
    project(store, TRAIL_ENTRIES)
    order = CommandEnvelope(
        command=SkipFact(view="trail_entries", position=last),
        actor=Actor(role="planner"),
        via="cli",
        reason="!",
    )
    CommandHandler(store, lambda: None).handle(order)
    project(store, TRAIL_ENTRIES)
    size = store.head().position
    assert compare(store) == Compared(size)
    monkeypatch.undo()
    assert compare(store) == Compared(size), "which could be folded now, and comes with a rebuild"
    verdict = Verdict()
    verify_parts(store, (partial(EntriesPart, store, owner),), verdict, lambda _: None)
    assert not verdict.failures
    assert any(f"pass over them: no. {last}" in item.said.en for item in verdict.items)
    assert f"{last}번" in page(store, Filters(kinds=("view.fact_skipped",)), "ko").complete.words.ko
