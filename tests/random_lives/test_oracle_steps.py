"""The oracle is asked of a city's own places and steps: right ones are passed over, and each wrong one is found."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from domain.lifecycle.content import content_of
from scripts.random_lives.oracle import Case, judge
from scripts.random_lives.oracle.definitions import read_adopted
from scripts.random_lives.oracle.life import Life
from scripts.random_lives.oracle.steps import whose_turn
from tests.random_lives.lives_by_hand import PLAN, TASK, Log, opened
from workflows.definitions.templates import read_definition

REVIEWED = Path(__file__).parents[2] / "data" / "definitions" / "reviewed.toml"
CONTENT = content_of(read_definition(REVIEWED))
SEND = {"ko": "예산 심사 회부", "en": "send to the budget review"}
DONE = {"ko": "예산 심사 완료", "en": "finish the budget review"}
FORM = [
    {"field": "amount", "type": "krw", "value": "700"},
    {"field": "outcome", "type": "choice", "value": "whole"},
]


def taken(log: Log, step: str, label: dict[str, str], known: str, frm: str, to: str, **more: Any) -> None:
    told = {"definition": "reviewed/1", "step": step, "label": label, "from_place": frm, "to_place": to}
    log.task("step_taken", known, **(told | more))


def reviewed(**more: Any) -> Log:
    """Sent to the review on Thursday 4 January, and back on the 8th."""
    log = opened()
    log.add("definition/reviewed", "definition.adopted", "01-01 09:30", version=1, content=CONTENT)
    said = {"title": {"ko": "돌봄"}, "area": "care", "lead": "welfare", "definition": "reviewed/1"}
    log.task("proposed", "01-02 10:00", role="officer", plan=PLAN, **said)
    log.count("01-02 10:01", definition="reviewed/1")
    taken(log, "send_to_budget", SEND, "01-04 10:00", "proposed", "proposed/budget_review")
    log.count("01-04 10:01", definition="reviewed/1")
    taken(
        log, "budget_reviewed", DONE, "01-08 10:00", "proposed/budget_review", "proposed", form=FORM, **more
    )
    log.count("01-08 10:01", definition="reviewed/1")
    return log


def said(case: Case, kind: str) -> str:
    return "\n".join(one.says for one in judge(case) if one.kind == kind)


def test_right_steps_have_no_findings() -> None:
    found = judge(reviewed().case("01-09 17:00"))
    assert [one.kind for one in found] == ["notice_left"], (
        "nobody was reminded on the first day of the review"
    )


def test_what_is_due_in_a_place_is_counted_from_the_day_of_the_step() -> None:
    log = reviewed()
    counts = [one["fact"] for one in log.facts if one["kind"] == "task.deadlines_set"]
    assert [(one["kind"], one["due"]) for one in counts[1]["deadlines"]] == [("budget_review", "2024-01-15")]
    assert [(one["rule"], one["on"]) for one in counts[1]["acts"]] == [("lapse_budget_review", "2024-01-16")]
    assert [(one["kind"], one["due"]) for one in counts[2]["deadlines"]] == [("decision", "2024-01-22")]


def wrong(change: Callable[[dict[str, Any]], Any]) -> str:
    case = reviewed().case("01-09 17:00")
    last = [one for one in case.facts if one["kind"] == "task.step_taken"][-1]
    change(last)
    return said(case, "step")


@pytest.mark.parametrize(
    ("change", "found"),
    [
        (lambda one: one["fact"].update(step="never"), "does not have"),
        (lambda one: one["fact"].update(definition="donghaeng-2024/1"), "says that it is of"),
        (lambda one: one["fact"].update(from_place="proposed"), "the task stood at proposed/budget_review"),
        (lambda one: one["fact"].update(to_place="proposed/returned"), "led to proposed/returned"),
        (lambda one: one["actor"].update(role="officer"), "taken by the officer"),
        (lambda one: one["fact"].update(label=SEND), "calls it"),
        (lambda one: one["fact"].update(form=FORM[:1]), "nothing of outcome, which is required"),
        (
            lambda one: one["fact"].update(form=[*FORM, {"field": "more", "type": "text", "value": "1"}]),
            "does not ask for",
        ),
        (
            lambda one: one["fact"].update(form=[FORM[0] | {"value": "5000000001"}, FORM[1]]),
            "amount '5000000001'",
        ),
        (lambda one: one["fact"].update(form=[FORM[0], FORM[1] | {"value": "원안"}]), "outcome '원안'"),
    ],
)
def test_a_wrong_step_is_found(change: Callable[[dict[str, Any]], Any], found: str) -> None:
    assert wrong(lambda one: None) == ""
    assert found in wrong(change)


def test_a_step_where_it_is_not_taken_is_found() -> None:
    log = reviewed()
    taken(log, "budget_reviewed", DONE, "01-09 10:00", "proposed", "proposed", form=FORM)
    assert "was taken at proposed, where it is not taken" in said(log.case("01-09 17:00"), "step")


def test_a_rule_that_takes_no_step_or_another_is_found() -> None:
    log = reviewed()
    log.facts = log.facts[:-2]
    assert "lapse_budget_review" in said(log.case("01-17 17:00"), "transition_left")
    cause = {"rule": "lapse_budget_review", "due": f"task/{TASK}#4"}
    lapsed = {"ko": "예산 심사 생략", "en": "go on without the budget review"}
    taken(
        log,
        "budget_lapsed",
        lapsed,
        "01-16 00:00",
        "proposed/budget_review",
        "proposed",
        role="system",
        cause=cause,
    )
    log.count("01-16 00:00", definition="reviewed/1")
    assert said(log.case("01-16 17:00"), "transition") == ""
    log.facts[-2]["cause"] = cause | {"rule": "start_as_planned"}
    assert "does not act on the task" in said(log.case("01-16 17:00"), "transition")


def test_whose_turn_it_is_follows_from_who_may_lead_the_task_on() -> None:
    log = reviewed()
    log.facts = log.facts[:-2]
    task = Life(log.case()).task_before(TASK, len(log.facts) + 1)
    adopted = json.loads(CONTENT)
    assert whose_turn(task, read_adopted([CONTENT])["reviewed/1"]) == (False, True)
    adopted["commands"].append({"command": "task.withdraw", "from": ["proposed", "proposed/budget_review"]})
    adopted["commands"] = [
        one for one in adopted["commands"] if one.get("from") != ["proposed", "proposed/returned"]
    ]
    assert whose_turn(task, read_adopted([json.dumps(adopted)])["reviewed/1"]) == (True, True)
    inbox = {"day": "2024-01-05", "sense": "known", "city_inbox": [{"task": TASK, "waits": "step"}]}
    assert said(log.case("01-06 17:00", observed=[inbox]), "list") == ""
    inbox = inbox | {"city_inbox": [{"task": TASK, "waits": "decide"}]}
    assert "step" in said(log.case("01-06 17:00", observed=[inbox]), "list")
