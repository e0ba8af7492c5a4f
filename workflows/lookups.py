"""Reads that need more than one room: a stream's history with its texts and names."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import chain
from typing import Any

from domain.agency.facts import Registered
from domain.agency.state import AGENCY, Agency
from domain.programme.facts import TaskAdded, TaskChanged
from domain.programme.state import PROGRAMME
from domain.streams import (
    agency_stream,
    identity_of,
    programme_stream,
    task_stream,
    view_stream,
    year_stream,
)
from domain.task.facts import HandedOver
from domain.token.facts import Issued
from domain.token.state import TOKEN, Token
from domain.view.facts import Rebuilt, Verified
from projections.agency_names import AgencyNames
from projections.labels import Areas
from projections.responsible import Responsible, responsible
from projections.slices import AsOf, of_stream
from store.log import Store
from store.looking_up import first_stream_with
from store.recorded import RecordedFact, fold_state


def agency_names(store: Store, at: AsOf | None = None) -> AgencyNames:
    """Every registered agency's present name, by id, and those before it; or those of a slice of the log."""
    return AgencyNames(chain.from_iterable(agency_facts(store, at).values()))


def load_agencies(store: Store, at: AsOf | None = None) -> dict[str, Agency]:
    """Every agency that was ever registered, as it is now or at a slice of the log, by id."""
    return {
        identity_of(stream): fold_state(AGENCY, facts) for stream, facts in agency_facts(store, at).items()
    }


def agency_facts(store: Store, at: AsOf | None) -> dict[str, list[RecordedFact[Any]]]:
    return _load_as_of(store, list_agency_streams(store), at)


def area_names(store: Store, years: Iterable[int]) -> dict[int, Areas]:
    """The names of the areas in each year's programme, by id; none where nobody opened the year."""
    streams = {year: programme_stream(year) for year in set(years)}
    facts = store.load(sorted(streams.values())).streams
    return {year: fold_state(PROGRAMME, facts.get(stream, [])).areas for year, stream in streams.items()}


def _load_as_of(store: Store, names: Sequence[str], at: AsOf | None) -> dict[str, list[RecordedFact[Any]]]:
    """The facts of these streams at a slice, of those that have any."""
    streams = store.load(names).streams
    sliced = {stream: of_stream(facts, at) for stream, facts in streams.items()}
    return {stream: facts for stream, facts in sliced.items() if facts}


def answering(store: Store, agency: str) -> str:
    """The agency that answers for this one's tasks: itself, or the one it was merged into in the end."""
    seen = {agency}
    while True:
        successor = fold_state(AGENCY, store.read(agency_stream(agency))).successor
        if successor is None or successor in seen:
            return agency
        seen.add(successor)
        agency = successor


def find_handed_over(store: Store) -> str | None:
    """The first task that was handed over to another agency."""
    with store.connection() as connection:
        stream = first_stream_with(connection, HandedOver.kind)
    return None if stream is None else identity_of(stream)


def responsible_for(store: Store, task: str, day: date, at: AsOf | None = None) -> Responsible | None:
    """Who answered for the task on that day, following hand-overs and mergers; None before it was listed."""

    def read(stream: str) -> list[RecordedFact[Any]]:
        return of_stream(store.read(stream), at)

    return responsible(
        task,
        read(task_stream(task)),
        lambda agency: read(agency_stream(agency)),
        day,
        [one for one in read(year_stream(task)) if lists(one, task)],
    )


def lists(recorded: RecordedFact[Any], task: str) -> bool:
    """Whether the fact says what the year's list says of the task."""
    return isinstance(recorded.fact, TaskAdded | TaskChanged) and recorded.fact.task == task


def load_tokens(store: Store, at: AsOf | None = None) -> dict[str, Token]:
    """Every token that was ever issued, as it is now or at a slice of the log, by id."""
    return {
        identity_of(stream): fold_state(TOKEN, facts)
        for stream, facts in _load_as_of(store, store.streams_with(Issued.kind), at).items()
    }


def certificates_of(store: Store, views: Sequence[str], at: AsOf | None = None) -> list[RecordedFact[Any]]:
    """What verifications and rebuilds of these views have found, in the order of the log."""
    facts = chain.from_iterable(_load_as_of(store, [view_stream(name) for name in views], at).values())
    return sorted(
        (one for one in facts if isinstance(one.fact, Verified | Rebuilt)), key=lambda one: one.position
    )


def list_agency_streams(store: Store) -> list[str]:
    """The streams of all registered agencies."""
    return store.streams_with(Registered.kind)


def count_agencies(store: Store) -> int:
    """How many agencies are registered."""
    return len(list_agency_streams(store))
