"""A history as files: the log up to a position and the views there, by years, with a manifest over all."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path

import msgspec

from domain.seoul import local_day
from projections.code_version import code_version
from projections.exports.errors import NothingToExport
from projections.exports.facts import FACT_TABLE, fact_line
from projections.exports.folder import appearing_whole, sum_of
from projections.exports.manifest import FORM, NAME, VERSION, File, Format, Manifest
from projections.exports.parquet import Parquet, parquet_maker
from projections.exports.tables import EXPORTED, Dated, Table, tables_of
from projections.slices import AsOf
from store.bulk import export_facts
from store.connecting import SCHEMA_VERSION
from store.log import Store
from trail.leaf import leaf_of
from trail.stored import KNOWN_AT, POSITION, StoredFact
from trail.tree import RootOfMany, leaf_hash

Progress = Callable[[int, int], object]
_CHUNK = 1000


def export(
    store: Store,
    out: Path,
    form: Format,
    at: AsOf,
    as_of: datetime | None = None,
    progress: Progress = lambda done, of: None,
) -> Manifest:
    """Write the log up to a cut, and the views there, to a folder that appears whole or not at all.

    `form`: jsonl, the log as it is stored, byte for byte, to be taken in again; or parquet, typed, for analysis.
    `at`: as known then, not as effective; `as_of`: how the manifest says it. `progress`: facts gone through, of how
    many. Free texts, the vault and the access log stay behind. Memory holds the rows of one view at a time.
    Raises NothingToExport, ExportFolderNotEmpty, ExportNotWritable, Unfoldable, UnreadableFact, NewerFact.
    """
    if not at.last:
        raise NothingToExport
    with appearing_whole(out) as folder, ExitStack() as held:
        parquet = held.enter_context(parquet_maker(VERSION, folder)) if form == "parquet" else None
        writing = _Writing(store, folder, parquet, at, progress)
        writing.write_log()
        writing.write_views()
        manifest = Manifest(
            form=FORM,
            version=VERSION,
            format=form,
            store=store.id,
            simulated=store.simulated,
            as_of=None if as_of is None else as_of.astimezone(UTC),
            last=at.last,
            last_known_at=store.at([at.last])[0].known_at,
            root=writing.root.root().hex(),
            schema=SCHEMA_VERSION,
            code=code_version(),
            files=tuple(writing.files),
        )
        text = msgspec.json.format(msgspec.json.encode(manifest), indent=1)
        (folder / NAME).write_bytes(text + b"\n")
    return manifest


class _Writing:
    def __init__(
        self, store: Store, folder: Path, parquet: Parquet | None, at: AsOf, progress: Progress
    ) -> None:
        self._store, self._folder, self._parquet, self._at = store, folder, parquet, at
        self._progress, self._done = progress, 0
        self.files: list[File] = []
        self.root = RootOfMany()

    def write_log(self) -> None:
        for year, rows in groupby(self._rows(), key=lambda row: local_day(row[KNOWN_AT]).year):
            self._write(FACT_TABLE, year, map(self._line, rows), of_facts=True)

    def write_views(self) -> None:
        for view in EXPORTED:
            for table, lines in tables_of(self._store, view, self._at):
                self._write_table(table, lines)
            self._tell(self._at.last)

    def _rows(self) -> Iterator[StoredFact]:
        position, last = 0, self._at.last
        while position < last:
            rows = self._store.rows_after(position, min(_CHUNK, last - position))
            for row in rows:
                self.root.add(leaf_hash(leaf_of(row)))
                yield row
            position = rows[-1][POSITION]
            self._tell(len(rows))

    def _line(self, row: StoredFact) -> bytes:
        return next(export_facts((row,))) if self._parquet is None else fact_line(self._store, row)

    def _write_table(self, table: Table, lines: Iterable[Dated]) -> None:
        """By years, where the rows have one. A table without rows is a file without rows."""
        files = len(self.files)
        for year, some in groupby(lines, key=lambda pair: pair[0]):
            self._write(table, year, (line for _, line in some))
        if len(self.files) == files:
            self._write(table, None, ())

    def _write(
        self, table: Table, year: int | None, lines: Iterable[bytes], *, of_facts: bool = False
    ) -> None:
        path = self._folder / table.folder / f"{year or 'rows'}.jsonl"
        path.parent.mkdir(parents=True, exist_ok=True)
        digest, rows, size = hashlib.sha256(), 0, 0
        with path.open("wb") as file:
            for line in lines:
                written = line + b"\n"
                file.write(written)
                digest.update(written)
                rows, size = rows + 1, size + len(written)
        summed = size, digest.hexdigest()
        if self._parquet is not None:
            path, summed = self._as_parquet(self._parquet, path, table, year)
        last = sum(one.rows for one in self.files) + rows if of_facts else None
        first = None if last is None else last - rows + 1
        self.files.append(File(path.relative_to(self._folder).as_posix(), rows, *summed, first, last))

    def _as_parquet(
        self, parquet: Parquet, lines: Path, table: Table, year: int | None
    ) -> tuple[Path, tuple[int, str]]:
        folder = lines.parent if year is None else lines.parent / f"year={year}"
        folder.mkdir(exist_ok=True)
        path = folder / "rows.parquet"
        parquet.make(lines, table, path)
        lines.unlink()
        with path.open("rb") as file:
            return path, sum_of(file)

    def _tell(self, facts: int) -> None:
        self._done += facts
        self._progress(self._done, self._at.last * (1 + len(EXPORTED)))
