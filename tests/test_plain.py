"""`scripts/check` finds what nothing uses and what is hard to follow, and each exception named for it is one."""

from __future__ import annotations

import subprocess
import sysconfig
import tomllib
from pathlib import Path

from vulture import Vulture

TOP = Path(__file__).parents[1]
BIN = Path(sysconfig.get_path("scripts"))
SETTINGS = tomllib.loads((TOP / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["vulture"]
DEAD = "def nothing_calls_it() -> int:\n    return 1\n"
WINDING = "def winding(n: int) -> int:\n" + "".join(
    f"{'    ' * depth}if n > {depth}:\n" for depth in range(1, 7)
)
WINDING += f"{'    ' * 7}n += 1\n    return n\n"


def found_by(tool: str, *arguments: str, in_: Path) -> tuple[int, str]:
    command = [str(BIN / tool), str(in_), "--config", str(TOP / "pyproject.toml"), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout


def test_a_function_that_nothing_calls_is_found(tmp_path: Path) -> None:
    (tmp_path / "planted.py").write_text(DEAD)
    assert found_by("vulture", in_=tmp_path)[0] == 3
    (tmp_path / "planted.py").write_text(f"{DEAD}print(nothing_calls_it())\n")
    assert found_by("vulture", in_=tmp_path) == (0, "")


def test_a_function_that_is_hard_to_follow_is_found(tmp_path: Path) -> None:
    (tmp_path / "planted.py").write_text(WINDING)
    code, said = found_by("complexipy", "--failed", "--plain", in_=tmp_path)
    assert (code, said.split()[-2:]) == (1, ["winding", "21"])
    (tmp_path / "planted.py").write_text(WINDING.partition("if n > 5")[0] + "return 1\n")
    assert found_by("complexipy", "--failed", "--plain", in_=tmp_path)[0] == 0


def test_each_name_that_is_excepted_would_be_found() -> None:
    looking = Vulture(ignore_decorators=SETTINGS["ignore_decorators"])
    looking.scavenge([str(TOP / room) for room in SETTINGS["paths"]])
    names = {one.name for one in looking.get_unused_code(min_confidence=60)}
    assert sorted(set(SETTINGS["ignore_names"]) - names) == [], "nothing is excepted that is used"
