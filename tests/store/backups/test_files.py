"""The file of a backup is there whole or not at all, and nobody's file is lost."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from store.backups.dumping import appearing_whole
from store.backups.errors import BackupExists, BackupUnderWay, BackupUnreadable, KeysChanged
from tests.store.backups.stores_to_back_up import backed_up


def write(out: Path, content: bytes = b"new") -> None:
    with appearing_whole(out) as file:
        assert not out.exists()
        file.write(content)


def test_a_file_has_its_name_once_it_is_whole_and_is_closed_to_others(tmp_path: Path) -> None:
    before = os.umask(0)
    write(tmp_path / "b")
    os.umask(before)
    assert (tmp_path / "b").read_bytes() == b"new"
    assert stat.S_IMODE((tmp_path / "b").stat().st_mode) == 0o600
    assert os.listdir(tmp_path) == ["b"]


def test_nothing_is_left_of_one_that_failed(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), appearing_whole(tmp_path / "b"):
        raise ZeroDivisionError
    assert os.listdir(tmp_path) == []


def test_what_a_killed_run_left_is_written_over_and_closed(tmp_path: Path) -> None:
    (tmp_path / "b.part").write_bytes(b"left behind" * 100)
    (tmp_path / "b.part").chmod(0o644)
    write(tmp_path / "b")
    assert (tmp_path / "b").read_bytes() == b"new"
    assert stat.S_IMODE((tmp_path / "b").stat().st_mode) == 0o600


def test_a_file_that_appears_meanwhile_is_kept(tmp_path: Path) -> None:
    with pytest.raises(BackupExists), appearing_whole(tmp_path / "b"):
        (tmp_path / "b").write_bytes(b"theirs")
    assert (tmp_path / "b").read_bytes() == b"theirs"
    assert os.listdir(tmp_path) == ["b"]


def test_two_at_once_do_not_mix(tmp_path: Path) -> None:
    with appearing_whole(tmp_path / "b") as file:
        file.write(b"first")
        with pytest.raises(BackupUnderWay):
            write(tmp_path / "b")
    assert (tmp_path / "b").read_bytes() == b"first"


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "precious").write_bytes(b"precious")
    (tmp_path / "b.part").symlink_to(tmp_path / "precious")
    with pytest.raises(BackupUnreadable):
        write(tmp_path / "b")
    assert (tmp_path / "precious").read_bytes() == b"precious"


def test_keys_that_change_meanwhile_leave_no_backup(source: str, tmp_path: Path) -> None:
    """Else the file could hold keys sealed by one key file beside another key file."""
    keys = tmp_path / "keys"
    keys.mkdir()

    def turned(done: int, of: int) -> None:
        (keys / "vault.key").write_bytes(b"new")

    with pytest.raises(KeysChanged):
        backed_up(source, tmp_path / "b", progress=turned)
    assert os.listdir(tmp_path) == ["keys"]
