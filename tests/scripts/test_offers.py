"""Refusals offer, by the names as they are typed, what this actor can do now."""

from __future__ import annotations

import re

import pytest

from domain.task.lifecycle import COMMANDS
from tests.scripts.command_walks import commands
from tests.scripts.conftest import Cli
from tests.scripts.test_changing import BEGUN, OFFICER, PLANNER


def offers(cli: Cli, *words: str) -> set[str]:
    """What stands in backquotes after “Possible now”, and in Korean the same."""
    said = {}
    for lang, begins in (("en", "Possible now:"), ("ko", "지금 할 수 있는 명령:")):
        result = cli(*words, "--lang", lang)
        assert result.exit_code == 1, result.output
        said[lang] = set(re.findall(r"`([^`]+)`", result.stderr.partition(begins)[2]))
    assert said["en"] == said["ko"]
    return said["en"]


@pytest.mark.parametrize(
    "command", [one for one in COMMANDS if set(one.by) - {"system"}], ids=lambda one: one.name
)
def test_each_command_is_typed_as_it_says(command: type) -> None:
    assert command.as_typed() in {path for path, _ in commands()}  # type: ignore[attr-defined]


def test_the_officer_and_the_planner_are_offered_each_their_own(loaded: Cli) -> None:
    for words in BEGUN[:1]:
        assert loaded(*words).exit_code == 0
    assert offers(loaded, "task", "start", "2024-06", *OFFICER) == {"task revise", "task withdraw"}
    assert offers(loaded, "task", "evaluate", "2024-06", "--score", "80", "--grade", "A", *PLANNER) == {
        "task return",
        "task approve",
        "task reject",
        "task hand-over",
        "task place-hold",
    }
    for words in BEGUN[1:]:
        assert loaded(*words).exit_code == 0
    under_way = offers(loaded, "task", "revise", "2024-06", *OFFICER, "--summary", "x")
    assert under_way == {
        "task report",
        "task reach",
        "task final-report",
        "task replan",
        "task add-partner",
        "task correct",
    }


def test_what_nobody_proposed_is_offered_to_its_lead_and_to_nobody_else(loaded: Cli) -> None:
    assert offers(loaded, "task", "start", "2024-06", *OFFICER) == {"task propose"}
    assert offers(loaded, "task", "start", "2024-06", "--as", "officer@gjcf") == set()
    assert offers(loaded, "task", "suspend", "2024-06", *PLANNER) == set()


def test_a_year_that_cannot_be_closed_says_how_the_planner_ends_each_task(loaded: Cli) -> None:
    for words in BEGUN:
        assert loaded(*words).exit_code == 0
    said = loaded("programme", "close", "2024", "--reason", "끝", *PLANNER).stderr
    assert set(re.findall(r"`([^`]+)`", said)) == {"task discontinue", "task carry-over"}
