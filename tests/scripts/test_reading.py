"""Who reads what on the command line is recorded before anything is shown."""

from __future__ import annotations

import getpass
import os
import socket

import pytest

from domain.errors import Refusal
from scripts.cli.run import Run
from store import accesses as recording
from store.accesses import accesses
from store.envelope import Actor
from store.errors import StoreFault
from store.log import Store
from store.refused import load_refused
from tests.scripts.conftest import Cli, document
from workflows import read_access

NAME = "가상의 담당자"
PLAN = ("--start", "2024-03-04", "--end", "2024-12-31", "--budget", "1")


@pytest.fixture
def subject(loaded: Cli) -> str:
    return str(
        document(loaded("subject", "register", "--name", NAME, "--as", "planner", "--json"))["subject"]
    )


@pytest.fixture
def proposed(loaded: Cli) -> Cli:
    assert loaded("task", "propose", "2024-06", "--as", "officer@gto", *PLAN).exit_code == 0
    return loaded


def test_a_persons_details_say_who_read_them_what_for_and_from_where(
    loaded: Cli, subject: str, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSH_CONNECTION", "192.0.2.7 50000 192.0.2.1 22")
    assert NAME in loaded("subject", "show", subject, "--as", "planner", "--reason", "연락처 확인").stdout
    (row,) = accesses(store)
    assert (row.actor, row.authn, row.reading) == (Actor(role="planner"), "asserted", "subject.show")
    assert (row.subjects, row.purpose, row.exported) == ((subject,), "연락처 확인", False)
    assert (row.host, row.os_user, row.client) == (socket.gethostname(), getpass.getuser(), "192.0.2.7")


def test_where_nobody_is_named_the_record_says_so_with_the_machines_user(
    loaded: Cli, subject: str, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SUDO_USER", "kim")
    monkeypatch.setenv("SSH_CONNECTION", "no address at all")
    assert loaded("subject", "show", subject).exit_code == 0
    (row,) = accesses(store, unnamed=True)
    assert (row.actor, row.authn, row.client) == (None, "none", None)
    assert row.os_user == f"{getpass.getuser()} (sudo kim)"


def test_an_agencys_own_task_is_its_own_business_and_anothers_is_not(proposed: Cli, store: Store) -> None:
    assert proposed("task", "show", "2024-06", "--as", "officer@gto").exit_code == 0
    assert accesses(store) == []
    for command in (("task", "show"), ("task", "history"), ("responsible",)):
        assert proposed(*command, "2024-06", "--as", "inspector").exit_code == 0
    assert proposed("task", "show", "2024-06").exit_code == 0
    found = [(row.actor and row.actor.role, row.reading) for row in reversed(accesses(store))]
    assert found == [
        ("inspector", "task.show"),
        ("inspector", "task.history"),
        ("inspector", "responsible"),
        (None, "task.show"),
    ]
    assert {(row.tasks, row.agencies) for row in accesses(store)} == {(("2024-06",), ("gto",))}


def test_what_is_public_is_not_recorded(proposed: Cli, store: Store) -> None:
    for words in (("task", "list"), ("agency", "list"), ("programme", "show", "2024")):
        assert proposed(*words, "--as", "citizen").exit_code == 0
        assert proposed(*words).exit_code == 0
    assert accesses(store) == []


def test_what_cannot_be_recorded_is_not_shown(
    loaded: Cli, subject: str, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise StoreFault(problem="No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(read_access, "record_access", full)
        result = loaded("subject", "show", subject, "--as", "planner")
        assert (result.exit_code, NAME in result.output) == (3, False)
        assert "nothing is shown" in result.stderr
    assert read_access.record_access is recording.record_access
    assert NAME in loaded("subject", "show", subject, "--as", "planner").output, "the control"


def test_a_name_typed_where_an_id_belongs_is_not_put_down(loaded: Cli, store: Store) -> None:
    loaded("subject", "show", NAME, "--as", "planner")
    loaded("subject", "show", NAME, "--as", "inspector")
    assert [row.subjects for row in accesses(store)] == [()]
    assert [row.stream for row in load_refused(store)] == [""]


def test_a_reading_that_is_refused_is_an_attempt(loaded: Cli, subject: str, store: Store) -> None:
    assert loaded("subject", "show", subject, "--as", "inspector").exit_code == 1
    (row,) = load_refused(store)
    assert (row.what, row.command, row.stream) == ("reading", "subject.show", f"subject/{subject}")
    assert (row.actor, row.refusal) == (Actor(role="inspector"), "ReadingNotPermitted")
    assert accesses(store) == []


def test_a_token_that_opens_nothing_is_an_attempt_of_nobody_known(
    loaded: Cli, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = document(loaded("token", "create", "--role", "planner", "--as", "planner", "--json"))
    assert loaded("token", "revoke", made["id"], "--as", "planner").exit_code == 0
    for token in (made["token"], "nothing of ours"):
        monkeypatch.setenv("DONGHAENG_TOKEN", token)
        assert loaded("task", "history", "2024-06").exit_code == 1
    found = [(row.what, row.actor, row.token, row.refusal) for row in load_refused(store)]
    assert found == [
        ("token", None, None, "TokenMalformed"),
        ("token", None, made["id"], "TokenRevoked"),
    ]
    with store.connection() as connection:
        everything = str(connection.execute("SELECT r::text FROM donghaeng.refused r").fetchall())
    assert made["token"].rpartition(".")[2] not in everything, "a secret is kept nowhere"


def test_an_export_says_what_for_and_is_always_recorded(
    loaded: Cli, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Run(actor="inspector").engine() as engine:
        with pytest.raises(Refusal) as refusal:
            Run(actor="inspector").inquiry(engine.store).authorise("task.list", exported=True)
        assert refusal.value.name == "ExportNeedsReason"
        assert "--reason" in refusal.value.say("ko")
        assert accesses(store) == []
        inquiry = Run(actor="inspector", reason="감사 자료").inquiry(engine.store)
        inquiry.authorise("task.list", tasks=("2024-06",), exported=True)
    (row,) = accesses(store)
    assert (row.exported, row.purpose, row.tasks) == (True, "감사 자료", ("2024-06",))
    assert os.environ["DONGHAENG_DATA"], "the engine of the test's own"
