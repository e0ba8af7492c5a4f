"""What people read of the city's positions: all of them with who holds them, and one with its history."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import msgspec

from domain.errors import Refusal
from domain.position.facts import POSITION, Declared, Delegated, Mandate, Position
from domain.streams import identity_of, position_stream
from domain.values import LocalText
from projections.history_line import Line
from projections.inbox import InboxRow, city_inbox
from projections.slices import of_stream
from store.recorded import RecordedFact, fold_state
from workflows.queries.inquiry import Inquiry
from workflows.waiting import InboxWaiting, with_ways_on


class NoSuchPosition(Refusal):
    ko = "시 직위 {position}은(는) 등록되지 않았습니다. `donghaeng position list`로 확인하십시오."
    en = "The city has no position {position}. See `donghaeng position list`."


class HolderRead(msgspec.Struct, frozen=True):
    """`since`: since when the person holds it."""

    subject: str
    since: datetime


class DelegationRead(msgspec.Struct, frozen=True):
    """`ends`: the last day; None where it has none. `in_force`: whether the delegate may sign on the day of the slice."""

    number: int
    mandate: Mandate
    holder: str
    delegate: str
    starts: date
    ends: date | None
    in_force: bool


class PositionRead(msgspec.Struct, frozen=True):
    position: str
    name: LocalText
    holders: list[HolderRead]
    delegations: list[DelegationRead]


class PositionList(msgspec.Struct, frozen=True):
    """`people`: the names of those in it by id, where the reader may see them."""

    positions: list[PositionRead]
    people: Mapping[str, str]


class PositionShown(msgspec.Struct, frozen=True):
    """`people`: as of the list; `to_sign`: the tasks in whose approval lines it is the position's turn."""

    position: PositionRead
    people: Mapping[str, str]
    history: list[Line]
    to_sign: list[InboxWaiting]


def list_positions(inquiry: Inquiry) -> PositionList:
    """All that were ever declared, by id."""
    at, store = inquiry.authorise("positions"), inquiry.store
    streams = store.load(store.streams_with(Declared.kind)).streams
    found = [
        one
        for stream, facts in sorted(streams.items())
        if (one := _read(inquiry, stream, of_stream(facts, at)))
    ]
    return PositionList(found, _people(inquiry, found))


def show_position(inquiry: Inquiry, position: str) -> PositionShown:
    """Raises NoSuchPosition."""
    from workflows.telling import history_of  # noqa: PLC0415 - with all sentences, of which lists tell none

    at, stream = inquiry.authorise("positions"), position_stream(position)
    found = _read(inquiry, stream, of_stream(inquiry.store.read(stream), at))
    if found is None:
        raise NoSuchPosition(position=position)
    lines = history_of(inquiry.store, stream, inquiry.lang, at, inquiry.names_of)
    asked = (one for one in city_inbox(inquiry.store, at) if _is_asked(one, position))
    to_sign = with_ways_on(inquiry.store, asked)
    return PositionShown(found, _people(inquiry, [found]), lines, to_sign)


def _is_asked(row: InboxRow, position: str) -> bool:
    line = row.state.line
    return line is not None and any(one.position == position for one in line.waited_for)


def _people(inquiry: Inquiry, found: list[PositionRead]) -> Mapping[str, str]:
    named = [each.subject for one in found for each in one.holders]
    return inquiry.names_of([*named, *(each.delegate for one in found for each in one.delegations)])


def _read(inquiry: Inquiry, stream: str, facts: list[RecordedFact[Any]]) -> PositionRead | None:
    """None where it was not declared by the moment of the slice."""
    state: Position = fold_state(POSITION, facts)
    if state.name is None:
        return None
    holders = [HolderRead(subject, since) for subject, since in state.holders.items()]
    return PositionRead(
        identity_of(stream),
        state.name,
        holders,
        [_delegation(inquiry, one, state) for one in state.delegations.values()],
    )


def _delegation(inquiry: Inquiry, one: Delegated, state: Position) -> DelegationRead:
    in_force = state.mandate_of(one.delegate, inquiry.today) is not None
    return DelegationRead(one.number, one.mandate, one.holder, one.delegate, one.starts, one.ends, in_force)
