"""Whatever a command writes is for its user's eyes alone: in the data folder, and where the user has it put."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable
from pathlib import Path

import pytest

from scripts.cli import run
from tests.scripts.conftest import Cli

WHY = ("--reason", "시험", "--as", "planner")


def test_all_that_commands_write_is_closed_whatever_the_umask(
    loaded: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    passphrase, out, data = tmp_path / "passphrase", tmp_path / "out", tmp_path / "var"
    passphrase.write_text("열려라 참깨 열려라 참깨\n", encoding="utf-8")
    passphrase.chmod(0o600)
    out.mkdir(0o700)

    def open_after(given: Iterable[tuple[str, ...]]) -> set[str]:
        """What of all that the commands leave others have a right to."""
        for words in given:
            os.umask(0)
            done = loaded(*words)
            assert done.exit_code == 0, (words, done.output)
        everything = (path for folder in (data, out) for path in (folder, *folder.rglob("*")))
        return {
            str(path.relative_to(tmp_path))
            for path in everything
            if stat.S_IMODE(path.lstat().st_mode) & 0o077
        }

    trail = (
        ("subject", "register", "--name", "가상의 사람", *WHY),
        ("trail", "init", *WHY),
        ("trail", "seal", *WHY),
        *(("trail", "export", "--format", form, "--out", str(out / form), *WHY) for form in ("csv", "xlsx")),
        ("trail", "pack", "--all", "--out", str(out / "pack.zip"), *WHY),
        ("trail", "sample", "--out", str(out / "sample"), *WHY),
        ("report", "2024", "--format", "html,pdf,xlsx,hwpx,json", "--out", str(out / "report"), *WHY),
        ("export", "--format", "parquet", "--out", str(out / "history"), *WHY),
        ("backup", "--out", str(out / "backup"), "--passphrase-file", str(passphrase), *WHY),
        ("import", "--template", str(out / "form.xlsx")),
        ("witness", "init", "--folder", str(out / "witness"), "--name", "audit.example/w"),
    )
    assert open_after(trail) == set()
    monkeypatch.setattr(run, "close_to_others", lambda: None)
    again = (("export", "--format", "jsonl", "--out", str(out / "open"), *WHY),)
    again += (("report", "2024", "--format", "json", "--out", str(out / "open.report"), *WHY),)
    found = open_after(again)
    assert {"out/open/manifest.json", "out/open.report"} <= found, "the control"
