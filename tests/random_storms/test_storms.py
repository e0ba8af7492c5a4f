"""Some of the forty short storms over real machines find nothing, and a control's storm finds it; `scripts/storm` runs them all."""

from __future__ import annotations

import pytest

from scripts.random_storms.__main__ import main

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]
# In parts, so that they spread over pytest's workers. Of the first eight, seed 3 loses the primary as seed 0 does, on a
# machine of its own: the control takes its time.
_PARTS = (range(3), range(4, 8))


@pytest.mark.parametrize("seeds", _PARTS, ids=str)
def test_short_storms_find_nothing(seeds: range, capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["--storms", str(len(seeds)), "--seed", str(seeds.start), "--machines", "1"])
    said = capsys.readouterr()
    assert code == 0, said.out + said.err


def test_were_a_command_not_known_again_a_storm_would_find_it(capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["--controls", "--only", "known"])
    said = capsys.readouterr()
    assert code == 0, said.out + said.err
