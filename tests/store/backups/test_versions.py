"""Backups of older and newer programs."""

from __future__ import annotations

import hashlib
from pathlib import Path

import psycopg
import pytest

from projections.schema import statements
from store.backups.errors import BackupOfNewerSchema
from store.connecting import SCHEMA_VERSION
from store.errors import NotMigrated, SchemaOfNewerProgram
from store.log import Store
from store.migrate import complete, make_schema, migrating
from tests.store.backups.stores_to_back_up import (
    backed_up,
    empty_database,
    filled,
    is_empty,
    restored,
)
from tests.store.fact_batches import positions


def test_a_store_of_the_first_schema_is_restored_and_brought_up_to_date(
    cluster: str, empty: str, tmp_path: Path
) -> None:
    with empty_database(cluster) as old:
        with migrating(old) as migration:
            make_schema(migration, "0001")
            complete(migration, False, statements())
        append(old)
        assert backed_up(old, tmp_path / "b").schema == "0001"
    with pytest.raises(NotMigrated), Store.open(empty):
        pass
    assert restored(empty, tmp_path / "b").schema == "0001"
    with Store.open(empty) as store:
        assert positions(store) == [1, 2]
        filled(store)


def append(dsn: str) -> None:
    """Two facts, by the database's own function: this program does not open an old store."""
    state = b'{"v":1,"schema":1,"actor":{"role":"planner"},"via":"cli","authn":"asserted","command":"%s"}\n{}'
    with psycopg.connect(dsn) as connection:
        for version in (1, 2):
            connection.execute(
                "SELECT donghaeng.append(gen_random_uuid(), 'd', ARRAY['programme/2024'], ARRAY[%s::int8], "
                "ARRAY['programme.closed'], ARRAY[%b::bytea])",
                (version, state),
            )


def stamped(dsn: str, version: str) -> None:
    with psycopg.connect(dsn) as connection:
        connection.execute("UPDATE donghaeng.schema_version SET version_num = %s", (version,))


def test_a_store_of_a_newer_program_is_not_backed_up(owner_dsn: str, tmp_path: Path) -> None:
    stamped(owner_dsn, "9999")
    with pytest.raises(SchemaOfNewerProgram):
        backed_up(owner_dsn, tmp_path / "b")
    assert list(tmp_path.iterdir()) == []


def test_what_is_no_store_is_not_backed_up(empty: str, tmp_path: Path) -> None:
    with pytest.raises(NotMigrated):
        backed_up(empty, tmp_path / "b")
    assert list(tmp_path.iterdir()) == []


def test_a_backup_of_a_newer_program_is_refused_by_name(
    source: str, backup: Path, empty: str, tmp_path: Path
) -> None:
    lines = backup.read_bytes().split(b"\n", 3)
    assert SCHEMA_VERSION.encode() in lines[1]
    newer = tmp_path / "newer"
    newer.write_bytes(resealed(lines, b"9999"))
    with pytest.raises(BackupOfNewerSchema) as refused:
        restored(empty, newer)
    assert "9999" in refused.value.say("ko")
    assert SCHEMA_VERSION in refused.value.say("en")
    assert is_empty(empty)


def resealed(lines: list[bytes], schema: bytes) -> bytes:
    """With another schema in the header, its sum made anew: the newer program would have written it so."""
    header = lines[1].replace(f'"schema":"{SCHEMA_VERSION}"'.encode(), b'"schema":"' + schema + b'"')
    begin = lines[0] + b"\n" + header + b"\n"
    return begin + hashlib.sha256(begin).hexdigest().encode() + lines[2][64:] + b"\n" + lines[3]
