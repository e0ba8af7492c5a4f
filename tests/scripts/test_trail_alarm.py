"""Alarms of the trail as people see them on the command line: what a witness said, what differs, dates that were set."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import psycopg
import structlog
from msgspec.structs import replace

from projections.runner import project
from projections.views import VIEWS
from scripts.cli.printing import recording_times
from store.log import Store
from tests.scripts.conftest import Cli, document
from tests.scripts.test_command_line import refused
from workers.bootstrap import open_engine
from workers.sealing.folder import Disagreement, TrailFolder
from workers.sealing.nightly_comparison import compare_nightly, compare_rolling
from workers.sealing.watched import WatchedFolder
from workers.servers import Addresses


def test_an_alarm_about_a_witness_is_shown_until_somebody_says_that_it_was_looked_into(
    cli: Cli, tmp_path: Path
) -> None:
    assert cli("trail", "init", "--as", "planner").exit_code == 0
    said = Disagreement("audit", "2024-07-01T00:00:00+00:00", "과거가 바뀌었습니다", "the past was changed")
    TrailFolder(tmp_path / "var").keep_disagreements([said])
    assert cli("trail", "seal").exit_code == 0
    assert "audit: the past was changed" in cli("trail", "status", "--as", "inspector").output
    assert "과거가 바뀌었습니다" in cli("trail", "status", "--as", "inspector", "--lang", "ko").output
    refused(cli("trail", "acknowledge", "audit", "--as", "inspector"), 1, "trail")
    refused(cli("trail", "acknowledge", "other", "--as", "planner"), 1, "there are: audit")
    assert cli("trail", "acknowledge", "audit", "--as", "planner").exit_code == 0
    assert document(cli("trail", "status", "--as", "inspector", "--json"))["disagreements"] == []
    for log in (TrailFolder(tmp_path / "var"), WatchedFolder(tmp_path / "var")):
        log.keep_disagreements([said, replace(said, witness="council")])
    told = cli("trail", "acknowledge", "audit", "--as", "planner", "--lang", "en").output
    assert told.count("acknowledged: audit") == 2, "of facts, and of readings and refusals"
    status = document(cli("trail", "status", "--as", "inspector", "--json"))
    left = [status["disagreements"], status["readings"]["disagreements"]]
    assert [[one["witness"] for one in some] for some in left] == [["council"]] * 2


def edited(owner_dsn: str, statement: str) -> None:
    with psycopg.connect(owner_dsn, autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute(statement.encode())


def test_what_differs_from_the_seal_is_told_in_doctor_status_both_inboxes_and_findings(
    loaded: Cli, store: Store, servers: Addresses, owner_dsn: str, app_dsn: str, tmp_path: Path
) -> None:
    """And nowhere where nobody has compared: the control."""
    assert loaded("trail", "init", "--as", "planner").exit_code == 0
    assert loaded("trail", "seal", "--as", "planner").exit_code == 0
    edited(owner_dsn, "UPDATE donghaeng.facts SET kind = 'agency.closed' WHERE position = 30")
    assert "ALARM" not in told_everywhere(loaded)
    addresses = Addresses(owner_dsn=owner_dsn, app_dsn=app_dsn, redis=servers.redis)
    structlog.reset_defaults()  # of the command before
    with open_engine(addresses, tmp_path / "var") as engine:
        compare_rolling(engine)
    for inbox in INBOXES:
        assert "ALARM: the database is not what was sealed: event 30" in loaded(*inbox).output, inbox
        assert "경보: 데이터베이스가 봉인된 것과 다릅니다: 30번 기록" in loaded(*inbox, "--lang", "ko").output
    (alarm,) = document(loaded(*INBOXES[0], "--json"))["alarms"]
    assert (alarm["part"], alarm["position"]) == ("facts", 30)
    (wrong,) = [one for one in doctored(loaded) if one["check"] == "compared" and one["state"] == "wrong"]
    assert alarm["finding"] in wrong["todo"]
    edited(owner_dsn, "UPDATE donghaeng.facts SET kind = 'agency.registered' WHERE position = 30")
    refused(loaded("trail", "examine", alarm["finding"], "--note", "봄", "--as", "planner"), 1, "inspector")
    examined = loaded("trail", "examine", alarm["finding"], "--note", "백업과 대조함", "--as", "inspector")
    assert examined.exit_code == 0, examined.output
    assert "ALARM" not in told_everywhere(loaded)
    states = {one["state"] for one in doctored(loaded) if one["check"] == "compared"}
    assert states == {"warn"}, "it is not put right yet"


INBOXES = (
    ("programme", "inbox", "--as", "planner"),
    ("programme", "inbox", "--as", "inspector"),
    ("trail", "findings", "--as", "inspector"),
    ("trail", "status", "--as", "inspector"),
)


def told_everywhere(cli: Cli) -> str:
    return "".join(cli(*inbox).output for inbox in INBOXES)


def doctored(cli: Cli) -> list[Any]:
    found: list[Any] = document(cli("doctor", "--json"))["findings"]
    return found


def test_doctor_says_when_the_whole_was_compared_last(
    loaded: Cli, store: Store, servers: Addresses, owner_dsn: str, app_dsn: str, tmp_path: Path
) -> None:
    assert loaded("trail", "init", "--as", "planner").exit_code == 0
    assert loaded("trail", "seal", "--as", "planner").exit_code == 0
    (before,) = [one for one in doctored(loaded) if one["check"] == "compared"]
    assert (before["state"], "still to come" in before["seen"]) == ("ok", True), "no night was due"
    edited(
        owner_dsn,
        "UPDATE donghaeng.facts SET recorded_at = recorded_at - interval '2 days' WHERE kind = 'trail.key_added'",
    )
    (late,) = [one for one in doctored(loaded) if one["check"] == "compared"]
    assert (late["state"], "not yet" in late["seen"]) == ("warn", True)
    edited(owner_dsn, "UPDATE donghaeng.facts SET recorded_at = known_at WHERE kind = 'trail.key_added'")
    addresses = Addresses(owner_dsn=owner_dsn, app_dsn=app_dsn, redis=servers.redis)
    structlog.reset_defaults()  # of the command before
    with open_engine(addresses, tmp_path / "var") as engine:
        while compare_nightly(engine):
            pass
    (after,) = [one for one in doctored(loaded) if one["check"] == "compared"]
    assert after["state"] == "ok"
    assert "the whole database was compared" in loaded("trail", "status", "--as", "inspector").output


def test_a_clock_set_in_a_real_store_is_told_and_nothing_is_recorded(loaded: Cli, owner_dsn: str) -> None:
    edited(
        owner_dsn, "UPDATE donghaeng.head SET clock = '2024-03-08 10:00+09', known_at = '2024-03-08 10:00+09'"
    )
    refused(
        loaded("agency", "register", "gjx", "--name", "기관", "--as", "planner"),
        1,
        "this is no simulated store",
    )
    (wrong,) = [one for one in doctored(loaded) if one["check"] == "clocks" and one["state"] == "wrong"]
    assert "somebody has set its clock" in wrong["seen"]
    edited(owner_dsn, "UPDATE donghaeng.head SET clock = NULL, known_at = recorded_at")
    assert loaded("agency", "register", "gjx", "--name", "기관", "--as", "planner").exit_code == 0


def test_a_date_set_back_is_shown_beside_the_time_at_which_it_was_recorded(
    loaded: Cli, store: Store, owner_dsn: str
) -> None:
    """History, search and show say both, doctor and findings go by the one at which it was recorded."""
    done = loaded("agency", "register", "gjx", "--name", "기관", "--as", "planner", "--json")
    last = document(done)["first_position"]
    edited(
        owner_dsn,
        f"UPDATE donghaeng.facts SET known_at = '2024-03-08 10:00+09' WHERE position = {last};"
        f"UPDATE donghaeng.facts SET recorded_at = '2026-03-07 22:00+09' WHERE position = {last}",
    )
    assert loaded("agency", "rename", "gjx", "--name", "다른 기관", "--as", "planner").exit_code == 0
    history = loaded("agency", "history", "gjx", "--as", "planner").output
    assert " ".join(history.split()).count("(recorded 2026-03-07 22:00)") == 1
    project(store, VIEWS["trail_entries"])
    searched = loaded("trail", "search", "--agency", "gjx", "--as", "inspector").output
    assert searched.count("(recorded 2026-03-07 22:00)") == 1
    found = document(loaded("trail", "findings", "--rule", "out_of_hours", "--as", "inspector", "--json"))
    assert f"out_of_hours-{last}" in [one["finding"] for one in found["findings"]]
    (wrong,) = [one for one in doctored(loaded) if one["check"] == "times"]
    assert f"event {last}" in wrong["seen"]


class Told(NamedTuple):
    known_at: datetime
    recorded_at: datetime


def test_where_all_have_two_times_the_recorded_ones_are_told_once_below() -> None:
    """As in a simulated store; where some have, beside each of them; where none has, nothing."""
    known, then = datetime(2024, 3, 7, 5, tzinfo=UTC), datetime(2026, 3, 7, 5, tzinfo=UTC)
    one, two, later = Told(then, then), Told(known, then), Told(known, then + timedelta(minutes=2))
    assert recording_times([one, one], "en") == (["", ""], "")
    assert recording_times([one, two], "en") == (["", "  (recorded 2026-03-07 14:00)"], "")
    beside, below = recording_times([two, later], "en")
    assert (beside, "recorded 2026-03-07 14:00 – 2026-03-07 14:02" in below) == (["", ""], True)
    assert "기록 시각은 2026-03-07 14:00입니다" in recording_times([two], "ko")[1]
