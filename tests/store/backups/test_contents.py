"""What a file holds is checked against what it says of itself, and every table comes along, whoever added it."""

from __future__ import annotations

import io
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import pytest
from msgspec.structs import replace

from store.backups.archive import ArchiveWriter, Closing, Section, frames
from store.backups.errors import BackupDamaged, TableUnknown
from store.backups.sealing import SealedReader, SealedWriter
from store.backups.tables import sequences, tables
from store.connecting import connect
from tests.store.backups.stores_to_back_up import PASSPHRASE, backed_up, is_empty, restored

LATER = """SET ROLE donghaeng_owner; CREATE SCHEMA later;
    CREATE TABLE later.zoo (id int PRIMARY KEY, double int GENERATED ALWAYS AS (id * 2) STORED);
    CREATE TABLE later.animal (
        id int GENERATED ALWAYS AS IDENTITY, "zoo of it" int NOT NULL REFERENCES later.zoo, "at" timestamptz
    );
    CREATE FUNCTION later.stamped() RETURNS trigger LANGUAGE plpgsql
        AS 'BEGIN NEW.at := clock_timestamp(); RETURN NEW; END';
    CREATE TRIGGER stamped BEFORE INSERT ON later.animal FOR EACH ROW EXECUTE FUNCTION later.stamped();
    CREATE UNLOGGED TABLE later.passing (id int);
    RESET ROLE"""
ROWS = """INSERT INTO later.zoo VALUES (7); INSERT INTO later.animal ("zoo of it") VALUES (7), (7);
    INSERT INTO later.passing VALUES (1)"""


@pytest.fixture
def later(owner_dsn: str, tmp_path: Path) -> Path:
    """A backup of a store that has tables which nobody told the backup of."""
    with psycopg.connect(owner_dsn) as connection:
        connection.execute(LATER + ";" + ROWS)
    backed_up(owner_dsn, tmp_path / "later")
    return tmp_path / "later"


def animals(dsn: str) -> list[Any]:
    with psycopg.connect(dsn) as connection:
        return connection.execute("SELECT a.*, z.* FROM later.animal a JOIN later.zoo z ON true").fetchall()


def test_a_table_that_a_later_version_adds_comes_along_by_itself(
    later: Path, owner_dsn: str, empty: str
) -> None:
    """Also one that refers to another, counts, computes and stamps: its rows come back as they were."""
    with psycopg.connect(empty) as connection:
        connection.execute(LATER)  # as this program's schema will, once it has such tables
    restored(empty, later)
    assert animals(empty) == animals(owner_dsn) != []
    with psycopg.connect(empty) as connection:
        connection.execute('INSERT INTO later.animal ("zoo of it") VALUES (7)')
        found = connection.execute(
            'SELECT id, "at" IS NOT NULL FROM later.animal ORDER BY id DESC'
        ).fetchone()
        assert found == (3, True), "it goes on counting and stamping"
        assert connection.execute("SELECT count(*) FROM later.passing").fetchone() == (0,)


def test_a_table_that_the_schema_does_not_have_is_named(later: Path, empty: str) -> None:
    with pytest.raises(TableUnknown, match=r"later\.zoo|later\.animal"):
        restored(empty, later)
    assert is_empty(empty)


def test_what_is_folded_or_would_not_outlive_a_crash_stays_away(later: Path, owner_dsn: str) -> None:
    with closing(connect(owner_dsn)) as connection:
        found = [str(table) for table in tables(connection)]
        assert sequences(connection) == {"later.animal_id_seq": 2}
    assert found.index("later.zoo") < found.index("later.animal")
    assert {"donghaeng.facts", "donghaeng.texts", "donghaeng.commands"} < set(found)
    assert not {
        name for name in found if name.startswith("views.") or "incoming" in name or "passing" in name
    }


def rewritten(file: Path, change: Callable[[Any], Any]) -> bytes:
    """The file as a program would have written it that makes a mistake; sealed without fault."""
    out = io.BytesIO()
    with file.open("rb") as opened:
        reader = SealedReader(opened, file)
        archive = ArchiveWriter(SealedWriter(out, reader.header, PASSPHRASE))
        section = Section()
        for one in frames(reader.chunks(PASSPHRASE), file):
            if isinstance(one, Section):
                section = one
                archive.begin(one)
            elif isinstance(one, bytes):
                is_log = section.table == ("donghaeng", "facts")
                archive.write(change(one) if is_log else one)
            else:
                archive.close(change(one))
    return out.getvalue()


def without_the_second(one: Any) -> Any:
    """A hole in the log, with everything else made to fit."""
    if isinstance(one, Closing):
        return replace(one, rows={**one.rows, "donghaeng.facts": one.rows["donghaeng.facts"] - 1})
    return b"".join(line for line in one.splitlines(keepends=True) if not line.startswith(b"2\t"))


def with_another_word(one: Any) -> Any:
    return one if isinstance(one, Closing) else one.replace(b"gto".hex().encode(), b"gtx".hex().encode(), 1)


MISTAKES: list[tuple[str, Callable[[Any], Any]]] = [
    ("positions", without_the_second),
    ("log", with_another_word),
    ("rows", lambda one: replace(one, rows={**one.rows, "later": 1}) if isinstance(one, Closing) else one),
]


@pytest.mark.parametrize(("problem", "mistake"), MISTAKES, ids=[name for name, _ in MISTAKES])
def test_a_file_that_does_not_hold_what_it_says_is_refused(
    backup: Path, empty: str, tmp_path: Path, problem: str, mistake: Callable[[Any], Any]
) -> None:
    (tmp_path / "b").write_bytes(rewritten(backup, mistake))
    with pytest.raises(BackupDamaged) as refused:
        restored(empty, tmp_path / "b")
    assert problem in str(refused.value.details["problem"])
    assert is_empty(empty)


def test_the_same_file_without_the_mistake_is_taken(backup: Path, empty: str, tmp_path: Path) -> None:
    """The control."""
    (tmp_path / "b").write_bytes(rewritten(backup, lambda one: one))
    assert restored(empty, tmp_path / "b").head > 0


def test_a_header_of_another_store_is_refused(backup: Path, empty: str, tmp_path: Path) -> None:
    out = io.BytesIO()
    with backup.open("rb") as opened:
        reader = SealedReader(opened, backup)
        writer = SealedWriter(out, replace(reader.header, store="0" * 32), PASSPHRASE)
        for chunk in reader.chunks(PASSPHRASE):
            writer.write(chunk)
    writer.finish()
    (tmp_path / "b").write_bytes(out.getvalue())
    with pytest.raises(BackupDamaged, match="store"):
        restored(empty, tmp_path / "b")
    assert is_empty(empty)
