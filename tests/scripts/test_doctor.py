"""`doctor`: green where all is well, and each fault by its name."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest

from domain.task.facts import Started
from projections.runner import project
from projections.views import VIEWS
from store.envelope import Actor, Envelope
from store.log import Store
from store.recorded import Batch, NewFact
from tests.scripts.conftest import Cli, document
from tests.scripts.test_running import left_behind, ran, started, until
from tests.workers.killable_valkey import Refusing, own_valkey
from workers.doctor import engine as doctor
from workers.doctor import times
from workers.servers import running


def findings(cli: Cli) -> dict[str, dict[str, Any]]:
    return {one["check"]: one for one in document(cli("doctor", "--json"))["findings"]}


def wrong(cli: Cli) -> set[str]:
    return {name for name, one in findings(cli).items() if one["state"] == "wrong"}


WITHOUT_PARTS = {f"part {part}" for part in ("worker projections", "worker post", "ticker")}


@pytest.mark.slow
@pytest.mark.timeout(
    300
)  # a part that stands still is missed after a while, and each look is a program's start
def test_it_is_green_on_a_running_up_and_names_what_was_stopped(tmp_path: Path) -> None:
    data = tmp_path / "var"
    up = started(data, "up", "--json")
    try:
        assert until((data / "up.lock").exists)
        assert until(lambda: ran_doctor(data)["well"]), ran_doctor(data)
        worker = next(pid for pid, words in processes(data) if "worker projections" in words)
        os.kill(worker, signal.SIGSTOP)
        assert until(lambda: not ran_doctor(data)["well"], 90)
        (stopped,) = [one for one in ran_doctor(data)["findings"] if one["state"] == "wrong"]
        assert stopped["check"] == "part worker projections"
        assert "donghaeng up" in stopped["todo"]
        os.kill(worker, signal.SIGCONT)
        assert until(lambda: ran_doctor(data)["well"])
    finally:
        up.terminate()
        up.communicate(timeout=60)
    assert until(lambda: left_behind(data) == []), left_behind(data)


def processes(data: Path) -> Iterator[tuple[int, str]]:
    for entry in Path("/proc").iterdir():
        try:
            words = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            if str(data).encode() in (entry / "environ").read_bytes():
                yield int(entry.name), words
        except OSError:
            continue


def ran_doctor(data: Path) -> Any:
    process = started(data, "doctor", "--json")
    out, err = process.communicate(timeout=60)
    assert process.returncode in (0, 1), err
    return document(type("Result", (), {"stdout": out})())  # type: ignore[arg-type]


def test_without_workers_it_names_them_and_nothing_else(loaded: Cli) -> None:
    result = loaded("doctor")
    assert result.exit_code == 1
    assert "it does not run" in result.stdout
    assert wrong(loaded) == WITHOUT_PARTS


def test_a_redis_that_is_stopped_is_named_and_the_rest_is_looked_at(
    loaded: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    with own_valkey() as valkey:
        address = f"unix://{valkey.address['unix_socket_path']}"
    monkeypatch.setenv("REDIS_URL", address)
    found = findings(loaded)
    assert found["servers"]["state"] == "wrong"
    assert "Redis" in found["servers"]["seen"]
    assert found["database"]["state"] == found["schema"]["state"] == "ok"


@pytest.mark.parametrize(
    ("how", "todo"),
    [("memory full", "maxmemory"), ("a replica", "primary"), ("no rights", "~donghaeng:*")],
)
def test_a_redis_that_answers_and_refuses_writes_is_named_with_what_to_do(
    loaded: Cli, monkeypatch: pytest.MonkeyPatch, how: Refusing, todo: str
) -> None:
    with own_valkey() as valkey:
        monkeypatch.setenv("REDIS_URL", f"unix://{valkey.address['unix_socket_path']}")
        assert findings(loaded)["redis"]["state"] == "ok", "the control"
        valkey.refuse(how)
        found = findings(loaded)
        assert (found["redis"]["state"], todo in found["redis"]["todo"]) == ("wrong", True)
        assert "up" not in found["part ticker"]["todo"], "it would not help"
        plan = ("--start", "2024-03-04", "--end", "2024-12-31", "--budget", "1")
        done = loaded("task", "propose", "2024-06", "--as", "officer@gto", *plan)
        assert done.exit_code == 0, "commands go on"
        valkey.serve()
        assert findings(loaded)["redis"]["state"] == "ok"
        assert valkey.raw.keys("*probe*") == []


def test_up_does_not_begin_where_redis_refuses_writes(loaded: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    with own_valkey() as valkey:
        monkeypatch.setenv("REDIS_URL", f"unix://{valkey.address['unix_socket_path']}")
        valkey.refuse("memory full")
        refused = loaded("up", "--json")
    assert refused.exit_code == 3
    assert document(refused)["error"]["name"] == "RedisRefuses"
    assert "maxmemory" in document(refused)["error"]["message"]


def test_a_database_that_is_away_is_named(loaded: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
    assert findings(loaded)["servers"]["state"] == "wrong"


def test_a_nearly_full_disk_is_named(loaded: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DONGHAENG_LEAST_FREE_MB", str(2**40))
    assert wrong(loaded) == {"disk", *WITHOUT_PARTS}


@pytest.mark.parametrize(("version", "advice"), [("0000", "donghaeng migrate"), ("9999", "program")])
def test_a_schema_of_another_version_is_named(loaded: Cli, owner_dsn: str, version: str, advice: str) -> None:
    with psycopg.connect(owner_dsn) as connection:
        connection.execute("UPDATE donghaeng.schema_version SET version_num = %s", (version,))
    schema = findings(loaded)["schema"]
    assert schema["state"] == "wrong"
    assert advice in schema["todo"]


def test_a_role_that_may_change_the_log_is_named(
    loaded: Cli, owner_dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", owner_dsn)
    rights = findings(loaded)["rights"]
    assert rights["state"] == "wrong"
    assert "UPDATE" in rights["seen"]


GRANTED = [
    ("GRANT UPDATE ON donghaeng.facts TO donghaeng_app", "rights", "UPDATE ON facts"),
    ("GRANT UPDATE (kind) ON donghaeng.facts TO donghaeng_app", "rights", "UPDATE ON facts"),
    ("GRANT DELETE ON donghaeng.accesses TO donghaeng_app", "rights", "DELETE ON accesses"),
    ("GRANT INSERT, TRUNCATE ON donghaeng.refused TO PUBLIC", "rights", "INSERT, TRUNCATE ON refused"),
    ("GRANT UPDATE ON donghaeng.texts TO donghaeng_app", "rights", "UPDATE ON texts"),
    (
        "GRANT EXECUTE ON FUNCTION donghaeng.prune_accesses TO donghaeng_app",
        "rights",
        "EXECUTE prune_accesses",
    ),
    ("ALTER TABLE donghaeng.facts DISABLE TRIGGER facts_never_change", "triggers", "facts_never_change"),
    (
        "ALTER TABLE donghaeng.facts ENABLE REPLICA TRIGGER facts_never_change",
        "triggers",
        "facts_never_change",
    ),
    ("DROP TRIGGER accesses_kept ON donghaeng.accesses", "triggers", "accesses_kept"),
]


@pytest.mark.parametrize(("change", "check", "named"), GRANTED)
def test_what_was_granted_or_turned_off_in_the_database_is_named(
    loaded: Cli, owner_dsn: str, change: str, check: str, named: str
) -> None:
    before = findings(loaded)
    assert (before["rights"]["state"], "triggers" in before) == ("ok", False), "the control"
    with psycopg.connect(owner_dsn) as owner:
        owner.execute(change.encode())
    found = findings(loaded)[check]
    assert (found["state"], named in found["seen"]) == ("wrong", True), found
    assert check in wrong(loaded)


def test_a_login_that_may_become_the_owner_is_named(
    loaded: Cli, owner_dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    login = f"clerk_{os.getpid()}"
    with psycopg.connect(owner_dsn, autocommit=True) as owner:
        owner.execute(f"CREATE ROLE {login} LOGIN IN ROLE donghaeng_app, donghaeng_owner".encode())
        try:
            monkeypatch.setenv("DATABASE_URL", psycopg.conninfo.make_conninfo(owner_dsn, user=login))
            assert "role donghaeng_owner" in findings(loaded)["rights"]["seen"]
            owner.execute(f"REVOKE donghaeng_owner FROM {login}".encode())
            assert findings(loaded)["rights"]["state"] == "ok", "the control"
        finally:
            owner.execute(f"DROP ROLE {login}".encode())


def test_a_poisoned_view_is_named_with_the_place(loaded: Cli, store: Store, owner_dsn: str) -> None:
    with psycopg.connect(owner_dsn) as connection:
        connection.execute(
            "UPDATE views.positions SET state = 'stopped', error = 'it cannot be folded', error_position = 7 "
            "WHERE view = 'city_inbox'"
        )
    found = findings(loaded)["view city_inbox"]
    assert (found["state"], "no. 7" in found["seen"]) == ("wrong", True)


def test_a_view_that_lags_for_long_is_named(loaded: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    assert findings(loaded)["view task_board"]["state"] == "ok", "for a moment it may lag"
    monkeypatch.setattr(doctor, "_MOST_LAG", doctor.timedelta(0))
    assert findings(loaded)["view task_board"]["state"] == "wrong"


def test_a_key_file_that_others_can_read_is_named(loaded: Cli) -> None:
    keys = Path(os.environ["DONGHAENG_DATA"]) / "keys"
    keys.mkdir(parents=True)
    (keys / "one").touch(mode=0o600)
    assert findings(loaded)["keys"]["state"] == "ok"
    (keys / "one").chmod(0o644)
    found = findings(loaded)["keys"]
    assert (found["state"], "chmod 600" in found["todo"]) == ("wrong", True)


def test_clocks_that_are_apart_are_named(loaded: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    class Slow(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> Any:
            return datetime.fromtimestamp(time.time() - 60, UTC)

    monkeypatch.setattr(times, "datetime", Slow)
    assert "clocks" in wrong(loaded)


def test_a_failed_job_is_a_warning(loaded: Cli, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    counts = {"projections": {"finished": 1, "failed": 2, "waiting": 0}}
    monkeypatch.setattr("workers.queues.Queues.counts", lambda self: counts)
    assert findings(loaded)["jobs"]["state"] == "warn"


def test_a_session_that_is_ended_in_the_middle_is_told_and_the_rest_is_looked_at(
    loaded: Cli, owner_dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def ended(*_: Any) -> Iterator[None]:
        with psycopg.connect(owner_dsn) as connection:
            connection.execute("SELECT pg_terminate_backend(pg_backend_pid())")
        yield

    monkeypatch.setattr("workers.doctor.examining.vault", ended)
    found = findings(loaded)
    assert found["vault"]["state"] == "wrong"
    assert "terminating connection" in found["vault"]["seen"]
    assert "post" in found


def test_a_running_server_is_not_stopped_by_looking(tmp_path: Path) -> None:
    data = tmp_path / "var"
    with running(data) as addresses:
        ran(data, "migrate")
        ran_doctor(data)
        with Store.open(str(addresses.app_dsn)) as store:
            fact = NewFact("task/2024-01", 1, envelope(), Started(on=datetime.now(UTC).date()))
            store.append(Batch("1" * 32, b"", (fact,)))


def envelope() -> Envelope:
    return Envelope(v=1, schema=1, actor=Actor(role="planner"), via="cli", authn="asserted", command="1" * 32)


def test_a_vault_without_its_key_here_is_told(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert cli("subject", "register", "--name", "홍길동", "--as", "planner", "--json").exit_code == 0
    found = {one["check"] for one in document(cli("doctor", "--json"))["findings"]}
    assert "vault key" not in found
    monkeypatch.setenv("DONGHAENG_VAULT_KEY", str(tmp_path / "elsewhere.json"))
    findings = {one["check"]: one for one in document(cli("doctor", "--json"))["findings"]}
    assert findings["vault key"]["state"] == "warn"
    assert "DONGHAENG_VAULT_KEY" in findings["vault key"]["todo"]


def test_a_text_and_details_that_were_changed_in_the_database_are_named(cli: Cli, owner_dsn: str) -> None:
    people = ("홍길동", "김영희")
    for name in people:
        given = ("--name", name, "--reason", "위촉", "--as", "planner", "--json")
        assert cli("subject", "register", *given).exit_code == 0
    found = findings(cli)
    assert (found["texts"]["state"], found["vault"]["state"]) == ("ok", "ok"), "the control"
    assert "4 texts of the newest 2 facts" in found["texts"]["seen"]
    with psycopg.connect(owner_dsn) as owner:
        owner.execute("UPDATE donghaeng.texts SET body = 'forged'")
        owner.execute(
            "UPDATE donghaeng.subject_details d SET sealed = o.sealed FROM donghaeng.subject_details o "
            "WHERE o.subject <> d.subject AND o.field = d.field"
        )
    found = findings(cli)
    assert "events of the newest 2 facts differ from their commitments" in found["texts"]["seen"]
    assert "event 1" in found["texts"]["seen"]
    assert "trail verify --store" in found["texts"]["todo"]
    assert (found["vault"]["state"], "2 such in all" in found["vault"]["seen"]) == ("wrong", True)


def test_a_calendar_that_deadlines_wait_for_is_told_with_the_command_that_opens_it(
    loaded: Cli, store: Store
) -> None:
    plan = ("--start", "2024-03-04", "--end", "2024-12-31", "--budget", "1")
    assert loaded("task", "propose", "2024-06", "--as", "officer@gto", *plan).exit_code == 0
    assert "calendar" not in findings(loaded), "nothing was counted yet"
    assert loaded("deadline", "refresh", "2024-06").exit_code == 0
    for view in VIEWS.values():
        project(store, view)
    found = findings(loaded)["calendar"]
    assert found["state"] == "wrong"
    assert "2024-06" in found["seen"]
    assert loaded(*found["todo"].split()[1:]).exit_code == 0
    assert loaded("deadline", "refresh", "2024-06").exit_code == 0
    for view in VIEWS.values():
        project(store, view)
    assert "calendar" not in findings(loaded)
