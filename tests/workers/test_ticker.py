"""The ticker's sweep: what falls due by rule is carried out once, whoever looks and however often."""

from __future__ import annotations

import threading
import time
from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import psycopg
import pytest
from psycopg.conninfo import make_conninfo
from structlog.testing import capture_logs

from domain.agency import commands as a
from domain.catalogue import COMMANDS
from domain.epoch.commands import BeginEpoch
from domain.subject.commands import Register as RegisterPerson
from domain.values import LocalText
from projections.agency_register import AGENCY_REGISTER
from projections.deadlines import DEADLINES
from projections.runner import project
from store.envelope import Actor
from store.log import Store
from workers.restore_guard import mark_restored
from workers.sweeping import sweep
from workers.ticker import Rules, run_ticker, tick
from workflows.automation.reacting import Memory, Tick
from workflows.automation.spans import SPANS
from workflows.automation.steps import next_due
from workflows.command_envelope import CommandEnvelope
from workflows.command_handler import CommandHandler
from workflows.resting import Rests

HEAD, DEPUTY = "2" * 32, "1" * 32
PLANNER = Actor(role="planner")


@pytest.fixture
def engine(simulated_store: Store, tmp_path: Path) -> Any:
    """A store with an agency whose head is away from 5 to 16 August, and a proxy until the 10th."""
    handler = CommandHandler(simulated_store, wake=lambda: None)
    simulated_store.move_clock(datetime(2024, 8, 1, tzinfo=UTC))
    span = {"starts": date(2024, 8, 5), "ends": date(2024, 8, 16)}
    for command in (
        a.Register(agency="gto", name=LocalText(ko="광주관광공사")),
        RegisterPerson(subject=HEAD),
        RegisterPerson(subject=DEPUTY),
        a.Appoint(agency="gto", subject=HEAD, post="head"),
        a.Appoint(agency="gto", subject=DEPUTY, post="officer"),
        a.AppointSubstitute(agency="gto", absent=HEAD, substitute=DEPUTY, **span),
        a.DelegateDecision(
            agency="gto",
            form="proxy",
            decision="task.start",
            holder=HEAD,
            delegate=DEPUTY,
            starts=date(2024, 8, 5),
            ends=date(2024, 8, 10),
        ),
    ):
        handler.handle(CommandEnvelope(command=command, actor=PLANNER, via="cli"))
    project(simulated_store, AGENCY_REGISTER)
    redis = SimpleNamespace(set=lambda *_, **__: None, zrevrange=lambda *_: [])
    queues = SimpleNamespace(
        wake=lambda *_: None,
        redis=redis,
        store_id=simulated_store.id,
        look_again=lambda: None,
        heal=list,
        resting=False,
        queue=lambda _: SimpleNamespace(failed_job_registry=SimpleNamespace(key="failed")),
    )
    return SimpleNamespace(store=simulated_store, handler=handler, queues=queues, data=tmp_path / "data")


def kinds(engine: Any) -> list[str]:
    return [one.kind for one in engine.store.read("agency/gto")[5:]]


def at(engine: Any, *moment: int) -> None:
    engine.store.move_clock(datetime(*moment, tzinfo=UTC))  # type: ignore[arg-type,misc]


def test_nothing_ends_before_its_last_day_is_over_in_seoul(engine: Any) -> None:
    assert next_due(engine.store) == datetime(2024, 8, 10, 15, tzinfo=UTC)
    at(engine, 2024, 8, 10, 14, 59, 59)
    assert (sweep(engine), kinds(engine)) == (0, [])
    at(engine, 2024, 8, 10, 15)
    assert (sweep(engine), kinds(engine)) == (1, ["agency.delegation_ended"])


def test_the_fact_says_by_which_rule_and_on_what(engine: Any) -> None:
    at(engine, 2024, 9, 1)
    assert sweep(engine) == 2
    for fact, about in zip(engine.store.read("agency/gto")[5:], ("#4", "#5"), strict=True):
        envelope = fact.envelope
        assert (envelope.actor.role, envelope.via, envelope.authn) == ("system", "rule", "system")
        assert (envelope.cause.rule, envelope.cause.rule_version) == ("agency.span_over", "1")
        assert envelope.cause.due == f"agency/gto{about}"


def test_sweeping_again_before_the_view_has_seen_it_ends_nothing_twice(engine: Any) -> None:
    at(engine, 2024, 9, 1)
    assert [sweep(engine) for _ in range(3)] == [2, 0, 0]
    assert len(SPANS.envelopes(Tick(engine.store))) == 2, "the view lags"
    project(engine.store, AGENCY_REGISTER)
    assert SPANS.envelopes(Tick(engine.store)) == []
    assert next_due(engine.store) == datetime(2024, 12, 31, 15, tzinfo=UTC), "the year's turn, nothing before"
    assert len(kinds(engine)) == 2


def test_two_tickers_at_once_end_each_once(engine: Any) -> None:
    at(engine, 2024, 9, 1)
    done: list[int] = []
    sweeps = [threading.Thread(target=lambda: done.append(sweep(engine))) for _ in range(4)]
    for one in sweeps:
        one.start()
    for one in sweeps:
        one.join()
    assert sum(done) == 2
    assert sorted(kinds(engine)) == ["agency.delegation_ended", "agency.substitution_ended"]


def test_what_somebody_has_ended_by_hand_is_not_ended_again(engine: Any) -> None:
    engine.handler.handle(
        CommandEnvelope(command=a.EndSubstitution(agency="gto", number=4), actor=PLANNER, via="cli")
    )
    at(engine, 2024, 9, 1)
    assert sweep(engine) == 1
    assert len(kinds(engine)) == 2


class Ticks:
    """So many ticks, then the end."""

    def __init__(self, count: int) -> None:
        self.left = count

    def wait(self, seconds: float) -> bool:
        self.left -= 1
        return self.left < 0


def ticked(engine: Any, times: int) -> list[str]:
    """The ticker's log lines."""
    with capture_logs() as lines:
        run_ticker(engine, Ticks(times))  # type: ignore[arg-type]
    return [line["event"] for line in lines]


def test_in_a_restored_store_nothing_is_carried_out_by_rule_until_a_person_lets_it_go_on(engine: Any) -> None:
    store = engine.store
    mark_restored(engine.data, store.id, 1)
    at(engine, 2024, 8, 20)
    assert ticked(engine, 3).count("store_restored") == 1
    assert kinds(engine) == []
    command = BeginEpoch(number=2, after=store.head().position)
    engine.handler.handle(CommandEnvelope(command=command, actor=PLANNER, via="cli"))
    assert "store_restored" not in ticked(engine, 1)
    assert len(kinds(engine)) == 2


def test_a_stopped_view_is_tried_less_and_less_often_and_at_once_when_it_runs_again() -> None:
    now = [0.0]
    rests = Rests(2.0, 64.0, lambda: now[0])
    tried = []
    for second in range(260):
        now[0] = second
        if rests.may_try("task_board"):
            tried.append(second)
    assert tried == [0, 2, 6, 14, 30, 62, 126, 190, 254]
    assert not rests.may_try("task_board")
    rests.well("task_board")
    assert rests.may_try("task_board")


def test_the_ticker_leaves_a_stopped_view_alone_for_longer_and_longer(engine: Any) -> None:
    woken: list[str] = []
    engine.queues.wake = lambda *words: woken.append(words[-1])
    with engine.store.connection() as connection:
        connection.execute(
            "UPDATE views.positions SET position = 0, state = 'stopped', error = '?', error_position = 1 "
            "WHERE view = 'task_board'"
        )
    now = [0.0]
    rests = Rests(2.0, 64.0, lambda: now[0])
    for second in range(7):
        now[0] = second
        tick(engine, rests)
    assert woken.count("task_board") == 3
    assert woken.count("city_inbox") == 7


def test_a_damaged_view_is_woken_by_nobody_and_only_what_looks_into_it_waits(
    engine: Any,
) -> None:
    woken: list[str] = []
    engine.queues.wake = lambda *words: woken.append(words[-1])
    with psycopg.connect(make_conninfo(engine.store.connections._dsn, user="donghaeng_owner")) as owner:
        owner.execute(f"DROP TABLE {DEADLINES.table}".encode())
        owner.execute("UPDATE views.positions SET position = position - 1")
    rules, memory = Rules(), Memory()
    with capture_logs() as lines:
        rules.run(engine, memory, ())
        rules.run(engine, memory, ())
        tick(engine)
    waits = [line for line in lines if line["event"] == "waits_for_view"]
    assert [(line["what"], "views rebuild deadlines" in line["error"]) for line in waits] == [("sweep", True)]
    assert "deadlines" not in woken
    assert "task_board" in woken


def test_the_rules_own_commands_are_authorised_too(engine: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    at(engine, 2024, 9, 1)
    with monkeypatch.context() as patched, capture_logs() as lines:
        for command in COMMANDS.values():
            patched.setattr(command, "by", {})
        assert sweep(engine) == 0
    assert {line["refusal"] for line in lines if line["event"] == "sweep_refused"} == {"NotPermitted"}
    assert kinds(engine) == []
    assert sweep(engine) == 2


def test_what_was_refused_is_left_alone_for_a_minute(engine: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else a rule that something stands in the way of would be tried, and told, every second."""
    engine.handler.handle(
        CommandEnvelope(command=a.EndSubstitution(agency="gto", number=4), actor=PLANNER, via="cli")
    )
    at(engine, 2024, 9, 1)
    memory = Memory()
    with capture_logs() as lines:
        assert [sweep(engine, memory) for _ in range(3)] == [1, 0, 0]
    assert [line["event"] for line in lines].count("sweep_refused") == 1
    now = time.monotonic()
    monkeypatch.setattr("workflows.resting.time.monotonic", lambda: now + 61)
    with capture_logs() as lines:
        sweep(engine, memory)
    assert [line["event"] for line in lines].count("sweep_refused") == 1
