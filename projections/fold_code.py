"""Which code folds a view: one hash over the sources that its fold stands on."""

from __future__ import annotations

import hashlib
import re
import sys
from functools import cache, partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from projections.view import View

_ROOMS = ("domain", "store", "projections")
_FROM = re.compile(r"^ *from ([\w.]+) import (\([^)]*\)|[^\n]*)", re.MULTILINE)
_IMPORT = re.compile(r"^ *import ([\w.]+)", re.MULTILINE)
_NAME = re.compile(r"\w+")


def code_of(view: View) -> str:
    """SHA-256 in hex over the modules of a view's fold, and over those of ours that they import, in turn."""
    parts = [view.evolve, view.keys, view.row, type(view), *(one.contribution for one in view.tallies)]
    return _hashed(tuple(sorted({_module(part) for part in parts})))


def _module(part: Any) -> str:
    while isinstance(part, partial):
        part = part.func
    return str(part.__module__)


@cache
def _hashed(modules: tuple[str, ...]) -> str:
    found: dict[str, bytes] = {}
    waiting = list(modules)
    while waiting:
        module = waiting.pop()
        if module not in found and (path := _source(module)) is not None:
            found[module] = path.read_bytes()
            waiting += _imported(found[module].decode())
    total = hashlib.sha256()
    for name in sorted(found):
        total.update(f"{name} {hashlib.sha256(found[name]).hexdigest()}\n".encode())
    return total.hexdigest()


def _imported(source: str) -> list[str]:
    """What a source imports of ours; a name may be a module or something in one."""
    found = _IMPORT.findall(source)
    for module, names in _FROM.findall(source):
        found += [module, *(f"{module}.{name}" for name in _NAME.findall(names))]
    return [one for one in found if one.partition(".")[0] in _ROOMS]


def _source(module: str) -> Path | None:
    loaded = sys.modules.get(module)
    file = getattr(loaded, "__file__", None)
    if file is None:
        try:
            spec = find_spec(module)
        except (ImportError, ValueError):  # a name in a module, not a module
            return None
        file = None if spec is None else spec.origin
    return None if file is None else Path(file)
