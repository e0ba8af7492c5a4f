"""An agency's deadlines as an iCalendar feed: all-day events with alarms, which move when the deadline moves."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from domain.errors import Lang
from projections.deadlines import DeadlinesRow
from projections.sentences.telling import DEADLINES
from workflows.definitions.model import definition

_DAY = timedelta(days=1)
# at nine o'clock so many days before
_ALARMS = (timedelta(days=-7, hours=9), timedelta(days=-1, hours=9))


def feed(name: str, rows: Sequence[DeadlinesRow], store_id: str, now: datetime, lang: Lang) -> bytes:
    """The open deadlines of these tasks that are the agency's to meet, as a calendar of that name (RFC 5545).

    An event's UID stays as long as the deadline is the same one; its sequence grows whenever the deadlines are set.
    """
    from icalendar import Alarm, Calendar, Event  # noqa: PLC0415 takes a quarter of a second to load

    calendar = Calendar()
    calendar.add("prodid", "-//Donghaeng//deadlines//KO")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    for row in rows:
        for one in row.deadlines:
            if one.who != "agency":
                continue
            what = DEADLINES[one.kind].say(lang) if one.kind in DEADLINES else one.kind
            item = "" if one.item is None else f" {one.item}"
            title = row.title_ko if lang == "ko" else row.title_en or row.title_ko
            rule = definition(row.definition).rule(one.kind)
            event = Event()
            event.add("uid", f"{row.task}-{one.kind}-{one.item or 'one'}@{store_id}.donghaeng")
            event.add("dtstamp", now)
            event.add("sequence", row.set_by)
            event.add("dtstart", one.due)
            event.add("dtend", one.due + _DAY)
            event.add("summary", f"[{row.task}] {what}{item}: {title}")
            event.add("description", "" if rule is None else f"{rule.basis.say(lang)} ({row.definition})")
            event.add("transp", "TRANSPARENT")
            for before in _ALARMS:
                alarm = Alarm()
                alarm.add("action", "DISPLAY")
                alarm.add("description", f"{what}{item}: {one.due}")
                alarm.add("trigger", before)
                event.add_component(alarm)
            calendar.add_component(event)
    return bytes(calendar.to_ical())
