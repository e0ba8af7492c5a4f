"""The shards of a rebuild side by side, each in a process of its own."""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Sequence

from projections.rebuilding.rebuild import Progress, far, one_after_the_other
from projections.view import View
from store.errors import StoreFault
from store.log import Store
from workers.engine import Engine
from workers.servers.process import start_module

_LOOK_SECONDS = 0.2
_WORTH_IT = 20_000  # facts; a process takes about as long to start as these to fold


class SideBySide:
    """Folds parts as `projections.rebuilding.rebuild.one_after_the_other` does, on as many processors."""

    def __init__(self, engine: Engine) -> None:
        self._dsn = engine.app_dsn

    def __call__(self, store: Store, parts: Sequence[View], up_to: int, told: Progress) -> None:
        """Raises StoreFault."""
        if len(parts) == 1 or up_to - far(store, parts) < _WORTH_IT:
            one_after_the_other(store, parts, up_to, told)
            return
        processes: list[subprocess.Popen[bytes]] = []
        try:
            for part in parts:
                processes.append(self._start(part, up_to))
            while any(process.poll() is None for process in processes) and not any(
                map(_has_failed, processes)
            ):
                time.sleep(_LOOK_SECONDS)
                told(far(store, parts))
            for process in filter(_has_failed, processes):
                raise StoreFault(problem=_problem(process))
        finally:
            for process in processes:
                process.terminate()
            for process in processes:
                process.communicate()

    def _start(self, part: View, up_to: int) -> subprocess.Popen[bytes]:
        told = {
            "dsn": self._dsn,
            "view": part.name,
            "beside": part.suffix,
            "shard": part.shard,
            "up_to": up_to,
        }
        return start_module("workers.shard", json.dumps(told))


def _has_failed(process: subprocess.Popen[bytes]) -> bool:
    return process.poll() not in (None, 0)


def _problem(process: subprocess.Popen[bytes]) -> str:
    assert process.stdout is not None
    words = process.stdout.read().decode()
    return str(json.loads(words)["problem"]) if words.startswith("{") else f"exit code {process.returncode}"
