"""A definition is checked as a whole when it is read, and a task lives by the one that it has."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from domain.errors import BadInput, Refusal
from domain.task import commands as t
from domain.task.stages import Condition, Stage
from domain.task.state import Task
from workflows.definitions import model
from workflows.definitions.enforcing import (
    PlaceNotInDefinition,
    RoleNotInDefinition,
    check_definition,
)
from workflows.definitions.model import definition, definitions, read_definition

TEXT = (Path(model.__file__).parent / "donghaeng-2024.toml").read_text(encoding="utf-8")


def section(command: str) -> str:
    """The part of the file that is about one command."""
    found = re.search(rf'\[\[commands\]\]\ncommand = "{command}"\n.*?\n\n', TEXT, flags=re.DOTALL)
    assert found is not None
    return found[0]


def rule(name: str, command: str, stage: str, condition: str, when: str = "at_once") -> str:
    basis = 'basis = { ko = "x", en = "x" }'
    return (
        f'\n[[transitions]]\nrule = "{name}"\ncommand = "{command}"\nstage = "{stage}"\n'
        f'condition = "{condition}"\nwhen = "{when}"\n{basis}\n'
    )


def refused(tmp_path: Path, text: str) -> Refusal:
    path = tmp_path / "mine.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadInput) as caught:
        read_definition(path)
    assert any("가" <= letter <= "힣" for letter in caught.value.say("ko"))
    return caught.value


RETURN = section("task.return")
SUSPEND = section("task.suspend")
RESUME = section("task.resume")
FAULTS = {
    "a place that nothing leads to": (TEXT.replace(RETURN, ""), "proposed/returned", "never be reached"),
    "a place without a way out": (
        TEXT.replace(RESUME, "").replace('"in_progress/suspended", ', ""),
        "in_progress/suspended",
        "no way out",
    ),
    "an unknown command": (TEXT.replace('command = "task.return"', 'command = "task.fly"'), "task.fly"),
    "a command twice": (TEXT + "\n" + RETURN, "task.return", "twice"),
    "an unknown stage": (TEXT.replace('from = ["approved"]', 'from = ["adored"]'), "adored"),
    "a condition that the stage has not": (
        TEXT.replace('from = ["approved"]', 'from = ["approved/rated"]'),
        "approved/rated",
    ),
    "a place that is not listed": (
        TEXT.replace('conditions = ["normal", "returned"]', 'conditions = ["normal"]'),
        "proposed/returned",
        "stages",
    ),
    "a command that leads elsewhere": (
        TEXT.replace(RETURN, RETURN.replace('to = "proposed/returned"', 'to = "approved"')),
        "task.return",
        "proposed/returned",
    ),
    "nobody who may give it": (TEXT.replace(RETURN, RETURN.replace('by = ["planner"]', "by = []")), "by"),
    "a role that may not": (
        TEXT.replace(RETURN, RETURN.replace('by = ["planner"]', 'by = ["citizen"]')),
        "citizen",
        "task.return",
    ),
    "more than the program allows": (
        TEXT.replace(RETURN, RETURN.replace('from = ["proposed"]', 'from = ["approved"]')),
        "task.return",
        "approved",
    ),
    "an unknown guard": (TEXT.replace('guards = ["not_before"]', 'guards = ["moonlight"]'), "moonlight"),
    "a guard of another command": (TEXT.replace('guards = ["not_before"]', 'guards = ["once"]'), "once"),
    "a rule that the commands do not give to the system": (
        TEXT.replace(
            section("task.start"), section("task.start").replace('["officer", "system"]', '["officer"]')
        ),
        "task.start",
    ),
    "a rule on a missing field": (
        TEXT.replace('start = "final_report"', 'start = "final_feast"'),
        "start",
        "final_report",
    ),
    "a deadline from what a task there has not": (
        TEXT.replace('start = "plan_start"', 'start = "final_report"'),
        "deadlines[start].start",
        "approved",
    ),
    "a rule on what a task there has not": (
        TEXT.replace('when = "at_once"', 'when = "rated"'),
        "transitions[open_rating].when",
        "reported",
    ),
    "a rule on a missing deadline": (
        TEXT.replace('deadline = "start"', 'deadline = "feast"'),
        "transitions[start_as_planned].deadline",
        "feast",
    ),
    "rules that go round": (
        TEXT
        + rule("pause", "task.suspend", "in_progress", "normal")
        + rule("go_on", "task.resume", "in_progress", "suspended"),
        "in_progress/suspended",
        "for ever",
    ),
    "a rule that only a person can carry out": (
        TEXT + rule("pause", "task.suspend", "in_progress", "normal"),
        "task.suspend",
    ),
    "scores without a grade": (TEXT.replace('least = "0"', 'least = "10"'), "grades"),
    "a ladder that climbs to nobody": (
        TEXT.replace('{ days = 0, to = ["planner"] }', '{ days = 0, to = ["head"] }'),
        "nobody",
        "ladder",
    ),
    "a rung for nobody": (TEXT.replace('{ days = 0, to = ["planner"] }', "{ days = 0, to = [] }"), "nobody"),
    "a ladder that is not there": (TEXT.replace('ladder = "short"', 'ladder = "rope"'), "rope"),
    "a rung before the deadline began": (
        TEXT.replace('ladder = "short"', 'ladder = "agency"'),
        "before the start",
    ),
    "a rung twice": (TEXT.replace("{ days = -7, to", "{ days = -3, to"), "twice"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_what_is_unsound_is_refused_and_says_where(tmp_path: Path, name: str) -> None:
    text, *said = FAULTS[name]
    assert text != TEXT
    told = refused(tmp_path, text).say("en")
    assert [words for words in said if words not in told] == [], told


def test_what_comes_along_is_sound(tmp_path: Path) -> None:
    """The control of all of the above."""
    path = tmp_path / "mine.toml"
    path.write_text(TEXT, encoding="utf-8")
    assert read_definition(path) == definition("donghaeng-2024/1")
    assert set(definitions()) == {"donghaeng-2024/1", "donghaeng-2024/2"}


def approved(by: str) -> Task:
    return Task(stage=Stage.APPROVED, condition=Condition.NORMAL, definition=by)


def test_a_task_lives_by_its_own_definition() -> None:
    """Under the second version an approved task is withdrawn by nobody, though the program would allow it."""
    withdraw = t.Withdraw(task="2025-01")
    check_definition("officer", withdraw, approved("donghaeng-2024/1"))
    with pytest.raises(PlaceNotInDefinition) as caught:
        check_definition("officer", withdraw, approved("donghaeng-2024/2"))
    assert "donghaeng-2024/2" in caught.value.say("ko")


def test_a_role_that_the_definition_does_not_name_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, start = tmp_path / "mine.toml", section("task.start")
    path.write_text(
        TEXT.replace(start, start.replace('["officer", "system"]', '["system"]')), encoding="utf-8"
    )
    narrower = read_definition(path)
    monkeypatch.setattr("workflows.definitions.enforcing.definition", lambda _: narrower)
    check_definition("system", t.Start(task="2024-01"), approved("donghaeng-2024/1"))
    with pytest.raises(RoleNotInDefinition) as caught:
        check_definition("officer", t.Start(task="2024-01"), approved("donghaeng-2024/1"))
    assert "system" in caught.value.say("en")


@pytest.mark.parametrize(
    ("score", "grade"), [("100", "S"), ("95", "S"), ("94.9", "A"), ("68", "C"), ("0", "D")]
)
def test_a_score_has_the_first_grade_that_it_reaches(score: str, grade: str) -> None:
    assert definition("donghaeng-2024/1").grade(score) == grade
