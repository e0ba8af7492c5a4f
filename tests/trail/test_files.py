"""What reading or writing a file may raise is said in words, and which language they are in."""

from __future__ import annotations

from pathlib import Path

import pytest

from trail.errors import NotTrusted
from trail.files import FileFails, name_failing_file, write_safely
from trail.lang import lang_of_locale
from trail.sources import Folder


def test_a_file_that_cannot_be_written_is_named_with_what_the_system_says(tmp_path: Path) -> None:
    with pytest.raises(FileFails) as raised, name_failing_file():
        write_safely(tmp_path / "nowhere" / "file", b"")
    assert str(tmp_path / "nowhere" / "file") in raised.value.say("en")
    assert "there is no such file or folder" in raised.value.say("en")
    assert "해당 파일이나 폴더가 없음" in raised.value.say("ko")


def test_what_is_about_no_file_goes_on_as_it_is() -> None:
    """The control."""
    with pytest.raises(ConnectionResetError), name_failing_file():
        raise ConnectionResetError


def test_a_link_out_of_a_trails_folder_is_refused_also_beside_a_file_that_was_read(tmp_path: Path) -> None:
    """A folder is looked at once; the control is a link that stays within."""
    inner = tmp_path / "trail" / "tile"
    inner.mkdir(parents=True)
    (inner / "000").write_bytes(b"here")
    (tmp_path / "secret").write_bytes(b"there")
    source = Folder(tmp_path / "trail")
    assert source.read("tile/000") == b"here"
    (inner / "within").symlink_to(inner / "000")
    assert source.read("tile/within") == b"here"
    (inner / "out").symlink_to(tmp_path / "secret")
    (inner / "up").symlink_to(tmp_path)
    for path in ("tile/out", "tile/up/secret", "tile/../../secret"):
        with pytest.raises(NotTrusted):
            source.read(path)


@pytest.mark.parametrize(
    ("given", "lang"),
    [
        ({"LANG": "ko_KR.UTF-8"}, "ko"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": "ko_KR.UTF-8", "LC_ALL": "C"}, "en"),
        ({}, "en"),
    ],
)
def test_the_language_is_the_locales(
    monkeypatch: pytest.MonkeyPatch, given: dict[str, str], lang: str
) -> None:
    for name in ("LANG", "LC_ALL"):
        monkeypatch.delenv(name, raising=False)
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    assert lang_of_locale() == lang
