"""Each known fault is found when it is put back."""

from __future__ import annotations

import pytest

from projections.deadlines_row import DeadlinesRow
from scripts.random_lives.controls import CONTROLS
from scripts.random_lives.place import Ground, TimedSink
from scripts.random_lives.running import verdict_of
from scripts.random_lives.story import life_of


def test_a_fault_is_there_inside_the_block_alone() -> None:
    right = DeadlinesRow.steps_to_arm
    with CONTROLS["rungs_lost"].put_back():
        assert DeadlinesRow.steps_to_arm is not right
    assert DeadlinesRow.steps_to_arm is right


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.parametrize("name", [name for name, control in CONTROLS.items() if control.seeds])
def test_the_lives_find_each_fault_that_is_put_back(name: str, ground: Ground, sink: TimedSink) -> None:
    control = CONTROLS[name]
    for seed in control.seeds:
        clean = verdict_of(life_of(seed), ground, sink)
        with control.put_back():
            faulty = verdict_of(life_of(seed), ground, sink)
        if set(faulty.findings) - set(clean.findings):
            return
    pytest.fail(f"{control.fault} Not found by seeds {control.seeds}.")
