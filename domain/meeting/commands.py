"""What can be asked of a meeting. Limits on values sit here."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field

from domain.aggregate import Command
from domain.errors import Bilingual
from domain.limited import (
    AgencyName,
    Count,
    FreeText,
    ItemName,
    Line,
    Papers,
    PositionName,
    Seat,
    TimeOfDay,
    Title,
    Year,
)
from domain.limits import MOST_ITEMS, check_line, check_once, check_seat, check_subject, check_text
from domain.meeting.facts import Attendee, Format, Vote
from domain.plan_limits import Day
from domain.refusals import validation_error
from domain.roles import DEPARTMENT, HEAD, OFFICER, PLANNER
from domain.streams import meeting_stream
from domain.values import Value

MOST_SEATS = 200
MOST_COMMANDS = 50  # of one decision

Seats = Annotated[tuple[Seat, ...], Field(max_length=MOST_SEATS)]


class GivenCommand(Value, frozen=True):
    """A command that a decision gives: its name, e.g. task.approve, and its fields as a JSON object."""

    command: str
    fields: str = "{}"


def _check_attendance(present: tuple[Attendee, ...]) -> tuple[Attendee, ...]:
    if len(present) > MOST_SEATS:
        raise validation_error("too_many", max=MOST_SEATS)
    for number, one in enumerate(present):
        check_seat(one.seat, f"[{number}].seat")
        for field in ("subject", "stands_in_for"):
            if (subject := getattr(one, field)) is not None:
                check_subject(subject, f"[{number}].{field}")
    check_once([one.seat for one in present], "[{}].seat")
    return present


def _check_vote(vote: Vote) -> Vote:
    for field in ("votes_for", "votes_against", "abstained"):
        if getattr(vote, field) < 0:
            raise validation_error("below_least", field, least=0)
        if getattr(vote, field) > MOST_SEATS:
            raise validation_error("above_most", field, most=MOST_SEATS)
    return vote


def _check_given(commands: tuple[GivenCommand, ...]) -> tuple[GivenCommand, ...]:
    if len(commands) > MOST_COMMANDS:
        raise validation_error("too_many", max=MOST_COMMANDS)
    for number, one in enumerate(commands):
        check_line(one.command, f"[{number}].command")
        check_text(one.fields, f"[{number}].fields")
    return commands


Attendance = Annotated[tuple[Attendee, ...], AfterValidator(_check_attendance)]
VoteCast = Annotated[Vote, AfterValidator(_check_vote)]
GivenCommands = Annotated[tuple[GivenCommand, ...], AfterValidator(_check_given)]


class OnMeeting(Command):
    """A command about one meeting, by the id that the city gave it, e.g. heads-2024-1."""

    meeting: ItemName

    @property
    def stream(self) -> str:
        return meeting_stream(self.meeting)


class Call(OnMeeting):
    """Call the meeting, under the definition that the year's programme goes by. `title` is given as `name`: a command's own name is its class's."""

    name = "meeting.call"
    label = Bilingual("회의 소집", "call the meeting")
    by = PLANNER
    year: Year
    title: Title
    on: Day
    venue: Title
    format: Format
    theme: Title | None = None
    time: TimeOfDay | None = None
    chair: PositionName | None = None
    invited: Seats = ()
    series: Line | None = None


class Invite(OnMeeting):
    name = "meeting.invite"
    label = Bilingual("회의 초청", "invite to the meeting")
    by = PLANNER
    invited: Annotated[Seats, Field(min_length=1)]


class Move(OnMeeting):
    name = "meeting.move"
    label = Bilingual("회의 변경", "move the meeting")
    by = PLANNER
    needs_reason = True
    on: Day
    time: TimeOfDay | None = None
    venue: Title | None = None


class Cancel(OnMeeting):
    name = "meeting.cancel"
    label = Bilingual("회의 취소", "cancel the meeting")
    by = PLANNER
    needs_reason = True


class AddItem(OnMeeting):
    """Put an item on the agenda, until the definition's deadline. `agency`: whose it is; without one it is the city's.
    `concern`: the policy concern that is deliberated, where it is one.
    """

    name = "meeting.add_item"
    label = Bilingual("안건 제출", "put in an item")
    by = OFFICER | HEAD | DEPARTMENT | PLANNER
    title: Title
    agency: AgencyName | None = None
    text: FreeText | None = None
    concern: ItemName | None = None
    papers: Papers = ()


class OrderItems(OnMeeting):
    name = "meeting.order_items"
    label = Bilingual("안건 순서 결정", "put the items in order")
    by = PLANNER
    order: Annotated[tuple[Count, ...], Field(min_length=1, max_length=MOST_ITEMS)]


class WithdrawItem(OnMeeting):
    """`agency`: whose item it is."""

    name = "meeting.withdraw_item"
    label = Bilingual("안건 철회", "withdraw the item")
    by = OFFICER | HEAD | DEPARTMENT | PLANNER
    item: Count
    agency: AgencyName | None = None


class Open(OnMeeting):
    """Record that it was opened, who was in the chair and who came."""

    name = "meeting.open"
    label = Bilingual("개회", "open the meeting")
    by = PLANNER
    chairs: Seats = ()
    present: Attendance = ()


class Join(OnMeeting):
    name = "meeting.join"
    label = Bilingual("참석자 추가", "record who came later")
    by = PLANNER
    present: Attendance


class Note(OnMeeting):
    name = "meeting.note"
    label = Bilingual("토의 내용 기록", "record what was said")
    by = PLANNER
    text: FreeText
    item: Count | None = None


class Decide(OnMeeting):
    """Record a decision. `commands`: what it gives, carried out in the same append by the right of who records it."""

    name = "meeting.decide"
    label = Bilingual("의결", "record the decision")
    by = PLANNER
    wording: Title
    item: Count | None = None
    agency: AgencyName | None = None
    due: Day | None = None
    text: FreeText | None = None
    vote: VoteCast | None = None
    commands: GivenCommands = ()


class VoteDown(OnMeeting):
    name = "meeting.vote_down"
    label = Bilingual("부결", "record that it was voted down")
    by = PLANNER
    wording: Title
    vote: VoteCast
    item: Count | None = None


class FinishDecision(OnMeeting):
    """Say that what was decided is done, and what came of it. `agency`: who carries it out."""

    name = "meeting.finish_decision"
    typed = "meeting done"
    label = Bilingual("의결사항 이행 완료", "say that the decision is carried out")
    by = OFFICER | HEAD | DEPARTMENT | PLANNER
    decision: Count
    result: FreeText
    agency: AgencyName | None = None


class Close(OnMeeting):
    name = "meeting.close"
    label = Bilingual("폐회", "close the meeting")
    by = PLANNER


class CirculateMinutes(OnMeeting):
    name = "meeting.circulate_minutes"
    typed = "meeting circulate"
    label = Bilingual("회의록 회람", "circulate the minutes")
    by = PLANNER


class Object(OnMeeting):
    """`agency`: who objects; without one it is the city."""

    name = "meeting.object"
    label = Bilingual("회의록 이의 제기", "object to the minutes")
    by = OFFICER | HEAD | DEPARTMENT | PLANNER
    text: FreeText
    agency: AgencyName | None = None


class SettleObjection(OnMeeting):
    name = "meeting.settle_objection"
    typed = "meeting settle"
    label = Bilingual("이의 처리", "settle the objection")
    by = PLANNER
    objection: Count
    upheld: bool
    text: FreeText


class ConfirmMinutes(OnMeeting):
    name = "meeting.confirm_minutes"
    typed = "meeting confirm"
    label = Bilingual("회의록 확정", "confirm the minutes")
    by = PLANNER


MeetingCommand = (
    Call
    | Invite
    | Move
    | Cancel
    | AddItem
    | OrderItems
    | WithdrawItem
    | Open
    | Join
    | Note
    | Decide
    | VoteDown
    | FinishDecision
    | Close
    | CirculateMinutes
    | Object
    | SettleObjection
    | ConfirmMinutes
)
