"""One fact of the trail in full: what it says and changed, what led to it, what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from domain.errors import Lang, Refusal
from domain.values import TextRef
from projections.history import history
from projections.reading import agencies_listed
from projections.texts import in_words
from projections.trail.causes import chain
from projections.trail.changes import Change, changes
from projections.trail.proof_state import ProofState, proof_state
from projections.trail.searching import Filters, positions_of
from store.log import Store
from store.recorded import Recorded, text_refs
from store.texts import TextRead
from workflows.trail_reading import Entry, entry_of, told

MOST_SHOWN = 50  # effects, and steps back


class NoSuchEntry(Refusal):
    """`last`: the position of the newest fact."""

    ko = "{position}번 기록은 없습니다. 마지막 기록은 {last}번입니다."
    en = "There is no fact at position {position}. The last one is at {last}."


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """`reason`, `machine` (by which user of which machine it was entered): in words; `texts`: of the fact and of what it changed, by id, each as committed or why not. `led_to_it`: the nearest cause first, the first command last.

    `same_command`: the other facts of its command; `effects`: what rules did because of it; `more`: some are left out.
    """

    entry: Entry
    token: str | None
    reason: str | None
    machine: str | None
    fact: dict[str, Any]
    texts: dict[str, TextRead]
    changes: list[Change]
    led_to_it: list[Entry]
    same_command: list[Entry]
    effects: list[Entry]
    more: bool
    proof: ProofState


def shown(store: Store, position: int, lang: Lang, trail_folder: Path) -> tuple[Shown, Recorded[Any]]:
    """The entry at this position in full, and the fact itself. Raises NoSuchEntry."""
    found = store.at([position])
    if not found:
        raise NoSuchEntry(position=position, last=store.head().position)
    one = found[0]
    stream = store.read(one.stream)[: one.version]
    texts = store.texts_of(stream)
    line = history(stream, texts, agencies_listed(store), lang)[-1]
    reason, machine = one.envelope.reason, one.envelope.machine
    changed = changes(stream, one.version)
    siblings = _of_command(store, one)
    caused = effects(store, one)
    document = Shown(
        entry=entry_of(one, line.sentence),
        token=one.envelope.token,
        reason=None if reason is None else in_words(texts(reason), lang),
        machine=None if machine is None else in_words(texts(machine), lang),
        fact=msgspec.to_builtins(one.fact),
        texts={ref.id: texts(ref) for ref in (*_texts_in(changed), *text_refs(one))},
        changes=changed,
        led_to_it=told(store, chain(store, one, MOST_SHOWN), lang),
        same_command=told(store, siblings[:MOST_SHOWN], lang),
        effects=told(store, caused[:MOST_SHOWN], lang),
        more=max(len(siblings), len(caused)) > MOST_SHOWN,
        proof=proof_state(trail_folder, store.rows_after(position - 1, 1)[0]),
    )
    return document, one


def _texts_in(changed: Sequence[Change]) -> list[TextRef]:
    values = [value for change in changed for value in (change.before, change.after)]
    return [value for value in values if isinstance(value, TextRef)]


def effects(store: Store, one: Recorded[Any]) -> list[Recorded[Any]]:
    """What rules did because of a fact, the first of it, oldest first."""
    return store.at(positions_of(store, Filters(cause=one.position), None, MOST_SHOWN + 1))


def _of_command(store: Store, one: Recorded[Any]) -> list[Recorded[Any]]:
    filters = Filters(command=one.envelope.command)
    positions = positions_of(store, filters, None, MOST_SHOWN + 2)
    return store.at([position for position in positions if position != one.position])
