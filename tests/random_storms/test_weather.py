"""Storms are drawn from seeds, made by one maker a kind, and shrunk to the faults that matter."""

from __future__ import annotations

import importlib
from collections import Counter

import pytest

from scripts.random_storms.controls import CONTROLS
from scripts.random_storms.faults import MAKERS
from scripts.random_storms.rig import POINTS
from scripts.random_storms.shrinking import shrunk
from scripts.random_storms.weather import KINDS, Fault, Storm, storm, storm_of


def test_the_same_seed_is_the_same_storm_and_another_one_another() -> None:
    assert storm_of(7) == storm_of(7)
    assert len({storm_of(seed).faults for seed in range(40)}) > 30


def test_two_hundred_seeds_have_every_kind_and_some_calm() -> None:
    drawn = Counter(fault.kind for seed in range(200) for fault in storm_of(seed).faults)
    assert drawn.keys() == KINDS.keys()
    assert any(not storm_of(seed).faults for seed in range(100))


def test_the_load_lasts_longer_than_every_fault() -> None:
    for seed in range(100):
        given = storm_of(seed)
        assert all(one.at + one.seconds < given.load for one in given.faults)


def test_a_long_storm_has_faults_from_its_beginning_to_its_end_and_one_standby_at_most() -> None:
    for seed in (*range(19), *range(20, 39)):
        given = storm_of(seed, 120.0)
        assert given.load >= 120
        # of those that take the standby all but the last are left out
        assert len({int(one.at // 8) for one in given.faults}) >= 13
        assert sum(KINDS[one.kind].standby for one in given.faults) <= 1


def test_every_kind_has_its_maker() -> None:
    assert MAKERS.keys() == KINDS.keys()


@pytest.mark.parametrize("name", CONTROLS)
def test_a_control_s_storm_can_be_made(name: str) -> None:
    for fault in CONTROLS[name].faults:
        assert fault.target in KINDS[fault.kind].targets


@pytest.mark.parametrize(
    "place", [*POINTS.values(), *(place for one in CONTROLS.values() for place in one.patches)]
)
def test_what_is_patched_is_there(place: str) -> None:
    module, _, path = place.partition(":")
    found = importlib.import_module(module)
    for name in path.split("."):
        found = getattr(found, name)


def test_a_storm_is_shrunk_to_the_one_fault_that_matters_and_a_shorter_one() -> None:
    guilty, other = Fault("stop", "redis", 1.0, 4.0), Fault("kill", "ticker", 0.5)

    def fails(given: Storm) -> bool:
        return any(one.kind == "stop" and one.seconds >= 2 for one in given.faults)

    assert shrunk(storm(3, [other, guilty, other]), fails).faults == (Fault("stop", "redis", 1.0, 2.0),)


def test_two_faults_that_matter_together_both_stay() -> None:
    one, two, other = (Fault("kill", name, 1.0) for name in ("ticker", "redis", "postgres"))

    def fails(given: Storm) -> bool:
        return {"ticker", "redis"} <= {fault.target for fault in given.faults}

    assert shrunk(storm(3, [one, two, other]), fails).faults == (one, two)
