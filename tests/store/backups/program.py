"""A backup or a restore in a process of its own, to be killed. `carelessly`: in many commits, as the control."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import psycopg

from store.backups.archive import Section, frames
from store.backups.dumping import Progress
from store.backups.sealing import SealedReader
from store.migrate import migrate
from tests.store.backups.stores_to_back_up import PASSPHRASE, backed_up, restored


def hold(*_: object) -> None:
    """Stand still, and say so: here it can be killed."""
    sys.stdout.write("held\n")
    sys.stdout.flush()
    time.sleep(60)


def holding_at(share: float) -> Progress:
    return lambda done, of: hold() if done >= share * of else None


def restored_carelessly(dsn: str, file: Path, progress: Progress) -> None:
    migrate(dsn)
    table: Section | None = None
    with file.open("rb") as opened, psycopg.connect(dsn, autocommit=True) as connection:
        for one in frames(SealedReader(opened, file).chunks(PASSPHRASE), file):
            if isinstance(one, Section):
                table = one
            elif isinstance(one, bytes) and table is not None and table.table == ("donghaeng", "facts"):
                query = f"COPY donghaeng.facts ({', '.join(table.columns)}) FROM STDIN"
                with connection.cursor() as cursor, cursor.copy(query.encode()) as rows:
                    rows.write(one)
                progress(opened.tell(), file.stat().st_size)


if __name__ == "__main__":
    what, dsn, file, keys, at = sys.argv[1], sys.argv[2], Path(sys.argv[3]), Path(sys.argv[4]), sys.argv[5]
    match what:
        case "backup":
            backed_up(dsn, file, keys=keys, progress=holding_at(float(at)))
        case "restore" if at == "commit":
            restored(dsn, file, keys=keys, before_commit=hold)
        case "restore":
            restored(dsn, file, keys=keys, progress=holding_at(float(at)))
        case "carelessly":
            restored_carelessly(dsn, file, holding_at(float(at)))
