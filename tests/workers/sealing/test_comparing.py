"""The database is held against what was sealed without being asked: a part at each seal, all of it each night."""

from __future__ import annotations

import os
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
from domain.epoch.commands import BeginEpoch
from domain.finding.commands import Examine
from domain.values import LocalText
from projections import rows_as_of
from projections.agency_register import AGENCY_REGISTER
from projections.inspection.entries import TRAIL_ENTRIES
from projections.runner import project
from store.accesses import record_access
from store.envelope import Actor
from store.log import Store
from tests.conftest import top
from tests.store.watched_rows import reading
from tests.workers.killable_valkey import own_valkey
from tests.workers.sealing.killed_comparing import PLACES
from trail.origin import older_origin
from workers.bootstrap import open_engine
from workers.restore_guard import mark_restored, remember_epoch
from workers.sealing import nightly_comparison
from workers.sealing.errors import LogHasTwoTimes, StoreRestored
from workers.sealing.folder import TrailFolder
from workers.sealing.keeping import begin
from workers.sealing.nightly_comparison import compare_nightly, compare_rolling
from workers.sealing.nights import night, night_due, rolling, tonight
from workers.sealing.sealer import seal
from workers.servers import Addresses
from workers.tasks import serve
from workers.ticker import NightTimes, SealTimes
from workers.working import run_worker
from workflows.command_envelope import CommandEnvelope
from workflows.command_handler import CommandHandler
from workflows.trail.alarms import alarms, filter_unexamined
from workflows.trail.views import compare_views_on

FACTS = 600  # more than two tiles
PLANNER, INSPECTOR = Actor(role="planner"), Actor(role="inspector")
REASON = "조례에 따름"


@pytest.fixture
def engine(store: Store, owner_dsn: str, tmp_path: Path) -> Any:
    """A sealed log of some hundred facts, each with its text."""
    handler = CommandHandler(store, wake=lambda: None)
    built = SimpleNamespace(
        store=store, handler=handler, data=tmp_path / "data", owner_dsn=owner_dsn, seal_standbys=0
    )
    begin(built, lambda command: give(built, command), None, new_log=False)  # type: ignore[arg-type]
    envelopes = [
        CommandEnvelope(
            command=Register(agency=f"a{number}", name=LocalText(ko="기관")),
            actor=PLANNER,
            via="cli",
            reason=REASON,
        )
        for number in range(FACTS - 1)
    ]
    handler.handle_all(envelopes)
    record_access(store, reading())
    seal(built)
    project(store, TRAIL_ENTRIES)
    return built


def give(engine: Any, command: Any, actor: Actor = PLANNER, reason: str | None = None) -> Any:
    return engine.handler.handle(CommandEnvelope(command=command, actor=actor, via="cli", reason=reason))


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
    assert a_night(engine) == 6 + len(compare_views_on())
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
    assert found(engine) == [
        ("facts", "content", 2),
        ("entries", "unfoldable", 2),
    ]


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
    "who read what is changed": ("UPDATE donghaeng.accesses SET purpose = 'another'", "readings", None),
    "the store is called another": ("UPDATE donghaeng.store SET id = gen_random_uuid()", "facts", None),
    "a row that is looked up is gone": (
        f"DELETE FROM {TRAIL_ENTRIES.table} WHERE position = 300",
        "entries",
        300,
    ),
    "a row of another view is gone": (
        f"DELETE FROM {AGENCY_REGISTER.table} WHERE key = 'a300'",
        "views",
        None,
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
def test_the_night_finds_what_is_changed_anywhere(engine: Any, app_dsn: str, what: str) -> None:
    statement, part, position = (CHANGED | ONLY_AT_NIGHT)[what]
    project(engine.store, AGENCY_REGISTER)
    done(engine, statement)
    with Store.open(app_dsn) as engine.store:  # as one that is started now
        engine.handler = CommandHandler(engine.store, wake=lambda: None)
        a_night(engine)
        differing = found(engine)
    assert (part, position) in [(one[0], one[2]) for one in differing]


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
    (alarm,) = filter_unexamined(alarms(engine.store))
    rule, _, about = alarm.finding.rpartition("-")
    give(engine, Examine(rule=rule, about=int(about), note="확인함"), INSPECTOR)  # type: ignore[arg-type]
    assert filter_unexamined(alarms(engine.store)) == []
    a_round(engine)
    assert [one.position for one in filter_unexamined(alarms(engine.store))] == [400]
    assert found(engine) == [("facts", "content", 2), ("facts", "content", 400)]
    a_night(engine)
    assert found(engine) == [("facts", "content", 2), ("facts", "content", 400)]


def examined(engine: Any) -> None:
    """An inspector has looked into what is raised."""
    for alarm in filter_unexamined(alarms(engine.store)):
        rule, _, about = alarm.finding.rpartition("-")
        give(engine, Examine(rule=rule, about=int(about), note="확인함"), INSPECTOR)  # type: ignore[arg-type]


# something that differs, and something else of its kind
NEXT_ONE = {
    "another text of facts": (
        "UPDATE donghaeng.texts SET body = 'forged' WHERE id = {0}",
        "UPDATE donghaeng.texts SET body = 'forged' WHERE id = {1}",
    ),
    "another text that no fact refers to": (
        "INSERT INTO donghaeng.texts (id, salt, body) VALUES (gen_random_uuid(), 'salt', 'forged')",
    )
    * 2,
    "another command's id": (
        "DELETE FROM donghaeng.commands WHERE first_position = 300",
        "DELETE FROM donghaeng.commands WHERE first_position = 400",
    ),
    "another row that is looked up": (
        f"DELETE FROM {TRAIL_ENTRIES.table} WHERE position = 200",
        f"DELETE FROM {TRAIL_ENTRIES.table} WHERE position = 400",
    ),
    "the same fact, otherwise": (
        "UPDATE donghaeng.facts SET known_at = known_at - interval '1 day' WHERE position = 300",
        "UPDATE donghaeng.facts SET kind = 'agency.closed' WHERE position = 300",
    ),
    "a date, where the store is called simulated": (
        "UPDATE donghaeng.store SET simulated = true",
        "UPDATE donghaeng.facts SET known_at = known_at - interval '1 day' WHERE position = (SELECT max(position) FROM donghaeng.facts)",
    ),
    "a row that is looked up, behind a fact that cannot be read": (
        "UPDATE donghaeng.facts SET state = replace(encode(state, 'escape'), 'planner', 'nobody!')::bytea WHERE position = 2",
        f"DELETE FROM {TRAIL_ENTRIES.table} WHERE position = 500",
    ),
}


def test_what_was_examined_hides_no_other_and_is_not_told_again(engine: Any, app_dsn: str) -> None:
    """Nor another of its kind, nor of its part."""
    texts = [f"'{engine.store.at([position])[0].envelope.reason.id}'" for position in (300, 400)]
    altered(engine, *(one.format(*texts) for one, _ in NEXT_ONE.values()))
    days = iter(range(40))
    with Store.open(app_dsn) as engine.store:  # as one that is called simulated now
        engine.handler = CommandHandler(engine.store, wake=lambda: None)

        def raised_by_a_night() -> int:
            a_night(engine, nights_on(next(days)))
            count = len(filter_unexamined(alarms(engine.store)))
            examined(engine)
            return count

        while raised_by_a_night():
            pass
        assert {(part, what) for part, what, _ in found(engine)} >= {
            ("beside", "text_changed"),
            ("beside", "text_unreferenced"),
            ("beside", "command_missing"),
            ("entries", "missing"),
            ("entries", "unfoldable"),
            ("facts", "time"),
            ("facts", "kind_of_store"),
            ("facts", "content"),
        }
        for what, (_, other) in NEXT_ONE.items():
            altered(engine, other.format(*texts))
            assert raised_by_a_night() >= 1, what
            while raised_by_a_night():
                pass


def test_a_log_that_was_cut_makes_one_alarm_and_not_a_thousand_once_a_person_lets_it_go_on(
    engine: Any,
) -> None:
    altered(
        engine,
        "DELETE FROM donghaeng.facts WHERE position > 100",
        "UPDATE donghaeng.head SET position = 100",
    )
    engine.handler = CommandHandler(engine.store, wake=lambda: None)
    with pytest.raises(StoreRestored):
        a_round(engine)
    give(engine, BeginEpoch(number=2, after=100))
    remember_epoch(engine.store, engine.data)
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
    assert a_night(engine) == 5 + len(compare_views_on())
    assert compare_nightly(engine) is False
    assert not night_due(engine.data)
    assert night_due(engine.data, nights_on(1))
    assert a_night(engine, nights_on(1)) == 6 + len(compare_views_on())


def test_a_night_keeps_a_few_slices_of_each_view(engine: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def kept() -> set[str]:
        with engine.store.connection() as connection:
            return {view for (view,) in connection.execute("SELECT view FROM views.slices")}

    monkeypatch.setattr(rows_as_of, "_LEAST_SPACE", 50)
    with monkeypatch.context() as without:
        without.setattr(nightly_comparison, "keep_spaced", lambda *_: None)
        a_night(engine)
        assert kept() == set(), "the control"
    with engine.store.connection() as connection:
        connection.execute(
            "INSERT INTO views.slices (view, version, code, last, effective, rows) "
            "VALUES ('removed', 1, 'x', 50, 'infinity', 'x')"
        )
    a_night(engine, nights_on(2))
    assert kept() == {view.name for view in compare_views_on()}, "and of none that was removed"


def test_who_compares_is_alone_and_sealing_goes_on_beside_it(engine: Any) -> None:
    with nightly_comparison._alone(engine) as free:
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
    built = SimpleNamespace(store=engine.store, data=engine.data, queues=queues, seal_standbys=0)
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
        folder.remember(replace(folder.load_signed(), origin=older_origin(engine.store.id, 1)))
    altered(engine, "UPDATE donghaeng.store SET simulated = true")
    with Store.open(app_dsn) as called_simulated:
        engine.store, engine.handler = called_simulated, CommandHandler(called_simulated, wake=lambda: None)
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
