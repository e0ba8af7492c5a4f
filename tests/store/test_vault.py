"""The vault: sealed per person, opened only with the key file of this store, and never again once the key is gone."""

from __future__ import annotations

import json
import threading
import uuid
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from store import vault as vaults
from store.connecting import connect
from store.key_file import (
    KeyFileBroken,
    KeyFileMissing,
    KeyFileOfAnotherStore,
    KeyFileTooOpen,
    new_key,
    read_keys,
    write_keys,
)
from store.log import Store
from store.vault import VAULT_ROLE, DetailsChanged, NotInVault, Sealed, Vault
from trail.files import HALF

DETAILS = {"name": "가상의 사람", "mail": "person@example.org"}
Make = Callable[[], Vault]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "keys" / "vault.json"


@pytest.fixture
def make(store: Store, owner_dsn: str, path: Path) -> Make:
    dsn = psycopg.conninfo.make_conninfo(owner_dsn, user=VAULT_ROLE)
    return lambda: Vault(lambda: connect(dsn, role=VAULT_ROLE), store.id, path)


@pytest.fixture
def subject(make: Make) -> str:
    identity = uuid.uuid4().hex
    make().put(identity, DETAILS)
    return identity


def test_details_come_back_and_a_change_leaves_the_others(make: Make, subject: str) -> None:
    assert make().details(subject) == dict(sorted(DETAILS.items()))
    make().put(subject, {"mail": "other@example.org"}, known=True)
    assert make().details(subject) == {"mail": "other@example.org", "name": DETAILS["name"]}
    assert make().details(uuid.uuid4().hex) == {}


def test_what_lies_in_the_database_says_nothing(make: Make, subject: str, owner_dsn: str, path: Path) -> None:
    with psycopg.connect(owner_dsn) as connection:
        rows = connection.execute("SELECT sealed FROM donghaeng.subject_details").fetchall()
        keys = connection.execute("SELECT wrapped FROM donghaeng.subject_keys").fetchall()
    for (sealed,) in (*rows, *keys):
        assert all(value.encode() not in sealed for value in DETAILS.values())
    assert path.stat().st_mode & 0o777 == 0o600


def test_the_application_cannot_read_the_vault_and_the_vault_cannot_read_the_log(
    store: Store, make: Make, subject: str, owner_dsn: str
) -> None:
    with store.connection() as connection, pytest.raises(Exception, match="permission denied"):
        connection.execute("SELECT * FROM donghaeng.subject_details")
    dsn = psycopg.conninfo.make_conninfo(owner_dsn, user=VAULT_ROLE)
    with psycopg.connect(dsn) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("SELECT * FROM donghaeng.facts")


def test_a_sealed_value_opens_in_no_other_place(make: Make, subject: str, owner_dsn: str) -> None:
    with psycopg.connect(owner_dsn) as connection:
        connection.execute(
            "UPDATE donghaeng.subject_details SET field = CASE field WHEN 'name' THEN 'x' ELSE 'name' END"
        )
    with pytest.raises(DetailsChanged, match="name, x"):
        make().details(subject)


def test_a_key_file_that_is_not_right_is_refused_by_name(
    make: Make, subject: str, path: Path, store: Store
) -> None:
    good = path.read_bytes()
    path.unlink()
    with pytest.raises(KeyFileMissing):
        make().details(subject)
    with pytest.raises(KeyFileMissing):
        make().put(uuid.uuid4().hex, DETAILS)
    path.write_bytes(good)
    path.chmod(0o640)
    with pytest.raises(KeyFileTooOpen, match="0640"):
        make().details(subject)
    path.chmod(0o600)
    assert make().details(subject), "the control"
    for broken in (b"", b"{", b"[]", json.dumps({"store": "x", "keys": []}).encode(), good[:-20]):
        path.write_bytes(broken)
        with pytest.raises((KeyFileBroken, KeyFileOfAnotherStore)):
            make().details(subject)
    write_keys(path, uuid.uuid4().hex, (new_key(),))
    with pytest.raises(KeyFileOfAnotherStore):
        make().details(subject)
    write_keys(path, uuid.UUID(store.id).hex, (new_key(),))
    with pytest.raises(Sealed):
        make().details(subject)


def test_after_a_rotation_only_the_new_key_opens_everything(make: Make, subject: str, path: Path) -> None:
    other = uuid.uuid4().hex
    make().put(other, DETAILS)
    old = path.read_bytes()
    assert make().rotate() == 2
    assert make().details(subject) == make().details(other) == dict(sorted(DETAILS.items()))
    path.write_bytes(old)
    with pytest.raises(Sealed):
        make().details(subject)


@pytest.mark.parametrize("when", ["before the rows", "after the rows"])
def test_killed_in_a_rotation_everything_still_opens_and_it_can_be_done_again(
    make: Make, subject: str, path: Path, when: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As by kill -9: nothing after the moment happens."""
    written = 0

    class Killed(BaseException):
        pass

    def write(*given: object) -> object:
        nonlocal written
        written += 1
        if written == 2 and when == "after the rows":
            raise Killed
        made = write_keys(*given)  # type: ignore[arg-type]
        if when == "before the rows":
            raise Killed
        return made

    with monkeypatch.context() as patched:
        patched.setattr(vaults, "write_keys", write)
        with pytest.raises(Killed):
            make().rotate()
    assert len(json.loads(path.read_text())["keys"]) == 2
    assert make().details(subject)
    make().rotate()
    assert make().details(subject)
    assert len(json.loads(path.read_text())["keys"]) == 1


def test_who_is_erased_cannot_be_changed_back_into_being(make: Make, subject: str, owner_dsn: str) -> None:
    with psycopg.connect(owner_dsn) as connection:
        connection.execute("DELETE FROM donghaeng.subject_keys")
    assert make().details(subject) == {}
    with pytest.raises(NotInVault):
        make().put(subject, DETAILS, known=True)


def test_many_at_once_are_all_kept(make: Make, subject: str) -> None:
    people = [uuid.uuid4().hex for _ in range(8)]
    threads = [threading.Thread(target=make().put, args=(one, DETAILS)) for one in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(make().details(one) for one in people)


def test_the_key_file_is_whole_or_as_it_was(path: Path) -> None:
    keys = (new_key(),)
    write_keys(path, "a" * 32, keys)
    path.with_name(path.name + HALF).write_text("half written by one that was killed")
    assert read_keys(path, "a" * 32).keys == keys
    write_keys(path, "a" * 32, (*keys, new_key()))
    assert len(read_keys(path, "a" * 32).keys) == 2
