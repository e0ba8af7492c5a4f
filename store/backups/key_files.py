"""The key files of the data folder, which go into a backup and come out of it beside the tables."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from store.backups.errors import BackupUnreadable, KeysDiffer
from trail.files import HALF, problem_of, write_safely

VAULT_KEY = "vault.json"


def read_keys(folder: Path) -> dict[str, bytes]:
    """Every key file by its name; none where there is no folder. Raises BackupUnreadable."""
    try:
        found = sorted(folder.iterdir()) if folder.is_dir() else []
        # what a writer that was killed left is no key
        return {one.name: one.read_bytes() for one in found if one.is_file() and one.suffix != HALF}
    except OSError as error:
        raise BackupUnreadable(file=folder, problem=problem_of(error)) from None


def with_vault_key(keys: Mapping[str, bytes], file: Path | None) -> dict[str, bytes]:
    """The same and the vault's key file, which may lie outside the folder. Raises BackupUnreadable."""
    if file is None or not file.exists():
        return dict(keys)
    try:
        return {**keys, VAULT_KEY: file.read_bytes()}
    except OSError as error:
        raise BackupUnreadable(file=file, problem=problem_of(error)) from None


def wrapping_keys(keys: Mapping[str, bytes]) -> set[str]:
    """The ids of the keys in the vault's key file; none where it is missing or broken."""
    try:
        return {str(one["id"]) for one in json.loads(keys[VAULT_KEY])["keys"]}
    except (KeyError, TypeError, ValueError):
        return set()


def check_room(folder: Path, keys: Mapping[str, bytes]) -> None:
    """Raises KeysDiffer where another key would have to be replaced; the same one may lie there."""
    there = read_keys(folder)
    for name, content in keys.items():
        if there.get(name, content) != content:
            raise KeysDiffer(path=folder / name)


@contextmanager
def restore_keys(folder: Path, keys: Mapping[str, bytes]) -> Iterator[None]:
    """The key files lie in the folder, safe on the disk, for good if the block ends well.

    Who is killed in the block leaves key files without a store, which the next restore finds to be the same.
    """
    check_room(folder, keys)
    new = [folder / name for name in keys if not (folder / name).exists()]
    try:
        if keys:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for path in new:
            write_safely(path, keys[path.name], 0o600)
        yield
    except BaseException as error:
        for path in new:
            with suppress(OSError):
                path.unlink()
        if isinstance(error, OSError):
            raise BackupUnreadable(file=folder, problem=problem_of(error)) from None
        raise
