"""Lines of JSON into a Parquet file, by DuckDB, within a fixed share of memory."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from projections.exports.errors import ExportNotWritable
from projections.exports.tables import Table

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_ROWS_A_GROUP = 20_480  # a reader takes a group at a time, and so does DuckDB while it writes one


class Parquet:
    """Makes Parquet files; `version`: of what the files say of themselves."""

    def __init__(self, connection: DuckDBPyConnection, version: int) -> None:
        self._connection, self._version = connection, version

    def make(self, lines: Path, table: Table, to: Path) -> None:
        """Raises ExportNotWritable."""
        from duckdb import Error  # noqa: PLC0415 - as below

        columns = ", ".join(f"{_quote(name)}: {_quote(kind)}" for name, kind in table.columns.items())
        said = f"donghaeng_export: '{self._version}', donghaeng_table: {_quote(table.folder)}"
        try:
            self._connection.execute(
                f"COPY (SELECT * FROM read_json({_quote(str(lines))}, format = 'newline_delimited', "
                f"columns = {{{columns}}})) TO {_quote(str(to))} "
                f"(FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {_ROWS_A_GROUP}, KV_METADATA {{{said}}})"
            )
        except Error as error:
            raise ExportNotWritable(path=to, problem=str(error).partition("\n")[0]) from None


@contextmanager
def parquet_maker(version: int, room: Path) -> Iterator[Parquet]:
    """`room`: a folder for what does not fit in memory. It fetches nothing from anywhere: all it needs is built in."""
    import duckdb  # noqa: PLC0415 - it takes a tenth of a second, which only this export should pay

    config: dict[str, str | bool | int | float | list[str]] = {
        "threads": 1,
        "memory_limit": "96MB",
        "temp_directory": str(room),
        "preserve_insertion_order": True,
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
    }
    connection = duckdb.connect(config=config)
    try:
        yield Parquet(connection, version)
    finally:
        connection.close()


def _quote(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
