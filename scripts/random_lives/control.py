"""A fault put back by a switch: a patch of one function each, wherever that has been taken over."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from projections.view import View

Patch = Callable[[Any], Any]


@dataclass(frozen=True)
class Control:
    """`fault`: what was wrong, in a sentence; `patches`: place ("module:name", "module:Class.name" or "module:TABLE#Key") to what makes the
    wrong one of the right one; `kinds`: of the findings that show it; `seeds`: of lives that find it, quickest first.
    """

    fault: str
    patches: Mapping[str, Patch]
    kinds: Sequence[str] = ()
    seeds: Sequence[int] = ()

    @contextmanager
    def put_back(self) -> Iterator[None]:
        """The fault is there inside the block. Every module that has taken the name over is patched."""
        undo: list[tuple[Any, Any, Any]] = []
        try:
            for place, patch in self.patches.items():
                for holder, name in _holders(place):
                    right = holder[name] if isinstance(holder, dict) else getattr(holder, name)
                    undo.append((holder, name, right))
                    _set(holder, name, patch(right))
            yield
        finally:
            for holder, name, right in reversed(undo):
                _set(holder, name, right)


def _set(holder: Any, name: Any, value: Any) -> None:
    if isinstance(holder, View):
        object.__setattr__(holder, name, value)  # frozen, and held by all who fold it
    elif isinstance(holder, dict):
        holder[name] = value
    else:
        setattr(holder, name, value)


def _holders(place: str) -> Iterator[tuple[Any, Any]]:
    """Who holds the thing: its own module or class, and each loaded module of ours that imported it by name."""
    module_name, _, path = place.partition(":")
    module = importlib.import_module(module_name)
    if "#" in path:
        table, _, name = path.partition("#")
        entries = getattr(module, table)
        yield entries, next(key for key in entries if key.__name__ == name)
        return
    if "." in path:
        owner, _, name = path.partition(".")
        yield getattr(module, owner), name
        return
    thing = getattr(module, path)
    yield module, path
    for other_name, other in list(sys.modules.items()):
        ours = other_name.partition(".")[0] in (
            "projections",
            "scripts",
            "workers",
            "workflows",
            "domain",
            "store",
        )
        if ours and other is not module and getattr(other, path, None) is thing:
            yield other, path
