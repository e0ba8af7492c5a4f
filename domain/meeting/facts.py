"""What can happen to a meeting of agency heads (공공기관장 회의). The kinds and fields of facts are stored for ever."""

from __future__ import annotations

from datetime import date
from typing import ClassVar, Literal

from domain.fact import Fact, Names
from domain.streams import concern_stream
from domain.values import Attachment, LocalText, TextRef, Value

Format = Literal["briefing", "discussion"]  # 보고, 토의


class Terms(Value, frozen=True):
    """By what the meeting goes, as the definition said that it was called under. `agenda_days`: how many business days before it
    items are put in at the latest; `objection_days`: how many business days there are to object to its minutes; `quorum`: how
    many of those who belong to it have to be there; `majority`: how many of those who are there have to vote for something.
    """

    agenda_days: int
    objection_days: int
    quorum: str
    majority: str


class Attendee(Value, frozen=True):
    """Who came. `seat`: whose place is taken, `agency/gto`, `position/mayor` or `subject/…`; `subject`: who took it, by the
    vault's id; `stands_in_for`: in whose stead.
    """

    seat: str
    subject: str | None = None
    stands_in_for: str | None = None


class Vote(Value, frozen=True):
    """How many voted how."""

    votes_for: int
    votes_against: int
    abstained: int

    @property
    def cast(self) -> int:
        return self.votes_for + self.votes_against + self.abstained


class CarriedOut(Value, frozen=True):
    """A command that a decision gave, carried out in the same append. `stream`: what it is about;
    `command_label`: as people call it.
    """

    command: str
    stream: str
    command_label: LocalText


class Called(Fact, frozen=True):
    """The city calls the meeting. `time`: in Seoul, e.g. 14:00, absent where none was said; `chair`: which position of the
    city's is in the chair; `invited`: the seats. `definition`: under which lifecycle definition it was called, `terms`: what
    that says of meetings. `series`: which of that definition's it belongs to, `series_name`: what that calls it.
    """

    kind = "meeting.called"
    schema_version: ClassVar[int] = 2
    year: int
    name: LocalText
    on: date
    venue: LocalText
    format: Format
    definition: str
    terms: Terms
    theme: LocalText | None = None
    time: str | None = None
    chair: str | None = None
    invited: tuple[str, ...] = ()
    series: str | None = None
    series_name: LocalText | None = None


class Invited(Fact, frozen=True):
    """More are invited."""

    kind = "meeting.invited"
    invited: tuple[str, ...]


class Moved(Fact, frozen=True):
    """It is on another day, at another time or in another place; the envelope's reason says why."""

    kind = "meeting.moved"
    on: date
    time: str | None = None
    venue: LocalText | None = None


class Cancelled(Fact, frozen=True):
    """It does not take place; the envelope's reason says why."""

    kind = "meeting.cancelled"


class ItemAdded(Fact, frozen=True):
    """An item was put on the agenda. `item`: its number; `agency`: whose it is, absent where the city's; `text`: what it is about;
    `concern`: which policy concern it deliberates, where it does; `papers`: the files that go with it.
    """

    kind = "meeting.item_added"
    schema_version: ClassVar[int] = 2
    follows: ClassVar[Names] = {"concern": concern_stream}
    item: int
    name: LocalText
    agency: str | None = None
    text: TextRef | None = None
    concern: str | None = None
    papers: tuple[Attachment, ...] = ()


class ItemsOrdered(Fact, frozen=True):
    """In which order the items are taken; those that are not named come after, as they were put in."""

    kind = "meeting.items_ordered"
    order: tuple[int, ...]


class ItemWithdrawn(Fact, frozen=True):
    kind = "meeting.item_withdrawn"
    item: int


class Opened(Fact, frozen=True):
    """The meeting was opened. `chair`: the seat of who was in the chair; `present`: who came, the chair among them."""

    kind = "meeting.opened"
    chair: str
    present: tuple[Attendee, ...]


class Joined(Fact, frozen=True):
    """Somebody came later."""

    kind = "meeting.joined"
    present: tuple[Attendee, ...]


class Noted(Fact, frozen=True):
    """What was said, of an item where one is named."""

    kind = "meeting.noted"
    text: TextRef
    item: int | None = None


class Decided(Fact, frozen=True):
    """Something was decided. `decision`: its number, which is this fact's in the meeting's history; `agency`: who carries it out,
    absent where the city does; `due`: until when. `carried_out`: the commands that it gave, in the same append.
    """

    kind = "meeting.decided"
    decision: int
    wording: LocalText
    item: int | None = None
    agency: str | None = None
    due: date | None = None
    text: TextRef | None = None
    vote: Vote | None = None
    carried_out: tuple[CarriedOut, ...] = ()


class VotedDown(Fact, frozen=True):
    """A motion did not find its majority."""

    kind = "meeting.voted_down"
    wording: LocalText
    vote: Vote
    item: int | None = None


class DecisionDone(Fact, frozen=True):
    """What was decided is done. `result`: what came of it."""

    kind = "meeting.decision_done"
    decision: int
    result: TextRef


class Closed(Fact, frozen=True):
    kind = "meeting.closed"


class MinutesCirculated(Fact, frozen=True):
    """The minutes went round. `up_to`: the last of the meeting's facts that they tell; `object_until`: the last day to object."""

    kind = "meeting.minutes_circulated"
    up_to: int
    object_until: date


class Objected(Fact, frozen=True):
    """Somebody objects to the minutes. `objection`: its number, which is this fact's; `agency`: whose it is, absent where the city's."""

    kind = "meeting.objected"
    objection: int
    text: TextRef
    agency: str | None = None


class ObjectionSettled(Fact, frozen=True):
    """`upheld`: whether the minutes say so now; `text`: how."""

    kind = "meeting.objection_settled"
    objection: int
    upheld: bool
    text: TextRef


class MinutesConfirmed(Fact, frozen=True):
    kind = "meeting.minutes_confirmed"


MeetingFact = (
    Called
    | Invited
    | Moved
    | Cancelled
    | ItemAdded
    | ItemsOrdered
    | ItemWithdrawn
    | Opened
    | Joined
    | Noted
    | Decided
    | VotedDown
    | DecisionDone
    | Closed
    | MinutesCirculated
    | Objected
    | ObjectionSettled
    | MinutesConfirmed
)
