"""The log of readings and refusals, in the database: positions without a hole, and what each entry commits to."""

from __future__ import annotations

import threading

import psycopg
import pytest

from store.accesses import accesses, record_access
from store.log import Store
from store.refused import record_refused
from store.watched import last_watched, load_entries_after, load_own_entries, pruning_of, strays
from tests.store.test_accesses import READ_AT, TWO_YEARS_ON, owner_of, pruning
from tests.store.watched_rows import SYSTEM, reading, refusal

AWKWARD = "따옴표 \" \\ / \t\n\r\b\f\x01\x1f\x7f  😀 <&>'"


def whats(store: Store) -> list[tuple[int, str]]:
    return [(one.position, one.what) for one in load_entries_after(store, 0, 1000)]


def test_readings_and_refusals_stand_in_one_order_without_a_hole(store: Store) -> None:
    record_access(store, reading())
    record_refused(store, [refusal(), refusal(command="task.start")])
    record_access(store, reading())
    assert whats(store) == [(1, "reading"), (2, "refusal"), (3, "refusal"), (4, "reading")]
    assert last_watched(store) == 4


def test_what_is_put_down_only_once_takes_only_one_position(store: Store) -> None:
    for _ in range(3):
        record_refused(store, [refusal(actor=SYSTEM), refusal(actor=SYSTEM, command_id="d" * 32)])
    record_access(store, reading())
    assert whats(store) == [(1, "refusal"), (2, "refusal"), (3, "reading")]


def test_an_entry_commits_to_every_letter_of_its_row(store: Store) -> None:
    record_access(store, reading(purpose=AWKWARD, tasks=("a b", AWKWARD), client=None, exported=True))
    record_access(store, reading(actor=None, authn="none"))
    record_refused(store, [refusal(stream=AWKWARD), refusal(actor=None, command_id=None, machine=AWKWARD)])
    record_refused(store, [refusal(machine=None)])
    entries = load_entries_after(store, 0, 9)
    assert len(entries) == 5
    assert all(one.found == one.row_sha256 for one in entries)


@pytest.mark.parametrize(
    "change", ["purpose = 'x'", "salt = gen_random_uuid()", "at = at - interval '1 us'", "tasks = '{}'"]
)
def test_any_change_of_a_row_shows(store: Store, owner_dsn: str, change: str) -> None:
    record_access(store, reading(tasks=("2024-07",)))
    with psycopg.connect(owner_dsn, autocommit=True) as owner:
        owner.execute("ALTER TABLE donghaeng.accesses DISABLE TRIGGER USER")
        owner.execute(f"UPDATE donghaeng.accesses SET {change}".encode())
    (entry,) = load_entries_after(store, 0, 9)
    assert entry.found != entry.row_sha256


@pytest.mark.parametrize("change", ["machine = NULL", "machine = 'user=lee; host=desk'", "refusal = 'X'"])
def test_any_change_of_a_refusal_shows(store: Store, owner_dsn: str, change: str) -> None:
    record_refused(store, [refusal()])
    with psycopg.connect(owner_dsn, autocommit=True) as owner:
        owner.execute("ALTER TABLE donghaeng.refused DISABLE TRIGGER USER")
        owner.execute(f"UPDATE donghaeng.refused SET {change}".encode())
    (entry,) = load_entries_after(store, 0, 9)
    assert entry.found != entry.row_sha256


def test_two_rows_of_equal_content_have_unlike_sums(store: Store) -> None:
    """Without the salt whoever knows the form could try who it was."""
    record_access(store, reading())
    record_access(store, reading())
    one, other = load_entries_after(store, 0, 9)
    assert one.row_sha256 != other.row_sha256


def test_what_fails_to_be_recorded_leaves_no_hole(store: Store, app_dsn: str) -> None:
    record_access(store, reading())
    with psycopg.connect(app_dsn, autocommit=True) as connection, pytest.raises(psycopg.Error):
        connection.execute(
            "SELECT donghaeng.record_access(NULL,NULL,NULL,NULL,NULL,NULL,'{}','{}','{}',NULL,NULL,NULL,NULL,NULL,NULL)"
        )
    record_access(store, reading())
    assert [position for position, _ in whats(store)] == [1, 2]


def test_side_by_side_nobody_takes_a_position_twice(store: Store) -> None:
    def record() -> None:
        for _ in range(20):
            record_access(store, reading())
            record_refused(store, [refusal(), refusal()])

    threads = [threading.Thread(target=record) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    entries = load_entries_after(store, 0, 1000)
    assert [one.position for one in entries] == list(range(1, 241))
    assert [one.at for one in entries] == sorted(one.at for one in entries)
    assert strays(store) == []


def test_a_pruning_leaves_the_entries_and_says_how_many_up_to_where_by_which_rule(
    simulated_store: Store,
) -> None:
    simulated_store.move_clock(READ_AT)
    record_access(simulated_store, reading())
    record_refused(simulated_store, [refusal()])
    record_access(simulated_store, reading())
    simulated_store.move_clock(TWO_YEARS_ON)
    record_access(simulated_store, reading(purpose="young"))
    simulated_store.append(pruning(READ_AT.date().replace(day=8), 2))
    assert [row.purpose for row in accesses(simulated_store)] == ["young"]
    entries = load_entries_after(simulated_store, 0, 9)
    assert [(one.what, one.found == one.row_sha256) for one in entries] == [
        ("reading", False), ("refusal", True), ("reading", False), ("reading", True), ("pruned", True),
    ]  # fmt: skip
    (said,) = map(pruning_of, load_own_entries(simulated_store))
    assert said is not None
    assert (said.rule, str(said.before), said.count, said.up_to) == ("kept_two_years", "2024-05-08", 2, 3)


def test_a_pruning_without_its_fact_is_said_by_the_log_all_the_same(simulated_store: Store) -> None:
    """The function itself says it, not who calls it; without a fact that is the owner alone (test_every_right.py)."""
    simulated_store.move_clock(READ_AT)
    record_access(simulated_store, reading())
    simulated_store.move_clock(TWO_YEARS_ON)
    with owner_of(simulated_store) as owner:
        owner.execute("SELECT donghaeng.prune_accesses('2024-05-08')")
    assert [what for _, what in whats(simulated_store)] == ["reading", "pruned"]


def test_not_even_the_owner_changes_an_entry(store: Store) -> None:
    record_access(store, reading())
    with owner_of(store) as owner:
        for change in (
            "UPDATE donghaeng.watched SET at = now()",
            "DELETE FROM donghaeng.watched",
            "TRUNCATE donghaeng.watched",
        ):
            with pytest.raises(psycopg.Error, match="never changed"):
                owner.execute(change.encode())


def test_a_row_that_is_put_in_beside_the_log_is_a_stray(store: Store) -> None:
    record_access(store, reading())
    with owner_of(store) as owner:
        owner.execute(
            "INSERT INTO donghaeng.refused (at, known_at, what, via, authn, command, stream, refusal) "
            "VALUES (now(), now(), 'command', 'cli', 'none', 'x', '', 'y')"
        )
    assert strays(store) == [("refusal", 1)]


def test_a_new_store_says_nothing_of_itself(store: Store) -> None:
    assert last_watched(store) == 0


@pytest.mark.parametrize("table", ["accesses", "refused", "watched"])
def test_the_application_deletes_nothing_even_with_the_right_to_until_the_trigger_is_off_too(
    store: Store, owner_dsn: str, app_dsn: str, table: str
) -> None:
    """Two locks, and the control: with both open it is gone."""
    record_access(store, reading())
    record_refused(store, [refusal()])
    delete = f"DELETE FROM donghaeng.{table}".encode()
    with (
        psycopg.connect(owner_dsn, autocommit=True) as owner,
        psycopg.connect(app_dsn, autocommit=True) as application,
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            application.execute(delete)
        owner.execute(f"GRANT DELETE ON donghaeng.{table} TO donghaeng_app".encode())
        with pytest.raises(psycopg.Error, match=r"never changed|kept for two years|permission denied"):
            application.execute(delete)
        owner.execute(f"ALTER TABLE donghaeng.{table} DISABLE TRIGGER USER".encode())
        assert application.execute(delete).rowcount > 0


@pytest.mark.parametrize("hours", [-30, 30])
def test_in_a_real_store_they_are_known_when_they_are_recorded_whatever_its_clock_says(
    store: Store, owner_dsn: str, hours: int
) -> None:
    """A reading cannot be given the date of another day by the row of the clock. In a simulated store it has that date."""
    with psycopg.connect(owner_dsn) as owner:
        owner.execute(
            "UPDATE donghaeng.head SET clock = now() + %(h)s * interval '1 hour', known_at = now() + %(h)s * interval '1 hour'",
            {"h": hours},
        )
    record_access(store, reading())
    record_refused(store, [refusal()])
    entries = load_entries_after(store, 0, 10)
    assert [one.what for one in entries] == ["reading", "refusal"]
    assert [one.known_at for one in entries] == [one.at for one in entries]
    (read,) = accesses(store)
    assert read.known_at == read.at


def test_in_a_simulated_store_they_are_known_by_its_own_clock(simulated_store: Store) -> None:
    """The control."""
    record_access(simulated_store, reading())
    record_refused(simulated_store, [refusal()])
    assert all(one.known_at < one.at for one in load_entries_after(simulated_store, 0, 10))
