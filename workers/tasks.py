"""The functions that RQ workers run, in the allow-list by a short name. Each says why running it twice is safe."""

from __future__ import annotations

import time

import structlog

from domain.errors import DonghaengError
from projections.runner import BATCH
from projections.runner import project as run
from projections.views import VIEWS
from workers.acted_on import may_act
from workers.bootstrap import Engine
from workers.post.sending import Post
from workers.traces import span

_log = structlog.get_logger()
_engines: list[Engine] = []
_posts: list[Post] = []
_remembered = [float("-inf")]
_REMEMBER_SECONDS = 1.0
_IN_ONE_JOB = 2 * BATCH


def serve(engine: Engine, post: Post | None = None) -> None:
    """Give this process's jobs their engine, and the post where they send."""
    _engines[:] = [engine]
    _posts[:] = [] if post is None else [post]


def project(view: str, trace: str | None = None) -> int:
    """Bring a view up to date; the number of facts folded.

    Safe to run twice, late or side by side: rows and position are written in one transaction, under a lock on
    the position, and reading always begins at the position. What would take long is cut into several jobs.
    """
    engine = _engines[0]
    engine.queues.woken("project", view)
    with span("job project", trace, view=view):
        folded = _fold(engine, view)
    _remember(engine)
    return folded


def project_all(trace: str | None = None) -> int:
    """Bring every view up to date, one after the other; the number of facts folded. Safe as `project` is.

    One job a commit: a job of its own for each view would cost the worker more than the folding.
    """
    engine = _engines[0]
    engine.queues.woken("project_all")
    folded = 0
    with span("job project_all", trace):
        for view in VIEWS.values():
            with span("fold", view=view.name):
                folded += _fold(engine, view.name)
    _remember(engine)
    return folded


def _fold(engine: Engine, view: str) -> int:
    """Fold as much as does not keep the other views waiting; the rest is another job."""
    folded = run(engine.store, VIEWS[view], most=_IN_ONE_JOB)
    if folded >= _IN_ONE_JOB:
        engine.queues.wake("projections", "project", view)
    return folded


def send(lane: str, trace: str | None = None) -> int:
    """Send the messages that are due; how many were looked at. `lane`: as many of these as there are run side by side.

    Safe to run twice, late or side by side: each message is under a lease in the database, what comes of it is a fact
    that only the holder of the last lease can record, and a message that is settled is left alone.
    """
    engine = _engines[0]
    engine.queues.woken("send", lane)
    if not _posts:
        return 0
    with span("job send", trace):
        return _posts[0].send_due()


def _remember(engine: Engine) -> None:
    """Once a second how far this worker has come. Folding again does no harm, so nothing hangs on the answer."""
    if time.monotonic() > _remembered[0] + _REMEMBER_SECONDS:
        _remembered[0] = time.monotonic()
        try:
            may_act(engine.store, engine.data)
        except DonghaengError as error:
            _log.warning("not_remembered", error=error.say("en"))
