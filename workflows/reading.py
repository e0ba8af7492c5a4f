"""Reads that need more than one room: a stream's history with its texts and names."""

from __future__ import annotations

from domain.agency.decider import AGENCY
from domain.errors import Lang
from domain.values import LocalText
from projections.history import Line, history
from store.log import Store
from store.recorded import folded


def history_of(store: Store, stream: str, lang: Lang) -> list[Line]:
    """The stream's facts as sentences, oldest first; empty when there is no such stream."""
    facts = store.read(stream)
    return history(facts, store.texts_of(facts), agency_names(store), lang)


def agency_names(store: Store) -> dict[str, LocalText]:
    """Every registered agency's present name, by id."""
    streams = store.load(registered(store)).streams
    return {stream.removeprefix("agency/"): folded(AGENCY, facts).name for stream, facts in streams.items()}


def registered(store: Store) -> list[str]:
    """The streams of all registered agencies."""
    with store.connection() as connection:
        rows = connection.execute(
            "SELECT stream FROM donghaeng.facts WHERE kind = 'agency.registered' ORDER BY 1"
        )
        return [row[0] for row in rows]


def registered_agencies(store: Store) -> int:
    """How many agencies are registered."""
    return len(registered(store))
