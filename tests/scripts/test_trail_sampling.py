"""`trail sample`: a population fixed before its seed can be known, and a draw that is repeated without the program."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
from pathlib import Path
from typing import Any

import psycopg
import pytest

from store.log import Store
from tests.scripts.conftest import Cli, document
from tests.scripts.test_command_line import refused
from tests.sealed_trails import SealedTrail
from trail.sampling import draw

WHO = ("--as", "inspector", "--reason", "표본 감사")
ASKED = ("--kind", "programme.task_added", "--kind", "agency.registered")
# what docs/inspecting.md tells people to do at home
BY_HAND = """
seed=$(sed -n 3p "$1")
while read -r position; do
    printf '%s %s\\n' "$(printf '%s:%s' "$seed" "$position" | sha256sum | cut -d' ' -f1)" "$position"
done < population | LC_ALL=C sort | head -n "$2"
"""


@pytest.fixture
def sealed(loaded: Cli, store: Store, tmp_path: Path) -> SealedTrail:
    """Checkpoints of 40 and of all 62 facts."""
    trail = SealedTrail(tmp_path / "var" / "trail", "donghaeng/1")
    trail.seal(store, upto=40)
    trail.seal(store)
    return trail


def sampled(loaded: Cli, out: Path, *words: str) -> Any:
    done = loaded("trail", "sample", *ASKED, "--out", str(out), *words, *WHO, "--json")
    assert done.exit_code == 0, done.output
    return document(done)


def test_a_population_is_fixed_by_a_checkpoint_and_drawn_from_by_a_later_one(
    loaded: Cli, sealed: SealedTrail, store: Store, tmp_path: Path
) -> None:
    fixed = sampled(loaded, tmp_path / "fixed", "--upto", "40")
    positions = (tmp_path / "fixed" / "population").read_bytes()
    assert fixed["population"]["sha256"] == hashlib.sha256(positions).hexdigest()
    meant = [
        row[0] for row in store.rows_after(0, 40) if row[3] in ("programme.task_added", "agency.registered")
    ]
    assert list(map(int, positions.split())) == meant
    assert (fixed["seed"], fixed["drawn"], fixed["population"]["count"]) == (None, [], len(meant))

    drawn = ("--upto", "40", "--draw", "5", "--population", fixed["population"]["sha256"])
    found = sampled(loaded, tmp_path / "drawn", *drawn, "--seed-checkpoint", "62")
    assert (tmp_path / "drawn" / "population").read_bytes() == positions
    by_hand = subprocess.run(
        ["bash", "-c", BY_HAND, "-", str(sealed.folder / "checkpoints" / "62"), "5"],
        cwd=tmp_path / "drawn",
        capture_output=True,
        check=True,
    ).stdout
    assert (tmp_path / "drawn" / "sample").read_bytes() == by_hand
    assert [int(line.split()[1]) for line in by_hand.splitlines()] == [
        one["position"] for one in found["entries"]
    ]
    about = json.loads((tmp_path / "drawn" / "about.json").read_bytes())
    assert (about["population"]["count"], about["drawn"]) == (len(meant), 5)
    assert about["seed_checkpoint"]["witnesses"] == ["w0", "w1"]


def test_the_worked_example_of_the_page_holds(tmp_path: Path) -> None:
    page = (Path(__file__).parents[2] / "docs" / "inspecting.md").read_text(encoding="utf-8")
    worked = re.search(r"```bash\n(seed=.*?)```\n\n```\n(.*?)```", page, re.S)
    assert worked is not None
    done = subprocess.run(["bash", "-c", worked[1]], cwd=tmp_path, capture_output=True, check=True, text=True)
    assert done.stdout == worked[2]
    ours = draw("lottery 1148: 3 13 30 33 43 45", [3, 8, 21, 34, 55], 2)
    assert [f"{one.rank} {one.position}" for one in ours] == done.stdout.splitlines()


def test_the_control_another_seed_draws_another_sample(
    loaded: Cli, sealed: SealedTrail, tmp_path: Path
) -> None:
    drawn = {
        tuple(
            one["position"]
            for one in sampled(loaded, tmp_path / seed, "--draw", "5", "--seed", seed)["drawn"]
        )
        for seed in ("first", "second", "third")
    }
    assert len(drawn) == 3
    again = sampled(loaded, tmp_path / "again", "--draw", "5", "--seed", "first")
    assert tuple(one["position"] for one in again["drawn"]) in drawn


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--upto", "62", "--draw", "5", "--seed-checkpoint", "40"), "later"),
        (("--upto", "40", "--draw", "5", "--seed-checkpoint", "40"), "later"),
        (("--upto", "40", "--draw", "5"), "one seed"),
        (("--upto", "40", "--draw", "5", "--seed", "x", "--seed-checkpoint", "62"), "one seed"),
        (("--upto", "45"), "40, 62"),
        (("--upto", "40", "--population", "0" * 64), "not the 0000"),
    ],
)
def test_a_sample_that_could_have_been_chosen_is_refused(
    loaded: Cli, sealed: SealedTrail, tmp_path: Path, words: tuple[str, ...], said: str
) -> None:
    out = tmp_path / "out"
    refused(loaded("trail", "sample", *ASKED, "--out", str(out), *words, *WHO), 1, said)
    assert not out.exists()


def test_facts_that_are_not_what_was_sealed_are_no_population(
    loaded: Cli, sealed: SealedTrail, owner_dsn: str, tmp_path: Path
) -> None:
    sampled(loaded, tmp_path / "before", "--upto", "40")
    with psycopg.connect(owner_dsn) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute(
            b"UPDATE donghaeng.facts SET recorded_at = recorded_at - interval '1 s' WHERE position = 7"
        )
    refused(loaded("trail", "sample", *ASKED, "--out", str(tmp_path / "out"), *WHO), 1, "verify --store")
    assert [path.name for path in tmp_path.iterdir() if path.name != "var"] == ["before"]


def test_a_sample_says_what_for_and_is_written_over_nothing(
    loaded: Cli, sealed: SealedTrail, tmp_path: Path
) -> None:
    refused(loaded("trail", "sample", "--out", str(tmp_path / "x"), "--as", "inspector"), 1, "--reason")
    (tmp_path / "there").mkdir()
    (tmp_path / "there" / "mine").touch()
    refused(loaded("trail", "sample", "--out", str(tmp_path / "there"), *WHO), 1, "there")
    assert [path.name for path in (tmp_path / "there").iterdir()] == ["mine"]
