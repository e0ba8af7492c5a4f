"""Reads that need more than one room: a stream's history with its texts and names."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import chain
from typing import Any

from msgspec.structs import replace

from domain.agency.commands import agency_stream
from domain.agency.decider import AGENCY
from domain.agency.state import Agency
from domain.errors import Lang
from domain.programme.commands import programme_stream
from domain.programme.decider import PROGRAMME
from domain.task.commands import task_stream
from domain.token.decider import TOKEN
from domain.token.state import Token
from domain.values import LocalText
from domain.view.commands import view_stream
from domain.view.facts import Rebuilt, Verified
from projections.history import Line, history
from projections.labels import Areas
from projections.responsible import Responsible, responsible
from projections.slices import Cut, of_stream
from store.log import Store
from store.recorded import Recorded, folded


def history_of(store: Store, stream: str, lang: Lang, at: Cut | None = None) -> list[Line]:
    """The stream's facts as sentences, oldest first; empty when there is no such stream. `at`: of a slice of the log."""
    facts = of_stream(store.read(stream), at)
    return history(facts, store.texts_of(facts), agency_names(store, at), lang)


def agency_names(store: Store, at: Cut | None = None) -> dict[str, LocalText]:
    """Every registered agency's present name, by id; or that of a slice of the log."""
    return {identity: agency.name for identity, agency in agencies_known(store, at).items() if agency.name}


def agencies_known(store: Store, at: Cut | None = None) -> dict[str, Agency]:
    """Every agency that was ever registered, as it is now or at a slice of the log, by id."""
    return {
        stream.removeprefix("agency/"): folded(AGENCY, facts)
        for stream, facts in _agencies(store, at).items()
    }


def _agencies(store: Store, at: Cut | None) -> dict[str, list[Recorded[Any]]]:
    return _sliced(store, registered(store), at)


def area_names(store: Store, years: Iterable[int]) -> dict[int, Areas]:
    """The names of the areas in each year's programme, by id; none where nobody opened the year."""
    streams = {year: programme_stream(year) for year in set(years)}
    facts = store.load(sorted(streams.values())).streams
    return {year: folded(PROGRAMME, facts.get(stream, [])).areas for year, stream in streams.items()}


def _sliced(store: Store, names: Sequence[str], at: Cut | None) -> dict[str, list[Recorded[Any]]]:
    """The facts of these streams at a slice, of those that have any."""
    streams = store.load(names).streams
    sliced = {stream: of_stream(facts, at) for stream, facts in streams.items()}
    return {stream: facts for stream, facts in sliced.items() if facts}


def agency_history(store: Store, agency: str, lang: Lang, at: Cut | None = None) -> list[Line]:
    """The agency's facts as sentences, with those of others that gave it something; empty when there is no such agency."""
    streams = _agencies(store, at)
    own = agency_stream(agency)
    if own not in streams:
        return []
    facts = sorted(
        (
            one
            for stream, told in streams.items()
            for one in told
            if stream == own or agency in (getattr(one.fact, "into", None), getattr(one.fact, "to", None))
        ),
        key=lambda one: (
            one.position if at is None or at.effective is None else (one.effective_at, one.position)
        ),
    )
    names = {stream.removeprefix("agency/"): folded(AGENCY, told).name for stream, told in streams.items()}
    lines = history(facts, store.texts_of(facts), names, lang)
    return [
        line if one.stream == own else replace(line, sentence=f"[{one.stream}] {line.sentence}")
        for one, line in zip(facts, lines, strict=True)
    ]


def answering(store: Store, agency: str) -> str:
    """The agency that answers for this one's tasks: itself, or the one it was merged into in the end."""
    seen = {agency}
    while True:
        successor = folded(AGENCY, store.read(agency_stream(agency))).successor
        if successor is None or successor in seen:
            return agency
        seen.add(successor)
        agency = successor


def handed_over(store: Store) -> str | None:
    """The first task that was handed over to another agency."""
    with store.connection() as connection:
        row = connection.execute(
            "SELECT stream FROM donghaeng.facts WHERE kind = 'task.handed_over' ORDER BY position LIMIT 1"
        ).fetchone()
    return None if row is None else str(row[0]).removeprefix("task/")


def responsible_for(store: Store, task: str, day: date, at: Cut | None = None) -> Responsible | None:
    """Who answered for the task on that day, following hand-overs and mergers; None before its proposal."""

    def read(stream: str) -> list[Recorded[Any]]:
        return of_stream(store.read(stream), at)

    return responsible(task, read(task_stream(task)), lambda agency: read(agency_stream(agency)), day)


def tokens_known(store: Store, at: Cut | None = None) -> dict[str, Token]:
    """Every token that was ever issued, as it is now or at a slice of the log, by id."""
    return {
        stream.removeprefix("token/"): folded(TOKEN, facts)
        for stream, facts in _sliced(store, _streams_with(store, "token.issued"), at).items()
    }


def certificates_of(store: Store, views: Sequence[str], at: Cut | None = None) -> list[Recorded[Any]]:
    """What verifications and rebuilds of these views have found, in the order of the log."""
    facts = chain.from_iterable(_sliced(store, [view_stream(name) for name in views], at).values())
    return sorted(
        (one for one in facts if isinstance(one.fact, Verified | Rebuilt)), key=lambda one: one.position
    )


def registered(store: Store) -> list[str]:
    """The streams of all registered agencies."""
    return _streams_with(store, "agency.registered")


def _streams_with(store: Store, kind: str) -> list[str]:
    """The streams that hold a fact of this kind, each once in its life."""
    with store.connection() as connection:
        rows = connection.execute("SELECT stream FROM donghaeng.facts WHERE kind = %s ORDER BY 1", (kind,))
        return [row[0] for row in rows]


def registered_agencies(store: Store) -> int:
    """How many agencies are registered."""
    return len(registered(store))
