"""Faults put back by a switch: a patch of one function each, to see that the lives find it.

A control that no life finds tells that the lives, or the oracle, do not look there.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

Patch = Callable[[Any], Any]


@dataclass(frozen=True)
class Control:
    """`fault`: what was wrong, in a sentence; `patches`: place ("module:name" or "module:Class.name") to what makes the
    wrong one of the right one; `kinds`: of the findings that show it; `seeds`: of lives that find it, quickest first.
    """

    fault: str
    patches: Mapping[str, Patch]
    kinds: Sequence[str] = ()
    seeds: Sequence[int] = ()

    @contextmanager
    def put_back(self) -> Iterator[None]:
        """The fault is there inside the block. Every module that has taken the name over is patched."""
        undo: list[tuple[Any, str, Any]] = []
        try:
            for place, patch in self.patches.items():
                for holder, name in _holders(place):
                    right = getattr(holder, name)
                    undo.append((holder, name, right))
                    setattr(holder, name, patch(right))
            yield
        finally:
            for holder, name, right in reversed(undo):
                setattr(holder, name, right)


def _holders(place: str) -> Iterator[tuple[Any, str]]:
    """Who holds the thing: its own module or class, and each loaded module of ours that imported it by name."""
    import sys  # noqa: PLC0415 - only here

    module_name, _, path = place.partition(":")
    module = importlib.import_module(module_name)
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


def _none_armed_again(right: Any) -> Any:
    """Every third rung is passed over: for trying the machinery itself."""

    def wrong(row: Any) -> Any:
        for number, one in enumerate(right(row)):
            if number % 3 != 2:
                yield one

    return wrong


CONTROLS: Mapping[str, Control] = {
    "rungs_lost": Control(
        "A rung of the ladder is never armed.",
        {"projections.deadlines:DeadlinesRow.rungs_to_arm": _none_armed_again},
    ),
    # the faults of the list, each as its mend lands; see `Control`
}
