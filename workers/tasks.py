"""The functions that RQ workers run, in the allow-list by a short name. Each says why running it twice is safe."""

from __future__ import annotations

from projections.runner import project as run
from projections.views import VIEWS
from workers.bootstrap import Engine

_engines: list[Engine] = []


def serve(engine: Engine) -> None:
    """Give this process's jobs their engine."""
    _engines[:] = [engine]


def project(view: str) -> int:
    """Bring a view up to date; the number of facts folded.

    Safe to run twice, late or side by side: rows and position are written in one transaction, under a lock on
    the position, and reading always begins at the position.
    """
    engine = _engines[0]
    engine.queues.woken("project", view)
    return run(engine.store, VIEWS[view])


def project_all() -> int:
    """Bring every view up to date, one after the other; the number of facts folded. Safe as `project` is.

    One job a commit: a job of its own for each view would cost the worker more than the folding.
    """
    engine = _engines[0]
    engine.queues.woken("project_all")
    return sum(run(engine.store, view) for view in VIEWS.values())
