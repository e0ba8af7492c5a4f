"""Making a store out of a sealed file, in an empty place, whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from store.backups.archive import Closing, Section, frames
from store.backups.dumping import Progress, log_sum, nobody_looks
from store.backups.errors import (
    BackupDamaged,
    BackupOfNewerSchema,
    BackupUnreadable,
    PlaceNotEmpty,
    TableUnknown,
)
from store.backups.header import Header
from store.backups.key_files import check_room, restore_keys
from store.backups.sealing import SealedReader
from store.backups.tables import Table, copy_in, delete_statement, speak_as_always, tables, triggers
from store.connecting import SCHEMA_VERSION, Connection
from store.migrate import complete, make_schema, migrating
from trail.files import problem_of

if TYPE_CHECKING:
    from sqlalchemy import Connection as Migration


def restore(
    owner_dsn: str,
    file: Path,
    passphrase: str,
    *,
    keys: Path,
    views: Sequence[str] = (),
    progress: Progress = nobody_looks,
    before_commit: Callable[[Header], None] = lambda header: None,
) -> Header:
    """Make the store of a backup in an empty database, and its key files in the folder `keys`.

    An older schema is brought up to date; view tables are made empty, to be folded again. `before_commit` runs when
    everything is in its place and nothing can be seen yet. `progress`: bytes read, of how many.
    Raises NotABackup, BackupDamaged, WrongPassphrase, BackupOfNewerFormat, BackupOfNewerSchema, BackupUnreadable,
    PlaceNotEmpty, KeysDiffer, MayNotMigrate; then everything is as before.
    """
    try:
        with file.open("rb") as source:
            reader = SealedReader(source, file)
            header = reader.header
            if header.schema > SCHEMA_VERSION:
                raise BackupOfNewerSchema(file=file, found=header.schema, known=SCHEMA_VERSION)
            contents = frames(_with_progress(reader.chunks(passphrase), source, file, progress), file)
            first = next(contents)  # opens under the passphrase, so the header is as it was written
            # the keys go in before the commit, and are taken away again if it fails
            with ExitStack() as placed, migrating(owner_dsn) as migration:
                _check_empty(_session(migration))
                make_schema(migration, header.schema)
                found = _Contents(_session(migration), file, keys, header.schema)
                found.take(chain([first], contents))
                found.check(header)
                make_schema(migration)
                complete(migration, False, views)
                placed.enter_context(restore_keys(keys, found.keys))
                before_commit(header)
    except OSError as error:
        raise BackupUnreadable(file=file, problem=problem_of(error)) from None
    return header


class _Contents:
    """What is taken out of the file: rows at once into their tables, keys into memory."""

    def __init__(self, connection: Connection, file: Path, folder: Path, schema: str) -> None:
        self._connection, self._file, self._folder, self._schema = connection, file, folder, schema
        self._tables = {(table.schema, table.name): table for table in tables(connection)}
        self.keys: dict[str, bytes] = {}
        self._rows: dict[str, int] = {}
        self._closing: Closing | None = None
        speak_as_always(connection)

    def take(self, contents: Iterator[Section | bytes | Closing]) -> None:
        following: Section | bytes | Closing | None = next(contents)
        while isinstance(following, Section):
            data = _Data(contents)
            if following.key is not None:
                self.keys[following.key] = b"".join(data)
                check_room(self._folder, self.keys)
            else:
                table = self._table(following)
                self._rows[str(table)] = self._load(table, data)
            following = data.following
        assert isinstance(following, Closing)
        self._closing = following
        next(contents, None)  # what stands behind the closing is looked at

    def _table(self, section: Section) -> Table:
        """The table with the columns that the file has; not all that it has, where a default is to stay."""
        assert section.table is not None
        table = Table(*section.table, section.columns)
        if section.table not in self._tables:
            raise TableUnknown(table=table, schema=self._schema)
        return table

    def _load(self, table: Table, data: Iterable[bytes]) -> int:
        run = self._connection.execute
        run(triggers(table, on=False))
        run(delete_statement(table))
        with self._connection.cursor() as cursor:
            with cursor.copy(copy_in(table)) as rows:
                for piece in data:
                    rows.write(piece)
            loaded = cursor.rowcount
        run(triggers(table, on=True))
        return loaded

    def check(self, header: Header) -> None:
        """Rows, positions without a hole, identity and the log's sum are what the file says. Raises BackupDamaged."""
        closing = self._closing
        assert closing is not None
        facts = self._tables["donghaeng", "facts"]
        row: Any = self._connection.execute(
            "SELECT s.id, h.position, f.* FROM donghaeng.store s, donghaeng.head h, "
            "(SELECT count(*), coalesce(min(position), 1), coalesce(max(position), 0) FROM donghaeng.facts) f"
        ).fetchone()
        problems = {
            "rows": self._rows != closing.rows,
            "positions": row != (row[0], header.head, header.head, 1, header.head),
            "store": row[0].hex != header.store,
            "log": log_sum(self._connection, facts) != closing.log,
        }
        if wrong := [name for name, is_wrong in problems.items() if is_wrong]:
            raise BackupDamaged(file=self._file, problem=", ".join(wrong))
        for name, value in closing.sequences.items():
            self._connection.execute("SELECT setval(%s::regclass, %s)", (name, value))


class _Data:
    """The data of one section; afterwards `following` is what came behind them."""

    def __init__(self, contents: Iterator[Section | bytes | Closing]) -> None:
        self._contents = contents
        self.following: Section | Closing | None = None

    def __iter__(self) -> Iterator[bytes]:
        for one in self._contents:
            if not isinstance(one, bytes):
                self.following = one
                return
            yield one


def _session(migration: Migration) -> Connection:
    """The psycopg connection on which the migration runs."""
    session: Connection = migration.connection.driver_connection  # type: ignore[assignment]
    return session


def _check_empty(connection: Connection) -> None:
    found: Any = connection.execute("SELECT to_regclass('donghaeng.store')").fetchone()
    if found[0] is None:
        return
    row: Any = connection.execute(
        "SELECT s.id, h.position FROM donghaeng.store s, donghaeng.head h"
    ).fetchone()
    raise PlaceNotEmpty(store=row[0].hex if row else "?", head=row[1] if row else "?")


def _with_progress(
    chunks: Iterator[bytes], source: BinaryIO, file: Path, progress: Progress
) -> Iterator[bytes]:
    size = file.stat().st_size
    for chunk in chunks:
        progress(source.tell(), size)
        yield chunk
