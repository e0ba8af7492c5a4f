"""Pages of the trail as people read them: the entries found, told in sentences with texts and names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from domain.errors import Lang, Refusal
from projections.history import history
from projections.positions import positions
from projections.reading import agencies_listed
from projections.runner import project
from projections.trail.entries import TRAIL_ENTRIES, spelled
from projections.trail.searching import Filters, positions_of
from store.log import Store
from store.recorded import Recorded

MOST = 1000  # entries a page


class NotAllThere(Refusal):
    """The entries lag behind the log, so that the newest would be left out."""

    ko = "조회 화면 {view}이(가) 멈추어 최근 기록 {lag}건이 빠지게 됩니다. `donghaeng doctor`로 까닭을 보고 고친 뒤 다시 하십시오."
    en = "The view {view} has stopped, so that the last {lag} facts would be left out. See why with `donghaeng doctor`, mend it, and try again."


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One fact of the trail. `late`: it states when it was so, apart from when it became known."""

    position: int
    stream: str
    version: int
    kind: str
    actor: str
    subject: str | None
    on_behalf_of: str | None
    via: str
    authn: str
    command: str
    rule: str | None
    rule_version: str | None
    cause: int | None
    due: str | None
    ref: str | None
    recorded_at: datetime
    known_at: datetime
    effective_at: datetime
    late: bool
    sentence: str


class Page(msgspec.Struct, frozen=True):
    """`before`: give it to get the next page, None on the last; `lag`: facts that cannot be found yet."""

    entries: list[Entry]
    before: int | None
    lag: int


def page(store: Store, filters: Filters, lang: Lang, *, before: int | None = None, limit: int = 50) -> Page:
    """One page of entries, the newest first. `before`: only entries below this position."""
    found = positions_of(store, filters, before, limit + 1)
    shown = found[:limit]
    return Page(
        entries=told(store, store.at(shown), lang)[::-1],
        before=shown[-1] if len(found) > limit else None,
        lag=positions(store)[TRAIL_ENTRIES.name].lag,
    )


def caught_up(store: Store, last: int) -> None:
    """Bring the entries to this position of the log, where the workers have not yet. Raises NotAllThere."""
    project(store, TRAIL_ENTRIES, up_to=last)
    place = positions(store)[TRAIL_ENTRIES.name]
    if place.position < last:
        raise NotAllThere(view=TRAIL_ENTRIES.name, lag=last - place.position)


def told(store: Store, recordeds: Sequence[Recorded[Any]], lang: Lang) -> list[Entry]:
    """Facts of any streams as entries, in their order; a task's are told with what came before them."""
    texts, names = store.texts_of(recordeds), agencies_listed(store)
    tasks = {one.stream for one in recordeds if one.stream.startswith("task/")}
    streams = store.load(sorted(tasks)).streams if tasks else {}
    return [
        entry_of(one, history([one], texts, names, lang, _before(streams, one))[0].sentence)
        for one in recordeds
    ]


def _before(streams: Mapping[str, Sequence[Recorded[Any]]], one: Recorded[Any]) -> Sequence[Recorded[Any]]:
    return streams.get(one.stream, ())[: one.version - 1]


def entry_of(one: Recorded[Any], sentence: str) -> Entry:
    envelope = one.envelope
    cause, behalf = envelope.cause, envelope.on_behalf_of
    return Entry(
        position=one.position,
        stream=one.stream,
        version=one.version,
        kind=one.kind,
        actor=spelled(envelope.actor),
        subject=envelope.actor.subject,
        on_behalf_of=None if behalf is None else spelled(behalf),
        via=envelope.via,
        authn=envelope.authn,
        command=envelope.command,
        rule=None if cause is None else cause.rule,
        rule_version=None if cause is None else cause.rule_version,
        cause=None if cause is None else cause.fact,
        due=None if cause is None else cause.due,
        ref=envelope.ref,
        recorded_at=one.recorded_at,
        known_at=one.known_at,
        effective_at=one.effective_at,
        late=envelope.effective_at is not None,
        sentence=sentence,
    )
