"""The page of what a definition's requirements may ask about: every input with its type, from the code."""

from __future__ import annotations

from collections.abc import Iterator

from domain.lifecycle.bounds import (
    LONGEST_EXPRESSION,
    LONGEST_PATTERN,
    MACROS,
    MOST_MACROS,
    MOST_NESTED,
    MOST_PATTERNS,
    MOST_SUMS,
)
from domain.lifecycle.forms import TYPES
from domain.lifecycle.inputs import KNOWN, OF_TASK, Input
from domain.lifecycle.inputs_of_commands import inputs_of
from domain.lifecycle.requirements import MOST_REQUIREMENTS
from domain.task.lifecycle import COMMANDS

_HEAD = f"""# What a requirement may ask about

Made by `python -m scripts.pages` from the code. A lifecycle definition may require something of a command ([how](tutorial/definition.md)): an expression in [CEL](https://cel.dev) over the inputs below, that has to be true.

**Types.** `int` and `double` are not compared with each other: `task.score >= 70.0`, `task.percent >= 70`. A `day` is a day in Seoul: `on >= day('2026-06-30')`, `task.plan.end - on > duration('720h')`, `on.getMonth()` (from 0). Of a list: `task.partners.size() > 0`, `'gto' in task.partners`, `task.plan.milestone_days.all(one, one <= task.plan.end)`.

**What may be absent** has `NAME.{KNOWN}` beside it: `!task.score.{KNOWN} || task.score >= 70.0`. What hangs on a value that there is not cannot be told, and the command is refused; so where something is divided by nothing.

**Bounds.** At most {MOST_REQUIREMENTS} requirements of a command, each of {LONGEST_EXPRESSION} characters, with {MOST_NESTED} brackets in each other, `+` {MOST_SUMS} times, {", ".join(f"`{one}`" for one in MACROS)} {MOST_MACROS} times and never inside each other, `matches` {MOST_PATTERNS} times and with a pattern of {LONGEST_PATTERN} characters that is typed there (RE2, without `{{n}}` and `\\p`). No comments, no raw texts, no `has()`; outside quotes ASCII alone.

## Of every command

| name | type | what it is |
|---|---|---|"""


_STEPS = f"""
## Of a definition's own steps

Of the step that is taken, each field of its form is `form.FIELD`; one that may be left out has `form.FIELD.{KNOWN}` beside it. Of every step of the definition there is, for any command and step, `steps.STEP.{KNOWN}` (whether it was ever taken), `steps.STEP.on` (the day on which it was taken last) and `steps.STEP.FIELD` with `steps.STEP.FIELD.{KNOWN}` (what its form said then). Free texts and attached files lie beside the log, and nothing is asked about them.

| field | type | what it is |
|---|---|---|"""


def inputs_page() -> str:
    """Every input, those of every command first, then those of each."""
    return "\n".join([_HEAD, *map(_row, OF_TASK), *_of_commands(), *_of_steps(), ""])


def _of_steps() -> Iterator[str]:
    yield _STEPS
    for name, kind in TYPES.items():
        given = "–" if kind.input is None else f"`{kind.input}`"
        yield f"| `{name}` | {given} | {kind.label.ko} / {kind.label.en} |"


def _row(one: Input) -> str:
    return f"| `{one.name}` | `{one.type}` | {one.label.ko} / {one.label.en} |"


def _of_commands() -> Iterator[str]:
    yield "\n## Of one command\n\n| command | its own fields |\n|---|---|"
    for kind in COMMANDS:
        own = [f"`{one.name}` ({one.type})" for one in inputs_of(kind).values() if one.of_command]
        if own and set(kind.by) != {"system"}:
            yield f"| `{kind.name}` | {', '.join(own)} |"
