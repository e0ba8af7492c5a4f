"""The functions that RQ workers run, in the allow-list by a short name. Each says why running it twice is safe."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from domain.errors import DonghaengError
from projections.damage import ViewDamaged
from projections.runner import BATCH
from projections.runner import project as run
from projections.views import VIEWS
from store.searching import index_texts
from trail.logs import Logger
from workers.delivery.sending import Delivery
from workers.engine import Engine
from workers.restore_guard import may_act
from workers.traces import span

if TYPE_CHECKING:
    from workers.sealing.stamping import Authority

_log = Logger()
_engines: list[Engine] = []
_posts: list[Delivery] = []
_authorities: list[Authority] = []
_remembered = [float("-inf")]
_REMEMBER_SECONDS = 1.0
_IN_ONE_JOB = 2 * BATCH


def serve(engine: Engine, post: Delivery | None = None, authority: Authority | None = None) -> None:
    """Give this process's jobs their engine, the delivery where they send, and who timestamps where they seal."""
    _engines[:] = [engine]
    _posts[:] = [] if post is None else [post]
    _authorities[:] = [] if authority is None else [authority]


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
        _index(engine)
    _remember(engine)
    return folded


def _fold(engine: Engine, view: str) -> int:
    """Fold as much as does not keep the other views waiting; the rest is another job."""
    folded = run(engine.store, VIEWS[view], most=_IN_ONE_JOB)
    if folded >= _IN_ONE_JOB:
        engine.queues.wake("projections", "project", view)
    return folded


def index(trace: str | None = None) -> int:
    """Take some more of the free texts into their index; how many.

    Safe to run twice or side by side, as store.searching.index_texts is.
    """
    engine = _engines[0]
    engine.queues.woken("index")
    with span("job index", trace):
        return _index(engine)


def _index(engine: Engine) -> int:
    """A few texts, so that the views wait no longer than they do for each other; the rest is another job."""
    indexed, more = index_texts(engine.store)
    if more:
        engine.queues.wake("projections", "index")
    return indexed


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
        try:
            return _posts[0].send_due()
        except ViewDamaged as error:  # what is due cannot be looked up; another job would find the same
            _log.warning("not_sent", error=error.say("en"))
            return 0


def seal(trace: str | None = None) -> int:
    """Seal what is new in the log, have it timestamped once a day, and compare a part of the database with what was
    sealed; to how many facts it is sealed.

    Safe to run twice, late or side by side: one seals at a time, and a tree is only ever signed larger. Where it may
    not be sealed, that is told as an alarm and looked at again at the next run.
    """
    from workers.sealing.sealer import seal as run_seal  # noqa: PLC0415 - ciphers take a tenth of a second to load
    from workers.sealing.stamping import try_stamping  # noqa: PLC0415

    engine = _engines[0]
    engine.queues.woken("seal")
    with span("job seal", trace):
        try:
            size = run_seal(engine).size
        except DonghaengError as error:
            _log.warning("not_sealed", error=error.name)
            size = 0
        else:
            if _authorities:
                try_stamping(engine, _authorities[0])
        _compare_some(engine)
    return size


def compare(trace: str | None = None) -> bool:
    """Compare the next part of the database with what was sealed; whether more is left for tonight, which is another job.

    Safe to run twice, late or side by side: one compares at a time, and goes on where the last one came to.
    """
    from workers.sealing.nightly_comparison import compare_nightly  # noqa: PLC0415 - as above

    engine = _engines[0]
    engine.queues.woken("compare")
    with span("job compare", trace):
        try:
            more = compare_nightly(engine)
        except DonghaengError as error:
            _log.warning("not_compared", error=error.say("en"))
            return False
    if more:
        engine.queues.wake("automation", "compare")
    return more


def _compare_some(engine: Engine) -> None:
    """A part at each seal, also where that was refused: what stands in its way may be what differs."""
    from workers.sealing.nightly_comparison import compare_rolling  # noqa: PLC0415 - as above

    try:
        compare_rolling(engine)
    except DonghaengError as error:
        _log.warning("not_compared", error=error.say("en"))


def _remember(engine: Engine) -> None:
    """Once a second how far this worker has come. Folding again does no harm, so nothing hangs on the answer."""
    if time.monotonic() > _remembered[0] + _REMEMBER_SECONDS:
        _remembered[0] = time.monotonic()
        try:
            may_act(engine.store, engine.data)
        except DonghaengError as error:
            _log.warning("not_remembered", error=error.say("en"))
