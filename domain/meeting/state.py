"""A meeting as its facts made it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any

import msgspec
from msgspec.structs import replace

from domain.errors import Bilingual, Lang
from domain.fact import Fold
from domain.meeting import facts
from domain.meeting.facts import MeetingFact
from domain.shares import count_needed
from domain.stamps import Stamp, Stamps, with_values
from domain.values import LocalText, TextRef


class MeetingStage(StrEnum):
    UNKNOWN = "unknown"  # nobody called it
    CALLED = "called"
    CANCELLED = "cancelled"
    OPEN = "open"
    CLOSED = "closed"
    CIRCULATED = "circulated"
    CONFIRMED = "confirmed"

    def say(self, lang: Lang) -> str:
        return _LABELS[self].say(lang)


_LABELS: Mapping[MeetingStage, Bilingual] = {
    MeetingStage.UNKNOWN: Bilingual("미소집", "not called"),
    MeetingStage.CALLED: Bilingual("소집", "called"),
    MeetingStage.CANCELLED: Bilingual("취소", "cancelled"),
    MeetingStage.OPEN: Bilingual("개회", "open"),
    MeetingStage.CLOSED: Bilingual("폐회", "closed"),
    MeetingStage.CIRCULATED: Bilingual("회의록 회람", "minutes circulated"),
    MeetingStage.CONFIRMED: Bilingual("회의록 확정", "minutes confirmed"),
}


class Item(msgspec.Struct, frozen=True, gc=False):
    """One of the agenda. `dropped`: it is not taken any more; `papers`: the files that go with it, by name."""

    name: LocalText
    agency: str | None = None
    text: TextRef | None = None
    dropped: bool = False
    concern: str | None = None
    papers: tuple[str, ...] = ()


class Decision(msgspec.Struct, frozen=True, gc=False):
    """`done`: it was carried out with the decision itself, or somebody said so (`result`)."""

    decided: facts.Decided
    done: bool = False
    result: TextRef | None = None


class Objection(msgspec.Struct, frozen=True, gc=False):
    """`settlement`: how, None while it is open."""

    objected: facts.Objected
    settlement: facts.ObjectionSettled | None = None


class Meeting(msgspec.Struct, frozen=True, gc=False):
    """`items`, `decisions`, `objections`: by number; `order`: of items, as it was last put. `present`: who came, by seat;
    `presiding`: the seat of who was in the chair. `stamps`: since when the day is as it is.
    """

    stage: MeetingStage = MeetingStage.UNKNOWN
    called: facts.Called | None = None
    on: date | None = None
    time: str | None = None
    venue: LocalText | None = None
    invited: tuple[str, ...] = ()
    items: Mapping[int, Item] = msgspec.field(default_factory=dict)
    order: tuple[int, ...] = ()
    presiding: str | None = None
    present: Mapping[str, facts.Attendee] = msgspec.field(default_factory=dict)
    decisions: Mapping[int, Decision] = msgspec.field(default_factory=dict)
    voted_down: tuple[facts.VotedDown, ...] = ()
    notes: tuple[facts.Noted, ...] = ()
    circulated: facts.MinutesCirculated | None = None
    objections: Mapping[int, Objection] = msgspec.field(default_factory=dict)
    stamps: Stamps = msgspec.field(default_factory=dict)

    @property
    def name(self) -> LocalText | None:
        return None if self.called is None else self.called.name

    @property
    def members(self) -> tuple[str, ...]:
        """The seats that belong to it: those invited, and the chair's."""
        chair = None if self.called is None else self.called.chair
        own = () if chair is None else (f"position/{chair}",)
        return tuple(dict.fromkeys((*own, *self.invited)))

    @property
    def agencies(self) -> tuple[str, ...]:
        """Those that are invited."""
        return tuple(seat.removeprefix("agency/") for seat in self.invited if seat.startswith("agency/"))

    @property
    def seats_needed(self) -> int:
        """How many of them have to be there for something to be decided."""
        return 0 if self.called is None else count_needed(self.called.terms.quorum, len(self.members))

    @property
    def seats_taken(self) -> int:
        """How many of those who came belong to it."""
        return sum(seat in self.present for seat in self.members)

    @property
    def agenda(self) -> tuple[int, ...]:
        """The numbers of the items that were not withdrawn, in the order in which they are taken."""
        numbers = (*(one for one in self.order if one in self.items), *sorted(self.items))
        return tuple(one for one in dict.fromkeys(numbers) if not self.items[one].dropped)

    @property
    def objections_open(self) -> tuple[int, ...]:
        return tuple(number for number, one in self.objections.items() if one.settlement is None)


def _apply_called(meeting: Meeting, fact: facts.Called, stamp: Stamp) -> Meeting:
    more = {"stage": MeetingStage.CALLED, "called": fact, "invited": fact.invited}
    return with_values(meeting, stamp, more, on=fact.on, time=fact.time, venue=fact.venue)


def _apply_invited(meeting: Meeting, fact: facts.Invited, stamp: Stamp) -> Meeting:
    return replace(meeting, invited=tuple(dict.fromkeys((*meeting.invited, *fact.invited))))


def _apply_moved(meeting: Meeting, fact: facts.Moved, stamp: Stamp) -> Meeting:
    values: dict[str, Any] = {"on": fact.on, "time": fact.time}
    if fact.venue is not None:
        values["venue"] = fact.venue
    return with_values(meeting, stamp, **values)


def _item_of(fact: facts.ItemAdded) -> Item:
    papers = tuple(one.name for one in fact.papers)
    return Item(fact.name, fact.agency, fact.text, concern=fact.concern, papers=papers)


def _apply_item_added(meeting: Meeting, fact: facts.ItemAdded, stamp: Stamp) -> Meeting:
    return replace(meeting, items={**meeting.items, fact.item: _item_of(fact)})


def _apply_item_withdrawn(meeting: Meeting, fact: facts.ItemWithdrawn, stamp: Stamp) -> Meeting:
    if fact.item not in meeting.items:  # in a slice in which it was put in later
        return meeting
    withdrawn = replace(meeting.items[fact.item], dropped=True)
    return replace(meeting, items={**meeting.items, fact.item: withdrawn})


def _apply_opened(meeting: Meeting, fact: facts.Opened, stamp: Stamp) -> Meeting:
    present = {one.seat: one for one in fact.present}
    return replace(meeting, stage=MeetingStage.OPEN, presiding=fact.chair, present=present)


def _apply_joined(meeting: Meeting, fact: facts.Joined, stamp: Stamp) -> Meeting:
    return replace(meeting, present={**meeting.present, **{one.seat: one for one in fact.present}})


def _apply_decided(meeting: Meeting, fact: facts.Decided, stamp: Stamp) -> Meeting:
    made = Decision(fact, done=bool(fact.carried_out))
    return replace(meeting, decisions={**meeting.decisions, fact.decision: made})


def _apply_done(meeting: Meeting, fact: facts.DecisionDone, stamp: Stamp) -> Meeting:
    if fact.decision not in meeting.decisions:
        return meeting
    done = replace(meeting.decisions[fact.decision], done=True, result=fact.result)
    return replace(meeting, decisions={**meeting.decisions, fact.decision: done})


def _apply_circulated(meeting: Meeting, fact: facts.MinutesCirculated, stamp: Stamp) -> Meeting:
    return replace(meeting, stage=MeetingStage.CIRCULATED, circulated=fact)


def _apply_objected(meeting: Meeting, fact: facts.Objected, stamp: Stamp) -> Meeting:
    return replace(meeting, objections={**meeting.objections, fact.objection: Objection(fact)})


def _apply_settled(meeting: Meeting, fact: facts.ObjectionSettled, stamp: Stamp) -> Meeting:
    if fact.objection not in meeting.objections:
        return meeting
    settled = replace(meeting.objections[fact.objection], settlement=fact)
    return replace(meeting, objections={**meeting.objections, fact.objection: settled})


def _moves_to(stage: MeetingStage) -> Callable[[Meeting, Any, Stamp], Meeting]:
    return lambda meeting, fact, stamp: replace(meeting, stage=stage)


_APPLY: Mapping[type, Callable[[Meeting, Any, Stamp], Meeting]] = {
    facts.Called: _apply_called,
    facts.Invited: _apply_invited,
    facts.Moved: _apply_moved,
    facts.Cancelled: _moves_to(MeetingStage.CANCELLED),
    facts.ItemAdded: _apply_item_added,
    facts.ItemsOrdered: lambda meeting, fact, stamp: replace(meeting, order=fact.order),
    facts.ItemWithdrawn: _apply_item_withdrawn,
    facts.Opened: _apply_opened,
    facts.Joined: _apply_joined,
    facts.Noted: lambda meeting, fact, stamp: replace(meeting, notes=(*meeting.notes, fact)),
    facts.Decided: _apply_decided,
    facts.VotedDown: lambda meeting, fact, stamp: replace(meeting, voted_down=(*meeting.voted_down, fact)),
    facts.DecisionDone: _apply_done,
    facts.Closed: _moves_to(MeetingStage.CLOSED),
    facts.MinutesCirculated: _apply_circulated,
    facts.Objected: _apply_objected,
    facts.ObjectionSettled: _apply_settled,
    facts.MinutesConfirmed: _moves_to(MeetingStage.CONFIRMED),
}


def evolve(meeting: Meeting, fact: MeetingFact, at: datetime, version: int) -> Meeting:
    """The meeting after the fact."""
    return _APPLY[type(fact)](meeting, fact, (at, version))


MEETING = Fold.of("meeting", Meeting(), MeetingFact, evolve)
