"""One fact of the trail in full: what it says and changed, what led to it, what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from domain.errors import Lang, Refusal
from domain.streams import identity_of, kind_of, year_of
from domain.values import TextRef
from projections.history import history
from projections.inspection.causes import chain
from projections.inspection.changes import Change, changes
from projections.inspection.searching import Filters, positions_of
from projections.labels import Areas
from projections.texts import in_words
from store.log import Store
from store.recorded import RecordedFact, text_refs
from store.texts import TextRead
from trail.proof_state import ProofState, proof_state
from workflows.lookups import agency_names, area_names
from workflows.titles import item_names, titles_of_facts
from workflows.trail.reading import TrailEntry, entry_of, narrate_entries

MOST_SHOWN = 50  # effects, and steps back


class NoSuchEntry(Refusal):
    """`last`: the position of the newest fact."""

    ko = "{position}번 기록은 없습니다. 마지막 기록은 {last}번입니다."
    en = "There is no fact at position {position}. The last one is at {last}."


class EntryShown(msgspec.Struct, frozen=True, kw_only=True):
    """`fact`: its own fields; `areas`: the names of its year's areas, by id.

    `reason`, `machine` (by which user of which machine it was entered): in words; `texts`: of the fact and of what it changed, by id, each as committed or why not. `led_to_it`: the nearest cause first, the first command last.

    `same_command`: the other facts of its command; `effects`: what rules did because of it; `more`: some are left out.
    """

    entry: TrailEntry
    token: str | None
    reason: str | None
    machine: str | None
    fact: Any
    texts: dict[str, TextRead]
    changes: list[Change]
    led_to_it: list[TrailEntry]
    same_command: list[TrailEntry]
    effects: list[TrailEntry]
    more: bool
    proof: ProofState
    areas: Areas


def describe_entry(store: Store, position: int, lang: Lang, trail_folder: Path) -> EntryShown:
    """The entry at this position in full. Raises NoSuchEntry."""
    found = store.at([position])
    if not found:
        raise NoSuchEntry(position=position, last=store.head().position)
    one = found[0]
    stream = store.read(one.stream)[: one.version]
    texts = store.texts_of(stream)
    titles = titles_of_facts(store, [one])
    line = history(stream, texts, agency_names(store), lang, titles=titles, items=item_names(store))[-1]
    reason, machine = one.envelope.reason, one.envelope.machine
    changed = changes(stream, one.version)
    siblings = _of_command(store, one)
    caused = effects(store, one)
    return EntryShown(
        entry=entry_of(one, line.sentence),
        token=one.envelope.token,
        reason=None if reason is None else in_words(texts(reason), lang),
        machine=None if machine is None else in_words(texts(machine), lang),
        fact=one.fact,
        texts={ref.id: texts(ref) for ref in (*_texts_in(changed), *text_refs(one))},
        changes=changed,
        led_to_it=narrate_entries(store, chain(store, one, MOST_SHOWN), lang),
        same_command=narrate_entries(store, siblings[:MOST_SHOWN], lang),
        effects=narrate_entries(store, caused[:MOST_SHOWN], lang),
        more=max(len(siblings), len(caused)) > MOST_SHOWN,
        proof=proof_state(trail_folder, store.rows_after(position - 1, 1)[0]),
        areas=_areas(store, one.stream),
    )


def _areas(store: Store, stream: str) -> Areas:
    """The names of the areas in the year that the stream is of; none where it is of no year."""
    year = year_of(identity_of(stream)) if kind_of(stream) in ("task", "programme") else 0
    return area_names(store, [year])[year]


def _texts_in(changed: Sequence[Change]) -> list[TextRef]:
    values = [value for change in changed for value in (change.before, change.after)]
    return [value for value in values if isinstance(value, TextRef)]


def effects(store: Store, one: RecordedFact[Any]) -> list[RecordedFact[Any]]:
    """What rules did because of a fact, the first of it, oldest first."""
    return store.at(positions_of(store, Filters(cause=one.position), None, MOST_SHOWN + 1))


def _of_command(store: Store, one: RecordedFact[Any]) -> list[RecordedFact[Any]]:
    filters = Filters(command=one.envelope.command)
    positions = positions_of(store, filters, None, MOST_SHOWN + 2)
    return store.at([position for position in positions if position != one.position])
