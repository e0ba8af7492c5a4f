"""An agency's deadlines as iCalendar: a feed to subscribe to, what a reminder's mail brings along, and invitations.

All-day events with alarms on the days of the ladder. An event's UID stays as long as the deadline is the same one; its
sequence is the number of the task's fact that counted it last, so that it only grows (RFC 5545, 5546).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal

import msgspec

from domain.errors import Bilingual, Lang
from domain.lifecycle.model import Definition
from domain.lifecycle.reached import is_of_city
from domain.task.deadline_kinds import describe_deadline
from domain.values import Deadline, LocalText
from projections.deadlines_row import DeadlinesRow
from projections.labels import find_item_name
from store.log import Store
from workflows.definitions.adopted import definitions_of

if TYPE_CHECKING:
    from icalendar import Alarm, Calendar, Event

Method = Literal["PUBLISH", "REQUEST", "CANCEL"]
_DAY = timedelta(days=1)
_NINE = timedelta(hours=9)  # when offices open


class Entry(msgspec.Struct, frozen=True):
    """One deadline for a calendar. `by`: the definition; `sequence`: see above; `item_name`: what people call which of
    several it is, as a milestone.
    """

    task: str
    title: LocalText
    deadline: Deadline
    by: str
    sequence: int
    item_name: LocalText | None = None

    def describe(self) -> Bilingual:
        """What is due, in words."""
        due = self.deadline
        return describe_deadline(due.kind, due.item, self.item_name, due.label)

    def uid(self, store: str) -> str:
        return f"{self.task}-{self.deadline.kind}-{self.deadline.item or 'one'}@{store}.donghaeng"


class Invited(msgspec.Struct, frozen=True):
    """Who invites whom, by mail address; `name`: of who is invited."""

    organizer: str
    attendee: str
    name: str


def entries(rows: Sequence[DeadlinesRow]) -> list[Entry]:
    """The open deadlines of these tasks that are the agency's to meet."""
    return [
        Entry(
            row.task,
            LocalText(ko=row.title_ko, en=row.title_en),
            one,
            row.definition,
            row.set_by,
            find_item_name(row.state, one.item),
        )
        for row in rows
        for one in row.deadlines
        if one.who == "agency"
    ]


def feed(name: str, shown: Sequence[Entry], store: Store, now: datetime, lang: Lang) -> bytes:
    """All of them as a calendar of that name, to be subscribed to."""
    calendar = make_calendar("PUBLISH", lang)
    calendar.add("x-wr-calname", name)
    for one in shown:
        calendar.add_component(_event(one, definitions_of(store).of(one.by), store.id, now, lang))
    return bytes(calendar.to_ical())


def publication(
    shown: Sequence[Entry],
    rules: Mapping[str, Definition],
    organizer: str,
    store: str,
    at: datetime,
    lang: Lang,
) -> bytes:
    """Deadlines for whoever reads of them: nobody is asked to accept them (RFC 5546, 3.2.1). `organizer`: an address.

    `rules`: the definitions by which they were set, by identity; `store`: its id.
    """
    from icalendar import vCalAddress  # noqa: PLC0415 as below

    calendar = make_calendar("PUBLISH", lang)
    for one in shown:
        event = _event(one, rules[one.by], store, at, lang)
        event.add("status", "CONFIRMED")
        event.add("organizer", vCalAddress(f"mailto:{organizer}"))
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def cancellation(one: Entry, by: Definition, organizer: str, store: str, at: datetime, lang: Lang) -> bytes:
    """What takes an entry out that was published before: nobody attends it, so nobody is named (RFC 5546, 3.2.5 and 4.1.3).

    One file a deadline: all events of such a file have one UID. `organizer`, `store`: as of a publication.
    """
    from icalendar import vCalAddress  # noqa: PLC0415 as below

    calendar = make_calendar("CANCEL", lang)
    event = _event(one, by, store, at, lang, alarms=False)
    event.add("status", "CANCELLED")
    event.add("organizer", vCalAddress(f"mailto:{organizer}"))
    calendar.add_component(event)
    return bytes(calendar.to_ical())


def invitation(
    one: Entry, method: Literal["REQUEST", "CANCEL"], to: Invited, store: Store, now: datetime, lang: Lang
) -> bytes:
    """One deadline for whoever meets it; the same again with a higher sequence where it has moved, or is to be taken out."""
    from icalendar import vCalAddress, vText  # noqa: PLC0415 takes a quarter of a second to load

    calendar = make_calendar(method, lang)
    by = definitions_of(store).of(one.by)
    event = _event(one, by, store.id, now, lang, alarms=method == "REQUEST")
    event.add("status", "CONFIRMED" if method == "REQUEST" else "CANCELLED")
    event.add("organizer", vCalAddress(f"mailto:{to.organizer}"))
    attendee = vCalAddress(f"mailto:{to.attendee}")
    attendee.params["CN"] = vText(to.name)
    attendee.params["ROLE"] = vText("REQ-PARTICIPANT")
    attendee.params["PARTSTAT"] = vText("NEEDS-ACTION")
    attendee.params["RSVP"] = vText("FALSE")
    event.add("attendee", attendee, encode=False)
    calendar.add_component(event)
    return bytes(calendar.to_ical())


def make_calendar(method: Method, lang: Lang) -> Calendar:
    from icalendar import Calendar  # noqa: PLC0415 as above

    calendar = Calendar()
    calendar.add("prodid", f"-//Donghaeng//deadlines//{lang.upper()}")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method)
    return calendar


def _event(
    one: Entry, by: Definition, store: str, now: datetime, lang: Lang, *, alarms: bool = True
) -> Event:
    from icalendar import Event  # noqa: PLC0415 as above

    what = one.describe().say(lang)
    event = Event()
    event.add("uid", one.uid(store))
    event.add("dtstamp", now)
    event.add("sequence", one.sequence)
    event.add("dtstart", one.deadline.due)
    event.add("dtend", one.deadline.due + _DAY)
    event.add("summary", f"[{one.task}] {what}: {one.title.say(lang)}")
    event.add("description", _basis(one, by, lang))
    event.add("transp", "TRANSPARENT")
    event.add("x-microsoft-cdo-alldayevent", "TRUE")
    event.add("x-microsoft-cdo-busystatus", "FREE")
    for before in _alarms(one, by) if alarms else ():
        event.add_component(_alarm(f"{what}: {one.deadline.due}", before))
    return event


def _alarm(said: str, before: timedelta) -> Alarm:
    from icalendar import Alarm  # noqa: PLC0415 as above

    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", said)
    alarm.add("trigger", before)
    return alarm


def _alarms(one: Entry, by: Definition) -> Iterator[timedelta]:
    """At nine on the days of the ladder's rungs for the agency's own people, counted from the due day's midnight."""
    own = {step.days for step in by.rungs(one.deadline.kind) if not all(map(is_of_city, step.to))}
    for rung in one.deadline.rungs:
        if rung.days in own:
            yield rung.on - one.deadline.due + _NINE


def _basis(one: Entry, by: Definition, lang: Lang) -> str:
    rule = by.rule(one.deadline.kind)
    return "" if rule is None else f"{rule.basis.say(lang)} ({one.by})"
