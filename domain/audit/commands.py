"""What can be asked of an audit."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator, Field

from domain.aggregate import Command
from domain.errors import Worded
from domain.limits import FIRST_YEAR, LAST_YEAR, MOST_ITEMS, FreeText, check_task_id
from domain.programme.commands import programme_stream
from domain.refusals import wrong
from domain.task.commands import task_stream

MOST_OPEN = 1000  # findings that are left open
_FINDING = re.compile(r"[a-z_]{1,40}-[1-9][0-9]{0,18}")


def check_subject(value: str, at: str = "") -> str:
    """A task's number, e.g. 2024-07, or a programme's year."""
    if "-" in value or not re.fullmatch(r"[0-9]{4}", value):
        return check_task_id(value, at)
    if not FIRST_YEAR <= int(value) <= LAST_YEAR:
        raise wrong("year_range", at, min=FIRST_YEAR, max=LAST_YEAR)
    return value


def check_finding(value: str, at: str = "") -> str:
    """A finding's name, e.g. late_entry-812."""
    if not _FINDING.fullmatch(value):
        raise wrong("item_id", at)
    return value


Audited = Annotated[str, AfterValidator(check_subject)]
FindingName = Annotated[str, AfterValidator(check_finding)]
_Count = Annotated[int, Field(strict=True, ge=0, le=2**62)]


class OnAudit(Command):
    """A command about the audit of one task or year."""

    subject: Audited

    @property
    def stream(self) -> str:
        return audit_stream(self.subject)


def audit_stream(subject: str) -> str:
    return f"audit/{subject}"


def audited_stream(subject: str) -> str:
    """The stream of the task or programme that is audited."""
    return task_stream(subject) if "-" in subject else programme_stream(int(subject))


class Close(OnAudit):
    """Close the audit as a whole, with what is left open. `up_to`, `findings`, `open`: what was looked at."""

    name = "audit.close"
    label = Worded("감사 종결", "close the audit")
    up_to: _Count
    findings: _Count
    open: Annotated[tuple[FindingName, ...], Field(max_length=MOST_OPEN)] = ()
    points: Annotated[tuple[FreeText, ...], Field(max_length=MOST_ITEMS)] = ()
    note: FreeText


class Settle(OnAudit):
    """Say that an open point is done with, and what came of it."""

    name = "audit.settle"
    label = Worded("감사 지적 해소", "settle a point of the audit")
    point: Annotated[int, Field(strict=True, ge=1, le=MOST_ITEMS)]
    note: FreeText


class Reopen(OnAudit):
    """Let the audit go on."""

    name = "audit.reopen"
    label = Worded("감사 재개", "reopen the audit")
    needs_reason = True


AuditCommand = Close | Settle | Reopen
