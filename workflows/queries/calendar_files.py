"""An agency's deadlines for a calendar of its own: a feed, and invitations."""

from __future__ import annotations

from datetime import date

import msgspec

from domain.agency.state import AGENCY, Agency
from domain.channels import Channel
from domain.errors import Refusal
from domain.programme.state import PROGRAMME, Programme
from domain.streams import agency_stream, programme_stream, year_of
from domain.values import LocalText
from projections.deadlines import tasks_due
from store.recorded import fold_state
from workflows.feed import Invited, entries, feed, invitation
from workflows.invitations import invitations
from workflows.lookups import agency_names
from workflows.queries.agencies import NoSuchAgency
from workflows.queries.inquiry import Inquiry


class CalendarFeed(msgspec.Struct, frozen=True):
    """An agency's open deadlines as iCalendar."""

    agency: str
    ics: str


class NobodyInvited(Refusal):
    """An invitation is for an address."""

    ko = "{agency}의 메일 주소가 정해져 있지 않아 초대할 주소를 알 수 없습니다. --to로 주소를 지정하거나 `donghaeng agency set-contact {agency} --mail 주소`로 정하십시오."
    en = "{agency} has no mail address, so nobody can be invited. Give one with --to, or set it with `donghaeng agency set-contact {agency} --mail ADDRESS`."


class Invitation(msgspec.Struct, frozen=True):
    """One deadline for a calendar by iTIP. `method`: REQUEST, also of what has moved, or CANCEL; `ics`: the file."""

    method: str
    uid: str
    task: str
    kind: str
    item: str | None
    item_name: LocalText | None
    kind_name: LocalText | None
    due: date
    sequence: int
    ics: str


class CalendarInvitations(msgspec.Struct, frozen=True):
    """`to`: who is invited."""

    agency: str
    to: str
    invitations: list[Invitation]


def calendar_feed(inquiry: Inquiry, agency: str) -> CalendarFeed:
    """Raises NoSuchAgency."""
    store = inquiry.store
    inquiry.authorise("agency.inbox", (agency,))
    names = agency_names(store)
    if agency not in names:
        raise NoSuchAgency(agency=agency)
    rows = tasks_due(store, lead=agency)
    written = feed(names[agency].say(inquiry.lang), entries(rows), store, store.now(), inquiry.lang)
    return CalendarFeed(agency, written.decode())


def calendar_invitations(
    inquiry: Inquiry, agency: str, organizer: str, *, since: date | None, to: str | None
) -> CalendarInvitations:
    """One for each of an agency's deadlines that is open, or with `since` has come, moved or gone from that day on.

    `organizer`: where the programme's planner has no address; `to`: else the agency's own. Raises NoSuchAgency, NobodyInvited.
    """
    store = inquiry.store
    inquiry.authorise("agency.inbox", (agency,))
    entry: Agency = fold_state(AGENCY, store.read(agency_stream(agency)))
    if entry.name is None:
        raise NoSuchAgency(agency=agency)
    attendee = to or entry.contacts.get(Channel.MAIL)
    if attendee is None:
        raise NobodyInvited(agency=agency)
    found = []
    for told in invitations(store, agency, since):
        one = told.entry
        programme: Programme = fold_state(PROGRAMME, store.read(programme_stream(year_of(one.task))))
        invited = Invited(
            programme.contacts.get("planner", organizer), attendee, entry.name.say(inquiry.lang)
        )
        ics = invitation(one, told.method, invited, store, store.now(), inquiry.lang).decode()
        deadline = one.deadline
        found.append(
            Invitation(
                told.method,
                one.uid(store.id),
                one.task,
                deadline.kind,
                deadline.item,
                one.item_name,
                deadline.label,
                deadline.due,
                one.sequence,
                ics,
            )
        )
    return CalendarInvitations(agency, attendee, found)
