"""What people read of agencies: the register, what waits for each, an agency's history."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from domain.errors import Refusal
from domain.values import LocalText
from projections.history_line import Line
from projections.inbox import agency_inbox
from workflows import lookups as read
from workflows.concerns_waiting import ConcernWaiting, concerns_of_agency
from workflows.decisions_waiting import OpenDecision, decisions_of_agency
from workflows.gone_addresses import GoneAddress, list_gone_addresses
from workflows.queries.inquiry import Inquiry
from workflows.queries.notices import NoticeRead, list_undelivered
from workflows.queries.today import today_titles_of
from workflows.waiting import InboxWaiting, with_ways_on


class NoSuchAgency(Refusal):
    """Nobody registered it."""

    ko = "기관 {agency}은(는) 등록되지 않았습니다. `donghaeng agency list`로 기관을 확인하십시오."
    en = "The agency {agency} is not registered. See the agencies with `donghaeng agency list`."


class AgencyRead(msgspec.Struct, frozen=True):
    """`formerly`: names it bore before; `successor`: the agency that it was merged into."""

    agency: str
    name: LocalText | None
    formerly: tuple[LocalText, ...]
    successor: str | None
    closed: bool


class AgencyList(msgspec.Struct, frozen=True):
    agencies: list[AgencyRead]


class Inbox(msgspec.Struct, frozen=True):
    """What waits for one agency, by task."""

    agency: str
    waiting: list[InboxWaiting]


class Inboxes(msgspec.Struct, frozen=True):
    """`undelivered`: reminders that did not get there; `addresses_gone`: those that were turned off by rule.

    `titles_now`: of a slice of before, today's titles of those tasks that have another now. `decisions`: what meetings decided
    that the agencies carry out and have not done; `concerns`: on which the agencies are asked for opinions.
    """

    inboxes: list[Inbox]
    undelivered: list[NoticeRead]
    addresses_gone: list[GoneAddress]
    titles_now: Mapping[str, LocalText] = {}
    decisions: list[OpenDecision] = []
    concerns: list[ConcernWaiting] = []


class AgencyHistory(msgspec.Struct, frozen=True):
    agency: str
    history: list[Line]


def list_agencies(inquiry: Inquiry) -> AgencyList:
    """The register, by id."""
    known = read.load_agencies(inquiry.store, inquiry.authorise("agency.list"))
    return AgencyList(
        [
            AgencyRead(identity, one.name, one.formerly, one.successor, one.closed)
            for identity, one in known.items()
        ]
    )


def agency_inboxes(inquiry: Inquiry, agency: str | None = None) -> Inboxes:
    """What waits for each agency, or for one: one's own where one is of an agency and names none."""
    agency = agency or inquiry.own_agency
    at = inquiry.authorise("agency.inbox", (agency,))
    found = agency_inbox(inquiry.store, agency, at)
    return Inboxes(
        [Inbox(identity, with_ways_on(inquiry.store, waiting)) for identity, waiting in found.items()],
        list_undelivered(inquiry.store, agency, at),
        list_gone_addresses(inquiry.store, inquiry.today, agency, at),
        today_titles_of([row for waiting in found.values() for row in waiting], inquiry),
        decisions_of_agency(inquiry.store, agency, inquiry.today, at),
        concerns_of_agency(inquiry.store, agency, inquiry.today, at),
    )


def agency_history(inquiry: Inquiry, agency: str) -> AgencyHistory:
    """With what others transferred to it or merged into it. Raises NoSuchAgency."""
    from workflows import telling  # noqa: PLC0415 - with all sentences, of which lists tell none

    at = inquiry.authorise("agency.history", (agency,))
    lines = telling.agency_history(
        inquiry.store, agency, inquiry.lang, at, lambda subjects: inquiry.names_of(subjects, (agency,))
    )
    if not lines:
        raise NoSuchAgency(agency=agency)
    return AgencyHistory(agency, lines)
