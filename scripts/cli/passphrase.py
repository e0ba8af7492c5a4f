"""The passphrase of a backup: from a file that only its owner reads, or asked for; never an argument."""

from __future__ import annotations

import stat
import sys
from getpass import getpass
from pathlib import Path

from scripts.cli.run import Run
from store.backups.errors import (
    BackupUnreadable,
    NoPassphrase,
    PassphraseFileTooOpen,
    PassphrasesDiffer,
    PassphraseTooShort,
)
from trail.files import problem_of

LEAST = 12


def passphrase(run: Run, file: Path | None, *, new: bool) -> str:
    """The passphrase. `new`: it is to be long enough, and typed twice.

    Raises NoPassphrase, PassphraseFileTooOpen, PassphraseTooShort, PassphrasesDiffer, BackupUnreadable.
    """
    given = _ask(run, new=new) if file is None else _read(file)
    if new and len(given) < LEAST:
        raise PassphraseTooShort(least=LEAST)
    return given


def _read(file: Path) -> str:
    """The file's first line."""
    try:
        with file.open(encoding="utf-8") as opened:
            mode = stat.S_IMODE(file.stat().st_mode)
            if mode & 0o077:
                raise PassphraseFileTooOpen(path=file, mode=f"{mode:04o}")
            return opened.readline().rstrip("\r\n")
    except UnicodeDecodeError:
        raise BackupUnreadable(file=file, problem="UTF-8") from None
    except OSError as error:
        raise BackupUnreadable(file=file, problem=problem_of(error)) from None


def _ask(run: Run, *, new: bool) -> str:
    if not sys.stdin.isatty():
        raise NoPassphrase
    given = getpass(run.words("백업 암호: ", "Passphrase of the backup: "))
    if new and getpass(run.words("한 번 더: ", "Once more: ")) != given:
        raise PassphrasesDiffer
    return given
