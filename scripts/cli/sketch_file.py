"""Where the command line's sketch lies, and whether it is of the modules that are here.

`scripts/setup` makes it in `.venv`, by `python -m scripts.draw_sketch`. Whoever only runs the program never writes it.
"""

from __future__ import annotations

import json
import os
import sys
import zlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

FILE = Path(sys.prefix, "share", "donghaeng", "sketch.json")
TOP = Path(__file__).parents[2]
Sketch = Mapping[str, Any]


def list_modules() -> list[str]:
    """The files of the program that this process has loaded, below `TOP`; without packages of others that lie there too."""
    files = {Path(getattr(one, "__file__", None) or "/") for one in list(sys.modules.values())}
    ours = (one.relative_to(TOP) for one in files if one.is_relative_to(TOP))
    return sorted(one.as_posix() for one in ours if "site-packages" not in one.parts)


def sum_over(modules: Iterable[str]) -> int | None:
    """Over their sizes and times, as the interpreter itself tells whether a compiled module is old; None where one has gone."""
    found = 0
    for name in modules:
        try:
            file = os.stat(f"{TOP}/{name}")
        except OSError:
            return None
        found = zlib.crc32(b"%d %d" % (file.st_size, file.st_mtime_ns), found)
    return found


def read_sketch() -> Sketch | None:
    """The sketches by command; None where there are none, or they were drawn from other modules than those here."""
    try:
        written = json.loads(FILE.read_bytes())
        if written["sum"] != sum_over(written["modules"]):
            return None
        params = written["params"]
        return {name: _fill(one, params) for name, one in written["commands"].items()}
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _fill(drawn: Any, params: list[Any]) -> Any:
    """With its parameters in place of their numbers."""
    found = dict(drawn)
    if "group" in drawn:
        found["group"] = {name: _fill(one, params) for name, one in drawn["group"].items()}
    if "params" in drawn:
        found["params"] = [params[at] for at in drawn["params"]]
    return found


def write_sketch(drawn: Sketch, modules: list[str], before: int) -> None:
    """The file whole or not at all, each parameter in it once. Raises OSError.

    Not where a module has changed since `before`, in nanoseconds: what was drawn may be of what it was.
    """
    if any(os.stat(TOP / name).st_mtime_ns >= before for name in modules):
        return
    lines: dict[str, int] = {}

    def number(one: Any) -> Any:
        found = dict(one)
        if "group" in one:
            found["group"] = {name: number(each) for name, each in one["group"].items()}
        if "params" in one:
            found["params"] = [lines.setdefault(json.dumps(each), len(lines)) for each in one["params"]]
        return found

    commands = {name: number(one) for name, one in drawn.items()}
    params = [json.loads(line) for line in lines]
    written = {"sum": sum_over(modules), "modules": modules, "params": params, "commands": commands}
    FILE.parent.mkdir(parents=True, exist_ok=True)
    half = FILE.with_name(f"{FILE.name}.{os.getpid()}")  # two may set up side by side
    half.write_text(json.dumps(written, ensure_ascii=False), encoding="utf-8")
    half.replace(FILE)
