"""A meeting for the calendars of those who are invited (RFC 5545, 5546): the same UID for good, a sequence that only grows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

import msgspec

from domain.errors import Lang
from domain.meeting.state import Meeting, MeetingStage
from domain.seoul import SEOUL
from domain.values import LocalText
from workflows.feed import Method, make_calendar

if TYPE_CHECKING:
    from icalendar import Event

_LENGTH = timedelta(hours=2)  # of what says when it begins and not when it ends


class Attendee(msgspec.Struct, frozen=True):
    """Whom the invitation is for. `mail`: an address, by which calendars know who is asked."""

    name: LocalText
    mail: str


def invite_to(
    meeting: str, state: Meeting, sequence: int, organizer: str, attendees: Sequence[Attendee], store: str, now: datetime, lang: Lang
) -> tuple[Method, bytes]:  # fmt: skip
    """The file for all who are invited; one that takes it out of calendars where the meeting was cancelled. `store`: its id."""
    method: Method = "CANCEL" if state.stage is MeetingStage.CANCELLED else "REQUEST"
    calendar = make_calendar(method, lang)
    calendar.add_component(_event(meeting, state, sequence, organizer, attendees, store, now, lang))
    return method, bytes(calendar.to_ical())


def _event(
    meeting: str, state: Meeting, sequence: int, organizer: str, attendees: Sequence[Attendee], store: str, now: datetime, lang: Lang
) -> Event:  # fmt: skip
    from icalendar import Event, vCalAddress, vText  # noqa: PLC0415 takes a quarter of a second to load

    called = state.called
    assert called is not None
    event = Event()
    event.add("uid", f"meeting-{meeting}@{store}.donghaeng")
    event.add("dtstamp", now)
    event.add("sequence", sequence)
    _add_time(event, state)
    event.add("summary", called.name.say(lang))
    event.add("location", (state.venue or called.venue).say(lang))
    if called.theme is not None:
        event.add("description", called.theme.say(lang))
    event.add("status", "CANCELLED" if state.stage is MeetingStage.CANCELLED else "CONFIRMED")
    event.add("organizer", vCalAddress(f"mailto:{organizer}"))
    for one in attendees:
        attendee = vCalAddress(f"mailto:{one.mail}")
        attendee.params["CN"] = vText(one.name.say(lang))
        attendee.params["ROLE"] = vText("REQ-PARTICIPANT")
        attendee.params["PARTSTAT"] = vText("NEEDS-ACTION")
        attendee.params["RSVP"] = vText("TRUE")
        event.add("attendee", attendee, encode=False)
    return event


def _add_time(event: Event, state: Meeting) -> None:
    """The whole day where nobody said a time."""
    assert state.on is not None
    if state.time is None:
        event.add("dtstart", state.on)
        event.add("dtend", state.on + timedelta(days=1))
        return
    begins = datetime.combine(state.on, time.fromisoformat(state.time), SEOUL)
    event.add("dtstart", begins)
    event.add("dtend", begins + _LENGTH)
