"""Names of streams: what kind of thing it is, and which one, e.g. "task/2024-07". Whoever makes or reads one does so here."""

from __future__ import annotations

import re

_TASK = re.compile(r"[0-9]{4}-[0-9]{2,3}")
EPOCHS = "store/epoch"  # of the store as a whole
KEYS = "trail/keys"  # of its trail
COMPARED = "trail/compared"


def task_stream(task: str) -> str:
    return f"task/{task}"


def find_task_stream(identity: str) -> str | None:
    """The stream of the task that is named; None where what is named is no task's number, as a citizens' project."""
    return task_stream(identity) if _TASK.fullmatch(identity) else None


def programme_stream(year: int | str) -> str:
    return f"programme/{year}"


def agency_stream(agency: str) -> str:
    return f"agency/{agency}"


def position_stream(position: str) -> str:
    """Of a position of the city's own."""
    return f"position/{position}"


def meeting_stream(meeting: str) -> str:
    return f"meeting/{meeting}"


def concern_stream(concern: str) -> str:
    """Of a policy concern."""
    return f"concern/{concern}"


def reform_stream(case: str) -> str:
    """Of a reform case."""
    return f"reform/{case}"


def fund_stream(fund: str) -> str:
    """Of a fund for the public good."""
    return f"fund/{fund}"


def money_stream(task: str) -> str:
    """Of a task's budget and spending."""
    return f"money/{task}"


def stream_behind(task: str | None, about: str | None) -> str:
    """What a reminder is about, which names a task by its id and all else by its stream."""
    return task_stream(task) if task is not None else about or ""


def task_of(stream: str) -> str | None:
    """The task that a stream is of, None where it is another's."""
    return identity_of(stream) if kind_of(stream) == "task" else None


def calendar_stream(year: int) -> str:
    return f"calendar/{year}"


def subject_stream(subject: str) -> str:
    return f"subject/{subject}"


def notice_stream(notice: str) -> str:
    return f"notice/{notice}"


def message_stream(message: str) -> str:
    return f"message/{message}"


def text_stream(text: str) -> str:
    return f"text/{text}"


def token_stream(token: str) -> str:
    return f"token/{token}"


def view_stream(view: str) -> str:
    return f"view/{view}"


def review_stream(month: str) -> str:
    return f"access/{month}"


def finding_stream(rule: str, about: int) -> str:
    return f"finding/{rule}-{about}"


def audit_stream(subject: str) -> str:
    return f"audit/{subject}"


def definition_stream(name: str) -> str:
    """Of a lifecycle definition, by its name; of one of its versions, by "name/version", the same."""
    return f"definition/{name.partition('/')[0]}"


def version_of(identity: str) -> int:
    """Of a definition's "name/version"; 0, which none is, where it says none."""
    number = identity.partition("/")[2]
    return int(number) if number.isascii() and number.isdecimal() else 0


def year_of(task: str) -> int:
    """The year that a task is of, by its id."""
    return int(task[:4])


def year_stream(task: str) -> str:
    """Of the programme that a task is of. What people typed that is no task's id names a stream that is not there."""
    return programme_stream(task[:4])


def stream_under_audit(subject: str) -> str:
    """The stream of the task or programme that is audited."""
    return task_stream(subject) if "-" in subject else programme_stream(int(subject))


def kind_of(stream: str) -> str:
    """What it is a stream of, e.g. "task"."""
    return stream.partition("/")[0]


def identity_of(stream: str) -> str:
    """Which one it is, e.g. "2024-07"."""
    return stream.partition("/")[2]
