"""`trail findings` and `trail examine`: what rules point out, and the inspectors' marks."""

from __future__ import annotations

from typing import Any

import pytest

from projections.runner import project
from projections.views import VIEWS
from store.log import Store
from tests.scripts.conftest import Cli, document
from tests.scripts.test_command_line import refused

INSPECTOR, PLANNER = ("--as", "inspector"), ("--as", "planner")
PROPOSE = ("task", "propose", "2024-06", "--start", "2024-03-04", "--end", "2024-12-31", "--budget", "1000")


@pytest.fixture
def lived(loaded: Cli, store: Store) -> Cli:
    """A late proposal, and an officer who tried to approve it."""
    proposed = loaded(*PROPOSE, "--as", "officer@gto", "--effective-at", "2024-02-20")
    assert proposed.exit_code == 0, proposed.output
    assert loaded("task", "approve", "2024-06", "--as", "officer@gto").exit_code == 1
    project(store, VIEWS["trail_entries"])
    return loaded


def found(lived: Cli, *words: str) -> list[Any]:
    result = lived("trail", "findings", *words, *INSPECTOR, "--json")
    assert result.exit_code == 0, result.output
    findings: list[Any] = document(result)["findings"]
    return findings


def test_findings_name_their_rule_and_what_it_saw(lived: Cli) -> None:
    late = found(lived, "--rule", "late_entry")
    assert [(one["finding"], one["who"], one["stream"]) for one in late] == [
        ("late_entry-63", "officer@gto", "task/2024-06")
    ]
    assert "more than 7" in late[0]["why"]
    (attempt,) = found(lived, "--rule", "refused_attempt")
    assert (attempt["who"], attempt["what"], attempt["why"]) == (
        "officer@gto",
        "task.approve",
        "refused: NotPermitted",
    )
    assert {one["rule"] for one in found(lived)} >= {"late_entry", "refused_attempt"}
    assert "지연 입력" in lived("trail", "findings", *INSPECTOR, "--lang", "ko").output


def test_one_person_who_proposed_and_approved_is_found_and_two_are_not(loaded: Cli, store: Store) -> None:
    kim, lee = (
        document(loaded("subject", "register", "--name", name, "--as", "planner", "--json"))["subject"]
        for name in ("가나다", "라마바")
    )
    for task, agency, approver in (("2024-06", "gto", kim), ("2024-07", "gjcf", lee)):
        appoint = ("agency", "appoint", agency, "--subject", kim, "--post", "officer", "--as", "planner")
        assert loaded(*appoint).exit_code == 0
        words = ("task", "propose", task, *PROPOSE[3:], "--as", f"officer@{agency}:{kim}")
        assert loaded(*words).exit_code == 0
        assert loaded("task", "approve", task, "--as", f"planner:{approver}").exit_code == 0
    (one,) = found(loaded, "--rule", "duties_not_separated")
    assert (one["stream"], one["who"]) == ("task/2024-06", "planner")
    assert f"one person ({kim}) did both: the proposal (task/2024-06#1) and the approval" in one["why"]
    done = loaded("trail", "examine", one["finding"], "--note", "확인", *INSPECTOR)
    assert done.exit_code == 0, done.output


def test_an_inspectors_mark_is_a_fact_and_closes_the_finding(lived: Cli, store: Store) -> None:
    for name in ("late_entry-63", found(lived, "--rule", "refused_attempt")[0]["finding"]):
        done = lived("trail", "examine", name, "--note", "휴가 중 대리 입력으로 확인", *INSPECTOR, "--json")
        assert document(done)["kinds"] == ["finding.examined"]
        rule = name.rpartition("-")[0]
        assert found(lived, "--rule", rule, "--open") == []
        (mark,) = found(lived, "--rule", rule)[0]["examined"]
        assert (mark["by"], mark["note"]) == ("inspector", "휴가 중 대리 입력으로 확인")
    (fact,) = store.read("finding/late_entry-63")
    assert (fact.fact.rule, fact.fact.about) == ("late_entry", 63)
    assert "휴가" in lived("trail", "findings", *INSPECTOR).output


@pytest.mark.parametrize(
    "name", ["late_entry-1", "late_entry-999", "late_entry", "x-1", "refused_attempt-77"]
)
def test_only_what_is_a_finding_can_be_examined(lived: Cli, name: str) -> None:
    refused(lived("trail", "examine", name, "--note", "봄", *INSPECTOR), 1, name)


def test_only_inspectors_examine(lived: Cli) -> None:
    refused(lived("trail", "examine", "late_entry-63", "--note", "봄", *PLANNER), 1, "inspector")
    refused(lived("trail", "findings", "--as", "officer@gto"), 1, "inspector")


def test_an_unknown_rule_is_refused_with_those_there_are(lived: Cli) -> None:
    refused(lived("trail", "findings", "--rule", "late", *INSPECTOR), 1, "late_entry")


@pytest.mark.parametrize(
    ("words", "rules"),
    [
        (("--rule", "late_entry", "--rule", "refused_attempt"), ["late_entry", "refused_attempt"]),
        (("--task", "2024-06"), ["late_entry", "refused_attempt"]),
        (("--task", "2024-07"), []),
        (("--agency", "gto"), ["late_entry", "refused_attempt"]),
        (("--agency", "gjcf"), []),
        (("--actor", "officer@gto"), ["late_entry", "refused_attempt"]),
        (("--actor", "planner"), []),
        (("--kind", "task.proposed"), ["late_entry"]),
        (("--kind", "task.approved"), []),
        (("--people",), ["late_entry", "refused_attempt"]),
        (("--on-behalf-of", "head"), []),
    ],
)
def test_findings_take_the_filters_that_searches_take(
    lived: Cli, words: tuple[str, ...], rules: list[str]
) -> None:
    of_interest = {"late_entry", "refused_attempt"}
    seen = {one["rule"] for one in found(lived, *words) if one["stream"] == "task/2024-06"}
    assert sorted(seen & of_interest) == rules


def test_search_export_and_findings_take_the_same_options(lived: Cli) -> None:
    """An option that one of them has of its own is no filter there."""
    for name in ("search", "export", "findings"):
        told = lived("trail", name, "--help").output
        assert [one for one in FILTERS if one not in told] == [], name


FILTERS = [
    "--task",
    "--agency",
    "--actor",
    "--on-behalf-of",
    "--people",
    "--kind",
    "--rule",
    "--cause",
    "--command",
]
FILTERS += ["--recorded-from", "--recorded-to", "--effective-from", "--effective-to", "--text"]


def test_findings_are_of_the_span_that_is_asked_for(lived: Cli) -> None:
    assert found(lived, "--recorded-to", "2024-01-01") == []
