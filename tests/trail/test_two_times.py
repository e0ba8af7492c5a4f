"""Outside a simulated store a fact has one time: every verifier refuses another, and tells where nobody says what it is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.foreign.test_others import run
from tests.foreign.tools import go_verifier, needed
from tests.trail.packs_by_hand import Made, row, script, unpacked, verdict_of
from trail.origin import Clock, clock_of, older_origin, origin
from trail.sources import Folder
from trail.verdict import Verdict
from trail.verifying import Own, verify_trail

STORE = "5" * 32
REAL, SIMULATED = (origin(STORE, simulated=yes, epoch=1) for yes in (False, True))
OLDER = older_origin(STORE, 1)
BACK = 17
Rows = Callable[[int], tuple[Any, ...]]


def known(*positions: int) -> Rows:
    """The facts at these positions are known a week before they are recorded."""

    def rows(position: int) -> tuple[Any, ...]:
        found = list(row(position))
        if position in positions:
            found[5] -= timedelta(days=7)
        return tuple(found)

    return rows


ALL = known(*range(1, 400))
CASES = {
    "a real store, untouched": (REAL, row, True, ""),
    "a real store, a date set back": (REAL, known(BACK), False, "event 17 says it was known at"),
    "a simulated store": (SIMULATED, ALL, True, "log of a simulated store"),
    "a real store of before, untouched": (OLDER, row, True, ""),
    "a simulated store of before": (OLDER, ALL, True, "does not say whether"),
}


@pytest.fixture(scope="module", autouse=True)
def _tools() -> None:
    needed("openssl", "bash")


@pytest.fixture(scope="module")
def go(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return go_verifier(tmp_path_factory.mktemp("go"))


def trail_verdict(folder: Path) -> Verdict:
    verdict = Verdict()
    verify_trail(Folder(folder), Own(), verdict, lambda _: None)
    return verdict


def held(verdict: Verdict, good: bool, said: str) -> None:
    assert verdict.good is good
    items = [item.said.en for item in verdict.items if item.holds is not True and item.where != "policy"]
    assert (any(said in one for one in items)) if said else not any("known" in one for one in items), items
    assert all(item.said.ko for item in verdict.items)


@pytest.mark.parametrize("case", CASES)
def test_a_whole_trail_and_a_pack_are_judged_by_the_name_of_the_log(case: str, tmp_path: Path) -> None:
    name, rows, good, said = CASES[case]
    made = Made(tmp_path, rows, origin=name)
    held(trail_verdict(made.trail.folder), good, said)
    pack = unpacked(made.write(), tmp_path / "pack")
    held(verdict_of(pack), good, said)
    told = script(pack)
    assert (told.returncode == 0) is good, told.stdout
    words = {"": "", "event 17 says it was known at": "its date was set by somebody"}.get(said, said)
    assert words in told.stdout
    assert words or "simulated" not in told.stdout


@pytest.mark.parametrize("case", CASES)
def test_a_verifier_that_others_wrote_refuses_the_same(case: str, go: Path, tmp_path: Path) -> None:
    name, rows, good, said = CASES[case]
    made = Made(tmp_path, rows, origin=name)
    for folder in (made.trail.folder, unpacked(made.write(), tmp_path / "pack")):
        code, told = run(go, folder, 2)
        assert (code == 0) is good, told
        assert "simulated" in told or good is False or not said


def test_in_a_log_of_before_the_first_fact_says_what_its_store_is(tmp_path: Path) -> None:
    """Its times are one in a real store. Where a pack has not the first fact, what is not known is told."""
    made = Made(tmp_path, known(BACK), origin=OLDER)
    held(trail_verdict(made.trail.folder), good=False, said="event 17 says it was known at")
    alone = unpacked(made.write(), tmp_path / "without the first")
    held(verdict_of(alone), good=True, said="1 fact was known at another time than recorded")
    told = script(alone)
    assert told.returncode == 0
    assert "If it is a real store, do not rely on those dates" in told.stdout
    first = unpacked(made.write((1, *(3, 17, 30, 41))), tmp_path / "with it")
    held(verdict_of(first), good=False, said="event 17 says it was known at")
    assert script(first).returncode == 1


def test_nothing_but_the_name_lets_two_times_pass(tmp_path: Path) -> None:
    """The control: the same facts in a log that says that its store is simulated."""
    made = Made(tmp_path, known(BACK), origin=SIMULATED)
    held(trail_verdict(made.trail.folder), good=True, said="log of a simulated store")


def test_names_of_logs_say_which_store_which_clock_and_which_epoch() -> None:
    assert (f"donghaeng/real/{STORE}", f"donghaeng/simulated/{STORE}") == (REAL, SIMULATED)
    assert origin(STORE, simulated=False, epoch=3) == f"donghaeng/real/{STORE}/3"
    assert clock_of(f"donghaeng/real/{STORE}/3") is Clock.REAL
    assert clock_of(SIMULATED) is Clock.SIMULATED
    for other in (OLDER, "donghaeng/simulated", f"x{SIMULATED}", f"{SIMULATED}x", "example.org/real/log"):
        assert clock_of(other) is None
