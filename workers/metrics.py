"""Figures for Prometheus on a port of this machine alone, served by the ticker.

What the database and Redis know is asked for at each scrape, so that any ticker tells the whole of the store.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from prometheus_client import CollectorRegistry, Histogram, start_http_server
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from redis.exceptions import RedisError

from domain.errors import DonghaengError
from projections.differing import Part
from projections.views import positions
from trail.logs import Logger
from workers.command_counts import CARRIED_OUT, load_counts
from workers.engine import Engine
from workers.sealing.nights import night
from workflows.refusing import UNRECORDED
from workflows.trail.alarms import alarms, filter_unexamined

_log = Logger()
_LOOPBACK = "127.0.0.1"


class Figures(Collector):
    """Facts, commands and refusals, views, jobs."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def collect(self) -> Iterator[Metric]:
        """What can be told now; a server that is away is told as such."""
        reachable = GaugeMetricFamily("donghaeng_server_up", "Whether the server answers.", labels=["server"])
        for server, told in (("postgresql", self._of_database), ("redis", self._of_redis)):
            try:
                found = list(told())
            except (DonghaengError, RedisError) as error:
                _log.warning("metrics_incomplete", server=server, error=str(error))
                reachable.add_metric([server], 0)
                continue
            reachable.add_metric([server], 1)
            yield from found
        yield reachable

    def _of_database(self) -> Iterator[Metric]:
        appended = CounterMetricFamily("donghaeng_facts", "Facts appended to the log, ever.")
        appended.add_metric([], self._engine.store.head().position)
        yield appended
        lag = GaugeMetricFamily(
            "donghaeng_view_lag_facts", "Facts a view still has to fold.", labels=["view"]
        )
        stopped = GaugeMetricFamily(
            "donghaeng_view_stopped",
            "Whether a fact that it cannot fold, or its own damaged table, has stopped it.",
            labels=["view"],
        )
        for name, place in positions(self._engine.store).items():
            lag.add_metric([name], place.lag)
            stopped.add_metric([name], place.state == "stopped")
        yield lag
        yield stopped
        yield from self._of_trail()

    def _of_trail(self) -> Iterator[Metric]:
        found = filter_unexamined(alarms(self._engine.store))
        differs = GaugeMetricFamily(
            "donghaeng_trail_differences",
            "Differences from what was sealed that nobody has looked into; should be 0.",
            labels=["part"],
        )
        for part in Part:
            differs.add_metric([part], sum(one.part == part for one in found))
        yield differs
        last = night(self._engine.data)
        if last is not None and last.ended is not None:
            compared = GaugeMetricFamily(
                "donghaeng_trail_compared_timestamp_seconds",
                "When the whole database was last compared with what was sealed; on the machine that seals.",
            )
            compared.add_metric([], last.ended.timestamp())
            yield compared

    def _of_redis(self) -> Iterator[Metric]:
        queues = self._engine.queues
        counts = dict(load_counts(queues))
        carried_out = CounterMetricFamily(
            "donghaeng_commands", "Commands carried out since Redis began to count."
        )
        carried_out.add_metric([], counts.pop(CARRIED_OUT, 0))
        yield carried_out
        unrecorded = CounterMetricFamily(
            "donghaeng_refusals_not_recorded", "Times the log of refusals could not be written; should be 0."
        )
        unrecorded.add_metric([], counts.pop(UNRECORDED, 0))
        yield unrecorded
        refused = CounterMetricFamily(
            "donghaeng_refusals", "Commands refused, by the refusal's name.", labels=["refusal"]
        )
        for name, count in counts.items():
            refused.add_metric([name], count)
        yield refused
        jobs = GaugeMetricFamily("donghaeng_jobs", "Jobs by queue and state.", labels=["queue", "state"])
        for queue, states in queues.counts().items():
            for state, count in states.items():
                jobs.add_metric([queue, state], count)
        yield jobs


class SweepTimes:
    """How long the ticker's sweeps take."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._seconds = Histogram(
            "donghaeng_sweep_seconds",
            "Time of a sweep for what is due.",
            registry=self.registry,
            buckets=(0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 1, 5, 30),
        )

    @contextmanager
    def timed(self) -> Iterator[None]:
        with self._seconds.time():
            yield


@contextmanager
def serving(engine: Engine, port: int | None, times: SweepTimes) -> Iterator[None]:
    """Serve the figures for the block; a port that is taken is told in the log, and the ticker does its work."""
    if port is None:
        yield
        return
    times.registry.register(Figures(engine))
    try:
        server, thread = start_http_server(port, addr=_LOOPBACK, registry=times.registry)
    except OSError as error:
        _log.error("metrics_not_served", port=port, error=str(error))
        yield
        return
    _log.info("metrics_served", address=f"http://{_LOOPBACK}:{port}/metrics")
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
