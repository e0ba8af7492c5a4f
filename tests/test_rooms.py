"""The rooms are as the design says, and what is imported is this tree's."""

from __future__ import annotations

import importlib
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from scripts.pages import PAGES
from workers.settings import Settings

TOP = Path(__file__).parents[1]
SETTINGS = tomllib.loads((TOP / "pyproject.toml").read_text(encoding="utf-8"))
LAYERS = SETTINGS["tool"]["importlinter"]["contracts"][0]["layers"]


def test_every_top_level_package_is_a_layer() -> None:
    packages = {path.parent.name for path in TOP.glob("*/__init__.py")}
    assert packages == set(LAYERS) == set(SETTINGS["tool"]["importlinter"]["root_packages"])


@pytest.mark.parametrize("room", LAYERS)
def test_a_room_comes_from_this_tree(room: str) -> None:
    found = importlib.import_module(room).__file__
    assert found is not None
    assert Path(found).parent == TOP / room


def test_importing_everything_has_no_side_effect_on_the_disk_or_the_network(tmp_path: Path) -> None:
    script = "import scripts.cli.main, workers.parts, workers.tasks, scripts.benchmarks.rows"
    done = subprocess.run([sys.executable, "-c", script], cwd=tmp_path, check=True, capture_output=True)
    assert (done.stdout, done.stderr, list(tmp_path.iterdir())) == (b"", b"", [])


def test_time_is_read_in_no_room_below_the_workers() -> None:
    reading = re.compile(r"datetime\.now\(|datetime\.utcnow\(|\btime\.time\(|date\.today\(")
    rooms = ("domain", "projections", "workflows", "store")
    found = [
        str(path) for room in rooms for path in (TOP / room).rglob("*.py") if reading.search(path.read_text())
    ]
    assert found == []


def test_every_setting_is_documented() -> None:
    readme = (TOP / "README.md").read_text(encoding="utf-8")
    names = [str(field.alias) for field in Settings.model_fields.values()]
    assert [name for name in names if f"`{name}`" not in readme] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_a_page_made_from_the_code_is_up_to_date(page: Path) -> None:
    assert page.read_text(encoding="utf-8") == PAGES[page](), "run `python -m scripts.pages`"


def test_the_lock_file_holds_hashes_and_no_address() -> None:
    lock = (TOP / "requirements.lock").read_text(encoding="utf-8")
    assert "://" not in lock
    _, *pinned = re.split(r"\n(?=[a-z0-9-]+==)", lock)
    assert [block for block in pinned if not re.search(r"--hash=sha256:[0-9a-f]{64}", block)] == []
    assert len(pinned) > 50
