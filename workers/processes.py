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
from store.waits import JOB
from trail.logs import Logger, log_to_stderr
from workers.bootstrap import authority_of, channels_of, delivery_of, engine, vault_of
from workers.engine import Engine
from workers.heartbeats import send_heartbeats
from workers.metrics import SweepTimes, serving
from workers.settings import Settings
from workers.startable import check_startable
from workers.tasks import serve
from workers.ticker import run_ticker
from workers.working import run_worker

PARTS: Sequence[Sequence[str]] = (
    ("worker", "projections"),
    ("worker", "post"),
    ("worker", "automation"),
    ("ticker",),
)
# beside who moves a simulated clock: a ticker there would look before the clock moves, and act after it
WORKERS: Sequence[Sequence[str]] = tuple(words for words in PARTS if words[0] == "worker")
_log = Logger()


def run_part(words: Sequence[str]) -> int:
    """Run one part until it is told to stop; the exit code."""
    try:
        settings = Settings()
        check_startable(settings)
        log_to_stderr(settings.log, settings.log_level)
        with engine(settings, JOB) as built:
            if words[0] == "worker":
                work(built, words[1], settings)
            else:
                tick_until_stopped(built, settings)
    except DonghaengError as error:
        print(error.say("en"), file=sys.stderr)  # noqa: T201
        return error.exit_code
    return 0


def work(built: Engine, queue: str, settings: Settings) -> None:
    """Serve one queue until SIGTERM or SIGINT; the job in hand is finished first."""
    with vault_of(settings, built) as vault:
        post = delivery_of(settings, built, vault) if queue == "post" else None
        serve(built, post, authority_of(settings) if queue == "automation" else None)
    with _log_lifetime(f"worker {queue}", built), send_heartbeats(built.queues, f"worker {queue}"):
        run_worker(built.queues, queue)


def tick_until_stopped(built: Engine, settings: Settings) -> None:
    """Tick until SIGTERM or SIGINT; this machine may ask for figures meanwhile, where a port is set."""
    stop = Event()

    def told(signum: int, frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, told)
    signal.signal(signal.SIGINT, told)
    times = SweepTimes()
    with _log_lifetime("ticker", built), serving(built, settings.metrics_port, times):
        run_ticker(built, stop, timed=times.timed, channels=channels_of(settings))


@contextmanager
def _log_lifetime(part: str, built: Engine) -> Iterator[None]:
    """A log line at the start and at the orderly end; every line between names the part."""
    with structlog.contextvars.bound_contextvars(part=part):
        _log.info("part_started", store=built.store.id)
        yield
        _log.info("part_stopped")
