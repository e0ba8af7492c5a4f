"""The database is held against what was sealed without being asked: a part at each seal, all of it each night."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import psycopg
import pytest
from msgspec.structs import replace
from structlog.testing import capture_logs

from domain.agency.commands import Register
from domain.finding.commands import Examine
from domain.values import LocalText
from projections.runner import project
from projections.trail.entries import TRAIL_ENTRIES
from projections.trail.origin import older_origin
from store.envelope import Actor
from store.log import Store
from tests.conftest import top
from tests.workers.sealing.killed_comparing import PLACES
from tests.workers.valkey_of_the_tests import own_valkey
from workers.acted_on import mark_restored
from workers.bootstrap import open_engine
from workers.sealing import comparing
from workers.sealing.comparing import compare_nightly, compare_rolling
from workers.sealing.errors import LogHasTwoTimes, StoreRestored
from workers.sealing.folder import TrailFolder
from workers.sealing.keeping import begin
from workers.sealing.nights import night, night_due, rolling, tonight
from workers.sealing.sealer import seal
from workers.servers import Addresses
from workers.tasks import serve
from workers.ticker import NightTimes, SealTimes
from workers.working import run_worker
from workflows.door import Door
from workflows.order import Order
from workflows.trail_alarms import alarms, raised

FACTS = 600  # more than two tiles
PLANNER, INSPECTOR = Actor(role="planner"), Actor(role="inspector")
REASON = "조례에 따름"


@pytest.fixture
def engine(store: Store, owner_dsn: str, tmp_path: Path) -> Any:
    """A sealed log of some hundred facts, each with its text."""
    door = Door(store, wake=lambda: None)
    built = SimpleNamespace(store=store, door=door, data=tmp_path / "data", owner_dsn=owner_dsn)
    begin(built, lambda command: give(built, command), None, new_log=False)  # type: ignore[arg-type]
    orders = [
        Order(command=Register(agency=f"a{number}", name=LocalText(ko="기관")), actor=PLANNER, reason=REASON)
        for number in range(FACTS - 1)
    ]
    door.handle_all(orders)
    seal(built)
    project(store, TRAIL_ENTRIES)
    return built


def give(engine: Any, command: Any, actor: Actor = PLANNER, reason: str | None = None) -> Any:
    return engine.door.handle(Order(command=command, actor=actor, reason=reason))


def altered(engine: Any, *statements: str) -> None:
    """What an operator with the database in his hands can do."""
    with psycopg.connect(engine.owner_dsn, autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")
        for statement in statements:
            connection.execute(statement.encode())


def edited(engine: Any, position: int, was: str = "기관", becomes: str = "다른") -> None:
    """Another name stands in the fact, which reads as well as before."""
    with psycopg.connect(engine.owner_dsn, autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")
        ((state,),) = connection.execute(
            "SELECT state FROM donghaeng.facts WHERE position = %s", (position,)
        ).fetchall()
        changed = state.replace(was.encode(), becomes.encode())
        assert changed != state
        connection.execute("UPDATE donghaeng.facts SET state = %s WHERE position = %s", (changed, position))


def put_right(engine: Any, position: int) -> None:
    edited(engine, position, "다른", "기관")


def found(engine: Any) -> list[tuple[str, str, int | None]]:
    return [(one.part, one.what, one.position) for one in alarms(engine.store)]


def a_round(engine: Any) -> int:
    """In how many parts."""
    parts = 0
    while True:
        parts += 1
        compare_rolling(engine, most=256)
        if rolling(engine.data).position >= FACTS:
            return parts


def a_night(engine: Any, now: datetime | None = None) -> int:
    """In how many jobs."""
    jobs = 1
    while compare_nightly(engine, now, at_once=256):
        jobs += 1
    return jobs


def nights_on(days: int) -> datetime:
    return datetime.now(UTC) + timedelta(days=days)


def test_nothing_is_found_in_a_database_that_nobody_touched(engine: Any) -> None:
    assert a_round(engine) == 3
    assert a_night(engine) == 5
    assert found(engine) == []
    assert [one.kind for one in engine.store.read("trail/compared")] == []
    last = night(engine.data)
    assert last is not None
    assert (last.stage, last.found, last.day) == ("over", (), tonight())
    assert rolling(engine.data).round_over is not None


@pytest.mark.parametrize("position", [2, 257, 599])
def test_an_edited_fact_is_found_within_one_round(engine: Any, position: int) -> None:
    edited(engine, position)
    with capture_logs() as logs:
        a_round(engine)
    assert found(engine) == [("facts", "content", position)]
    (line,) = [line for line in logs if line["event"] == "not_as_sealed"]
    assert (line["log_level"], line["position"]) == ("error", position)
    (fact,) = engine.store.read("trail/compared")
    assert (fact.envelope.actor.role, fact.envelope.cause.rule) == ("system", "trail.compare")


def test_who_edits_the_very_fact_that_was_acted_on_last_makes_it_a_restored_store(engine: Any) -> None:
    """Which is told louder than any difference: nothing is done by rule, sent or sealed until a person has looked."""
    edited(engine, FACTS)
    for refuses in (compare_rolling, compare_nightly, seal):
        with pytest.raises(StoreRestored):
            refuses(engine)


def test_a_fact_that_cannot_be_read_any_more_does_not_end_the_night(engine: Any) -> None:
    edited(engine, 2, "planner", "nobody!")
    a_night(engine)
    assert found(engine) == [("facts", "content", 2), ("entries", "unfoldable", 2)]


def test_without_the_rolling_part_sealing_alone_does_not_find_it(engine: Any) -> None:
    """The control: the sealer looks at the last fact only."""
    edited(engine, 2)
    for number in range(3):
        give(engine, Register(agency=f"more{number}", name=LocalText(ko="기관")))
        assert seal(engine).state == "sealed"
    assert found(engine) == []
    a_round(engine)
    assert found(engine) == [("facts", "content", 2)]


def test_sealing_goes_on_over_a_past_that_was_changed(engine: Any) -> None:
    """Or whoever edits one fact could keep all later ones from being sealed; and the alarm itself is sealed."""
    edited(engine, 2)
    a_round(engine)
    size = seal(engine).size
    assert size == engine.store.head().position - 1
    assert "trail.difference_found" in [one.kind for one in engine.store.at([size - 1, size])]


CHANGED = {
    "a fact is edited": (
        "UPDATE donghaeng.facts SET kind = 'agency.closed' WHERE position = 300",
        "facts",
        300,
    ),
    "its date is set back": (
        "UPDATE donghaeng.facts SET known_at = known_at - interval '1 day' WHERE position = 300",
        "facts",
        300,
    ),
    "a fact is deleted": ("DELETE FROM donghaeng.facts WHERE position = 300", "facts", 300),
    "a text is changed": ("UPDATE donghaeng.texts SET body = 'forged' WHERE id = {text}", "beside", 300),
    "a text is gone": ("DELETE FROM donghaeng.texts WHERE id = {text}", "beside", 300),
}
ONLY_AT_NIGHT = {
    "a text that no fact refers to": (
        "INSERT INTO donghaeng.texts (id, salt, body) VALUES (gen_random_uuid(), 'salt', 'forged')",
        "beside",
        None,
    ),
    "a command's id is gone": ("DELETE FROM donghaeng.commands WHERE first_position = 300", "beside", 300),
    "a row that is looked up is gone": (
        f"DELETE FROM {TRAIL_ENTRIES.table} WHERE position = 300",
        "entries",
        300,
    ),
}


def done(engine: Any, statement: str) -> None:
    text = engine.store.at([300])[0].envelope.reason.id
    altered(engine, statement.format(text=f"'{text}'"))


@pytest.mark.parametrize("what", CHANGED)
def test_each_part_of_the_round_finds_what_is_changed_in_it(engine: Any, what: str) -> None:
    statement, part, position = CHANGED[what]
    done(engine, statement)
    a_round(engine)
    assert [(one[0], one[2]) for one in found(engine)] == [(part, position)]


@pytest.mark.parametrize("what", CHANGED | ONLY_AT_NIGHT)
def test_the_night_finds_what_is_changed_anywhere(engine: Any, what: str) -> None:
    statement, part, position = (CHANGED | ONLY_AT_NIGHT)[what]
    done(engine, statement)
    a_night(engine)
    assert (part, position) in [(one[0], one[2]) for one in found(engine)]


def test_tiles_that_do_not_lead_to_what_was_signed_are_found(engine: Any) -> None:
    tile = engine.data / "trail" / "tile" / "0" / "000"
    tile.write_bytes(tile.read_bytes()[:-1] + b"x")
    a_round(engine)
    assert found(engine) == [("tiles", "unlike", None)]


def test_an_alarm_stays_until_all_of_it_agrees_again(engine: Any) -> None:
    edited(engine, 2)
    a_round(engine)
    put_right(engine, 2)
    a_round(engine)
    assert found(engine) == [("facts", "content", 2)]
    a_night(engine)
    assert found(engine) == []
    kinds = [one.kind for one in engine.store.read("trail/compared")]
    assert kinds == ["trail.difference_found", "trail.agreed_again"]


def test_or_until_an_inspector_has_looked_into_it_and_then_the_next_one_is_told(engine: Any) -> None:
    edited(engine, 2)
    edited(engine, 400)
    a_round(engine)
    a_round(engine)
    (alarm,) = raised(alarms(engine.store))
    rule, _, about = alarm.finding.rpartition("-")
    give(engine, Examine(rule=rule, about=int(about), note="확인함"), INSPECTOR)  # type: ignore[arg-type]
    assert raised(alarms(engine.store)) == []
    a_round(engine)
    assert [one.position for one in raised(alarms(engine.store))] == [400]
    assert found(engine) == [("facts", "content", 2), ("facts", "content", 400)]
    a_night(engine)
    assert found(engine) == [("facts", "content", 2), ("facts", "content", 400)]


def test_a_log_that_was_cut_makes_one_alarm_and_not_a_thousand(engine: Any) -> None:
    shutil.rmtree(engine.data / "acted-on")  # or it is known to be restored
    altered(
        engine,
        "DELETE FROM donghaeng.facts WHERE position > 100",
        "UPDATE donghaeng.head SET position = 100",
    )
    engine.door = Door(engine.store, wake=lambda: None)
    a_round(engine)
    assert [one.part for one in alarms(engine.store)] == ["facts"]


@pytest.mark.parametrize("place", PLACES)
def test_a_night_that_is_killed_anywhere_goes_on_and_finds_it_once(
    engine: Any, app_dsn: str, place: str
) -> None:
    edited(engine, 2)
    killed = subprocess.run(
        [sys.executable, "-m", "tests.workers.sealing.killed_comparing", place],
        cwd=top(),
        env=os.environ | {"DSN": app_dsn, "DATA": str(engine.data), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        check=False,
    )
    assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()
    assert night_due(engine.data)
    a_night(engine)
    assert not night_due(engine.data)
    assert found(engine) == [("facts", "content", 2)]


def test_a_night_goes_on_where_it_came_to_and_once_over_is_done_until_the_next(engine: Any) -> None:
    assert compare_nightly(engine, at_once=256)
    known = night(engine.data)
    assert known is not None
    assert (known.stage, known.position) == ("facts", 256)
    assert a_night(engine) == 4
    assert compare_nightly(engine) is False
    assert not night_due(engine.data)
    assert night_due(engine.data, nights_on(1))
    assert a_night(engine, nights_on(1)) == 5


def test_who_compares_is_alone_and_sealing_goes_on_beside_it(engine: Any) -> None:
    with comparing._alone(engine) as free:
        assert free
        assert compare_nightly(engine) is False
        assert compare_rolling(engine) == 0
        assert seal(engine, own_too=True).state == "sealed"
    assert compare_rolling(engine) == engine.store.head().position - 1


def test_a_restored_store_is_compared_when_a_person_has_let_it_go_on(engine: Any) -> None:
    mark_restored(engine.data, engine.store.id)
    for compare in (compare_rolling, compare_nightly):
        with pytest.raises(StoreRestored):
            compare(engine)


def test_the_night_begins_at_three_in_seoul(engine: Any) -> None:
    assert tonight(datetime(2024, 3, 6, 17, 59, tzinfo=UTC)).isoformat() == "2024-03-06"
    assert tonight(datetime(2024, 3, 6, 18, 0, tzinfo=UTC)).isoformat() == "2024-03-07"
    clock = [0.0]
    woken: list[tuple[str, ...]] = []
    queues = SimpleNamespace(wake=lambda *words: bool(woken.append(words)) or True)
    built = SimpleNamespace(store=engine.store, data=engine.data, queues=queues)
    times = NightTimes(lambda: clock[0])
    assert times.wake(built)  # type: ignore[arg-type]
    assert not times.wake(built)  # type: ignore[arg-type]
    clock[0] = 61.0
    assert times.wake(built)  # type: ignore[arg-type]
    a_night(engine)
    clock[0] = 122.0
    assert not times.wake(built)  # type: ignore[arg-type]
    assert woken == [("automation", "compare")] * 2


def test_jobs_on_the_queue_compare_at_each_seal_and_at_night(
    engine: Any, servers: Addresses, owner_dsn: str, app_dsn: str
) -> None:
    """The queue alone does it: what the ticker wakes, and what a job leaves for the next."""
    edited(engine, 2)
    with own_valkey() as valkey:
        addresses = Addresses(owner_dsn=owner_dsn, app_dsn=app_dsn, redis=valkey.address)
        with open_engine(addresses, engine.data) as built:
            serve(built)
            assert SealTimes().wake(built)
            run_worker(built.queues, "automation", burst=True)
            assert found(built) == [("facts", "content", 2)]
            put_right(engine, 2)
            assert NightTimes().wake(built)
            run_worker(built.queues, "automation", burst=True)
            assert found(built) == []
            last = night(engine.data)
            assert last is not None
            assert last.stage == "over"
            assert built.queues.counts()["automation"]["failed"] == 0


@pytest.mark.parametrize("named", [True, False])
def test_calling_the_store_simulated_lets_no_date_pass(
    engine: Any, app_dsn: str, named: bool, tmp_path: Path
) -> None:
    """By the log's name, or, in a log of before its name said so, by its first fact."""
    if not named:
        folder = TrailFolder(engine.data)
        folder.remember(replace(folder.signed(), origin=older_origin(engine.store.id, 1)))
    altered(engine, "UPDATE donghaeng.store SET simulated = true")
    with Store.open(app_dsn) as called_simulated:
        engine.store, engine.door = called_simulated, Door(called_simulated, wake=lambda: None)
        a_night(engine)
        assert found(engine) == [("facts", "kind_of_store", None)]


def test_a_date_that_was_set_before_sealing_is_not_sealed(engine: Any) -> None:
    """It could never be put right again. The control: with one time it is sealed."""
    give(engine, Register(agency="late", name=LocalText(ko="기관")))
    position = engine.store.head().position
    altered(
        engine,
        f"UPDATE donghaeng.facts SET known_at = known_at - interval '1 day' WHERE position = {position}",
    )
    with pytest.raises(LogHasTwoTimes):
        seal(engine)
    altered(engine, f"UPDATE donghaeng.facts SET known_at = recorded_at WHERE position = {position}")
    assert seal(engine).size == position + 1  # and the count of the streams
