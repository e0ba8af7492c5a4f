"""What people are reminded of about a meeting: what each is called, and what is to be done."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from domain.errors import Bilingual
from domain.meeting.state import Meeting, MeetingStage
from domain.values import LocalText

CARRYING_OUT, INVITATION, CANCELLATION, OBJECTIONS = (
    "carrying_out",
    "invitation",
    "meeting_cancelled",
    "objections",
)
# told as soon as it is so, and not only on the days of a ladder
TOLD_AT_ONCE = (INVITATION, CANCELLATION, OBJECTIONS)


class MeetingKind(NamedTuple):
    """`label`: in English with its article; `asks`: what whoever is told is to do; `command`: by which that is entered, of a
    `{meeting}` and a `{number}`.
    """

    label: LocalText
    asks: Bilingual
    command: str


MEETING_KINDS: Mapping[str, MeetingKind] = {
    CARRYING_OUT: MeetingKind(
        LocalText(ko="결정사항 이행", en="the carrying out of the decision"),
        Bilingual("회의에서 결정한 사항을 이행하고 결과를 입력하십시오.", "Carry out what the meeting decided, and enter what came of it."),
        "meeting done {meeting} {number}",
    ),
    INVITATION: MeetingKind(
        LocalText(ko="회의 참석", en="the meeting"),
        Bilingual("회의에 참석하고, 올릴 안건이 있으면 제출하십시오.", "Come to the meeting, and put in what is to be on its agenda."),
        "meeting show {meeting}",
    ),
    CANCELLATION: MeetingKind(
        LocalText(ko="회의 취소", en="the cancelled meeting"),
        Bilingual("일정에서 회의를 삭제하십시오.", "Take the meeting out of your calendar."),
        "meeting show {meeting}",
    ),
    OBJECTIONS: MeetingKind(
        LocalText(ko="회의록 이의 제기", en="objections to the minutes"),
        Bilingual("회의록을 확인하고 이의가 있으면 제기하십시오.", "Read the minutes, and object where they are wrong."),
        "meeting object {meeting}",
    ),
}  # fmt: skip


class OpenOfMeeting(NamedTuple):
    """Something that somebody is told of a meeting. `item`: which of several; `agency`: whose it is, None where the city's;
    `since`: the meeting's fact that set it.
    """

    kind: str
    item: str
    due: date
    agency: str | None
    since: int

    @property
    def at_once(self) -> bool:
        return self.kind in TOLD_AT_ONCE


def list_open(meeting: Meeting, today: date) -> list[OpenOfMeeting]:
    """What is open of it: decisions that are not done, however late; all else until its day is over."""
    found = [
        OpenOfMeeting(CARRYING_OUT, str(number), one.decided.due, one.decided.agency, number)
        for number, one in meeting.decisions.items()
        if not one.done and one.decided.due is not None
    ]
    told = _find_common(meeting)
    if told is not None and told[1] >= today:
        kind, due, since = told
        found += [OpenOfMeeting(kind, f"{since}-{agency}", due, agency, since) for agency in meeting.agencies]
    return found


def _find_common(meeting: Meeting) -> tuple[str, date, int] | None:
    """What every agency that is invited is told as the meeting stands: of which kind, until when, set by which fact."""
    if meeting.stage is MeetingStage.CIRCULATED and meeting.circulated is not None:
        # told of by the last fact in it, so that minutes that go round again are told again
        return OBJECTIONS, meeting.circulated.object_until, meeting.circulated.up_to + 1
    if meeting.on is None or meeting.stage not in (MeetingStage.CALLED, MeetingStage.CANCELLED):
        return None
    kind = INVITATION if meeting.stage is MeetingStage.CALLED else CANCELLATION
    return kind, meeting.on, max(meeting.stamps[name][1] for name in ("on", "time", "venue"))


def last_day(meeting: Meeting) -> date | None:
    """Until when somebody may have to be told something of it; None where nobody has."""
    if any(not one.done and one.decided.due is not None for one in meeting.decisions.values()):
        return date.max
    told = _find_common(meeting)
    return None if told is None else told[1]


def name_item(meeting: Meeting, kind: str, item: str | None) -> LocalText | None:
    """What people call that of which something is due: the wording of a decision, else the meeting itself."""
    if kind != CARRYING_OUT:
        return None if meeting.called is None else meeting.called.name
    one = meeting.decisions.get(int(item)) if item is not None and item.isdecimal() else None
    return None if one is None else one.decided.wording
