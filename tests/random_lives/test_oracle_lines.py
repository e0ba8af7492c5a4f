"""The oracle is asked of approval lines: right ones are passed over, and each wrong one is found."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from scripts.random_lives.oracle.conditions import MEANING, NotToldError, list_counting
from scripts.random_lives.oracle.life import Life
from scripts.random_lives.oracle.lines import judge_lines, list_turns
from scripts.random_lives.oracle.refusals_of_lines import judge_refusals_of_lines
from scripts.random_lives.oracle.tasks import Task
from tests.random_lives.lives_by_hand import PLAN, TASK, Log, opened

LINE = [
    {"entry": "mayor", "kind": "review", "position": "vice-mayor"},
    {"entry": "department", "kind": "consultation", "role": "department", "group": "both", "needed": 1},
    {"entry": "planner", "kind": "consultation", "role": "planner", "group": "both"},
    {"entry": "rich", "kind": "review", "role": "planner", "when": "task.plan.budget_krw >= 100000000"},
    {"entry": "head", "kind": "decision", "role": "head", "returns_to": "mayor"},
]
NAMED = [
    {"entry": "mayor", "turn": 1, "kind": "review", "position": "vice-mayor"},
    {"entry": "department", "turn": 2, "kind": "consultation", "role": "department"},
    {"entry": "planner", "turn": 2, "kind": "consultation", "role": "planner"},
    {"entry": "head", "turn": 3, "kind": "decision", "role": "head", "returns_to": 1},
]
HEAD = {"role": "head", "agency": "welfare"}
MAYOR = {"role": "planner", "subject": "kim"}


class Signing(Log):
    """Proposed on 2 January; approved by a line that is asked for on the 3rd."""

    number = 0

    def act(self, kind: str, known: str, by: dict[str, str], cause: Any = None, **fact: Any) -> None:
        self.task(kind, known, cause=cause, **fact)
        self.facts[-1]["actor"] = dict(by)

    def ask(self, known: str = "01-03 10:00") -> None:
        said = {"definition": "own/1", "command": "task.approve", "signatories": NAMED, "needed": [1, 1, 1]}
        self.act("line_opened", known, {"role": "planner"}, asked='{"conditions":[]}', sha256="abc", **said)
        self.number = self.facts[-1]["version"]

    def sign(self, entry: str, known: str, by: dict[str, str], **more: Any) -> None:
        self.act("line_signed", known, by, line=self.number, entry=entry, sha256="abc", **more)

    def carry_out(self, known: str = "01-05 10:00", by: dict[str, str] | None = None) -> None:
        at = next(one["position"] for one in self.facts if one["kind"] == "task.line_opened")
        self.act("approved", known, by or HEAD, cause={"fact": at})

    def found(self, **more: Any) -> str:
        return "\n".join(one.says for one in judge_lines(Life(self.case("02-01 17:00", **more))))


def begun() -> Signing:
    log = Signing()
    log.facts = opened().facts
    content = {"name": "own", "version": 1, "commands": [{"command": "task.approve", "line": LINE}]}
    log.add("definition/own", "definition.adopted", "01-01 09:30", version=1, content=json.dumps(content))
    log.add("position/vice-mayor", "position.declared", "01-01 09:00")
    log.add("position/vice-mayor", "position.appointed", "01-01 09:10", subject="kim")
    said = {"title": {"ko": "돌봄"}, "area": "care", "lead": "welfare", "definition": "own/1"}
    log.task("proposed", "01-02 10:00", role="officer", plan=PLAN, **said)
    return log


def signed() -> Signing:
    log = begun()
    log.ask()
    log.sign("mayor", "01-03 11:00", MAYOR)
    log.sign("planner", "01-04 10:00", {"role": "planner"})
    log.sign("head", "01-05 10:00", HEAD)
    log.carry_out()
    return log


def test_a_right_line_has_no_findings() -> None:
    assert signed().found() == ""


def changed(change: Callable[[list[dict[str, Any]]], Any]) -> str:
    """Of what is found where the facts of the line (opened, three signatures, approved) are other."""
    log = signed()
    change(log.facts[-5:])
    return log.found()


@pytest.mark.parametrize(
    ("change", "found"),
    [
        (lambda of: of[0]["fact"].update(needed=[1, 2, 1]), "needs [1, 2, 1] signatures by turn"),
        (lambda of: of[0]["fact"].update(signatories=NAMED[1:]), "The line names"),
        (lambda of: of[0].update(stated=True), "dated back"),
        (lambda of: of[1]["actor"].update(subject="lee"), "allowed by nothing"),
        (lambda of: of[1]["fact"].update(entry="head"), "head signed; asked were ['mayor']"),
        (lambda of: of[1]["fact"].update(sha256="xyz"), "another hash"),
        (lambda of: of[1]["fact"].update(line=9), "is of line 9"),
        (lambda of: of[1]["fact"].update(holder="kim", mandate="position/vice-mayor#3"), "for ('kim',"),
        (lambda of: of[2]["actor"].update(role="department"), "signed as planner"),
        (lambda of: of[3]["actor"].update(agency="other"), "allowed by nothing"),
        (lambda of: of[4]["actor"].update(agency="other"), "the last signature was by"),
        (lambda of: of[4].update(cause={"fact": 1}), "for its cause"),
        (lambda of: of[4].update(kind="task.rejected"), "All have signed for task.approve; task.rejected"),
        (lambda of: of[4].update(known_at="2024-01-06T01:00:00+00:00"), "All have signed for"),
    ],
)
def test_what_is_wrong_in_a_line_is_found(change: Callable[[list[dict[str, Any]]], Any], found: str) -> None:
    assert found in changed(change)


def test_nothing_is_carried_out_before_all_have_signed_or_without_a_line() -> None:
    log = begun()
    log.ask()
    log.sign("mayor", "01-03 11:00", MAYOR)
    log.sign("planner", "01-04 10:00", {"role": "planner"})
    log.carry_out("01-04 10:00")
    assert "without mayor, department, planner, head, who had to sign" in log.found()
    log = signed()
    del log.facts[-1]
    assert "All have signed, and nothing was carried out." in log.found()


def test_a_delegate_signs_for_who_is_in_the_position_on_the_days_of_the_delegation() -> None:
    def delegated(starts: str, holder: str = "kim", *, ended: bool = False) -> str:
        log = begun()
        span = {
            "number": 3,
            "mandate": "proxy",
            "holder": holder,
            "delegate": "lee",
            "starts": starts,
            "ends": "2024-01-09",
        }
        log.add("position/vice-mayor", "position.delegated", "01-02 11:00", **span)
        if ended:
            log.add("position/vice-mayor", "position.delegation_ended", "01-02 12:00", number=3)
        log.ask()
        by = {"role": "department", "subject": "lee"}
        log.sign("mayor", "01-03 11:00", by, holder=holder, mandate="position/vice-mayor#3")
        return log.found()

    assert delegated("2024-01-03") == ""
    assert "allowed by nothing" in delegated("2024-01-04")
    assert "allowed by nothing" in delegated("2024-01-03", holder="gone")
    assert "allowed by nothing" in delegated("2024-01-03", ended=True)


def test_who_came_into_a_position_by_a_late_entry_was_in_it_then() -> None:
    log = begun()
    log.add("position/vice-mayor", "position.released", "01-02 12:00", so="01-04 00:00", subject="kim")
    log.ask()
    log.sign("mayor", "01-03 11:00", MAYOR)
    assert log.found() == ""
    log.facts[-3]["effective_at"] = "2024-01-02T00:00:00+09:00"
    assert "nobody holds vice-mayor" in log.found()


def test_an_objection_leads_back_and_those_from_there_on_sign_anew() -> None:
    log = begun()
    log.ask()
    log.sign("mayor", "01-03 11:00", MAYOR)
    log.sign("planner", "01-04 10:00", {"role": "planner"})
    back = {"line": log.number, "entry": "head", "sha256": "abc", "returns_to": 1}
    log.act("line_objected", "01-05 10:00", HEAD, **back)
    assert log.found() == ""
    log.sign("planner", "01-05 11:00", {"role": "planner"})
    assert "planner signed; asked were ['mayor']" in log.found()
    log.facts[-2]["fact"]["returns_to"] = 2
    assert "leads back to 2; by the line to 1" in log.found()


def test_a_line_lapses_where_what_was_to_be_signed_changed_and_only_there() -> None:
    def revised(title: str, *, lapses: bool) -> str:
        log = begun()
        log.ask()
        log.task("revised", "01-04 10:00", role="officer", title={"ko": title})
        if lapses:
            log.task("line_lapsed", "01-04 10:00", role="officer", line=log.number)
        return log.found()

    assert revised("다른 이름", lapses=True) == ""
    assert revised("돌봄", lapses=False) == ""
    assert "did not lapse" in revised("다른 이름", lapses=False)
    assert "The line lapsed, though nothing changed" in revised("돌봄", lapses=True)


def test_only_who_asked_withdraws() -> None:
    log = begun()
    log.ask()
    log.act("line_withdrawn", "01-04 10:00", {"role": "planner"}, line=log.number)
    assert log.found() == ""
    log.facts[-1]["actor"] = {"role": "department"}
    assert "The line was withdrawn by" in log.found()


def test_a_signature_is_due_from_the_day_of_the_turn_of_the_side_that_is_asked() -> None:
    log = begun()
    rule = {"stage": "proposed", "condition": "normal", "start": "line_turn", "within": 2}
    content = json.loads(
        next(one for one in log.facts if one["kind"] == "definition.adopted")["fact"]["content"]
    )
    content["deadlines"] = [
        rule | {"kind": "city", "who": "city"},
        rule | {"kind": "agency", "who": "agency"},
    ]
    next(one for one in log.facts if one["kind"] == "definition.adopted")["fact"]["content"] = json.dumps(
        content
    )
    assert log.due() == {}
    log.ask()
    assert log.due() == {"city mayor": "2024-01-05"}
    log.sign("mayor", "01-08 11:00", MAYOR)
    assert log.due() == {"city department": "2024-01-10"}
    log.sign("planner", "01-10 10:00", {"role": "planner"})
    assert log.due() == {"agency head": "2024-01-12"}


def refused(name: str, by: dict[str, str], do: str = "task_sign", **given: Any) -> str:
    """What is said of a refusal while the line waits for its first signature."""
    log = begun()
    log.ask()
    one = {
        "at": "2024-01-03T02:00:00+00:00", "do": do, "name": name, "details": {}, "position": len(log.facts),
        "actor": by, "given": {"task": TASK} | given, "command": "task.approve",
    }  # fmt: skip
    return "\n".join(found.says for found in judge_refusals_of_lines(Life(log.case(refused=[one]))))


def test_a_refusal_says_what_is_so() -> None:
    assert refused("NotYourTurn", {"role": "department"}) == ""
    assert "NotYourTurn; by the line it is allowed" in refused("NotYourTurn", MAYOR)
    assert "NoLineOpen; by the line it is NotYourTurn" in refused("NoLineOpen", {"role": "department"})
    assert refused("AnotherLine", MAYOR, line=9) == ""
    assert "and it was" in refused("NotAllowedNow", MAYOR)
    assert "LineVacant, which is not so" in refused("LineVacant", {"role": "planner"}, "task_approve")
    assert refused("NotWhoAsked", {"role": "department"}, "task_withdraw_line") == ""
    assert "it was the same" in refused("NotWhoAsked", {"role": "planner"}, "task_withdraw_line")


def test_of_a_group_that_counts_in_part_no_more_are_needed_than_count() -> None:
    line = [
        {"entry": "a", "group": "g", "needed": 2, "when": "task.percent >= 20"},
        {"entry": "b", "group": "g"},
        {"entry": "c", "group": "g"},
        {"entry": "d"},
    ]
    task = Task(TASK)
    counting = list_counting(line, task, {})
    assert [one["entry"] for one in counting] == ["b", "c", "d"]
    assert [count for _, count in list_turns(line, counting)] == [2, 1]
    assert [count for _, count in list_turns(line, counting[1:])] == [1, 1]
    with pytest.raises(NotToldError):
        MEANING["task.started_on.getMonth() < 6"](task, {})
