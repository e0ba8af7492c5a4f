"""`access` and `load_refused`: inspectors read who read what, review it by the month, and old readings go."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest

from scripts.cli.client_info import where_from
from store.accesses import accesses, record_access
from store.log import Store
from store.refused import load_refused, record_refused
from tests.scripts.conftest import Cli, document
from tests.store.watched_rows import OFFICER, reading, refusal

INSPECTOR, PLANNER = ("--as", "inspector"), ("--as", "planner")
MAY = datetime(2024, 5, 7, 3, tzinfo=UTC)
TWO_YEARS_ON = datetime(2026, 6, 2, tzinfo=UTC)


@pytest.fixture
def in_may(
    cli: Cli, simulated_store: Store, cluster: str, monkeypatch: pytest.MonkeyPatch
) -> tuple[Cli, Store]:
    """The command line on a simulated store, in which three readings and two refusals were recorded in May."""
    with simulated_store.connection() as connection:
        name = connection.info.dbname
    for variable, user in (
        ("DATABASE_URL", "donghaeng_app"),
        ("DATABASE_OWNER_URL", "donghaeng_owner"),
        ("VAULT_DATABASE_URL", "donghaeng_vault"),
    ):
        monkeypatch.setenv(variable, psycopg.conninfo.make_conninfo(cluster, dbname=name, user=user))
    simulated_store.move_clock(MAY)
    record_access(simulated_store, reading())
    record_access(
        simulated_store, reading(actor=OFFICER, reading="task.show", tasks=("2024-07",), subjects=())
    )
    record_access(simulated_store, reading(actor=None, authn="none", exported=True))
    record_refused(simulated_store, [refusal(), refusal(actor=None, what="token", command="token")])
    simulated_store.move_clock(datetime(2024, 6, 3, 3, tzinfo=UTC))
    return cli, simulated_store


def error(cli: Cli, *words: str) -> str:
    result = cli(*words, "--json")
    assert result.exit_code == 1, result.output
    return str(document(result)["error"]["name"])


def listed(cli: Cli, *words: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = document(cli(*words, *INSPECTOR, "--json"))[
        "accesses" if words[0] == "access" else "refused"
    ]
    return [one for one in found if one.get("reading") not in ("access", "refused")]


def test_readings_are_listed_by_reader_by_whose_they_are_and_by_day(in_may: tuple[Cli, Store]) -> None:
    cli, _ = in_may
    assert [one["actor"] for one in listed(cli, "access", "list")] == [None, "officer@gto", "planner"]
    for words, readers in (
        (("--actor", "officer"), ["officer@gto"]),
        (("--actor", "nobody"), [None]),
        (("--about", "2024-07"), ["officer@gto"]),
        (("--to", "2024-05-06"), []),
        (("--from", "2024-05-07", "--to", "2024-05-07"), [None, "officer@gto", "planner"]),
        (("--from", "2024-05-08"), []),
    ):
        assert [one["actor"] for one in listed(cli, "access", "list", *words)] == readers, words
    said = cli("access", "list", *INSPECTOR, "--lang", "en").stdout
    assert "planner: a person's details " + "1" * 32 + " – 연락처 확인 [kim@desk]" in said
    assert "(kim@desk): a person's details" in said
    assert "[exported]" in said


def test_refusals_are_listed_by_actor_command_and_day(in_may: tuple[Cli, Store]) -> None:
    cli, _ = in_may
    assert [one["refusal"] for one in listed(cli, "refused", "list")] == ["NotPermitted"] * 2
    for words, count in (
        (("--actor", "officer@gto"), 1),
        (("--actor", "officer@gjcf"), 0),
        (("--actor", "nobody"), 1),
        (("--command", "task.approve"), 1),
        (("--command", "task.start"), 0),
        (("--to", "2024-05-06"), 0),
        (("--from", "2024-05-07"), 2),
    ):
        assert len(listed(cli, "refused", "list", *words)) == count, words
    said = cli("refused", "list", *INSPECTOR).stdout
    assert (
        "officer@gto (cli, asserted): task.approve task/2024-07 → NotPermitted [user=kim; host=desk]" in said
    )
    assert "(nobody known)" in said


@pytest.mark.parametrize("words", [("access", "list"), ("access", "review", "2024-05"), ("refused", "list")])
@pytest.mark.parametrize("role", ["planner", "officer@gto", "citizen"])
def test_only_inspectors_read_them_and_that_is_recorded_too(
    in_may: tuple[Cli, Store], words: tuple[str, ...], role: str
) -> None:
    cli, store = in_may
    assert error(cli, *words, "--as", role) == "ReadingNotPermitted"
    (last, *_) = load_refused(store)
    assert last.command == words[0]
    assert last.machine == where_from().machine, "of a refused reading too the machine is known"
    assert cli(*words, *INSPECTOR).exit_code == 0
    assert accesses(store)[0].reading == words[0]


def test_an_actor_that_cannot_be_is_no_filter(in_may: tuple[Cli, Store]) -> None:
    result = in_may[0]("access", "list", "--actor", "mayor", *INSPECTOR)
    assert (result.exit_code, "nobody" in result.stderr) == (2, True)


def test_a_month_is_reviewed_signed_off_and_not_twice(in_may: tuple[Cli, Store]) -> None:
    cli, store = in_may
    review = document(cli("access", "review", "2024-05", *INSPECTOR, "--json"))
    assert (review["readings"], review["signed_off"]) == (3, None)
    assert review["by_reader"] == {"(kim@desk)": 1, "officer@gto": 1, "planner": 1}
    assert {one["rule"] for one in review["unusual"]} == {"unnamed_reader", "exported"}
    assert "nobody was named [unnamed_reader] no. 3" in cli("access", "review", "2024-05", *INSPECTOR).stdout
    sign_off = ("access", "review", "2024-05", "--sign-off")
    assert error(cli, *sign_off, *INSPECTOR) == "NoteNeeded"
    note = ("--note", "특이사항 확인함")
    assert cli(*sign_off, *note, *INSPECTOR).exit_code == 0
    (fact,) = store.read("access/2024-05")
    assert (fact.kind, fact.fact.readings, fact.fact.unusual) == ("access.reviewed", 3, 2)
    assert store.text(fact.fact.note).body == "특이사항 확인함"
    assert error(cli, *sign_off, *note, *INSPECTOR) == "ReviewedAlready"
    assert document(cli("access", "review", "2024-05", *INSPECTOR, "--json"))["signed_off"]["unchanged"]
    assert "these very readings" in cli("access", "review", "2024-05", *INSPECTOR).stdout


def test_readings_that_were_changed_after_the_sign_off_show(in_may: tuple[Cli, Store], cluster: str) -> None:
    cli, store = in_may
    assert cli("access", "review", "2024-05", "--sign-off", "--note", "x", *INSPECTOR).exit_code == 0
    with store.connection() as connection:
        name = connection.info.dbname
    with psycopg.connect(cluster, dbname=name, autocommit=True) as owner:
        owner.execute("ALTER TABLE donghaeng.accesses DISABLE TRIGGER USER")
        owner.execute("UPDATE donghaeng.accesses SET purpose = 'another' WHERE id = 1")
    assert not document(cli("access", "review", "2024-05", *INSPECTOR, "--json"))["signed_off"]["unchanged"]


def test_a_month_that_is_not_over_or_no_month_is_not_signed_off(in_may: tuple[Cli, Store]) -> None:
    cli, _ = in_may
    sign_off = ("--sign-off", "--note", "x", *INSPECTOR)
    assert error(cli, "access", "review", "2024-06", *sign_off) == "MonthNotOver"
    assert error(cli, "access", "review", "2024-13", *sign_off) == "BadInput"


def test_old_readings_go_with_a_fact_that_says_how_many_and_young_ones_stay(
    in_may: tuple[Cli, Store],
) -> None:
    cli, store = in_may
    assert document(cli("access", "prune", *PLANNER, "--json")) == {"before": "2022-06-03", "pruned": 0}
    assert error(cli, "access", "prune", "--before", "2024-05-08", *PLANNER) == "KeptTwoYears"
    store.move_clock(TWO_YEARS_ON)
    record_access(store, reading(purpose="young"))
    assert error(cli, "access", "prune", *INSPECTOR) == "NotPermitted"
    assert document(cli("access", "prune", *PLANNER, "--json"))["kinds"] == ["access.pruned"]
    (fact,) = store.read("access/log")
    assert (str(fact.fact.before), fact.fact.count) == ("2024-06-02", 3)
    assert [row.purpose for row in accesses(store)] == ["young"]
    assert document(cli("access", "prune", *PLANNER, "--json"))["pruned"] == 0


def test_a_review_names_what_is_gone_from_the_log(in_may: tuple[Cli, Store], cluster: str) -> None:
    cli, store = in_may
    log = document(cli("access", "review", "2024-05", *INSPECTOR, "--json"))["log"]
    assert (log["gaps"], log["sealed"], log["entries"]) == ([], None, 6), "the review is a reading too"
    assert "no gaps" in cli("access", "review", "2024-05", *INSPECTOR, "--lang", "en").stdout
    with store.connection() as connection:
        name = connection.info.dbname
    with psycopg.connect(cluster, dbname=name, autocommit=True) as owner:
        owner.execute("ALTER TABLE donghaeng.refused DISABLE TRIGGER USER")
        owner.execute("DELETE FROM donghaeng.refused WHERE id = 1")
    log = document(cli("access", "review", "2024-05", *INSPECTOR, "--json"))["log"]
    assert [(one["kind"], one["first"]) for one in log["gaps"]] == [("row_missing", [4])]
    assert (
        "no pruning took it out: no. 4"
        in cli("access", "review", "2024-05", *INSPECTOR, "--lang", "en").stdout
    )


def test_what_was_pruned_is_no_gap(in_may: tuple[Cli, Store]) -> None:
    cli, store = in_may
    store.move_clock(TWO_YEARS_ON)
    assert cli("access", "prune", *PLANNER).exit_code == 0
    log = document(cli("access", "review", "2024-05", *INSPECTOR, "--json"))["log"]
    assert (log["gaps"], log["pruned"]) == ([], 3)
    assert [(one["rule"], one["count"], one["up_to"]) for one in log["prunings"]] == [
        ("kept_two_years", 3, 3)
    ]


def test_what_came_after_a_checkpoint_that_was_kept_and_a_gap_that_was_looked_into(
    in_may: tuple[Cli, Store], cluster: str, tmp_path: Path
) -> None:
    cli, store = in_may
    assert cli("trail", "init", *PLANNER).exit_code == 0
    assert cli("trail", "seal", *PLANNER).exit_code == 0
    kept = tmp_path / "kept"
    shutil.copy(tmp_path / "var" / "trail" / "readings" / "checkpoint", kept)
    since = ("--since", str(kept))
    record_access(store, reading(purpose="나중"))
    (row,) = [one for one in listed(cli, "access", "list", *since) if one["purpose"]]
    assert row["purpose"] == "나중"
    facts = ("--since", str(tmp_path / "var" / "trail" / "checkpoint"))
    assert error(cli, "access", "list", *facts, *INSPECTOR) == "BadCheckpoint", "it is of the other log"
    log = document(cli("access", "review", "2024-05", *since, *INSPECTOR, "--json"))["log"]
    assert (log["problem"], log["gaps"]) == (None, [])
    given = ("trail", "verify", "--store", *since, *INSPECTOR, "--lang", "en")
    assert "the checkpoint that was kept (5 entries) it was only added to" in cli(*given).stdout
    assert error(cli, *given, *since) == "TwoOfOne"
    with store.connection() as connection:
        name = connection.info.dbname
    with psycopg.connect(cluster, dbname=name, autocommit=True) as owner:
        owner.execute("SET session_replication_role = replica")
        owner.execute("DELETE FROM donghaeng.watched WHERE position = 6")
        owner.execute("DELETE FROM donghaeng.accesses WHERE purpose = '나중'")
    said = ("access", "acknowledge", "6", "6", "--note", "백업과 견주어 봄")
    assert error(cli, *said, *PLANNER) == "NotPermitted"
    assert error(cli, "access", "acknowledge", "5", "5", "--note", "x", *INSPECTOR) == "NotAGap"
    assert document(cli(*said, *INSPECTOR, "--json"))["kinds"] == ["access.gap_acknowledged"]
    assert cli("trail", "seal", *PLANNER).exit_code == 0
    log = document(cli("access", "review", "2024-05", *INSPECTOR, "--json"))["log"]
    assert (log["gaps"], [one["first"] for one in log["acknowledged"]]) == ([], [[6]])
    assert (
        "looked into by an inspector" in cli("access", "review", "2024-05", *INSPECTOR, "--lang", "en").stdout
    )
    with psycopg.connect(cluster, dbname=name, autocommit=True) as owner:
        owner.execute("SET session_replication_role = replica")
        owner.execute("UPDATE donghaeng.accesses SET purpose = 'another' WHERE id = 1")
    log = document(cli("access", "review", "2024-05", *INSPECTOR, "--json"))["log"]
    ((kind, (number,)),) = [(one["kind"], one["first"]) for one in log["gaps"]]
    assert kind == "row_changed"
    said = ("access", "examine", "entry", str(number), "--note", "오타를 고쳤다고 함")
    assert error(cli, *said, *PLANNER) == "NotPermitted"
    assert error(cli, "access", "examine", "reading", "1", "--note", "x", *INSPECTOR) == "NoDifference"
    assert document(cli(*said, *INSPECTOR, "--json"))["kinds"] == ["access.row_examined"]
    log = document(cli("access", "review", "2024-05", *INSPECTOR, "--json"))["log"]
    assert (log["gaps"], [one["kind"] for one in log["acknowledged"]]) == ([], ["missing", "row_changed"])
