"""What people read of deadlines: what is due."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import msgspec

from domain.values import LocalText
from projections.deadlines import tasks_due
from workflows.queries.due import DueOf, WaitingOf, due_of
from workflows.queries.inquiry import Inquiry
from workflows.queries.tasks import whose
from workflows.queries.today import today_titles


class DeadlineList(msgspec.Struct, frozen=True):
    """The soonest first. What lies before `today` is overdue.

    `titles_now`: of a slice of before, today's titles of those tasks that have another now.
    """

    today: date
    deadlines: list[DueOf]
    waiting: list[WaitingOf]
    titles_now: Mapping[str, LocalText] = {}


def list_deadlines(
    inquiry: Inquiry,
    *,
    agency: str | None = None,
    task: str | None = None,
    until: date | None = None,
    overdue: bool = False,
) -> DeadlineList:
    """What is due; of one's own agency where one is of an agency and names neither agency nor task."""
    agency = agency or (inquiry.own_agency if task is None else None)
    at = inquiry.authorise("deadlines", whose(inquiry.store, agency, task), tasks=(task,))
    today = inquiry.today
    rows = tasks_due(inquiry.store, lead=agency, task=task, until=until, at=at)
    found = due_of(rows, today)
    due = [one for one in found.dated if (until is None or one.due <= until) and (not overdue or one.overdue)]
    waiting = found.waiting if until is None and not overdue else []
    titles = {one.task: one.title for one in (*due, *waiting)}
    return DeadlineList(today, due, waiting, today_titles(titles, inquiry))
