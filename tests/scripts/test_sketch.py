"""The sketch of the command line says what the commands say, and loads none of them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from scripts.cli import sketch_file
from scripts.cli.main import CONTENTS, app
from tests.scripts.drawn_sketch import SKETCH, draw_in, look_in
from tests.scripts.test_usage import WRONG

_RUN = "sys.argv[0] = 'donghaeng'; from scripts.cli.entry import run; run()"
HELPS = [
    ("task", "--help"),
    ("task", "propose", "--help"),
    ("report", "2024", "--help"),
    ("doctor", "--help"),
    ("trail", "search", "--help"),
    ("import", "--help"),
    ("views", "--help"),
    ("views", "list", "--help"),
    ("views", "lst"),
    ("views", "--nix"),
    ("witness", "--help"),
]


@pytest.fixture(scope="module")
def prefix(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where a sketch lies that was drawn just now."""
    prefix = tmp_path_factory.mktemp("venv")
    assert draw_in(prefix) == prefix / SKETCH
    return prefix


def process(prefix: Path, *words: str) -> tuple[int, str, str]:
    command = [sys.executable, "-c", look_in(prefix) + _RUN, *words]
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, _words(done.stdout), _words(done.stderr)


def _words(said: str) -> str:
    """But for where lines break: the tests' runner has a screen of its own."""
    return " ".join(said.split())


def real(*words: str) -> tuple[int, str, str]:
    done = CliRunner().invoke(app, list(words), prog_name="donghaeng")
    return done.exit_code, _words(done.stdout), _words(done.stderr)


@pytest.mark.parametrize("lang", ["ko", "en"])
@pytest.mark.parametrize("words", [*HELPS, *(words for words, _ in WRONG)], ids=" ".join)
def test_what_the_sketch_says_is_what_the_command_says(
    prefix: Path, words: tuple[str, ...], lang: str
) -> None:
    assert process(prefix, "--lang", lang, *words) == real("--lang", lang, *words)


def test_every_command_has_a_sketch(prefix: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sketch_file, "FILE", prefix / SKETCH)
    drawn = sketch_file.read_sketch()
    assert drawn is not None
    assert drawn.keys() == CONTENTS.keys()
    by_itself = [name for name, one in drawn.items() if "group" in one and "params" in one]
    assert by_itself == [
        name for name in CONTENTS if getattr(CONTENTS[name].load(name), "invoke_without_command", False)
    ]


def test_a_sketch_that_is_none_is_not_looked_at(
    prefix: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: dict[str, Any] = json.loads((prefix / SKETCH).read_bytes())
    (tmp_path / "whole").write_text(json.dumps(written), encoding="utf-8")
    monkeypatch.setattr(sketch_file, "FILE", tmp_path / "whole")
    assert sketch_file.read_sketch() is not None, "the control"
    for name, content in (
        ("of others", json.dumps({**written, "sum": 1})),
        ("of modules that have gone", json.dumps({**written, "modules": ["gone.py"]})),
        ("half written", json.dumps(written)[:-100]),
        ("another form", json.dumps({"fingerprint": 1})),
        ("no object", "[]"),
        ("missing", None),
    ):
        path = tmp_path / name
        if content is not None:
            path.write_text(content, encoding="utf-8")
        monkeypatch.setattr(sketch_file, "FILE", path)
        assert sketch_file.read_sketch() is None, name


def test_it_is_of_all_modules_that_it_was_drawn_from_in_every_room(prefix: Path) -> None:
    modules = json.loads((prefix / SKETCH).read_bytes())["modules"]
    assert {"scripts/cli/task.py", "domain/roles.py", "workflows/permissions.py"} <= set(modules)
    assert not [one for one in modules if ".venv" in one]


def test_a_module_that_changed_or_has_gone_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sketch_file, "TOP", tmp_path)
    for name in ("one.py", "two.py"):
        (tmp_path / name).write_text("x = 1")
    before = sketch_file.sum_over(("one.py", "two.py"))
    assert sketch_file.sum_over(("one.py", "two.py")) == before, "the control"
    (tmp_path / "two.py").write_text("x = 2")
    after = sketch_file.sum_over(("one.py", "two.py"))
    assert after not in (before, None)
    (tmp_path / "one.py").unlink()
    assert sketch_file.sum_over(("one.py", "two.py")) is None


def test_none_is_written_where_a_module_changes_while_it_is_drawn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sketch_file, "TOP", tmp_path)
    monkeypatch.setattr(sketch_file, "FILE", tmp_path / "share" / "sketch.json")
    (tmp_path / "one.py").write_text("x = 1")
    changed = (tmp_path / "one.py").stat().st_mtime_ns
    sketch_file.write_sketch({"up": {}}, ["one.py"], before=changed)
    assert not sketch_file.FILE.exists()
    sketch_file.write_sketch({"up": {}}, ["one.py"], before=changed + 1)
    assert sketch_file.read_sketch() == {"up": {}}, "the control"
    assert [one.name for one in sketch_file.FILE.parent.iterdir()] == ["sketch.json"], "nothing half written"


def test_who_cannot_write_there_is_helped_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "share").write_text("no folder")
    with pytest.raises(subprocess.CalledProcessError):
        draw_in(tmp_path)
    assert process(tmp_path, "task", "--help") == real("task", "--help")
