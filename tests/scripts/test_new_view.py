"""A new view, built as docs/tutorial/view.md says into a copy of the program, has its list at any date."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import psycopg
import pytest

from domain.task.facts import Approved, Resumed, Started, Suspended
from store.log import Store
from tests.projections.appended_facts import PLAN, PROPOSED, append
from tests.scripts.conftest import Cli
from tests.tutorial_builds import build, complaint

_FILES = {
    "projections/suspensions.py",
    "projections/views.py",
    "projections/inspection/words.py",
    "scripts/cli/task.py",
}
TABLE = "views.suspensions_v1"


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("copy")
    assert build("view.md", folder) == _FILES
    return folder


def said(copy: Path, *words: str, ends: int = 0) -> str:
    """What the copy's `donghaeng …` prints; else its complaint."""
    done = subprocess.run(
        [sys.executable, "-m", "scripts.cli.main", *words],
        cwd=copy,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == ends, done.stdout + done.stderr
    return done.stdout if ends == 0 else done.stderr


def folded(copy: Path) -> None:
    script = (
        "import os; from projections.runner import project; from projections.views import VIEWS; "
        "from store.log import Store; store = Store.open(os.environ['DATABASE_URL']); "
        "[project(store, view) for view in VIEWS.values()]"
    )
    subprocess.run([sys.executable, "-c", script], cwd=copy, check=True)


def test_a_view_with_its_list_is_four_files(cli: Cli, store: Store, owner_dsn: str, copy: Path) -> None:
    for number in ("2024-001", "2024-002"):
        stream = f"task/{number}"
        append(store, (stream, PROPOSED), (stream, Approved()), (stream, Started(on=PLAN.start)))
        append(store, (stream, Suspended()))
    begun = store.head().position
    said(copy, "migrate")
    folded(copy)
    document: Any = json.loads(said(copy, "task", "suspended", "--json"))
    assert list(document["rows"]) == ["2024-001", "2024-002"]
    append(store, ("task/2024-001", Resumed()))
    behind = json.loads(said(copy, "task", "suspended", "--json"))
    assert [one["view"] for one in behind["behind"]] == ["suspensions"], "it says that it lags"
    folded(copy)
    shown = said(copy, "views", "show", "suspensions", "--lang", "en")
    assert "2024-001" not in shown
    assert "halted at: 20" in shown
    assert "suspensions" in json.loads(said(copy, "views", "--json"))["views"]
    assert "suspensions" in said(copy, "views", "verify", "suspensions", "--as", "planner", "--lang", "en")
    asked = (
        "import os; from store.log import Store; from projections.slices import AsOf; "
        "from projections.suspensions import tasks_suspended; store = Store.open(os.environ['DATABASE_URL']); "
        f"print([one.task for at in (None, AsOf({begun})) for one in tasks_suspended(store, at)])"
    )
    done = subprocess.run([sys.executable, "-c", asked], cwd=copy, check=True, capture_output=True, text=True)
    assert done.stdout == "['2024-002', '2024-001', '2024-002']\n", "now, and as it was known"
    with psycopg.connect(owner_dsn) as owner:
        owner.execute(f"DROP TABLE {TABLE}".encode())
    assert "views rebuild suspensions" in said(copy, "views", "show", "suspensions", ends=3)


@pytest.mark.parametrize(
    ("line", "test"),
    [
        ("        SUSPENSIONS,", "tests/projections/test_query.py::test_no_view_is_forgotten_in_the_list"),
        ("halted_at|", "tests/projections/test_trail_words.py"),
    ],
)
def test_what_is_forgotten_of_it_is_told_by_a_test(tmp_path: Path, line: str, test: str) -> None:
    build("view.md", tmp_path, without=line)
    told = complaint(tmp_path, test)
    assert "SUSPENSIONS" in told or "halted_at" in told
