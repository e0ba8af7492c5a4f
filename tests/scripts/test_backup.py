"""`donghaeng backup` and `restore` as people run them: where the passphrase comes from, what is refused."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from store.accesses import accesses
from store.log import Store
from store.refused import load_refused
from tests.scripts.conftest import Cli, document
from tests.store.backups.stores_to_back_up import contents, empty_database, is_empty


@pytest.fixture
def passphrase(tmp_path: Path) -> Path:
    file = tmp_path / "passphrase"
    file.write_text("열려라 참깨 열려라 참깨\n", encoding="utf-8")
    file.chmod(0o600)
    return file


@pytest.fixture
def elsewhere(cluster: str) -> Iterator[str]:
    """An empty database."""
    with empty_database(cluster) as dsn:
        yield dsn


def test_a_year_goes_into_a_file_and_comes_back(
    loaded: Cli,
    owner_dsn: str,
    elsewhere: str,
    passphrase: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    out = tmp_path / "year.backup"
    made = loaded("backup", "--out", str(out), "--passphrase-file", str(passphrase), "--json")
    assert made.exit_code == 0, made.output
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    before = document(loaded("agency", "list", "--json"))
    monkeypatch.setenv("DATABASE_OWNER_URL", elsewhere)
    back = loaded("restore", str(out), "--passphrase-file", str(passphrase), "--json")
    assert back.exit_code == 0, back.output
    assert (
        document(back)
        == document(made)
        == {"file": str(out), "schema": document(made)["schema"], "head": 62}
        | {"store": document(made)["store"]}
    )
    assert contents(elsewhere) == contents(owner_dsn)
    monkeypatch.setenv("DATABASE_URL", elsewhere)
    assert document(loaded("agency", "list", "--json")) == before


def test_who_backs_up_is_asked_and_recorded(
    loaded: Cli, passphrase: Path, store: Store, tmp_path: Path
) -> None:
    words = ("backup", "--out", str(tmp_path / "b"), "--passphrase-file", str(passphrase), "--json")
    assert document(loaded(*words, "--as", "officer@gto"))["error"]["name"] == "ReadingNotPermitted"
    assert (accesses(store), load_refused(store)[0].command) == ([], "backup")
    assert loaded(*words, "--reason", "밤마다").exit_code == 0
    (row,) = accesses(store)
    assert (row.actor, row.reading, row.purpose) == (None, "backup", "밤마다")


def test_before_an_upgrade_the_older_store_is_backed_up_by_who_names_nobody(
    loaded: Cli, owner_dsn: str, passphrase: Path, tmp_path: Path
) -> None:
    with psycopg.connect(owner_dsn) as owner:
        owner.execute("UPDATE donghaeng.schema_version SET version_num = '0009'")
    words = ("backup", "--out", str(tmp_path / "b"), "--passphrase-file", str(passphrase), "--json")
    assert document(loaded(*words, "--as", "planner"))["error"]["name"] == "NotMigrated"
    assert loaded(*words).exit_code == 0


def test_without_the_key_that_opens_the_vault_no_backup_is_made(
    loaded: Cli, passphrase: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded("subject", "register", "--name", "가상의 담당자", "--as", "planner")
    monkeypatch.setenv("DONGHAENG_DATA", str(tmp_path / "another machine"))
    out = tmp_path / "keyless.backup"
    refused = loaded("backup", "--out", str(out), "--passphrase-file", str(passphrase), "--json")
    assert refused.exit_code == 1
    assert document(refused)["error"]["name"] == "VaultKeyNotHere"
    assert not out.exists()


def test_a_key_file_outside_the_data_folder_goes_into_the_backup(
    loaded: Cli, elsewhere: str, passphrase: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key, out, new = tmp_path / "safe" / "my.json", tmp_path / "year.backup", tmp_path / "new"
    monkeypatch.setenv("DONGHAENG_VAULT_KEY", str(key))
    loaded("subject", "register", "--name", "가상의 담당자", "--as", "planner")
    assert loaded("backup", "--out", str(out), "--passphrase-file", str(passphrase)).exit_code == 0
    monkeypatch.setenv("DATABASE_OWNER_URL", elsewhere)
    monkeypatch.delenv("DONGHAENG_VAULT_KEY")
    back = loaded("restore", str(out), "--passphrase-file", str(passphrase), "--data", str(new))
    assert back.exit_code == 0, back.output
    assert (new / "keys" / "vault.json").read_bytes() == key.read_bytes()


def test_over_the_store_itself_nothing_is_restored(loaded: Cli, passphrase: Path, tmp_path: Path) -> None:
    out = tmp_path / "year.backup"
    made = document(loaded("backup", "--out", str(out), "--passphrase-file", str(passphrase), "--json"))
    refused = loaded("restore", str(out), "--passphrase-file", str(passphrase))
    assert refused.exit_code == 1
    assert made["store"] in " ".join(refused.stderr.split())


def test_a_file_that_is_there_is_not_written_over(loaded: Cli, passphrase: Path, tmp_path: Path) -> None:
    out = tmp_path / "letter"
    out.write_text("dear", encoding="utf-8")
    refused = loaded("backup", "--out", str(out), "--passphrase-file", str(passphrase), "--json")
    assert (refused.exit_code, document(refused)["error"]["name"]) == (1, "BackupExists")
    assert out.read_text(encoding="utf-8") == "dear"
    assert not list(tmp_path.glob("*.part"))


@pytest.mark.parametrize(
    ("words", "mode", "refusal"),
    [
        ("a long passphrase\n", 0o640, "PassphraseFileTooOpen"),
        ("a long passphrase\n", 0o604, "PassphraseFileTooOpen"),
        ("too short\n", 0o600, "PassphraseTooShort"),
        ("\nin the second line", 0o600, "PassphraseTooShort"),
        ("", 0o600, "PassphraseTooShort"),
    ],
)
def test_a_passphrase_that_does_not_serve_is_named(
    cli: Cli, passphrase: Path, tmp_path: Path, words: str, mode: int, refusal: str
) -> None:
    passphrase.write_text(words, encoding="utf-8")
    passphrase.chmod(mode)
    refused = cli("backup", "--out", str(tmp_path / "b"), "--passphrase-file", str(passphrase), "--json")
    assert (refused.exit_code, document(refused)["error"]["name"]) == (1, refusal)
    assert not (tmp_path / "b").exists()


def test_without_a_passphrase_and_without_a_screen_it_is_said_what_to_give(cli: Cli, tmp_path: Path) -> None:
    for words in (("backup", "--out", str(tmp_path / "b")), ("restore", str(tmp_path / "b"))):
        refused = cli(*words, "--json")
        assert (refused.exit_code, document(refused)["error"]["name"]) == (1, "NoPassphrase")


@pytest.mark.parametrize("lang", ["ko", "en"])
@pytest.mark.parametrize("out", ["no/such/folder/b", "b" * 300])
def test_a_place_that_cannot_be_written_to_is_said(
    cli: Cli, passphrase: Path, tmp_path: Path, lang: str, out: str
) -> None:
    given = ("--out", str(tmp_path / out), "--passphrase-file", str(passphrase), "--lang", lang)
    refused = cli("backup", *given)
    assert refused.exit_code == 1
    assert "Traceback" not in refused.output


def test_what_is_no_backup_leaves_the_place_empty(
    cli: Cli, elsewhere: str, passphrase: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_OWNER_URL", elsewhere)
    for file, refusal in ((passphrase, "NotABackup"), (tmp_path, "BackupUnreadable")):
        refused = cli("restore", str(file), "--passphrase-file", str(passphrase), "--json")
        assert (refused.exit_code, document(refused)["error"]["name"]) == (1, refusal)
        assert is_empty(elsewhere)
