"""What was set for the database or a role does not get into our sessions."""

from __future__ import annotations

import threading
from typing import Any

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from projections.runner import project
from projections.views import VIEWS
from store import connecting
from store.connecting import connect, session
from store.errors import StoreFault
from store.log import Store
from store.migrate import migrate
from tests.scripts.conftest import ANNOUNCED, Cli, document
from tests.scripts.test_doctor import WITHOUT_PARTS, wrong
from tests.store.fact_batches import batch, put

LEAKING = {
    "default_transaction_isolation": "serializable",
    "default_transaction_read_only": "on",
    "default_transaction_deferrable": "on",
    "DateStyle": "SQL, DMY",
    "TimeZone": "America/Caracas",
    "IntervalStyle": "sql_standard",
    "statement_timeout": "100ms",
    "lock_timeout": "1ms",
    "idle_in_transaction_session_timeout": "1ms",
    "idle_session_timeout": "100ms",
    "search_path": "nowhere",
    "bytea_output": "escape",
    "standard_conforming_strings": "off",
    "client_encoding": "LATIN1",
    "extra_float_digits": "-3",
    "array_nulls": "off",
}
PLAN = ("--start", "2024-03-04", "--end", "2024-12-31", "--budget", "1")


def leak(owner_dsn: str, where: str, settings: dict[str, str]) -> None:
    """Set them for this test's database, or for the application's logins in it."""
    name = conninfo_to_dict(owner_dsn)["dbname"]
    with psycopg.connect(owner_dsn, autocommit=True) as owner:
        for setting, value in settings.items():
            whom = (
                [f"DATABASE {name}"]
                if where == "database"
                else [f"ROLE donghaeng_{role} IN DATABASE {name}" for role in ("app", "vault")]
            )
            for one in whom:
                told = value if setting == "search_path" else f"'{value}'"
                owner.execute(f"ALTER {one} SET {setting} = {told}".encode())


@pytest.mark.parametrize("where", ["database", "role"])
def test_append_commands_views_and_doctor_go_on_whatever_is_set(
    cli: Cli, owner_dsn: str, app_dsn: str, where: str
) -> None:
    leak(owner_dsn, where, LEAKING)
    assert cli("load", str(ANNOUNCED), "--as", "planner").exit_code == 0
    done = cli("task", "propose", "2024-06", "--as", "officer@gto", *PLAN)
    assert done.exit_code == 0, done.output
    with Store.open(app_dsn) as opened:
        put(opened, "task/2024-99")
        for view in VIEWS.values():
            project(opened, view)
    assert document(cli("views", "--json"))["views"]["task_board"]["lag"] == 0
    assert cli("subject", "register", "--name", "홍길동", "--as", "planner").exit_code == 0
    assert wrong(cli) == WITHOUT_PARTS
    migrate(owner_dsn)


@pytest.mark.parametrize("where", ["database", "role"])
@pytest.mark.parametrize("setting", LEAKING)
def test_none_of_them_is_in_a_session_of_ours(owner_dsn: str, app_dsn: str, where: str, setting: str) -> None:
    with connect(app_dsn) as ours, session(owner_dsn) as owners:
        wanted = [shown(one, setting) for one in (ours, owners)]
    leak(owner_dsn, where, {setting: LEAKING[setting]})
    with psycopg.connect(app_dsn, autocommit=True) as plain:
        if setting != "client_encoding":
            assert shown(plain, setting) not in wanted, "the control"
    with connect(app_dsn) as ours, session(owner_dsn) as owners:
        assert [shown(one, setting) for one in (ours, owners)] == wanted


def shown(connection: Any, setting: str) -> str:
    with connection.cursor(binary=False) as cursor:
        row = cursor.execute("SELECT current_setting(%s)", (setting,)).fetchone()
    return str(row[0])


def test_the_control_without_our_settings_an_append_is_refused(
    owner_dsn: str, app_dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connecting, "_SETTINGS", {"timezone": "'UTC'"})
    leak(owner_dsn, "database", {"default_transaction_read_only": "on"})
    with Store.open(app_dsn) as opened, pytest.raises(StoreFault, match="read-only"):
        put(opened)


@pytest.mark.parametrize("protected", [True, False], ids=["ours", "the-control"])
def test_many_writers_fail_of_no_serialization(
    owner_dsn: str, app_dsn: str, monkeypatch: pytest.MonkeyPatch, protected: bool
) -> None:
    if not protected:
        monkeypatch.setattr(connecting, "_SETTINGS", {"timezone": "'UTC'"})
    leak(owner_dsn, "database", {"default_transaction_isolation": "serializable"})
    failed = list[Exception]()

    def write(stream: str) -> None:
        try:
            with Store.open(app_dsn) as own:
                for version in range(1, 41):
                    own.append(batch(stream, version))
        except StoreFault as error:
            failed.append(error)

    threads = [threading.Thread(target=write, args=(f"task/2024-{number}",)) for number in range(10, 14)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert bool(failed) is not protected, failed


def test_a_session_in_which_no_trigger_fires_is_named_by_doctor(loaded: Cli, owner_dsn: str) -> None:
    assert "triggers" not in wrong(loaded), "the control"
    leak(owner_dsn, "database", {"session_replication_role": "replica"})
    assert "triggers" in wrong(loaded)
