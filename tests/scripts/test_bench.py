"""The benchmark prints what it measured, in the shape that is promised. No figure is asserted here."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from domain.lifecycle.content import check_content
from domain.lifecycle.flaws import find_flaws
from projections.board_page import board
from projections.fund import accounts_of
from projections.money import sums_of
from projections.runner import project
from projections.slices import AsOf
from projections.views import VIEWS, positions
from scripts.benchmarks import __main__ as bench
from scripts.benchmarks import data, requiring, spent, stepping
from scripts.benchmarks.folded import fold_states
from scripts.benchmarks.history import PER_TASK, lines
from scripts.benchmarks.measuring import PeerNotHere, Row, Sides, result
from scripts.benchmarks.place import Place
from scripts.benchmarks.rows import ROWS
from store.log import Store
from store.recorded import Batch, NewFact
from workers.engine import Engine

pytestmark = pytest.mark.timeout(300)  # a small run of many rows is minutes beside other tests
TOP = Path(__file__).parents[2]
PROMISED = ["name", "unit", "project", "peer", "limit", "ratio_peer", "ratio_limit", "target", "met"]


def run(*words: str, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "scripts.benchmarks", *words]
    return subprocess.run(command, cwd=TOP, capture_output=True, text=True, check=False, timeout=280, env=env)


@pytest.mark.parametrize("made", [stepping.make_content, requiring.make_content])
def test_a_definition_that_is_measured_may_be_adopted(made: Callable[[], str]) -> None:
    assert find_flaws(check_content(json.loads(made()))) == []


def test_the_rows_and_their_targets_are_those_of_the_design() -> None:
    assert {row.name: (row.peer_target, row.limit_target or row.most) for row in ROWS} == {
        "append": (2.0, 0.6),
        "command": (2.0, None),
        "decide-required": (1 / 1.3, None),
        "decide-step": (1 / 1.3, None),
        "append-16": (2.0, 0.45),
        "append-16-one": (2.5, None),
        "command-16": (2.0, None),
        "command-16-dbos": (2.0, None),
        "command-16-one": (2.0, None),
        "bulk": (2.0, None),
        "replay": (2.0, None),
        "replay-two": (1.7, None),
        "replay-memory": (None, 200.0),
        "replay-growth": (None, 1.1),
        "catch-up": (20.0, None),
        "catch-up-scattered": (8.0, None),
        "as-of": (None, None),
        "as-of-effective": (None, None),
        "as-of-again": (None, 1000.0),
        "rebuild": (None, None),
        "rebuild-memory": (None, 200.0),
        "report": (None, 10_000.0),
        "report-memory": (None, 200.0),
        "spent-statements": (None, 1000.0),
        "spent-report": (None, 20_000.0),
        "spent-report-memory": (None, 200.0),
        "life": (5.0, None),
        "visible": (None, 100.0),
        "idle-sweep": (None, 20.0),
        "explain": (None, 1000.0),
        "sealing": (0.95, None),
        "trail-search": (None, 200.0),
        "proclaim": (None, 10_000.0),
        "notices": (None, None),
        "notices-memory": (None, 300.0),
        "trail-tiles": (None, None),
        "trail-verify": (None, None),
        "trail-verify-memory": (None, 300.0),
        "trail-verify-go": (None, None),
        "trail-proof": (None, 5.0),
        "trail-whole": (None, 50.0),
        "trail-part": (None, 900.0),
        "trail-part-beside": (0.97, None),
        "trail-search-check": (None, 20.0),
        "trail-night": (None, None),
        "growth": (None, None),
        "start-help": (None, 250.0),
        "start-refusal": (None, 250.0),
        "start-list": (None, 450.0),
    }
    (growth,) = [row.parts for row in ROWS if row.parts is not None]
    assert growth == {
        **dict.fromkeys(("append", "command", "list", "search", "as-of-kept"), 0.1),
        **dict.fromkeys(("as-of", "as-of-spaced", "rebuild", "verify"), 1.05),
    }
    assert {row.name: row.least for row in ROWS if row.least is not None} == {
        "as-of": 1_000_000 / 8,
        "as-of-effective": 1_000_000 / 8,
        "rebuild": 1_000_000 / 30,
        "notices": 100_000 / 60,
        "trail-tiles": 1_000_000 / 20,
        "trail-verify": 1_000_000 / 30,
        "trail-verify-go": 1_000_000 / 5,
        "trail-night": 1_000_000 / 120,
    }


def test_the_year_that_is_spent_balances_and_holds_what_its_rows_say(store: Store) -> None:
    postings = 4000
    store.import_facts(spent.lines(postings))
    kinds = Counter(one.stream.partition("/")[0] for batch in store.replay() for one in batch)
    assert (kinds["meeting"], kinds["programme"]) == (spent.MEETINGS * (2 + spent.DECISIONS + 2), 1)
    assert kinds["fund"] + kinds["money"] == postings + 1 + spent.TASKS * 4, (
        "beside its opening and the budgets"
    )
    at = AsOf(store.head().position)
    accounts = accounts_of(store, spent.FUND, at)
    assert sum(one.debit_krw for one in accounts) == sum(one.credit_krw for one in accounts) > 0
    assert all(one.balance >= 0 for one in accounts)
    assert sum(one.rows for one in sums_of(store, year=spent.YEAR, at=at)) > 4 * spent.TASKS


def test_a_file_is_made_where_one_stands(tmp_path: Path) -> None:
    made = [str(TOP / "scripts" / "bench"), "data", "--events", "50", "--out", "a.jsonl"]
    subprocess.run(made, cwd=tmp_path, check=True, capture_output=True, timeout=280)
    assert len((tmp_path / "a.jsonl").read_bytes().splitlines()) == 50


@pytest.mark.slow
def test_a_small_run_prints_one_document_in_the_promised_shape() -> None:
    rows = (
        "append",
        "command",
        "replay-two",
        "replay-memory",
        "replay-growth",
        "life",
        "visible",
        "idle-sweep",
        "explain",
        "trail-verify",
        "trail-proof",
        "trail-whole",
        "trail-part",
        "trail-night",
        "trail-search",
        "trail-search-check",
        "proclaim",
    )
    done = run("--json", "--size", "20", "--rounds", "1", *(word for row in rows for word in ("--only", row)))
    assert done.returncode in (0, 1), done.stderr
    printed = json.loads(done.stdout)["rows"]
    assert [row["name"] for row in printed] == list(rows)
    assert all(list(row) == PROMISED for row in printed)
    assert all(row["project"] > 0 or row["unit"] in ("ms", "exponent") for row in printed)
    assert all(row["met"] for row in printed) is (done.returncode == 0)


@pytest.mark.parametrize(
    ("medians", "met"),
    [
        ({"project": 200.0, "peer": 100.0, "limit": 333.0}, True),
        ({"project": 199.0, "peer": 100.0, "limit": 300.0}, False),
        ({"project": 250.0, "peer": 100.0, "limit": 420.0}, False),
    ],
)
def test_a_target_is_met_only_when_every_ratio_reaches_it(medians: dict[str, float], met: bool) -> None:
    assert result(ROWS[0], medians)["met"] is met


@pytest.mark.parametrize(("milliseconds", "met"), [(100.0, True), (100.1, False)])
def test_a_time_is_met_when_it_is_no_longer_than_it_may_be(milliseconds: float, met: bool) -> None:
    (row,) = [row for row in ROWS if row.name == "visible"]
    assert result(row, {"project": milliseconds})["met"] is met


def without_go(tmp_path: Path) -> dict[str, str]:
    """An environment in whose PATH there is no Go."""
    return os.environ | {"PATH": str(tmp_path)}


def test_a_row_whose_peer_is_not_here_says_so_at_once_when_asked_for(tmp_path: Path) -> None:
    done = run("--only", "trail-verify-go", "--only", "proclaim", env=without_go(tmp_path))
    assert (done.returncode, done.stdout) == (3, "")
    assert "Go is not on this machine" in done.stderr
    assert "scripts/foreign-verifiers" in done.stderr


def measured_at_once(place: Place, size: int) -> Sides:
    return {"project": lambda number: 1.0}


def broken(place: Place, size: int) -> Sides:
    raise PeerNotHere(tool="Go that builds", row="broken", todo="Mend it.")


def not_here() -> None:
    raise PeerNotHere(tool="Go", row="absent", todo="Install it.")


def test_what_cannot_be_measured_here_is_left_out_with_the_reason_and_the_others_run() -> None:
    rows = [
        Row("first", measured_at_once, 1, 1, rounds=1, most=1.0),
        Row("absent", measured_at_once, 1, 1, rounds=1, most=1.0, needs=not_here),
        Row("broken", broken, 1, 1, rounds=1, most=1.0),
        Row("last", measured_at_once, 1, 1, rounds=1, most=1.0),
    ]
    left_out = dict[str, str]()
    here = [row for row in rows if bench._may_run(row, left_out, asked=False)]
    assert [row.name for row in here] == ["first", "broken", "last"], "known before anything is started"
    results = bench._run(here, dict.fromkeys(("first", "broken", "last"), 1), left_out)
    assert [one["name"] for one in results] == ["first", "last"]
    assert list(left_out) == ["absent", "broken"]
    assert "Go is not on this machine" in left_out["absent"]


def test_a_big_store_is_filled_once_and_what_a_row_does_to_it_no_other_sees() -> None:
    """The control is the row itself: its own copy has changed."""
    filled, found, left = 0, list[tuple[int, str]](), list[tuple[int, str]]()

    def fill(engine: Engine) -> None:
        nonlocal filled
        filled += 1
        engine.store.import_facts(lines(2 * PER_TASK))
        (engine.data / "sealed").write_text("as filled")

    def look(engine: Engine) -> tuple[int, str]:
        return engine.store.head().position, (engine.data / "sealed").read_text()

    def change(place: Place, size: int) -> Sides:
        engine = place.filled_engine("few", fill)
        found.append(look(engine))
        fact = NewFact("task/2024-99", 1, data.envelope(), next(data.life(1)))
        engine.store.append(Batch(command_id="1" * 32, digest=bytes(32), facts=(fact,)))
        (engine.data / "sealed").write_text("changed")
        left.append(look(engine))
        return {"project": lambda number: 1.0}

    rows = [Row(name, change, 1, 1, rounds=1, most=1.0) for name in ("first", "second")]
    results = bench._run(rows, dict.fromkeys(("first", "second"), 1), {})
    assert [one["name"] for one in results] == ["first", "second"]
    assert filled == 1
    assert found == [(2 * PER_TASK, "as filled")] * 2
    assert left == [(2 * PER_TASK + 1, "changed")] * 2


def test_an_unknown_row_is_wrong_usage() -> None:
    done = run("--only", "speed-of-light")
    assert done.returncode == 2
    assert "catch-up-scattered" in done.stderr


def test_a_big_history_is_the_same_each_time_and_every_view_folds_it(store: Store, tmp_path: Path) -> None:
    for name in ("one", "two"):
        made = run("data", "--events", "2000", "--out", str(tmp_path / name))
        assert made.returncode == 0, made.stderr
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()
    refused = run("data", "--events", "10", "--out", str(tmp_path / "one"))
    assert refused.returncode == 1
    assert "exists" in refused.stderr
    with (tmp_path / "one").open("rb") as file:
        assert store.import_facts(file) == 2000
    facts = store.after(0, 5000)
    assert len({one.stream for one in facts}) == 2000 / PER_TASK
    assert len({one.kind for one in facts}) == 15
    for view in VIEWS.values():
        project(store, view)
        assert positions(store)[view.name].lag == 0
    (evaluated,) = {row.stage for row in board(store)}
    assert evaluated.value == "evaluated"
    count, states = fold_states(store)
    halves = [fold_states(store, (number, 2)) for number in (1, 2)]
    assert [count, states] == [halves[0][0] + halves[1][0], halves[0][1] | halves[1][1]]
    assert all(part > 0 for part, _ in halves)


def test_the_history_goes_somewhere() -> None:
    assert run("data", "--events", "10").returncode == 2
