"""A folder that holds `trail/` and nothing else of ours, and a Python that sees it and the libraries that it declares."""

from __future__ import annotations

import os
import re
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterable
from importlib.metadata import distribution
from pathlib import Path

TOP = Path(__file__).parents[2]
_NAME = re.compile(r"[A-Za-z0-9._-]+")


def declared() -> list[str]:
    """The lines of requirements.txt that name a library, with its versions."""
    lines = (TOP / "trail" / "requirements.txt").read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


class Alone:
    """`program`: the folder that holds `trail/`; `python`: an interpreter without site-packages, so without ours.

    `without`: libraries that were not installed.
    """

    def __init__(self, place: Path, without: Iterable[str] = ()) -> None:
        self.program, libraries = place / "program", place / "libraries"
        shutil.copytree(TOP / "trail", self.program / "trail", ignore=shutil.ignore_patterns("__pycache__"))
        libraries.mkdir()
        _install({_NAME.match(line)[0] for line in declared()} - set(without), libraries)  # type: ignore[index]
        self.python = place / "bin" / "python3"
        self.python.parent.mkdir()
        self.python.write_text(
            f'#!/bin/sh\nPYTHONPATH="${{PYTHONPATH-}}:{libraries}" exec {sys.executable} -S "$@"\n'
        )
        self.python.chmod(self.python.stat().st_mode | stat.S_IXUSR)

    @property
    def words(self) -> list[str]:
        return [str(self.python), "-m", "trail"]

    @property
    def env(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
        return kept | {"LANG": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1"}

    def __call__(self, *words: str | Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*self.words, *map(str, words)],
            cwd=self.program,
            env=self.env,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )


def _install(names: Iterable[str], folder: Path) -> None:
    """Links to what is installed here, with what that needs in turn."""
    waiting, seen = list(names), set[str]()
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        found = distribution(name)
        for top in {file.parts[0] for file in found.files or ()} - {"..", "__pycache__"}:
            if not (folder / top).exists():
                (folder / top).symlink_to(Path(str(found.locate_file(top))))
        needs = [one for one in found.requires or () if "extra ==" not in one]
        waiting += [_NAME.match(one)[0] for one in needs if _here(one)]  # type: ignore[index]


def _here(requirement: str) -> bool:
    """Whether it is installed: what a marker leaves out is not."""
    try:
        distribution(_NAME.match(requirement)[0])  # type: ignore[index]
    except ModuleNotFoundError:
        return False
    return True
