"""The events of a pack in words, told from their proven bytes alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

from domain.agency.facts import Registered, Renamed
from domain.errors import DonghaengError, Lang
from domain.streams import task_stream
from domain.values import LocalText
from projections.agency_names import AgencyNames
from projections.history import history
from projections.labels import item_names_in
from store.mapper import FactMapper
from store.recorded import RecordedFact
from store.texts import REDACTED, STREAM, Ref, TextRead, TextState
from trail.pack_events import Proven

NAMING = (Registered.kind, Renamed.kind)  # facts that give an agency its name
_MAPPER = FactMapper()
_UNREADABLE = (DonghaengError, LookupError, AttributeError, ValueError, TypeError, AssertionError)


def sentences(proven: Sequence[Proven], lang: Lang) -> dict[int, str]:
    """A sentence by position; what cannot be read is called by its stream and kind. Nothing else is asked than these."""
    by_stream: dict[str, list[RecordedFact[Any]]] = {}
    texts: dict[str, str] = {}
    redacted = {one.leaf.stream: one.leaf.position for one in proven if one.leaf.kind == REDACTED}
    names = AgencyNames()
    found = {one.leaf.position: f"{one.leaf.stream} {one.leaf.kind}" for one in proven}
    for one in proven:
        texts |= one.texts
        with suppress(*_UNREADABLE):
            recorded = _MAPPER.to_recorded(_row_of(one))
            by_stream.setdefault(one.leaf.stream, []).append(recorded)
            if recorded.kind in NAMING:
                names.add(recorded)

    def read(ref: Ref) -> TextRead:
        if ref.id in texts:  # verified against its commitment
            return TextRead(TextState.COMMITTED, body=texts[ref.id])
        fact = redacted.get(STREAM + ref.id)
        return TextRead(TextState.MISSING if fact is None else TextState.REDACTED, fact=fact)

    def items(task: str) -> Mapping[str, LocalText]:
        return item_names_in(one.fact for one in by_stream.get(task_stream(task), ()))

    for facts in by_stream.values():
        with suppress(*_UNREADABLE):
            lines = history(facts, read, names, lang, items=items)
            found |= {line.position: line.sentence for line in lines}
    return found


def narrate_events(proven: Sequence[Proven], lang: Lang) -> list[dict[str, Any]]:
    """The events of a pack in words: what a pack's own page says is not proved."""
    said = sentences(proven, lang)
    return [{**one.as_document(), "sentence": said[one.leaf.position]} for one in proven]


def _row_of(one: Proven) -> tuple[Any, ...]:
    leaf = one.leaf
    return leaf.position, leaf.stream, leaf.version, leaf.kind, one.recorded_at, one.known_at, one.state
