"""What both the program's words and a definition's letters say of a deadline: whose it is, where it is done, whom was told before."""

from __future__ import annotations

from collections.abc import Sequence

from workflows.letters.addressing import tell_offices
from workflows.letters.earlier import Earlier
from workflows.letters.lines import Line
from workflows.letters.words import Words


def name_owing(words: Words, line: Line, city: str) -> str:
    """Who is to do it; empty where that is an agency whose name nobody knows."""
    return city if line.who == "city" else words.name(line.agency)


def describe_past(words: Words, told: Sequence[Earlier]) -> str:
    """Which reminders went to whom, or that none did."""
    known = [f"{words.day(day)} {office.say(words.lang)}" for day, office in tell_offices(told)]
    return ", ".join(known) or words.either("발송된 알림 없음", "nobody, no reminder went out")


def name_command(line: Line) -> str:
    """The command by which it is done, or by which one sees how it stands."""
    return f"donghaeng {line.command}"


def page_of(console: str, task: str) -> str:
    """The address of a task's page in the console."""
    return f"{console.rstrip('/')}/tasks/{task}"


def where_of(line: Line, console: str | None) -> str | None:
    """Where it is done in the console; None where there is none, or no page of what it is about."""
    return None if console is None or line.meeting is not None else page_of(console, line.task)
