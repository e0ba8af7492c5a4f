"""A meeting as files: its minutes, and an invitation for calendars."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import msgspec

from domain.agency.state import AGENCY, Agency
from domain.channels import Channel
from domain.errors import Bilingual, Lang
from domain.meeting.state import MEETING, Meeting
from domain.programme.state import PROGRAMME, Programme
from domain.streams import agency_stream, meeting_stream, programme_stream
from store.recorded import fold_state
from workflows.meeting_calendar import Attendee, invite_to
from workflows.queries.inquiry import Inquiry
from workflows.queries.meetings import NoSuchMeeting

_PURPOSE = Bilingual("회의록 작성", "the minutes of a meeting")


class MinutesMade(msgspec.Struct, frozen=True):
    """`position`: of the meeting's last fact, after which nothing changes them; `confirmed`: whether they were."""

    meeting: str
    files: list[str]
    position: int
    as_of: date
    confirmed: bool


class MeetingInvitation(msgspec.Struct, frozen=True):
    """`method`: REQUEST, also of what was moved, or CANCEL; `to`: the addresses of those invited, `without_address`: the
    agencies that have none; `ics`: the file.
    """

    meeting: str
    method: str
    sequence: int
    to: list[str]
    without_address: list[str]
    ics: str


def make_minutes(inquiry: Inquiry, meeting: str, formats: Sequence[str], out: Path) -> MinutesMade:
    """Write a meeting's minutes into a folder: all files whole, or none. Raises NoMinutes, ReportPlace."""
    from projections.report.formats import FORMATS  # noqa: PLC0415 - renderers, of which an invitation needs none
    from projections.report.minutes import minutes  # noqa: PLC0415
    from projections.report.publishing import publish  # noqa: PLC0415

    inquiry.authorise("meetings", (inquiry.own_agency,))
    document = minutes(inquiry.store, meeting)
    inquiry.purpose = inquiry.purpose or _PURPOSE.say(inquiry.lang)
    inquiry.authorise(
        "meetings", (inquiry.own_agency,), exported=True
    )  # recorded once there is something to export
    lang = inquiry.lang
    files = {_file_name(meeting, form, lang): FORMATS[form].render(document, lang) for form in formats}
    written = publish(out, files)
    made = document.provenance
    return MinutesMade(meeting, [str(one) for one in written], made.position, made.as_of, not made.running)


def _file_name(meeting: str, form: str, lang: Lang) -> str:
    return f"minutes-{meeting}.{form}" if form == "json" else f"minutes-{meeting}.{lang}.{form}"


def invite_by_calendar(inquiry: Inquiry, meeting: str, organizer: str) -> MeetingInvitation:
    """`organizer`: where the year's planner has no address. Raises NoSuchMeeting."""
    store = inquiry.store
    inquiry.authorise("meetings", (inquiry.own_agency,))
    facts = store.read(meeting_stream(meeting))
    state: Meeting = fold_state(MEETING, facts)
    if state.called is None:
        raise NoSuchMeeting(meeting=meeting)
    programme: Programme = fold_state(PROGRAMME, store.read(programme_stream(state.called.year)))
    agencies = [one.partition("/")[2] for one in state.invited if one.startswith("agency/")]
    entries: dict[str, Agency] = {one: fold_state(AGENCY, store.read(agency_stream(one))) for one in agencies}
    attendees = {
        one: Attendee(entry.name, mail)
        for one, entry in entries.items()
        if entry.name is not None and (mail := entry.contacts.get(Channel.MAIL)) is not None
    }
    by = programme.contacts.get("planner", organizer)
    method, ics = invite_to(
        meeting, state, len(facts), by, list(attendees.values()), store.id, store.now(), inquiry.lang
    )
    return MeetingInvitation(
        meeting,
        method,
        len(facts),
        [one.mail for one in attendees.values()],
        [one for one in agencies if one not in attendees],
        ics.decode(),
    )
