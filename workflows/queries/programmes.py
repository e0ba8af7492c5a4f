"""What people read of a year's programme: its figures, and what waits for the planner."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from domain.values import LocalText
from projections.inbox import city_inbox
from projections.labels import Areas
from projections.programme_summary import ProgrammeSummaryRow
from projections.task_board import summary
from workflows.audits import Audited, audits
from workflows.concerns_waiting import ConcernWaiting, concerns_of_city
from workflows.decisions_waiting import OpenDecision, decisions_of_city
from workflows.gone_addresses import GoneAddress, list_gone_addresses
from workflows.lookups import area_names
from workflows.queries.inquiry import Inquiry
from workflows.queries.notices import NoticeRead, list_undelivered
from workflows.queries.today import today_titles_of
from workflows.trail.alarms import Alarm, alarms, filter_unexamined
from workflows.waiting import InboxWaiting, with_ways_on


class YearShown(msgspec.Struct, frozen=True):
    """A year's sums and counts by area and stage; `areas`: the names of the areas, by id."""

    year: int
    rows: list[ProgrammeSummaryRow]
    areas: Areas


class PlannerInbox(msgspec.Struct, frozen=True):
    """`alarms`: where the database is not what was sealed; `waiting`: by task; `audits`: with open points.

    `titles_now`: of a slice of before, today's titles of those tasks that have another now. `decisions`: of meetings, what the
    city carries out and has not done, and what agencies have not done by its day. `concerns`: which the city has to resolve, take
    up again or review.
    """

    alarms: list[Alarm]
    waiting: list[InboxWaiting]
    undelivered: list[NoticeRead]
    addresses_gone: list[GoneAddress]
    audits: list[Audited]
    titles_now: Mapping[str, LocalText] = {}
    decisions: list[OpenDecision] = []
    concerns: list[ConcernWaiting] = []


def show_year(inquiry: Inquiry, year: int) -> YearShown:
    """The year's figures; none where nobody opened it."""
    rows = summary(inquiry.store, year, inquiry.authorise("programme.show"))
    return YearShown(year, rows, area_names(inquiry.store, [year])[year])


def planner_inbox(inquiry: Inquiry) -> PlannerInbox:
    """What waits for the city's planner; alarms are those of now, and stand in no slice of before."""
    store, at = inquiry.store, inquiry.authorise("programme.inbox")
    waiting = city_inbox(store, at)
    return PlannerInbox(
        filter_unexamined(alarms(store)) if at is None else [],
        with_ways_on(store, waiting),
        list_undelivered(store, at=at),
        list_gone_addresses(store, inquiry.today, at=at),
        [one for one in audits(store, inquiry.lang, at) if one.open],
        today_titles_of(waiting, inquiry),
        decisions_of_city(store, inquiry.today, at),
        concerns_of_city(store, inquiry.today, at),
    )
