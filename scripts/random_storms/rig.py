"""What stands in every Python process of a storm: named points at which one dies or stops, and protections taken out.

It is light, since keepers load it too: modules are patched as they are imported, and only those that are.
"""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import os
import signal
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from pathlib import Path
from types import ModuleType
from typing import Any

RIG, WITHOUT = "STORM_RIG", "STORM_WITHOUT"
_FOLDER = Path(__file__).parent / "rigged"
Patch = Callable[[Any], Any]

# Where a process can be met: "module:function" or "module:Class.method", before or after it.
POINTS: Mapping[str, str] = {
    "append": "store.prepared:Statement.run_before",
    "view write": "projections.tables:write_rows",
    "view position": "projections.positions:move",
    "view commit": "projections.runner:_step",
    "arming": "workers.sweeping:_in_one_append",
    "attempt": "workers.delivery.sending:Delivery._give",
    "send": "workers.delivery.smtp:Mailer._before_data",
    "the server's 250": "workers.delivery.smtp:Mailer._send_to",
    "mark": "workers.delivery.sending:Delivery._settle",
    "grow": "trail.growing:grow",
    "sign": "workers.sealing.keys:sign_note",
    "remember": "workers.sealing.folder:TrailFolder.remember",
    "publish": "workers.sealing.folder:TrailFolder.publish",
    "seal fact": "workers.sealing.recording:record",
    "wake": "workers.queues:Queues.enqueue",
    "woken": "workers.queues:Queues.woken",
}
SIDES = ("before", "after")
LOSE = "LOSE"
_PASSED = "passed "  # the name of a file that says so begins with it


def make_environment(folder: Path, without: str | None = None) -> dict[str, str]:
    """The environment of a process that stands in a storm. `folder`: where points are armed; `without`: a control."""
    repository = Path(__file__).parents[2]
    path = os.pathsep.join((str(_FOLDER), str(repository)))
    return {
        "PYTHONPATH": path,
        RIG: str(folder),
        **_preload(folder),
        **({} if without is None else {WITHOUT: without}),
    }


def shim_of(folder: Path) -> tuple[Path, Path]:
    """The library that stands before libc, and the table by which it is told whom to meet: see shim.py."""
    return folder / "shim.so", folder / "shim"


def _preload(folder: Path) -> dict[str, str]:
    library, table = shim_of(folder)
    return {"LD_PRELOAD": str(library), "STORM_SHIM": str(table)} if library.exists() else {}


def arm(folder: Path, point: str, side: str, action: str) -> None:
    """The next process that comes by dies (`KILL`), stops (`STOP`) or loses its connection (`LOSE`). Whole at once, so that none reads half of it."""
    half = folder / f"arming {point} {side}"  # a name of its own: two faults may begin at once
    half.write_text(action, encoding="utf-8")
    half.rename(folder / f"{point} {side}")


def disarm(folder: Path, point: str, side: str) -> int | None:
    """Who came by, if anybody did; nobody does any more."""
    (folder / f"{point} {side}").unlink(missing_ok=True)
    time.sleep(0.1)  # whoever took it a moment ago has stopped by then
    for one in folder.glob(f"{point} {side}.*"):
        one.unlink(missing_ok=True)
        return int(one.suffix[1:])
    return None


def never_passed(folder: Path) -> set[str]:
    """The points that no process has passed so far: hooks on what nobody calls any more, if there was load enough."""
    return {name for name in POINTS if not (folder / f"{_PASSED}{name}").exists()}


def put_up(patches: Mapping[str, Patch]) -> None:
    """Meet whoever passes the points in this process. `patches`: of what else is to be another, by its place."""
    folder = Path(os.environ[RIG])
    wanted: dict[str, list[tuple[str, Patch]]] = {}
    for name, place in POINTS.items():
        module, _, path = place.partition(":")
        wanted.setdefault(module, []).append((path, _passing(folder, name)))
    wanted.setdefault("workers.servers.process", []).append(("environment", _with_shim(folder)))
    for place, patch in patches.items():
        module, _, path = place.partition(":")
        wanted.setdefault(module, []).append((path, patch))
    sys.meta_path.insert(0, _Finder(wanted))


def _with_shim(folder: Path) -> Patch:
    """Servers are told nothing of our environment, and are to be met all the same."""
    return lambda right: lambda: right() | _preload(folder)


def _passing(folder: Path, point: str) -> Patch:
    before, after = (str(folder / f"{point} {side}") for side in SIDES)
    passed = folder / f"{_PASSED}{point}"
    known = False

    def patch(right: Any) -> Any:
        @wraps(right)
        def passing(*given: Any, **named: Any) -> Any:
            nonlocal known
            if not known:  # once a process
                passed.touch()
                known = True
            _pass(before, given)
            done = right(*given, **named)
            _pass(after, given)
            return done

        return passing

    return patch


def _pass(armed: str, given: tuple[Any, ...]) -> None:
    if not os.path.exists(armed):
        return
    mine = f"{armed}.{os.getpid()}"
    try:
        os.rename(armed, mine)
        action = Path(mine).read_text(encoding="utf-8")
    except FileNotFoundError:
        return
    if action == LOSE:
        _lose(given)
    os.kill(os.getpid(), getattr(signal, f"SIG{action}"))


def _lose(given: tuple[Any, ...]) -> None:
    """The connection is gone, and with it what the server answered."""
    import psycopg  # noqa: PLC0415 - keepers have no use for it

    for one in given:
        if isinstance(one, psycopg.Connection):
            one.close()
    raise psycopg.OperationalError("the reply is lost")


class _Finder(importlib.abc.MetaPathFinder):
    def __init__(self, wanted: Mapping[str, Sequence[tuple[str, Patch]]]) -> None:
        self._wanted = wanted

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if name not in self._wanted:
            return None
        found = importlib.machinery.PathFinder.find_spec(name, path, target)
        if found is not None and found.loader is not None:
            found.loader = _Loader(found.loader, self._wanted[name])
        return found


class _Loader(importlib.abc.Loader):
    def __init__(self, loader: Any, patches: Sequence[tuple[str, Patch]]) -> None:
        self._loader, self._patches = loader, patches

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType | None:
        made: ModuleType | None = self._loader.create_module(spec)
        return made

    def exec_module(self, module: ModuleType) -> None:
        self._loader.exec_module(module)
        for path, patch in self._patches:
            owner: Any = module
            *outer, name = path.split(".")
            for one in outer:
                owner = getattr(owner, one)
            setattr(owner, name, patch(getattr(owner, name)))

    def __getattr__(self, name: str) -> Any:  # what else loaders are asked for, e.g. by -m and for sources
        return getattr(self._loader, name)
