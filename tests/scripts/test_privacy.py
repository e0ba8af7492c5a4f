"""Erasing and redacting from the command line: gone with the fact that says so, or not at all."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import time
import uuid

import psycopg
import pytest

from store import appending
from store.log import Store
from tests.scripts.conftest import Cli, document
from tests.store.cutting_proxy import CuttingProxy

PLANNER = ("--as", "planner")
NAME, MAIL = "가상의 담당자", "officer@example.org"
PROPOSE = [
    "task",
    "propose",
    "2024-06",
    "--start",
    "2024-03-04",
    "--end",
    "2024-12-31",
    "--budget",
    "120000000",
]


@pytest.fixture
def subject(loaded: Cli) -> str:
    made = document(loaded("subject", "register", "--name", NAME, "--mail", MAIL, *PLANNER, "--json"))
    return str(made["subject"])


@pytest.fixture
def proposed(loaded: Cli, subject: str) -> Cli:
    appoint = ("agency", "appoint", "gto", "--subject", subject, "--post", "officer")
    assert loaded(*appoint, *PLANNER).exit_code == 0
    acting = ("--as", f"officer@gto:{subject}", "--reason", "가려야 할 사유")
    assert loaded(*PROPOSE, *acting).exit_code == 0
    return loaded


def refusal(cli: Cli, *words: str) -> str:
    result = cli(*words, "--json")
    assert result.exit_code == 1, result.output
    return str(document(result)["error"]["name"])


def details(cli: Cli, subject: str) -> dict[str, str]:
    found: dict[str, str] = document(cli("subject", "show", subject, "--json"))["details"]
    return found


def test_a_person_is_registered_changed_and_shown_to_whom_it_concerns(loaded: Cli, subject: str) -> None:
    assert details(loaded, subject) == {"name": NAME, "mail": MAIL}
    assert loaded("subject", "change", subject, "--phone", "062-000-0000", *PLANNER).exit_code == 0
    assert details(loaded, subject)["phone"] == "062-000-0000"
    assert MAIL in loaded("subject", "show", subject).stdout
    assert refusal(loaded, "subject", "show", subject, "--as", "inspector") == "ReadingNotPermitted"
    assert loaded("vault", "rotate", *PLANNER).exit_code == 0
    assert details(loaded, subject)["name"] == NAME


def test_no_fact_and_no_text_holds_a_persons_details(proposed: Cli, store: Store, owner_dsn: str) -> None:
    for chunk in store.rows_after(0, 10_000):
        assert all(secret.encode() not in bytes(chunk[6]) for secret in (NAME, MAIL))
    with psycopg.connect(owner_dsn) as connection:
        texts = connection.execute("SELECT body FROM donghaeng.texts").fetchall()
    assert all(NAME not in body for (body,) in texts)


def test_erased_details_are_gone_with_the_fact_that_says_so(
    proposed: Cli, subject: str, store: Store, owner_dsn: str
) -> None:
    assert proposed("subject", "erase", subject, *PLANNER, "--reason", "퇴직").exit_code == 0
    assert details(proposed, subject) == {}
    assert store.read(f"subject/{subject}")[-1].kind == "subject.erased"
    with psycopg.connect(owner_dsn) as connection:
        for table in ("subject_keys", "subject_details"):
            assert connection.execute(f"SELECT count(*) FROM donghaeng.{table}".encode()).fetchone() == (0,)
    assert refusal(proposed, "subject", "erase", subject, *PLANNER) == "SubjectErased"
    assert refusal(proposed, "subject", "change", subject, "--name", "x", *PLANNER) == "SubjectErased"
    assert proposed("task", "history", "2024-06").exit_code == 0


def test_a_redacted_text_is_gone_with_its_salt_and_the_history_says_so(
    proposed: Cli, store: Store, owner_dsn: str
) -> None:
    (fact,) = store.read("task/2024-06")
    text = fact.envelope.reason
    assert text is not None
    assert proposed("text", "redact", text.id, *PLANNER, "--reason", "요구").exit_code == 0
    at = store.read(f"text/{text.id}")[0].position
    said = proposed("task", "history", "2024-06").stdout.replace("\n", " ")
    assert f"(text redacted by fact {at})" in said
    with psycopg.connect(owner_dsn) as connection:
        row = connection.execute(
            "SELECT body, salt, redacted_at IS NOT NULL FROM donghaeng.texts WHERE id = %s", (text.id,)
        ).fetchone()
    assert row == (None, None, True)
    assert store.read("task/2024-06") == [fact], "the commitment stays"
    assert refusal(proposed, "text", "redact", text.id, *PLANNER) == "RedactedAlready"
    assert refusal(proposed, "text", "redact", uuid.uuid4().hex, *PLANNER) == "NoSuchText"


def stored(store: Store) -> list[tuple[int, str]]:
    """Every fact's position with a hash over what the trail's leaves are made of: names, times, stored bytes."""
    return [
        (row[0], hashlib.sha256(repr((*row[:6], bytes(row[6]))).encode()).hexdigest())
        for row in store.rows_after(0, 10_000)
    ]


def test_taking_away_changes_no_stored_byte_of_any_fact(proposed: Cli, subject: str, store: Store) -> None:
    """So every leaf, proof and pack made before stays valid; the new facts say what is gone and why."""
    before = stored(store)
    text = store.read("task/2024-06")[0].envelope.reason
    assert text is not None
    assert proposed("text", "redact", text.id, *PLANNER, "--reason", "개인정보 포함").exit_code == 0
    assert proposed("subject", "erase", subject, *PLANNER, "--reason", "퇴직").exit_code == 0
    after = stored(store)
    assert after[: len(before)] == before
    added = store.after(len(before), 10)
    assert [one.kind for one in added] == ["text.redacted", "subject.erased"]
    assert [store.text(one.envelope.reason).body for one in added if one.envelope.reason] == [
        "개인정보 포함",
        "퇴직",
    ]


def test_a_changed_byte_would_be_seen(proposed: Cli, store: Store, owner_dsn: str) -> None:
    """The control of the comparison."""
    before = stored(store)
    with psycopg.connect(owner_dsn, autocommit=True) as owner:
        owner.execute("ALTER TABLE donghaeng.facts DISABLE TRIGGER USER")
        owner.execute("UPDATE donghaeng.facts SET state = set_byte(state, 0, 32) WHERE position = 3")
    assert [place for place, _ in set(before) - set(stored(store))] == [3]


def test_a_legal_hold_refuses_both_until_it_is_lifted(proposed: Cli, subject: str, store: Store) -> None:
    assert proposed("task", "place-hold", "2024-06", "--basis", "기록물법", *PLANNER).exit_code == 0
    text = store.read("task/2024-06")[0].envelope.reason
    assert text is not None
    for words in (("subject", "erase", subject), ("text", "redact", text.id)):
        result = proposed(*words, *PLANNER)
        assert (result.exit_code, "기록물법" in result.stderr) == (1, True)
    assert details(proposed, subject)["name"] == NAME
    assert proposed("task", "lift-hold", "2024-06", *PLANNER).exit_code == 0
    for words in (("subject", "erase", subject), ("text", "redact", text.id)):
        assert proposed(*words, *PLANNER, "--reason", "요구").exit_code == 0


@pytest.mark.parametrize("role", ["officer@gto", "head@gto", "inspector"])
def test_only_the_planner_takes_anything_away(proposed: Cli, subject: str, role: str) -> None:
    assert refusal(proposed, "subject", "erase", subject, "--as", role) == "NotPermitted"
    assert refusal(proposed, "text", "redact", "0" * 32, "--as", role) == "NotPermitted"


@pytest.mark.parametrize("moment", ["before the request arrives", "after the commit, before the reply"])
def test_cut_off_in_the_middle_it_is_whole_or_not_at_all_and_may_be_asked_again(
    proposed: Cli, subject: str, app_dsn: str, store: Store, moment: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    identity = str(uuid.uuid4())
    erase = ("subject", "erase", subject, *PLANNER, "--reason", "퇴직", "--command-id", identity)
    with CuttingProxy(app_dsn, moment, b"subject.erased") as proxy, monkeypatch.context() as patched:
        proxy.cuts = 1000
        patched.setenv("DATABASE_URL", proxy.dsn)
        patched.setattr(appending, "_PATIENCE_SECONDS", 0.5)
        assert proposed(*erase).exit_code == 4
    erased = store.read(f"subject/{subject}")[-1].kind == "subject.erased"
    assert erased is (details(proposed, subject) == {}), "never one without the other"
    assert proposed(*erase).exit_code == 0
    assert details(proposed, subject) == {}
    assert [fact.kind for fact in store.read(f"subject/{subject}")].count("subject.erased") == 1


def test_killed_anywhere_in_an_erasure_it_is_whole_or_not_at_all(
    proposed: Cli, subject: str, store: Store
) -> None:
    command = [sys.executable, "-m", "scripts.cli.main", "subject", "erase", subject, *PLANNER]
    command += ["--reason", "퇴직"]
    for wait in (0.3, 0.5, 0.6, 0.7, 0.8, 1.0):
        running = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(wait)
        running.kill()
        running.wait()
        erased = store.read(f"subject/{subject}")[-1].kind == "subject.erased"
        assert erased is (details(proposed, subject) == {}), "never one without the other"
    if not erased:
        assert proposed(*command[3:]).exit_code == 0
    assert [fact.kind for fact in store.read(f"subject/{subject}")].count("subject.erased") == 1
