"""What `donghaeng up` is made of: a worker for each queue that has jobs, and the ticker."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from threading import Event
from types import FrameType

import structlog

from domain.errors import DonghaengError
from workers.beats import beating
from workers.bootstrap import Engine, authority_of, channels_of, engine, post_of, vault_of
from workers.logs import log_to_stderr
from workers.metrics import SweepTimes, serving
from workers.settings import Settings
from workers.tasks import serve
from workers.ticker import run_ticker
from workers.working import run_worker

PARTS: Sequence[Sequence[str]] = (
    ("worker", "projections"),
    ("worker", "post"),
    ("worker", "automation"),
    ("ticker",),
)
_log = structlog.get_logger()


def run_part(words: Sequence[str]) -> int:
    """Run one part until it is told to stop; the exit code."""
    settings = Settings()
    log_to_stderr(settings.log, settings.log_level)
    try:
        with engine(settings) as built:
            if words[0] == "worker":
                work(built, words[1], settings)
            else:
                tick_until_told(built, settings)
    except DonghaengError as error:
        print(error.say("en"), file=sys.stderr)  # noqa: T201
        return error.exit_code
    return 0


def work(built: Engine, queue: str, settings: Settings) -> None:
    """Serve one queue until SIGTERM or SIGINT; the job in hand is finished first."""
    with vault_of(settings, built) as vault:
        post = post_of(settings, built, vault) if queue == "post" else None
        serve(built, post, authority_of(settings) if queue == "automation" else None)
    with _told_of(f"worker {queue}", built), beating(built.queues, f"worker {queue}"):
        run_worker(built.queues, queue)


def tick_until_told(built: Engine, settings: Settings) -> None:
    """Tick until SIGTERM or SIGINT; this machine may ask for figures meanwhile, where a port is set."""
    stop = Event()

    def told(signum: int, frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, told)
    signal.signal(signal.SIGINT, told)
    times = SweepTimes()
    with _told_of("ticker", built), serving(built, settings.metrics_port, times):
        run_ticker(built, stop, timed=times.timed, channels=channels_of(settings))


@contextmanager
def _told_of(part: str, built: Engine) -> Iterator[None]:
    """A log line at the start and at the orderly end; every line between names the part."""
    with structlog.contextvars.bound_contextvars(part=part):
        _log.info("part_started", store=built.store.id)
        yield
        _log.info("part_stopped")
