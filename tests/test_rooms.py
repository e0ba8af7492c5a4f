"""The rooms are as the design says, and what is imported is this tree's."""

from __future__ import annotations

import importlib
import re
import subprocess
import sys
from pathlib import Path

import pytest

from scripts.pages import PAGES
from tests.rooms import ROOMS, SETTINGS, TOP

LAYERS = SETTINGS["tool"]["importlinter"]["contracts"][0]["layers"]


def test_every_top_level_package_is_a_layer() -> None:
    packages = {path.parent.name for path in TOP.glob("*/__init__.py")}
    assert packages == set(LAYERS) == set(ROOMS)


def circles(tree: Path) -> bool:
    """Whether import-linter finds one by our contract in a room of these two files."""
    contracts = SETTINGS["tool"]["importlinter"]["contracts"]
    (ours,) = [one for one in contracts if one["type"] == "acyclic_siblings"]
    assert ours["ancestors"] == LAYERS, "each room is looked at"
    (tree / ".importlinter").write_text(
        "[importlinter]\nroot_package = room\n[importlinter:contract:one]\n"
        f"name = {ours['name']}\ntype = {ours['type']}\nancestors = room\n",
        encoding="utf-8",
    )
    lint = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run(
        [lint, "--no-cache"], cwd=tree, env={"PYTHONPATH": str(tree)}, check=False, capture_output=True
    )
    assert (b"BROKEN" in done.stdout) is (done.returncode != 0), done.stdout + done.stderr
    return done.returncode != 0


@pytest.mark.parametrize("inside", ["", "    "], ids=["at once", "within a function"])
def test_a_circle_between_two_files_of_a_room_is_found(tmp_path: Path, inside: str) -> None:
    room = tmp_path / "room"
    room.mkdir()
    (room / "__init__.py").touch()
    (room / "one.py").write_text("from room import two\n", encoding="utf-8")
    (room / "two.py").write_text("def work() -> None: ...\n", encoding="utf-8")
    assert not circles(tmp_path)
    begin = "def work():\n" if inside else ""
    (room / "two.py").write_text(f"{begin}{inside}from room import one\n", encoding="utf-8")
    assert circles(tmp_path)


@pytest.mark.parametrize("room", LAYERS)
def test_a_room_comes_from_this_tree(room: str) -> None:
    found = importlib.import_module(room).__file__
    assert found is not None
    assert Path(found).parent == TOP / room


def test_importing_everything_has_no_side_effect_on_the_disk_or_the_network(tmp_path: Path) -> None:
    script = (
        "import typer, scripts.cli.main, workers.processes, workers.tasks, scripts.benchmarks.rows\n"
        "dict(typer.main.get_command(scripts.cli.main.app).commands)"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=tmp_path, check=True, capture_output=True)
    assert (done.stdout, done.stderr, list(tmp_path.iterdir())) == (b"", b"", [])


def test_time_is_read_in_no_room_below_the_workers() -> None:
    reading = re.compile(r"datetime\.now\(|datetime\.utcnow\(|\btime\.time\(|date\.today\(")
    rooms = ("trail", "domain", "projections", "workflows", "store")
    found = [
        str(path) for room in rooms for path in (TOP / room).rglob("*.py") if reading.search(path.read_text())
    ]
    assert found == []


def test_the_domain_takes_words_and_time_from_the_trail_and_nothing_else() -> None:
    taken = re.compile(r"^ *(?:from|import) (trail[\w.]*)", re.MULTILINE)
    found = {name for path in (TOP / "domain").rglob("*.py") for name in taken.findall(path.read_text())}
    assert found == {"trail.bilingual", "trail.english", "trail.korean_time", "trail.lang", "trail.particles"}


def test_the_log_is_asked_by_the_store_alone() -> None:
    """What checks the database's own objects names them, and asks nothing of the log."""
    asked = re.compile(r"(?:FROM|JOIN|INTO|UPDATE|LOCK TABLE) donghaeng\.(?:facts|commands)\b")
    rooms = ("domain", "projections", "workflows", "workers", "scripts/cli")
    found = [
        str(path) for room in rooms for path in (TOP / room).rglob("*.py") if asked.search(path.read_text())
    ]
    assert found == []
    assert [path for path in (TOP / "store").rglob("*.py") if asked.search(path.read_text())], "the control"


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_a_page_made_from_the_code_is_up_to_date(page: Path) -> None:
    assert page.read_text(encoding="utf-8") == PAGES[page](), "run `python -m scripts.pages`"


def test_the_lock_file_holds_hashes_and_no_address() -> None:
    lock = (TOP / "requirements.lock").read_text(encoding="utf-8")
    assert "://" not in lock
    _, *pinned = re.split(r"\n(?=[a-z0-9-]+==)", lock)
    assert [block for block in pinned if not re.search(r"--hash=sha256:[0-9a-f]{64}", block)] == []
    assert len(pinned) > 50
