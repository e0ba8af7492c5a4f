"""What meetings decided and is not done: for the inbox of who carries it out, and for the city's once its day is over."""

from __future__ import annotations

from datetime import date, datetime

import msgspec

from domain.values import LocalText
from projections.meetings import OpenDecisionRow, decisions_open
from projections.slices import AsOf
from store.log import Store


class OpenDecision(msgspec.Struct, frozen=True):
    """What was decided and is not done. `agency`: who carries it out, None where the city does."""

    meeting: str
    decision: int
    wording: LocalText
    agency: str | None
    due: date
    overdue: bool
    since: datetime


def decisions_of_agency(store: Store, agency: str | None, today: date, at: AsOf | None) -> list[OpenDecision]:
    """For an agency's inbox, or for all agencies'. `at`: of a slice of the log, here and below."""
    found = (row for row in decisions_open(store, at) if row.agency is not None)
    return [describe_open(row, today) for row in found if agency in (None, row.agency)]


def decisions_of_city(store: Store, today: date, at: AsOf | None) -> list[OpenDecision]:
    """For the planner's inbox: the city's own, and those of agencies whose day is over, which climb to it."""
    return [describe_open(row, today) for row in decisions_open(store, at) if is_citys(row, today)]


def is_citys(row: OpenDecisionRow, today: date) -> bool:
    """Whether the city has to see to it: its own, or an agency's whose last day is over."""
    return row.agency is None or row.due < today


def describe_open(row: OpenDecisionRow, today: date) -> OpenDecision:
    return OpenDecision(
        row.meeting, row.decision, row.wording, row.agency, row.due, row.due < today, row.since
    )
