"""`audit close`: an inspector closes the audit of a task or a year, and who looks at either sees what is open."""

from __future__ import annotations

from typing import Any

import pytest

from projections.runner import project
from projections.views import VIEWS
from store.accesses import accesses
from store.log import Store
from tests.scripts.conftest import Cli, document
from tests.scripts.test_command_line import refused

INSPECTOR, PLANNER = ("--as", "inspector"), ("--as", "planner")
TASK, NOTE = "2024-06", ("--note", "회계 서류를 대조함")
PLAN = ("--start", "2024-03-04", "--end", "2024-12-31", "--budget", "1000")


@pytest.fixture
def over(loaded: Cli) -> Cli:
    """A task proposed late and rejected: over, with one late entry to look into."""
    for words in (
        ("task", "propose", TASK, *PLAN, "--as", "officer@gto", "--effective-at", "2024-02-20"),
        ("task", "reject", TASK, *PLANNER, "--reason", "예산 부족"),
    ):
        done = loaded(*words)
        assert done.exit_code == 0, done.output
    return loaded


def inbox(cli: Cli) -> list[Any]:
    found: list[Any] = document(cli("programme", "inbox", *PLANNER, "--json"))["audits"]
    return found


def test_a_tasks_audit_is_closed_with_its_open_findings_and_points(over: Cli, store: Store) -> None:
    assert inbox(over) == [], "the control"
    listed = document(over("trail", "findings", "--task", TASK, *INSPECTOR, "--json"))["findings"]
    late = next(one["finding"] for one in listed if one["rule"] == "late_entry")
    point = ("--point", "정산서 원본이 없음")
    closed = over("audit", "close", TASK, *NOTE, *point, *INSPECTOR, "--json")
    assert document(closed)["kinds"] == ["audit.closed"]
    (fact,) = store.read(f"audit/{TASK}")
    assert (fact.fact.findings, set(fact.fact.open)) == (len(listed), {one["finding"] for one in listed})
    assert fact.fact.up_to == fact.position - 1

    (mine,) = inbox(over)
    assert [one["text"] for one in mine["points"]] == ["정산서 원본이 없음"]
    assert late in mine["findings_open"]
    history = over("task", "history", TASK, *INSPECTOR).output
    assert "1. 정산서 원본이 없음" in " ".join(history.split())
    assert "closed the audit over the facts up to" in " ".join(history.split())
    project(store, VIEWS["trail_entries"])
    told = document(over("trail", "search", "--task", TASK, "--kind", "audit.closed", *INSPECTOR, "--json"))
    assert [one["position"] for one in told["entries"]] == [fact.position]


def audits_read(store: Store) -> list[str | None]:
    """The roles that have read something of an audit."""
    return [
        None if one.actor is None else one.actor.role for one in accesses(store) if one.reading == "audit"
    ]


def test_a_tasks_history_tells_its_audit_to_who_may_read_audits_and_that_is_recorded(
    over: Cli, store: Store
) -> None:
    def audit_told(who: str) -> list[Any]:
        shown = document(over("task", "history", TASK, "--as", who, "--json"))
        assert shown["history"], "the history itself is told"
        lines: list[Any] = shown["audit"]
        return lines

    assert audit_told("inspector") == []
    assert audits_read(store) == [], "where there is none, nothing was read"
    over("audit", "close", TASK, *NOTE, "--point", "정산서 원본이 없음", *INSPECTOR)
    for who in ("officer@gto", "head@gto", "department"):
        assert audit_told(who) == []
        assert over("audit", "show", TASK, "--as", who).exit_code != 0, "the table says the same"
        assert "정산서 원본이 없음" not in over("task", "history", TASK, "--as", who).output
    assert audits_read(store) == []
    for who in ("inspector", "planner"):
        assert len(audit_told(who)) == 1, "the control"
    assert sorted(map(str, audits_read(store))) == ["inspector", "planner"]


def test_points_are_settled_and_findings_examined_until_nothing_is_open(over: Cli, store: Store) -> None:
    over("audit", "close", TASK, *NOTE, "--point", "원본 없음", *INSPECTOR)
    (mine,) = inbox(over)
    for name in mine["findings_open"]:
        done = over("trail", "examine", name, "--note", "확인", *INSPECTOR)
        assert done.exit_code == 0, done.output
    assert [one["findings_open"] for one in inbox(over)] == [[]]
    assert over("audit", "settle", TASK, "1", "--note", "원본을 받음", *INSPECTOR).exit_code == 0
    assert inbox(over) == []
    shown = document(over("audit", "show", TASK, *INSPECTOR, "--json"))
    assert shown["audit"]["points"][0]["settled"] == "원본을 받음"
    assert [one["subject"] for one in document(over("audit", "list", *INSPECTOR, "--json"))["audits"]] == [
        TASK
    ]


def test_only_inspectors_close_and_what_goes_on_is_not_closed(over: Cli) -> None:
    refused(over("audit", "close", TASK, *NOTE, *PLANNER), 1, "inspector")
    refused(over("audit", "close", "2024", *NOTE, *INSPECTOR), 1, "still open")
    refused(over("audit", "close", "2024-07", *NOTE, *INSPECTOR), 1, "nothing on record")
    refused(over("audit", "close", "24", *NOTE, *INSPECTOR), 1, "SUBJECT")
    assert over("audit", "close", TASK, *NOTE, *INSPECTOR).exit_code == 0, "the control"
    refused(over("audit", "close", TASK, *NOTE, *INSPECTOR), 1, "audit reopen")
    refused(over("audit", "reopen", TASK, *INSPECTOR), 1, "--reason")
    assert over("audit", "reopen", TASK, *INSPECTOR, "--reason", "새 자료").exit_code == 0
    assert "not closed" in over("audit", "show", TASK, *INSPECTOR).output


def test_a_years_audit_is_closed_over_the_findings_of_all_its_tasks(over: Cli, store: Store) -> None:
    assert over("programme", "close", "2024", *PLANNER, "--reason", "연도 종료").exit_code == 0
    assert over("audit", "close", "2024", *NOTE, *INSPECTOR).exit_code == 0
    (fact,) = store.read("audit/2024")
    of_the_year = document(over("trail", "findings", "--year", "2024", *INSPECTOR, "--json"))["findings"]
    assert any(name.startswith("late_entry-") for name in fact.fact.open)
    assert set(fact.fact.open) <= {one["finding"] for one in of_the_year}
    assert document(over("trail", "findings", "--year", "2023", *INSPECTOR, "--json"))["findings"] == []
