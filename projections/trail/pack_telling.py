"""The events of a pack in words, told from their proven bytes alone."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from domain.agency.facts import Registered, Renamed
from domain.errors import DonghaengError, Lang
from domain.values import LocalText
from projections.history import history
from projections.trail.pack_events import Proven
from projections.trail.signed import clock
from store.reading import decoded
from store.recorded import Recorded
from store.texts import REDACTED, STREAM, Ref, TextRead, TextState

NAMING = (Registered.kind, Renamed.kind)  # facts that give an agency its name
_UNREADABLE = (DonghaengError, LookupError, AttributeError, ValueError, TypeError, AssertionError)


def sentences(proven: Sequence[Proven], lang: Lang) -> dict[int, str]:
    """A sentence by position; what cannot be read is called by its stream and kind. Nothing else is asked than these."""
    by_stream: dict[str, list[Recorded[Any]]] = {}
    texts: dict[str, str] = {}
    redacted = {one.leaf.stream: one.leaf.position for one in proven if one.leaf.kind == REDACTED}
    names: dict[str, LocalText] = {}
    found = {one.leaf.position: f"{one.leaf.stream} {one.leaf.kind}" for one in proven}
    for one in proven:
        texts |= one.texts
        with suppress(*_UNREADABLE):
            recorded = decoded(_row_of(one))
            by_stream.setdefault(one.leaf.stream, []).append(recorded)
            if recorded.kind in NAMING:
                names[one.leaf.stream.removeprefix("agency/")] = recorded.fact.name

    def read(ref: Ref) -> TextRead:
        if ref.id in texts:  # verified against its commitment
            return TextRead(TextState.COMMITTED, body=texts[ref.id])
        fact = redacted.get(STREAM + ref.id)
        return TextRead(TextState.MISSING if fact is None else TextState.REDACTED, fact=fact)

    for facts in by_stream.values():
        with suppress(*_UNREADABLE):
            found |= {line.position: line.sentence for line in history(facts, read, names, lang)}
    return found


def told_again(proven: Sequence[Proven], lang: Lang) -> list[dict[str, Any]]:
    """The events of a pack in words: what a pack's own page says is not proved."""
    said = sentences(proven, lang)
    return [
        {
            "position": one.leaf.position,
            "known_at": clock(one.known_at),
            "recorded_at": clock(one.recorded_at),
            "stream": one.leaf.stream,
            "version": one.leaf.version,
            "kind": one.leaf.kind,
            "sentence": said[one.leaf.position],
        }
        for one in proven
    ]


def _row_of(one: Proven) -> tuple[Any, ...]:
    leaf = one.leaf
    return leaf.position, leaf.stream, leaf.version, leaf.kind, one.recorded_at, one.known_at, one.state
