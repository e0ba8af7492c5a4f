"""`donghaeng trail`: what inspectors find, and what they see of one fact."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import psycopg
import pytest

from projections.runner import project
from projections.views import VIEWS
from store.log import Store
from tests.scripts.conftest import Cli, document
from tests.scripts.test_command_line import refused
from tests.sealed_trails import SealedTrail

INSPECTOR = ("--as", "inspector")
REASON = "예산이 맞음"
LIFE = (
    (
        *("task", "propose", "2024-07", "--title", "마을 축제", "--area", "culture", "--lead", "gjcf"),
        *("--start", "2024-03-01", "--end", "2024-12-31", "--budget", "470000000"),
        *("--as", "officer@gjcf", "--effective-at", "2024-02-20"),
    ),
    ("task", "approve", "2024-07", "--as", "planner", "--reason", REASON),
)


@pytest.fixture
def lived(loaded: Cli, store: Store) -> Cli:
    """A task proposed late and approved with a reason."""
    for words in LIFE:
        assert loaded(*words).exit_code == 0
    for view in ("agency_register", "trail_entries"):
        project(store, VIEWS[view])
    return loaded


def found(lived: Cli, *words: str) -> list[Any]:
    result = lived("trail", "search", *words, *INSPECTOR, "--json")
    assert result.exit_code == 0, result.output
    entries: list[Any] = document(result)["entries"]
    return entries


def test_a_search_tells_what_happened_newest_first_in_both_languages(lived: Cli) -> None:
    approved, proposed = (
        found(lived, "--task", "2024-07", "--kind", "task.approved"),
        found(lived, "--limit", "2"),
    )
    assert [one["kind"] for one in approved] == ["task.approved"]
    assert [one["kind"] for one in proposed] == ["task.approved", "task.proposed"]
    assert (proposed[1]["actor"], proposed[1]["late"]) == ("officer@gjcf", True)
    assert (
        "approved the task. (reason: 예산이 맞음)"
        in lived("trail", "search", "--limit", "1", *INSPECTOR).output
    )
    assert "An officer of Gwangju Cultural Foundation proposed" in lived("trail", "search", *INSPECTOR).output
    assert "과제를 승인하였음" in lived("trail", "search", "--limit", "1", "--lang", "ko", *INSPECTOR).output


@pytest.mark.parametrize(
    ("words", "kinds"),
    [
        (("--agency", "gjcf", "--actor", "planner", "--kind", "task.approved"), ["task.approved"]),
        (("--actor", "officer@gjcf"), ["task.proposed"]),
        (
            ("--task", "2024-07", "--kind", "task.approved", "--kind", "task.proposed"),
            ["task.approved", "task.proposed"],
        ),
        (("--task", "2024-07", "--people"), ["task.approved", "task.proposed", "programme.task_added"]),
        (("--effective-from", "2024-02-20", "--effective-to", "2024-02-20"), ["task.proposed"]),
        (("--effective-from", "2024-02-20T00:01", "--effective-to", "2024-03-01"), []),
        (("--recorded-to", "2024-02-20"), []),
        (("--on-behalf-of", "officer"), []),
        (("--text", "산이 맞"), ["task.approved"]),
        (("--text", "산이 틀"), []),
    ],
)
def test_filters_are_written_as_people_say_them(lived: Cli, words: tuple[str, ...], kinds: list[str]) -> None:
    assert [one["kind"] for one in found(lived, *words)] == kinds


def test_pages_follow_each_other_to_the_end(lived: Cli, store: Store) -> None:
    seen: list[int] = []
    before: tuple[str, ...] = ()
    while True:
        page = document(lived("trail", "search", "--limit", "20", *before, *INSPECTOR, "--json"))
        seen += [one["position"] for one in page["entries"]]
        if page["before"] is None:
            break
        before = ("--before", str(page["before"]))
    assert seen == list(range(store.head().position, 0, -1))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--task", "7"), "2024-07"),
        (("--agency", "GTO"), "gto"),
        (("--kind", "task.approve"), "task.approved"),
        (("--actor", "boss"), "planner"),
        (("--actor", "officer@G"), "goes by the name"),
        (("--on-behalf-of", "x"), "--on-behalf-of"),
        (("--command", "12"), "UUID"),
        (("--cause", "0"), "--cause"),
        (("--before", "-1"), "--before"),
        (("--recorded-from", "yesterday"), "2024-03-07T09:30"),
        (("--effective-to", "2024-13-01"), "--effective-to"),
        (("--text", "산"), "two letters"),
        (("--recorded-from", "2024-03-08", "--recorded-to", "2024-03-07"), "round"),
    ],
)
def test_what_cannot_be_looked_for_is_refused_with_how_to_write_it(
    cli: Cli, words: tuple[str, ...], said: str
) -> None:
    refused(cli("trail", "search", *words, *INSPECTOR), 1, said)
    assert "{" not in cli("trail", "search", *words, *INSPECTOR, "--lang", "ko").output


def test_only_inspectors_and_the_city_read_the_trail(lived: Cli) -> None:
    for words in (("search",), ("show", "1")):
        assert lived("trail", *words, "--as", "planner").exit_code == 0
        refused(lived("trail", *words, "--as", "officer@gjcf"), 1, "inspector")


def test_what_cannot_be_found_yet_is_told(loaded: Cli) -> None:
    assert "The last 62 facts cannot be found yet" in loaded("trail", "search", *INSPECTOR).output


def test_a_fact_is_shown_with_who_why_and_what_it_changed(lived: Cli, store: Store) -> None:
    last = store.head().position
    shown = document(lived("trail", "show", str(last), *INSPECTOR, "--json"))
    assert (shown["reason"], shown["entry"]["actor"], shown["proof"]["state"]) == (
        REASON,
        "planner",
        "no_trail",
    )
    assert {"path": ["stage"], "before": "proposed", "after": "approved"} in shown["changes"]
    text = lived("trail", "show", str(last), *INSPECTOR, "--lang", "ko").output
    for words in ("사유: 예산이 맞음", "단계: 제안 → 승인", "시 총괄부서", "본인 주장"):
        assert words in text


def test_a_redacted_reason_is_shown_as_gone(lived: Cli, store: Store) -> None:
    reason = store.read("task/2024-07")[1].envelope.reason
    assert reason is not None
    assert lived("text", "redact", reason.id, "--as", "planner", "--reason", "요구").exit_code == 0
    last = store.read("task/2024-07")[1].position
    shown = lived("trail", "show", str(last), *INSPECTOR)
    assert f"(text redacted by fact {store.head().position})" in shown.output
    assert REASON not in shown.output
    assert found(lived, "--text", REASON) == []


def test_what_a_rule_did_leads_back_to_the_fact_and_forward_from_it(lived: Cli, store: Store) -> None:
    for words in (
        ("calendar", "open", "2024"),
        ("calendar", "open", "2025"),
        ("deadline", "refresh", "2024-07"),
    ):
        done = lived(*words, "--as", "planner")
        assert done.exit_code == 0, done.output
    project(store, VIEWS["trail_entries"])
    set_, approved = store.read("task/2024-07")[2], store.read("task/2024-07")[1]
    assert set_.kind == "task.deadlines_set"
    back = document(lived("trail", "show", str(set_.position), *INSPECTOR, "--json"))["led_to_it"]
    assert [one["position"] for one in back] == [approved.position]
    forward = document(lived("trail", "show", str(approved.position), *INSPECTOR, "--json"))["effects"]
    assert [one["position"] for one in forward] == [set_.position]
    assert found(lived, "--cause", str(approved.position))[0]["kind"] == "task.deadlines_set"


def test_the_other_facts_of_a_command_are_shown_with_it(lived: Cli, store: Store) -> None:
    shown = document(lived("trail", "show", "52", *INSPECTOR, "--json"))
    same = [one["position"] for one in shown["same_command"]]
    assert all(store.at([one])[0].envelope.command == shown["entry"]["command"] for one in same)


def test_what_is_sealed_is_told_from_what_is_not_yet_and_from_what_was_changed_since(
    lived: Cli, store: Store, owner_dsn: str, tmp_path: Path
) -> None:
    sealed = SealedTrail(tmp_path / "var" / "trail", "donghaeng/1")
    sealed.seal(store, upto=63)
    assert "sealed in the checkpoint of size 63\n" in lived("trail", "show", "63", *INSPECTOR).output
    assert "not sealed yet" in lived("trail", "show", "64", *INSPECTOR).output

    (sealed.folder / "policy").write_text(sealed.policy(quorum=3))
    assert "size 63, which lacks its quorum" in lived("trail", "show", "63", *INSPECTOR).output

    with psycopg.connect(owner_dsn) as connection:
        connection.execute("SET session_replication_role = replica")
        changed = (
            b"UPDATE donghaeng.facts SET recorded_at = recorded_at - interval '1 day' WHERE position = 63"
        )
        connection.execute(changed)
    assert "NOT what was sealed" in lived("trail", "show", "63", *INSPECTOR).output
    assert "sealed in the checkpoint" in lived("trail", "show", "62", *INSPECTOR).output, "the control"

    shutil.rmtree(sealed.folder / "tile")
    assert "not compared" in lived("trail", "show", "62", *INSPECTOR).output


def test_a_fact_that_is_not_there_is_refused(lived: Cli) -> None:
    refused(lived("trail", "show", "999", *INSPECTOR), 1, "999", "64")
    refused(lived("trail", "show", "0", *INSPECTOR), 1, "0")


def test_a_text_that_was_replaced_is_shown_beside_the_new_one(loaded: Cli, store: Store) -> None:
    for words in (
        (*LIFE[0], "--summary", "처음 요약"),
        ("task", "return", "2024-07", "--as", "planner", "--reason", "보완"),
    ):
        done = loaded(*words)
        assert done.exit_code == 0, done.output
    revised = loaded("task", "revise", "2024-07", "--summary", "고친 요약", "--as", "officer@gjcf")
    assert revised.exit_code == 0, revised.output
    shown = loaded("trail", "show", str(store.head().position), *INSPECTOR)
    assert "summary: 처음 요약 → 고친 요약" in shown.output
