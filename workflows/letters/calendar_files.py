"""The calendar files that a mail brings along: deadlines, what is to be taken out of a calendar, and invitations to meetings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from domain.errors import Lang
from domain.lifecycle.model import Definition
from domain.meeting.deadline_kinds import CANCELLATION, INVITATION
from domain.seoul import local_day
from workflows.feed import Entry, cancellation, publication
from workflows.letters.lines import Line
from workflows.letters.mime import Attached
from workflows.letters.outdated import Outdated
from workflows.meeting_calendar import Attendee, invite_to

_MOST_FILES = 3  # in a mail, for as many deadlines


class Issue(NamedTuple):
    """Who gives them out, from which store, when and in which language."""

    organizer: str
    store: str
    at: datetime
    lang: Lang


def files_of_deadlines(
    lines: Sequence[Line], outdated: Sequence[Outdated], rules: Mapping[str, Definition], by: Issue
) -> list[Attached]:
    """One for each deadline that the mail brings along, since Outlook makes a calendar of its own of a file of several; of many,
    which nobody opens one by one, a file of all. What is taken out has a file each, whatever their number.
    """
    brought = [line.entry for line in lines if line.entry is not None]
    brought += [one.entry for one in outdated if one.method == "PUBLISH"]
    taken_out = [
        Attached(
            f"{_name_of(one.entry, by.store)}.cancel.ics",
            cancellation(one.entry, rules[one.entry.by], *by),
            "CANCEL",
        )
        for one in outdated
        if one.method == "CANCEL"
    ]
    if len(brought) > _MOST_FILES:
        together = publication(brought, rules, *by)
        return [Attached(f"deadlines-{local_day(by.at)}.ics", together), *taken_out]
    return [
        Attached(f"{_name_of(one, by.store)}.ics", publication([one], rules, *by)) for one in brought
    ] + taken_out


def files_of_meetings(lines: Sequence[Line], recipient: str, by: Issue) -> list[Attached]:
    """One for each meeting that the mail invites to or cancels, for whoever gets it."""
    found: dict[str, Attached] = {}
    for line in lines:
        if (told := line.meeting) is not None and line.kind in (INVITATION, CANCELLATION):
            to = Attendee(line.agency or line.title, recipient)
            method, ics = invite_to(
                told.meeting, told.state, told.facts, by.organizer, [to], by.store, by.at, by.lang
            )
            end = "cancel.ics" if method == "CANCEL" else "ics"
            found[told.meeting] = Attached(f"meeting-{told.meeting}.{end}", ics, method)
    return list(found.values())


def _name_of(one: Entry, store: str) -> str:
    return one.uid(store).partition("@")[0]
