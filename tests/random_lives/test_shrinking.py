"""A failing life is shrunk to the few steps that matter, and told as commands that exist."""

from __future__ import annotations

import shlex
from collections.abc import Sequence

import click
import pytest
import typer

from scripts.cli.main import app
from scripts.random_lives.life import Life
from scripts.random_lives.oracle import Case, Finding
from scripts.random_lives.place import Ground, TimedSink
from scripts.random_lives.running import smallest, verdict_of
from scripts.random_lives.shrinking import shrunk
from scripts.random_lives.story import life_of


def test_what_does_not_matter_is_left_out() -> None:
    life = next(
        one
        for one in map(life_of, range(300))
        if len(one.tasks) > 3 and any(step.do == "task_suspend" for step in one.steps)
    )
    one = next(step for step in life.steps if step.do == "task_suspend")

    def fails(smaller: Life) -> bool:
        return {one.do for one in smaller.steps} >= {"programme_open"} and one in smaller.steps

    small = shrunk(life, fails)
    assert len(small.steps) == 2


def planted(case: Case) -> Sequence[Finding]:
    """A planted fault: that a task was ever suspended is a finding."""
    return [
        Finding("planted", one["stream"], "", "It was suspended.")
        for one in case.facts
        if one["kind"] == "task.suspended"
    ]


@pytest.mark.slow
def test_a_planted_fault_shrinks_to_few_steps_and_its_commands_exist(ground: Ground, sink: TimedSink) -> None:
    suspended = [
        life for life in map(life_of, range(300)) if any(step.do == "task_suspend" for step in life.steps)
    ]
    short = sorted(suspended, key=lambda life: (life.until - life.steps[0].at, len(life.steps)))
    verdict = next(found for life in short if (found := verdict_of(life, ground, sink, planted)).findings)
    small = smallest(verdict, ground, sink, planted, seconds=60.0)
    assert small.findings[0].kind == "planted"
    assert len(small.life.steps) <= 10, [str(one) for one in small.life.steps]
    commands = [line for line in small.script if "donghaeng " in line and not line.startswith("#")]
    assert any("task suspend" in line for line in commands)
    for line in commands:
        _check_exists(
            shlex.split(
                line.partition("  # ")[0].partition("=$(")[2].rstrip(")") or line.partition("  # ")[0]
            )
        )


def _check_exists(words: list[str]) -> None:
    """The words parse as a command of the program: names, options and their values, without running it."""
    assert words[0] == "donghaeng"
    command: click.Command = typer.main.get_command(app)
    context = click.Context(command)
    rest = words[1:]
    while isinstance(command, click.Group):
        name, command, rest = command.resolve_command(context, rest)
        assert command is not None, words
        context = click.Context(command, parent=context, info_name=name)
    command.parse_args(context, list(rest))
