"""What the lists show: at every month's end in both senses, and then and there, in the words that the oracle reads."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Literal

import msgspec
from msgspec.structs import astuple

from projections.board_page import board
from projections.deadlines import tasks_due
from projections.fund import accounts_of
from projections.inbox import agency_inbox, city_inbox
from projections.meetings import decisions_open
from projections.money import rows_of_year, sums_of
from projections.responsible import Responsible
from projections.slices import AsOf, AsOfMoments, NothingKnownThen, end_of, resolve_known_as_of
from store.log import Store
from workflows.decisions_waiting import decisions_of_agency, decisions_of_city
from workflows.lookups import responsible_for

Sense = Literal["known", "effective", "now"]
Rows = list[dict[str, Any]]
Tuples = list[tuple[Any, ...]]


class Observed(msgspec.Struct, frozen=True):
    """The lists of one day in one sense. `lead`, `agency`: the one that answers on that day, as the lists show it. `decisions`:
    in whose inbox each open one stands, "" the city's.
    """

    day: date
    sense: Sense
    position: int
    board: Rows
    deadlines: Rows
    waiting: Rows
    agency_inbox: Rows
    city_inbox: Rows
    responsible: Rows
    money: Tuples
    months: Tuples
    fund: Tuples
    decisions_open: Tuples
    decisions: Tuples


def observe_now(store: Store, day: date) -> Observed:
    """As the lists are, read as anybody reads them."""
    return _observe(store, day, "now", None)


def observe_then(store: Store, days: Sequence[date]) -> list[Observed]:
    """The lists of these days, looked back on: as it was known then, and as it was so then by what is known now."""
    found = []
    senses: tuple[Sense, ...] = ("known", "effective")
    for sense in senses:
        for day in days:
            wanted = (
                AsOfMoments(as_of=end_of(day)) if sense == "known" else AsOfMoments(effective=end_of(day))
            )
            try:
                at = resolve_known_as_of(store, wanted)
            except NothingKnownThen:
                continue
            found.append(_observe(store, day, sense, at))
    return found


def _observe(store: Store, day: date, sense: Sense, at: AsOf | None) -> Observed:
    listed, due = board(store, at=at), tasks_due(store, at=at)
    answers = {one.task: responsible_for(store, one.task, day, _cut_known(at)) for one in listed}
    return Observed(
        day=day,
        sense=sense,
        position=store.head().position if at is None else at.last,
        board=[
            {
                "task": one.task,
                "lead": one.lead,
                "title": one.title_ko,
                "stage": str(one.stage),
                "condition": str(one.condition),
                "progress": one.progress,
                "budget_krw": one.budget_krw,
                "start": None if one.start is None else str(one.start),
                "end": None if one.end is None else str(one.end),
            }
            for one in listed
        ],
        deadlines=[
            {"task": row.task, "kind": one.kind, "item": one.item, "who": one.who, "due": str(one.due)}
            for row in due
            for one in row.deadlines
        ],
        waiting=[
            {"task": row.task, "kind": one.kind, "item": one.item, "who": one.who, "year": one.year}
            for row in due
            for one in row.waiting
        ],
        agency_inbox=[
            {"agency": agency, "task": one.task, "waits": one.waits}
            for agency, some in agency_inbox(store, at=at).items()
            for one in some
        ],
        city_inbox=[{"task": one.task, "waits": one.waits} for one in city_inbox(store, at)],
        responsible=[_responsible(one) for one in answers.values() if one is not None],
        money=[(one.task, one.funding, one.year, *astuple(one.budget)) for one in sums_of(store, at=at)],
        months=_list_months(store, day, at),
        fund=[
            (one.fund, one.account, one.debit_krw, one.credit_krw)
            for one in accounts_of(store, at=at)
            if one.debit_krw or one.credit_krw
        ],
        decisions_open=[
            (one.meeting, one.decision, one.agency or "", str(one.due)) for one in decisions_open(store, at)
        ],
        decisions=[
            *((one.agency, one.meeting, one.decision) for one in decisions_of_agency(store, None, day, at)),
            *(("", one.meeting, one.decision) for one in decisions_of_city(store, day, at)),
        ],
    )


def _list_months(store: Store, day: date, at: AsOf | None) -> Tuples:
    """Of the years in which a life spends: those around the day."""
    rows = [row for year in (-1, 0, 1) for row in rows_of_year(store, day.year + year, at)]
    amounts = [(one.committed_krw, one.spent_krw, one.returned_krw) for one in rows]
    return [
        (one.task, one.funding, one.month, *krw)
        for one, krw in zip(rows, amounts, strict=True)
        if one.month is not None
    ]


def _cut_known(at: AsOf | None) -> AsOf | None:
    """What `responsible` is told of was known; what was so by the day it finds itself."""
    return at if at is None or at.effective is None else AsOf(at.last)


def _responsible(one: Responsible) -> dict[str, Any]:
    return {
        "task": one.task,
        "agency": one.agency,
        "gone": one.gone,
        "people": [[post.post, post.subject, post.stands_in] for post in one.posts],
    }
