"""What can be asked of an audit."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator, Field

from domain.aggregate import Command
from domain.errors import Bilingual
from domain.limited import FreeText
from domain.limits import MOST_ITEMS, check_audited
from domain.refusals import validation_error
from domain.roles import INSPECTOR
from domain.streams import audit_stream

MOST_OPEN = 1000  # findings that are left open
_FINDING = re.compile(r"[a-z_]{1,40}-[1-9][0-9]{0,18}")


def check_finding(value: str, at: str = "") -> str:
    """A finding's name, e.g. late_entry-812."""
    if not _FINDING.fullmatch(value):
        raise validation_error("item_id", at)
    return value


Audited = Annotated[str, AfterValidator(check_audited)]
FindingName = Annotated[str, AfterValidator(check_finding)]
_Count = Annotated[int, Field(strict=True, ge=0, le=2**62)]


class OnAudit(Command):
    """A command about the audit of one task or year."""

    subject: Audited

    @property
    def stream(self) -> str:
        return audit_stream(self.subject)


class Close(OnAudit):
    """Close the audit as a whole, with what is left open. `up_to`, `findings`, `open`: what was looked at."""

    name = "audit.close"
    label = Bilingual("감사 종결", "close the audit")
    by = INSPECTOR
    up_to: _Count
    findings: _Count
    open: Annotated[tuple[FindingName, ...], Field(max_length=MOST_OPEN)] = ()
    points: Annotated[tuple[FreeText, ...], Field(max_length=MOST_ITEMS)] = ()
    note: FreeText


class Settle(OnAudit):
    """Say that an open point is done with, and what came of it."""

    name = "audit.settle"
    label = Bilingual("감사 지적 해소", "settle a point of the audit")
    by = INSPECTOR
    point: Annotated[int, Field(strict=True, ge=1, le=MOST_ITEMS)]
    note: FreeText


class Reopen(OnAudit):
    """Let the audit go on."""

    name = "audit.reopen"
    label = Bilingual("감사 재개", "reopen the audit")
    by = INSPECTOR
    needs_reason = True


AuditCommand = Close | Settle | Reopen
