"""What is asked of an item wherever one is named."""

from __future__ import annotations

from domain.errors import Bilingual, Label
from domain.meeting import refusals as refused
from domain.meeting.commands import OnMeeting
from domain.meeting.state import Meeting

_CITY = Bilingual("시", "the city")


def check_item(command: OnMeeting, item: int, meeting: Meeting) -> None:
    """Refuse an item that is not on the agenda, or not any more."""
    if item not in meeting.items:
        raise refused.NoSuchItem(meeting=command.meeting, item=item, known=meeting.agenda or "–")
    if meeting.items[item].dropped:
        raise refused.ItemIsWithdrawn(
            command=command.label, meeting=command.meeting, item=item, title=meeting.items[item].name
        )


def describe_whose(agency: str | None) -> Label | str:
    """An agency by its id, or the city."""
    return agency or _CITY
