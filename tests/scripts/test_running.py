"""The engine as a whole: the simulated year, `up`, and what is left behind when it ends, however it ends."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import redis

from domain.seoul import SEOUL
from projections.deadlines import tasks_due
from projections.inspection.findings import LABELS
from projections.views import VIEWS, positions
from store.log import Store
from tests.data_folders import data_folder
from tests.projections.counting_view import compare
from tests.scripts.conftest import ANNOUNCED
from tests.workers.client_processes import keeper_of, keepers_of
from workers.servers import running
from workflows.calendars import calendars
from workflows.definitions.templates import templates
from workflows.office_hours import may_be_written_to
from workflows.what_if.rules import Rule
from workflows.what_if.years import what_if

# the limits of what is waited for, one after the other, are more than a test has otherwise
pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]
TOP = Path(__file__).parents[2]
NOT_SET = ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "DONGHAENG_DATA", "DONGHAENG_AS", "LC_ALL")


def environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name not in NOT_SET} | {"LANG": "C.UTF-8"}


def started(data: Path, *words: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "scripts.cli.main", *words, "--data", str(data)],
        cwd=TOP,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def ran(data: Path, *words: str, exit_code: int = 0) -> Any:
    """The JSON document of a command that ended with this exit code."""
    process = started(data, *words, "--json")
    out, err = process.communicate(timeout=540)
    assert process.returncode == exit_code, err
    return json.loads(out)


def left_behind(data: Path) -> list[str]:
    """Command lines of the processes that have to do with a data folder."""
    found = []
    for entry in Path("/proc").iterdir():
        try:
            words = (entry / "cmdline").read_bytes() + (entry / "environ").read_bytes()
        except OSError:
            continue
        if str(data).encode() in words and entry.name != str(os.getpid()):
            found.append((entry / "cmdline").read_bytes().replace(b"\0", b" ").decode())
    return found


def until(condition: Callable[[], bool], seconds: float = 60) -> bool:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


@contextmanager
def up(data: Path) -> Iterator[subprocess.Popen[str]]:
    """`donghaeng up`, ready to be used; killed at the end if it is still there."""
    process = started(data, "up")
    assert process.stdout is not None
    try:
        lines = []
        while "Ctrl-C" not in (line := process.stdout.readline()):
            lines.append(line)
            assert line, lines
        assert left_behind(data), "the look at what is left behind would see nothing"
        yield process
    finally:
        process.kill()
        process.communicate()
        assert until(lambda: left_behind(data) == []), left_behind(data)


def accepted_by_bash(pack: Path, place: Path, policy: Path) -> bool:
    """Whether the script inside the pack accepts it, as an inspector runs it."""
    zipfile.ZipFile(pack).extractall(place)
    words = ["bash", "verify.sh", str(policy)]
    return subprocess.run(words, cwd=place, capture_output=True, check=False).returncode == 0


def without_a_hit(counts: dict[str, int]) -> list[str]:
    """The rules that point out nothing, so that nobody has seen that they work.

    That the database is not what was sealed is left out: a year into which nobody reached has no such thing.
    """
    return [rule for rule in LABELS if not counts.get(rule) and rule != "not_as_sealed"]


def test_a_rule_that_nothing_in_the_year_is_a_hit_of_is_noticed() -> None:
    assert without_a_hit(dict.fromkeys(LABELS, 1)) == []
    assert without_a_hit({rule: 1 for rule in LABELS if rule != "late_entry"}) == ["late_entry"]
    assert without_a_hit({**dict.fromkeys(LABELS, 1), "no_person": 0}) == ["no_person"]


# before and after the hand-over; before, within (first and last day) and after the substitution; after the new name
TURNS = ("06-16", "06-17", "08-05", "08-16", "08-17", "09-02")


@pytest.mark.timeout(600)  # every mail of a year is waited for, beside other tests
def test_the_simulated_year_ends_as_announced_and_every_view_equals_a_fresh_fold(tmp_path: Path) -> None:
    data = tmp_path / "demo"
    document = ran(data, "simulate", "--year", "2024")
    assert document["tasks"] == 21
    assert document["agencies"] == 26
    assert document["stages"] == {"evaluated": 20, "discontinued": 1}
    tallies = {tally.name for view in VIEWS.values() for tally in view.tallies}
    assert set(document["views"]) == tallies | VIEWS.keys()
    assert all(view == {"position": document["events"], "lag": 0} for view in document["views"].values())
    assert document["jobs"]["projections"] > 50
    assert document["jobs"]["failed"] == 0
    assert without_a_hit(document["findings"]) == []
    trail = document["trail"]
    assert (trail["sealed"], trail["witnesses"]) == (document["events"] - 1, ["audit", "council"])
    assert trail["quorum"] is True
    policy = data / "trail" / "policy"
    assert accepted_by_bash(Path(trail["pack"]), tmp_path / "unpacked", policy)
    assert ran(data, "trail", "verify", trail["pack"], "--policy", str(policy))["ok"] is True
    assert until(lambda: left_behind(data) == []), left_behind(data)
    with running(data) as addresses, Store.open(str(addresses.app_dsn)) as store:
        assert store.simulated
        known = calendars(store, (2024, 2025))
        assert {name: compare(store, view) for name, view in VIEWS.items()} == {name: [] for name in VIEWS}
        replayed = what_if(store, Rule(), range(2024, 2025))
        assert (replayed.tasks, replayed.differences) == (21, []), "the rule that really ran, replayed"
        assert (
            what_if(store, Rule(templates()["donghaeng-2024/2"]), range(2024, 2025)).counts["deadline"] > 50
        )
        facts = [fact for chunk in store.replay() for fact in chunk]
        assert [fact.position for fact in facts] == list(range(1, document["events"] + 1))
        ruled = [fact for fact in facts if not fact.envelope.reason]
        assert {fact.envelope.via for fact in ruled} == {"rule"}
        reminding = [fact for fact in ruled if fact.kind.partition(".")[0] in ("notice", "message")]
        by_rule = [
            fact
            for fact in ruled
            if fact.kind.startswith(("task.", "agency.", "programme.")) and fact.kind != "task.deadlines_set"
        ]
        assert document["automatic_transitions"] == 61
        ruled_kinds = [fact.kind for fact in by_rule if fact.kind.startswith("task.")]
        assert {kind: ruled_kinds.count(kind) for kind in ruled_kinds} == {
            "task.started": 21,
            "task.rating_opened": 20,
            "task.evaluated": 19,
        }
        by_rule = [fact for fact in by_rule if not fact.kind.startswith("task.")]
        assert [fact.kind for fact in by_rule] == [
            "agency.substitution_ended",
            "agency.delegation_ended",
            "programme.closed",
        ]
        by_people = [fact for fact in facts if fact.envelope.actor.role != "system"]
        nameless = [fact.kind for fact in by_people if fact.envelope.actor.subject is None]
        assert nameless == ["subject.registered"], "the first person is registered when there is none"
        behalf = [fact for fact in by_people if fact.envelope.on_behalf_of is not None]
        assert [fact.kind for fact in behalf] == ["task.corrected", "agency.contact_set"]
        assert all(fact.envelope.mandate for fact in behalf)
        assert [one for row in tasks_due(store) for one in row.deadlines] == []
        notices, kinds = document["notices"], [fact.kind for fact in reminding]
        # one may be armed a moment before a rule makes it needless; it is cancelled, not sent
        assert kinds.count("notice.due") == notices["sent"] + notices["cancelled"]
        assert notices["sent"] == notices["delivered"] > 500
        assert kinds.count("message.sent") == notices["messages"]
        assert [notices[name] for name in ("unknown", "failed", "duplicates")] == [0] * 3
        assert {may_be_written_to(known, fact.known_at) for fact in reminding} == {True}
        proclaimed = next(fact for fact in facts if fact.kind == "calendar.day_proclaimed")
        moved = [fact for fact in facts if fact.recorded_at == proclaimed.recorded_at]
        assert {fact.kind for fact in moved} == {"calendar.day_proclaimed", "task.deadlines_set"}
        assert len(moved) == 22, "each task but the discontinued one has a report due over it"
        assert by_rule[0].known_at.astimezone(SEOUL).isoformat() == "2024-08-17T00:00:00+09:00"
        (handed,) = [fact for fact in facts if fact.kind == "task.handed_over"]
        assert facts[-1].known_at.year == 2025
        assert facts[-1].recorded_at.year > 2025
    task = handed.stream.removeprefix("task/")
    answers = [ran(data, "responsible", task, "--on", f"2024-{day}") for day in TURNS]
    assert [one["agency"] == handed.fact.lead for one in answers] == [False, True, True, True, True, True]
    away = [[post["stands_in"] for post in one["posts"] if post["post"] == "head"] for one in answers[1:]]
    assert [bool(names[0]) for names in away] == [False, True, True, False, False]
    assert ["모의 개칭" in one["line"][-1]["name"]["ko"] for one in answers] == [False] * 5 + [True]
    written = {path.name for path in (data / "out").iterdir()}
    assert written == {
        "board-2024.json",
        "mail-2024.mbox",
        "pack.zip",
        "summary-2024.json",
        "histories-2024.ko.json",
        "histories-2024.en.json",
        "report-2024.json",
        *(f"report-2024.ko.{form}" for form in ("html", "pdf", "xlsx", "hwpx")),
    }
    assert ran(data, "simulate", exit_code=1)["error"]["name"] == "NotSimulated"


def test_a_folder_with_something_else_in_it_is_not_removed(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work", encoding="utf-8")
    assert ran(tmp_path, "simulate", "--fresh", exit_code=1)["error"]["name"] == "NotOurFolder"
    assert (tmp_path / "thesis.txt").read_text(encoding="utf-8") == "years of work"


def test_a_year_without_an_announcement_is_refused(tmp_path: Path) -> None:
    assert ran(tmp_path / "d", "simulate", "--year", "1999", exit_code=1)["error"]["name"] == "NoProgramme"


def test_a_second_command_attaches_and_only_a_second_up_is_refused(tmp_path: Path) -> None:
    data = tmp_path / "var"
    with up(data):
        assert ran(data, "up", exit_code=1)["error"]["name"] == "AlreadyUp"
        assert ran(data, "load", str(ANNOUNCED), "--as", "planner")["facts"] == 62
        assert until(
            lambda: ran(data, "views")["views"]["task_board"] | {"code": None} == {**PLACE, "position": 62}
        )


PLACE = {
    "position": 0,
    "lag": 0,
    "state": "running",
    "error": None,
    "error_position": None,
    "code": None,  # of the program that folded it last
}


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_however_up_ends_it_leaves_no_process_and_loses_no_fact(tmp_path: Path, how: signal.Signals) -> None:
    data = tmp_path / "var"
    with up(data) as process:
        ran(data, "load", str(ANNOUNCED), "--as", "planner")
        process.send_signal(how)
        process.wait(60)
        assert until(lambda: left_behind(data) == []), left_behind(data)
        if how is not signal.SIGKILL:
            assert process.returncode == 0
    board = ran(data, "views")["views"]["task_board"]
    assert board["position"] + board["lag"] == 62, "what the view had not folded yet is in the log"


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_a_simulation_that_is_stopped_half_way_leaves_no_process(tmp_path: Path, how: signal.Signals) -> None:
    data = tmp_path / "demo"
    stopped_half_way(data, how)
    half = (data / "logs").stat().st_ctime_ns
    stopped_half_way(data, how, "--fresh")
    assert (data / "logs").stat().st_ctime_ns != half, "begun anew"


def stopped_half_way(data: Path, how: signal.Signals, *words: str) -> None:
    process = started(data, "simulate", "--json", *words)
    log, began = data / "logs" / "worker-projections.log", time.time()
    assert until(lambda: log.exists() and log.stat().st_mtime > began)
    time.sleep(1)
    process.send_signal(how)
    process.communicate(timeout=60)
    assert process.returncode != 0
    assert until(lambda: left_behind(data) == []), left_behind(data)


def propose(data: Path, task: str, agency: str) -> None:
    words = ("--start", "2024-03-04", "--end", "2024-12-31", "--budget", "1000", "--as", f"officer@{agency}")
    ran(data, "task", "propose", task, *words)


def caught_up(data: Path, tasks: int) -> bool:
    rows = ran(data, "task", "list", "--stage", "proposed")["tasks"]
    return len(rows) == tasks


def test_commands_go_on_while_redis_is_flushed_and_killed_and_the_views_catch_up(tmp_path: Path) -> None:
    data = tmp_path / "var"
    with up(data), running(data) as addresses:
        assert addresses.redis is not None
        ran(data, "load", str(ANNOUNCED), "--as", "planner")
        server = redis.Redis(**addresses.redis)
        server.flushall()
        propose(data, "2024-06", "gto")
        assert until(lambda: caught_up(data, 1))
        os.kill(int(server.info("server")["process_id"]), signal.SIGKILL)
        propose(data, "2024-07", "gjcf")
        assert until(lambda: caught_up(data, 2), 60)
        with Store.open(str(addresses.app_dsn)) as store:
            assert positions(store)["task_board"].lag == 0
            assert compare(store, VIEWS["task_board"]) == []


def test_a_killed_worker_is_replaced_and_the_views_catch_up(tmp_path: Path) -> None:
    data = tmp_path / "var"
    with up(data), running(data):
        ran(data, "load", str(ANNOUNCED), "--as", "planner")
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                words = (entry / "cmdline").read_bytes()
                ours = str(data).encode() in (entry / "environ").read_bytes()
            except OSError:
                continue
            if ours and b"projections" in words:
                os.kill(int(entry.name), signal.SIGKILL)
        propose(data, "2024-06", "gto")
        assert until(lambda: caught_up(data, 1), 40)


def test_a_killed_keeper_is_replaced_by_up_before_anybody_asks(tmp_path: Path) -> None:
    data = tmp_path / "var"
    with up(data):
        before = keeper_of(data, "redis")
        os.kill(before, signal.SIGKILL)
        assert until(lambda: [one for one in keepers_of(data, "redis") if one != before], 10)


def acted_on(data: Path) -> int:
    return int(ran(data, "epoch", "show")["acted_on"] or 0)


def test_an_older_backup_in_the_place_of_a_store_does_nothing_until_a_person_lets_it_go_on(
    tmp_path: Path,
) -> None:
    with data_folder() as data:
        file, passphrase = tmp_path / "b", tmp_path / "passphrase"
        passphrase.write_text("a long passphrase")
        passphrase.chmod(0o600)
        given = ("--passphrase-file", str(passphrase))
        with up(data):
            ran(data, "load", str(ANNOUNCED), "--as", "planner")
            ran(data, "backup", "--out", str(file), *given)
            propose(data, "2024-06", "gto")
            assert until(lambda: acted_on(data) == 66), "the proposal, two calendars, its deadline"
        shutil.rmtree(data / "postgres")
        assert ran(data, "restore", str(file), *given)["head"] == 62
        with up(data):
            assert ran(data, "epoch", "show")["state"] == "restored"
            words = (
                "--start",
                "2024-03-04",
                "--end",
                "2024-12-31",
                "--budget",
                "1000",
                "--as",
                "officer@gjcf",
            )
            refused = ran(data, "task", "propose", "2024-07", *words, exit_code=1)
            assert refused["error"]["name"] == "StoreWentBack"
            assert until(lambda: ran(data, "views")["views"]["task_board"]["position"] == 62), "views go on"
            assert acted_on(data) == 66, "of the life before"
            ran(data, "epoch", "accept", "--as", "planner", "--reason", "디스크 고장")
            propose(data, "2024-06", "gto")
            assert until(lambda: acted_on(data) == 67)
            shown = ran(data, "epoch", "show")
            assert (shown["state"], shown["epoch"], shown["position"]) == ("current", 2, 67)
