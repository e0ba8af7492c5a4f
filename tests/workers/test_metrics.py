"""Figures for Prometheus: what the store and Redis know, on this machine's own port."""

from __future__ import annotations

import socket
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families
from structlog.testing import capture_logs

from domain.agency.commands import Register
from domain.errors import Refusal
from domain.finding.commands import Examine
from domain.trail.commands import RecordDifference
from domain.values import LocalText
from store.envelope import Actor
from store.errors import StoreFault
from workers.bootstrap import open_engine
from workers.engine import Engine
from workers.metrics import SweepTimes, serving
from workers.servers import Addresses
from workflows import refusing
from workflows.command_envelope import CommandEnvelope

PLANNER = Actor(role="planner")


@pytest.fixture
def at(servers: Addresses, app_dsn: str, owner_dsn: str) -> Addresses:
    return Addresses(owner_dsn=owner_dsn, app_dsn=app_dsn, redis=servers.redis)


@pytest.fixture
def engine(at: Addresses, tmp_path: Path) -> Iterator[Engine]:
    with open_engine(at, tmp_path) as built:
        yield built


@pytest.fixture
def port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


def register(engine: Engine, agency: str, actor: Actor = PLANNER) -> None:
    command = Register(agency=agency, name=LocalText(ko="기관"))
    engine.handler.handle(CommandEnvelope(command=command, actor=actor, via="cli"))


def told(port: int) -> dict[tuple[str, ...], float]:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as answer:
        text = answer.read().decode()
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_facts_commands_refusals_views_jobs_and_sweeps_are_told(
    engine: Engine, at: Addresses, tmp_path: Path, port: int
) -> None:
    with open_engine(at, tmp_path) as other:
        register(other, "gto")
        register(other, "gjcf")
        for _ in range(3):
            with pytest.raises(Refusal):
                register(other, "gto", Actor(role="citizen"))
    times = SweepTimes()
    with serving(engine, port, times):
        with times.timed():
            pass
        found = told(port)
    assert found[("donghaeng_facts_total",)] == 2
    assert found[("donghaeng_commands_total",)] == 2
    assert found[("donghaeng_refusals_total", "NotPermitted")] == 3
    assert found[("donghaeng_refusals_not_recorded_total",)] == 0
    assert found[("donghaeng_view_lag_facts", "agency_register")] == 2
    assert found[("donghaeng_view_stopped", "task_board")] == 0
    assert found[("donghaeng_jobs", "projections", "waiting")] == 1
    assert found[("donghaeng_sweep_seconds_count",)] == 1
    assert found[("donghaeng_server_up", "postgresql")] == found[("donghaeng_server_up", "redis")] == 1


def test_what_differs_from_the_seal_is_told_until_an_inspector_has_looked(engine: Engine, port: int) -> None:
    """Where nothing is on record there is none: the control."""
    with serving(engine, port, SweepTimes()):
        assert told(port)[("donghaeng_trail_differences", "facts")] == 0
        command = RecordDifference(part="facts", what="content", position=7, size=9)
        by_rule = CommandEnvelope(command=command, actor=Actor(role="system"), via="rule", authn="system")
        position = engine.handler.handle(by_rule).first_position
        assert told(port)[("donghaeng_trail_differences", "facts")] == 1
        assert told(port)[("donghaeng_trail_differences", "entries")] == 0
        examined = Examine(rule="not_as_sealed", about=position, note="봄")  # type: ignore[arg-type]
        engine.handler.handle(CommandEnvelope(command=examined, actor=Actor(role="inspector"), via="cli"))
        assert told(port)[("donghaeng_trail_differences", "facts")] == 0


def test_it_listens_on_this_machine_alone_and_is_gone_afterwards(engine: Engine, port: int) -> None:
    with serving(engine, port, SweepTimes()):
        listening = Path("/proc/net/tcp").read_text(encoding="ascii")
        assert f"0100007F:{port:04X}" in listening
        assert f"00000000:{port:04X}" not in listening
    with pytest.raises(OSError, match="refused"):
        told(port)


def test_a_server_that_is_away_is_told_and_the_other_goes_on(
    engine: Engine, port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: Any) -> Any:
        raise ConnectionError

    from redis.exceptions import ConnectionError  # noqa: A004, PLC0415

    monkeypatch.setattr(engine.queues.redis, "hgetall", away)
    with serving(engine, port, SweepTimes()):
        found = told(port)
    assert (found[("donghaeng_server_up", "redis")], found[("donghaeng_server_up", "postgresql")]) == (0, 1)
    assert ("donghaeng_facts_total",) in found


def test_a_port_that_is_taken_is_told_and_nothing_else_stops(engine: Engine) -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as taken,
        capture_logs() as lines,
        serving(engine, taken.getsockname()[1], SweepTimes()),
    ):
        assert engine.store.head().position == 0
    assert [line["event"] for line in lines] == ["metrics_not_served"]


def test_a_refusal_that_could_not_be_recorded_is_counted_by_itself(
    engine: Engine, at: Addresses, tmp_path: Path, port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any) -> None:
        raise StoreFault(problem="No space left on device")

    monkeypatch.setattr(refusing, "record_refused", full)
    with open_engine(at, tmp_path) as other, pytest.raises(Refusal):
        register(other, "gto", Actor(role="citizen"))
    with serving(engine, port, SweepTimes()):
        found = told(port)
    assert found[("donghaeng_refusals_not_recorded_total",)] == 1
    assert found[("donghaeng_refusals_total", "NotPermitted")] == 1


def test_counts_wait_while_redis_is_away_and_none_is_lost(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    from workers.command_counts import Counts, load_counts  # noqa: PLC0415

    counts = Counts(lambda: engine.queues)
    counts.add("Conflict", 2)
    with monkeypatch.context() as patched:
        patched.setattr(engine.queues, "_redis", type(engine.queues.redis)(unix_socket_path="/nowhere"))
        counts.bring(now=True)
    counts.add("Conflict")
    counts.bring(now=True)
    counts.bring(now=True)
    assert load_counts(engine.queues) == {"Conflict": 3}
