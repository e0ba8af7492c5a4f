"""Random lives, each held against the oracle: in parts, so that they spread over pytest's workers."""

from __future__ import annotations

import pytest

from scripts.random_lives.place import Ground, TimedSink
from scripts.random_lives.running import verdict_of
from scripts.random_lives.story import life_of
from tests.random_lives.lives_in_ci import IN_CI

PARTS = 12


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("part", range(PARTS))
def test_nothing_is_found_in_random_lives(part: int, ground: Ground, sink: TimedSink) -> None:
    failed, steps, refused = [], 0, 0
    for seed in IN_CI[part::PARTS]:
        verdict = verdict_of(life_of(seed), ground, sink)
        steps, refused = steps + verdict.steps, refused + sum(verdict.refused.values())
        failed += [
            f"seed {seed} (scripts/lives --one {seed}): {one.kind}: {one.said}" for one in verdict.findings
        ]
    assert not failed, "\n".join(failed)
    assert refused < steps / 4, "a life of which much is refused is a bad one"
