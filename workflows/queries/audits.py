"""What people read of audits: how that of a task or a year was closed, and what is open of it."""

from __future__ import annotations

import msgspec

from domain.limits import bad_input, check_audited
from domain.streams import audit_stream
from projections.history_line import Line
from workflows.audits import Audited, audits, find_audit
from workflows.queries.inquiry import Inquiry


class AuditShown(msgspec.Struct, frozen=True):
    """`audit`: None where it is not closed."""

    subject: str
    audit: Audited | None
    history: list[Line]


class AuditList(msgspec.Struct, frozen=True):
    audits: list[Audited]


def show_audit(inquiry: Inquiry, subject: str) -> AuditShown:
    """The audit of a task or a year, e.g. 2024-07 or 2024. Raises BadInput."""
    from workflows.telling import history_of  # noqa: PLC0415 - with all sentences, of which lists tell none

    inquiry.authorise("audit", tasks=tasks_in(subject))
    store, lang = inquiry.store, inquiry.lang
    found = find_audit(store, subject, lang)
    return AuditShown(subject, found, history_of(store, audit_stream(subject), lang))


def list_audits(inquiry: Inquiry) -> AuditList:
    """All that are closed."""
    inquiry.authorise("audit")
    return AuditList(audits(inquiry.store, inquiry.lang))


def tasks_in(subject: str) -> tuple[str, ...]:
    """Which task an audit is of: none where it is of a year. Raises BadInput."""
    try:
        check_audited(subject)
    except ValueError as error:
        raise bad_input(error, "SUBJECT") from None
    return (subject,) if "-" in subject else ()
