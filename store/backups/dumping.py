"""Writing a store into one sealed file, while it lives: all of it as it was at one moment."""

from __future__ import annotations

import fcntl
import hashlib
import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO

import psycopg

from store.backups.archive import ArchiveWriter, Closing, Section
from store.backups.errors import (
    BackupExists,
    BackupUnderWay,
    BackupUnreadable,
    KeysChanged,
    VaultKeyNotHere,
)
from store.backups.header import Cost, Header
from store.backups.key_files import VAULT_KEY, read_keys, with_vault_key, wrapping_keys
from store.backups.sealing import SealedWriter
from store.backups.tables import Table, copy_out, count, sequences, speak_as_always, tables
from store.connecting import SCHEMA_VERSION, Connection, NoAnswer, connect, fault
from store.errors import NotMigrated, SchemaOfNewerProgram
from store.flushing import flush
from store.identity import schema_version
from store.waits import WHOLE
from trail.files import force_folder, problem_of

Progress = Callable[[int, int], None]


def nobody_looks(done: int, of: int) -> None:
    """For who wants to see no progress."""


def back_up(
    owner_dsn: str,
    out: Path,
    passphrase: str,
    *,
    keys: Path,
    vault_key: Path | None = None,
    progress: Progress = nobody_looks,
    cost: Cost | None = None,
) -> Header:
    """Write the store and the key files of the folder `keys` to `out`, sealed; what the file says of itself.

    `vault_key`: the vault's key file, where it lies elsewhere; it goes in as `vault.json`.

    Others go on writing meanwhile: what they do is not in the file. Under its name the file is there whole or not
    at all. `progress`: rows done, of how many. Raises BackupExists, BackupUnderWay, BackupUnreadable, KeysChanged,
    VaultKeyNotHere, NotMigrated, SchemaOfNewerProgram, StoreFault; StoreUnreachable and its kin.
    """
    with appearing_whole(out) as file:
        found = with_vault_key(read_keys(keys), vault_key)
        with connect(owner_dsn, waits=WHOLE) as connection, _word_faults():
            with connection.transaction():
                connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
                speak_as_always(connection)
                header = _header(connection, cost or Cost())
                if not _vault_key_ids(connection) <= wrapping_keys(found):
                    raise VaultKeyNotHere(path=vault_key or keys / VAULT_KEY)
                archive = ArchiveWriter(SealedWriter(file, header, passphrase))
                for name, content in found.items():
                    archive.begin(Section(key=name))
                    archive.write(content)
                archive.close(_write_tables(connection, archive, progress))
            flush(connection)
        if with_vault_key(read_keys(keys), vault_key) != found:
            raise KeysChanged
    return header


def log_sum(connection: Connection, facts: Table) -> str:
    """SHA-256 over the facts as COPY writes them in order."""
    found = hashlib.sha256()
    with connection.cursor() as cursor, cursor.copy(copy_out(facts)) as rows:
        for row in rows:
            found.update(row)
    return found.hexdigest()


@contextmanager
def _word_faults() -> Iterator[None]:
    try:
        yield
    except psycopg.Error as error:
        raise fault(error, closed=isinstance(error, NoAnswer)) from error


def _header(connection: Connection, cost: Cost) -> Header:
    version = schema_version(connection)
    if version is None:
        raise NotMigrated(found="–", needed=SCHEMA_VERSION)
    if version > SCHEMA_VERSION:
        raise SchemaOfNewerProgram(found=version, known=SCHEMA_VERSION)
    row: Any = connection.execute(
        "SELECT s.id, h.position FROM donghaeng.store s, donghaeng.head h"
    ).fetchone()
    return Header(schema=version, store=row[0].hex, head=row[1], salt=secrets.token_bytes(32), cost=cost)


def _vault_key_ids(connection: Connection) -> set[str]:
    """The ids of the keys that open the vault; a store of an older program has none."""
    if connection.execute("SELECT to_regclass('donghaeng.subject_keys')").fetchone() == (None,):
        return set()
    return {
        str(row[0]) for row in connection.execute("SELECT DISTINCT wrapped_by FROM donghaeng.subject_keys")
    }


def _write_tables(connection: Connection, archive: ArchiveWriter, progress: Progress) -> Closing:
    """Every table, row by row."""
    rows: dict[str, int] = {}
    log = hashlib.sha256()
    all_tables = tables(connection)
    total, done = sum(count(connection, table) for table in all_tables), 0
    for table in all_tables:
        archive.begin(Section(table=(table.schema, table.name), columns=table.columns))
        before = done
        with connection.cursor() as cursor, cursor.copy(copy_out(table)) as copied:
            for row in copied:
                archive.write(row)
                if table.ordered:
                    log.update(row)
                done += 1
                if done % 1000 == 0:
                    progress(done, total)
        rows[str(table)] = done - before
    progress(done, total)
    return Closing(rows=rows, log=log.hexdigest(), sequences=sequences(connection))


@contextmanager
def appearing_whole(out: Path) -> Iterator[BinaryIO]:
    """A file to write to that gets its name once it is whole and on the disk; until then it ends in .part.

    What a killed run left under that name is written over.
    """
    part = out.with_name(out.name + ".part")
    try:
        with open(part, "r+b", opener=_open_new) as file:
            _only_ours(file, part, out)
            try:
                _refuse_existing(out)
                os.fchmod(file.fileno(), 0o600)
                file.truncate(0)
                yield file
                file.flush()
                os.fsync(file.fileno())
                _refuse_existing(out)
                part.rename(out)
                force_folder(out.absolute().parent)
            except BaseException:
                with suppress(OSError):
                    part.unlink()
                raise
    except OSError as error:
        raise BackupUnreadable(file=out, problem=problem_of(error)) from None


def _open_new(name: str, flags: int) -> int:
    return os.open(name, flags | os.O_CREAT | os.O_NOFOLLOW, 0o600)


def _only_ours(file: BinaryIO, part: Path, out: Path) -> None:
    """Lock the file, and know that it is still the one of that name: another run may have finished meanwhile."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        same = part.exists() and os.path.samestat(os.fstat(file.fileno()), part.stat())
    except BlockingIOError:
        same = False
    if not same:
        raise BackupUnderWay(file=out)


def _refuse_existing(out: Path) -> None:
    if out.exists() or out.is_symlink():
        raise BackupExists(file=out)
