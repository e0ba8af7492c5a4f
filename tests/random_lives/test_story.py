"""Lives as they are made up: the same for the same seed, and of every kind within what CI lives."""

from __future__ import annotations

from collections import Counter

from scripts.random_lives.acts import ACTS
from scripts.random_lives.machine import TURNS
from scripts.random_lives.story import life_of
from tests.random_lives.lives_in_ci import IN_CI, YEARS


def test_the_same_seed_makes_the_same_life() -> None:
    assert life_of(41) == life_of(41)
    assert life_of(41) != life_of(42)


def test_every_kind_of_step_occurs_in_what_ci_lives() -> None:
    counted = Counter(step.do for seed in IN_CI for step in life_of(seed).steps)
    assert set(counted) == {*ACTS, *TURNS}


def test_steps_come_in_order_of_time_and_none_is_late_for_the_future() -> None:
    for seed in IN_CI:
        steps = life_of(seed).steps
        assert [one.at for one in steps] == sorted(one.at for one in steps)
        assert all(one.late is None or one.late < one.at for one in steps)


def test_lives_lie_in_all_the_years_and_are_of_all_sizes() -> None:
    lives = [life_of(seed) for seed in IN_CI]
    assert {one.until.year for one in lives} >= set(YEARS)
    tasks, agencies = [len(one.tasks) for one in lives], [len(one.agencies) for one in lives]
    assert min(tasks) == 1
    assert max(tasks) > 10
    assert max(agencies) > 8
    assert any(one.supervisor for one in lives)
