"""Closing the audit of a task or a year with what is left open of it."""

from __future__ import annotations

from typing import Any

import pytest

from domain.audit import commands as c
from domain.audit import facts as f
from domain.audit import refusals as r
from domain.audit.state import AUDIT
from domain.fact import Fact
from domain.programme.facts import Closed as YearClosed
from tests.domain.examples import COMMANDS, EVALUATED, IN_PROGRESS, OPENED, REF, TASK_ID, fold, refused, when

CLOSE: Any = COMMANDS["audit.close"]
OVER: dict[str, tuple[Fact, ...]] = {
    f"task/{TASK_ID}": (*IN_PROGRESS, EVALUATED),
    "programme/2024": (OPENED, YearClosed()),
}
CLOSED = f.Closed(up_to=3994, findings=2, note=REF, open=("late_entry-812",), points=(REF,))
SETTLED = f.PointSettled(point=1, note=REF)


@pytest.mark.parametrize("subject", [TASK_ID, "2024"])
def test_an_audit_is_closed_as_a_whole_with_its_open_points(subject: str) -> None:
    command = CLOSE.model_copy(update={"subject": subject})
    assert command.stream == f"audit/{subject}"
    assert when(command, world=OVER) == (CLOSED,)
    assert fold(AUDIT, (CLOSED,)).open_points == (1,)


@pytest.mark.parametrize("subject", [TASK_ID, "2024"])
def test_what_goes_on_still_or_never_was_has_no_audit_to_close(subject: str) -> None:
    command = CLOSE.model_copy(update={"subject": subject})
    going_on = {f"task/{TASK_ID}": IN_PROGRESS, "programme/2024": (OPENED,)}
    refused(r.NotOverYet, command, world=going_on)
    refused(r.NothingToAudit, command, world={})


def test_a_point_is_settled_once_and_only_where_it_is_open() -> None:
    settle = COMMANDS["audit.settle"]
    assert when(settle, (CLOSED,)) == (SETTLED,)
    assert fold(AUDIT, (CLOSED, SETTLED)).open_points == ()
    refused(r.NoSuchPoint, settle, (CLOSED, SETTLED))
    refused(r.NoSuchPoint, c.Settle(subject=TASK_ID, point=2, note="봄"), (CLOSED,))
    refused(r.AuditNotClosed, settle)


def test_a_closed_audit_is_closed_again_only_once_it_was_reopened() -> None:
    refused(r.AuditClosedAlready, CLOSE, (CLOSED,), world=OVER)
    reopened = when(COMMANDS["audit.reopen"], (CLOSED, SETTLED))
    assert reopened == (f.Reopened(),)
    history = (CLOSED, SETTLED, *reopened)
    refused(r.AuditNotClosed, COMMANDS["audit.reopen"], history)
    assert fold(AUDIT, (*history, *when(CLOSE, history, world=OVER))).open_points == (1,), "settled anew"


@pytest.mark.parametrize("subject", ["24", "2024-", "20245", "1899", "task/2024-07"])
def test_only_a_task_or_a_year_is_audited(subject: str) -> None:
    with pytest.raises(ValueError, match="subject"):
        c.Reopen(subject=subject)
