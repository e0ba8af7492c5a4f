"""docs/tutorial/follow.md: its programs, run as they are printed."""

from __future__ import annotations

import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from store.log import Store
from tests.conftest import top
from tests.projections.timed_logs import many, put
from tests.scripts.conftest import Cli
from tests.store import fact_batches as facts

PAGE = (top() / "docs" / "tutorial" / "follow.md").read_text(encoding="utf-8")
PROGRAMS = dict(
    zip(("by follow", "by the store"), re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL), strict=True)
)
PATIENCE = 30.0


def orders(path: Path) -> int:
    if not path.exists():
        return 0
    with closing(sqlite3.connect(path)) as connection:
        there = connection.execute("SELECT count(*) FROM sqlite_master WHERE name = 'stored_events'")
        if there.fetchone() == (0,):
            return 0
        return int(connection.execute("SELECT count(*) FROM stored_events").fetchone()[0])


def run_until(program: Path, count: int, path: Path) -> None:
    """Run it until it has made so many orders, and a moment longer, in which it makes no more; then interrupt it."""
    bin_folder = str(Path(sys.executable).parent)
    settings = {"PERSISTENCE_MODULE": "eventsourcing.sqlite", "SQLITE_DBNAME": str(path)}
    env = os.environ | settings | {"PATH": f"{bin_folder}:{os.environ['PATH']}", "DONGHAENG_AS": "inspector"}
    process = subprocess.Popen(
        [sys.executable, str(program)],
        env=env,
        cwd=program.parent,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    assert process.stderr is not None
    try:
        deadline = time.monotonic() + PATIENCE
        while orders(path) < count and process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.1)
        time.sleep(1.0)
        assert process.poll() is None, process.stderr.read()
        assert orders(path) == count
    finally:
        os.killpg(process.pid, signal.SIGINT)
        said = process.communicate(timeout=PATIENCE)[1]
    assert b"KeyboardInterrupt" in said, said


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_program_of_the_page_makes_one_order_for_each_approval_however_often_it_is_started(
    cli: Cli, store: Store, tmp_path: Path, name: str
) -> None:
    put(store, many(12))
    approved = sum(row[3] == "task.approved" for row in store.rows_after(0, 10_000))
    assert approved > 5
    program = tmp_path / "orders.py"
    program.write_text(PROGRAMS[name], encoding="utf-8")
    run_until(program, approved, tmp_path / "orders.db")
    facts.put(store, "task/2024-99")
    run_until(program, approved, tmp_path / "orders.db")


def test_the_second_program_has_ten_lines_beside_its_imports() -> None:
    lines = [
        one for one in PROGRAMS["by the store"].splitlines() if one and not one.startswith(("from", "import"))
    ]
    assert len(lines) <= 10
