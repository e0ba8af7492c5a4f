"""The program with the code of a tutorial's page in it, in a folder of its own."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.rooms import ROOMS, TOP

_COPIED = (*ROOMS, "tests", "docs")
_LINKED = ("data", "requirements.lock")
_NEW_AND_EMPTY = re.compile(r"`([\w/]+\.py)`, empty")
_BLOCK = re.compile(
    r"`([\w/]+\.py)`(?:, (above|below) `([^`]+)`)?:\n\n```(?:python|text)\n(.*?)```", re.DOTALL
)


def build(page: str, folder: Path, without: str = "") -> set[str]:
    """A copy of the program with the page's code in it; the files that the page touches.

    `page`: a name in docs/tutorial; `without`: what stands in the one block that is left out. Where lines stand apart
    from each other is ruff's business.
    """
    for name in _COPIED:
        shutil.copytree(TOP / name, folder / name)
    for name in _LINKED:
        (folder / name).symlink_to(TOP / name)
    shutil.copy(TOP / "pyproject.toml", folder)  # complexipy follows no link
    text = (TOP / "docs" / "tutorial" / page).read_text(encoding="utf-8")
    touched = set(_NEW_AND_EMPTY.findall(text))
    for name in touched:
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).touch()
    left_out = 0
    for name, side, anchor, code in _BLOCK.findall(text):
        touched.add(name)
        if without and without in code:
            left_out += 1
            continue
        path = folder / name
        known = path.read_text(encoding="utf-8") if path.exists() else ""
        path.write_text(_put(known, side, anchor, code), encoding="utf-8")
    assert left_out == bool(without)
    run(folder, "ruff", "format", "-q", *touched)
    return touched


def _put(known: str, side: str, anchor: str, code: str) -> str:
    """The code above or below the one line that has the anchor; a whole file where there is none."""
    if not anchor:
        assert not known
        return code
    lines = known.splitlines(keepends=True)
    (at,) = (number for number, line in enumerate(lines) if anchor in line)
    at += side == "below"
    return "".join((*lines[:at], code, *lines[at:]))


def run(folder: Path, *words: str) -> None:
    """A module of the copy, which has to end well."""
    done = call(folder, *words)
    assert done.returncode == 0, done.stdout + done.stderr


def call(folder: Path, *words: str, given: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", *words], cwd=folder, input=given, capture_output=True, text=True, check=False
    )


def typed(folder: Path, *lines: Sequence[str]) -> list[str]:
    """What the copy's `donghaeng …` prints for each of these, one after the other; all have to end well."""
    return [printed for printed, _ in _answers(folder, lines, ends=0)]


def documents(folder: Path, *lines: Sequence[str]) -> list[Any]:
    """The one JSON document of each."""
    return [json.loads(printed) for printed in typed(folder, *([*line, "--json"] for line in lines))]


def refused(folder: Path, *lines: Sequence[str]) -> list[str]:
    """By which name each is refused; all have to be."""
    answers = _answers(folder, [[*line, "--json"] for line in lines], ends=1)
    return [str(json.loads(printed)["error"]["name"]) for printed, _ in answers]


def _answers(folder: Path, lines: Sequence[Sequence[str]], ends: int) -> list[tuple[str, int]]:
    done = call(folder, "tests.typed_program", given=json.dumps([list(line) for line in lines]))
    assert done.returncode == 0, done.stderr
    answers = [(" ".join(printed.split()), code) for code, printed in json.loads(done.stdout)]
    wrong = [(line, *one) for line, one in zip(lines, answers, strict=True) if one[1] != ends]
    assert not wrong, wrong
    return answers


def content(folder: Path, *tests: str) -> None:
    """The copy's own tests find nothing wrong."""
    run(folder, "pytest", "-q", "-n0", "-p", "no:cacheprovider", *tests)


def complaint(folder: Path, *tests: str) -> str:
    """What they say is wrong."""
    done = call(folder, "pytest", "-q", "-n0", "-p", "no:cacheprovider", *tests)
    assert done.returncode == 1, done.stdout + done.stderr
    return done.stdout
