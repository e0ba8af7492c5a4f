"""Pages of the trail as people read them: the entries found, told in sentences with texts and names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from domain.errors import Lang, Refusal
from projections.history import history
from projections.positions import positions
from projections.reading import agencies_listed
from projections.runner import project
from projections.trail.completeness import Compared, Streams, check, check_shown
from projections.trail.entries import TRAIL_ENTRIES, is_shared, spelled
from projections.trail.leaves import Tick
from projections.trail.searching import Filters, matches, positions_of
from store.log import Store
from store.recorded import Recorded
from workflows.trail_completeness import Complete, complete_by_facts, complete_by_mark

MOST = 1000  # entries a page
COUNTED = 1000


class NotAllThere(Refusal):
    """The entries lag behind the log, so that the newest would be left out."""

    ko = "조회 화면 {view}이(가) 멈추어 최근 기록 {lag}건이 빠지게 됩니다. `donghaeng doctor`로 까닭을 보고 고친 뒤 다시 하십시오."
    en = "The view {view} has stopped, so that the last {lag} facts would be left out. See why with `donghaeng doctor`, mend it, and try again."


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One fact of the trail. `late`: it states when it was so, apart from when it became known.

    `behalf_subject`: the person on whose behalf; `mandate`: by which substitution or delegation, as "agency/gto#5".
    """

    position: int
    stream: str
    version: int
    kind: str
    actor: str
    subject: str | None
    on_behalf_of: str | None
    behalf_subject: str | None
    mandate: str | None
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
    """`before`: give it to get the next page, None on the last; `lag`: facts that cannot be found yet.

    `matches`: how many entries are so on all pages, COUNTED for so many or more, None where they were not counted.
    """

    entries: list[Entry]
    before: int | None
    lag: int
    matches: int | None
    complete: Complete


def page(
    store: Store,
    filters: Filters,
    lang: Lang,
    *,
    before: int | None = None,
    limit: int = 50,
    compared: Compared | None = None,
) -> Page:
    """One page of entries, the newest first. `before`: only entries below this position.

    `compared`: what came of comparing all entries with the facts, where that was done for this. Else those shown are.
    Raises EntriesDiffer.
    """
    found = positions_of(store, filters, before, limit + 1)
    shown = found[:limit]
    facts = store.at(shown)
    streams = streams_of(store, facts)
    whole = before is None and len(found) <= limit
    place = positions(store)[TRAIL_ENTRIES.name]
    with store.connection() as connection:
        check_shown(connection, shown, facts, streams)
    head = place.position + place.lag
    complete = complete_by_mark(store, head) if compared is None else complete_by_facts(store, compared)
    return Page(
        entries=told(store, facts, lang, streams)[::-1],
        before=shown[-1] if len(found) > limit else None,
        lag=place.lag,
        matches=len(found) if whole else matches(store, filters, COUNTED),
        complete=complete,
    )


def pages(store: Store, filters: Filters, lang: Lang, before: int, limit: int) -> Iterator[list[Entry]]:
    """All entries below a position, the newest first, a page at a time; compared with the facts by who asks."""
    while found := positions_of(store, filters, before, limit):
        yield told(store, store.at(found), lang)[::-1]
        before = found[-1]


def streams_of(store: Store, facts: Sequence[Recorded[Any]]) -> Streams:
    """The streams of these facts whose earlier facts tell something of the later ones."""
    streams = {one.stream for one in facts if is_shared(one.stream)}
    return store.load(sorted(streams)).streams if streams else {}


def caught_up(store: Store, last: int) -> None:
    """Bring the entries to this position of the log, where the workers have not yet. Raises NotAllThere."""
    project(store, TRAIL_ENTRIES, up_to=last)
    place = positions(store)[TRAIL_ENTRIES.name]
    if place.position < last:
        raise NotAllThere(view=TRAIL_ENTRIES.name, lag=last - place.position)


def compared_now(store: Store, tick: Tick = lambda _: None) -> Compared:
    """All entries, brought up to the log's end, compared with the facts. Raises NotAllThere, EntriesDiffer."""
    head = store.head().position
    caught_up(store, head)
    return check(store, head, tick)


def told(
    store: Store, recordeds: Sequence[Recorded[Any]], lang: Lang, streams: Streams | None = None
) -> list[Entry]:
    """Facts of any streams as entries, in their order; a task's are told with what came before them."""
    texts, names = store.texts_of(recordeds), agencies_listed(store)
    if streams is None:
        streams = streams_of(store, [one for one in recordeds if one.stream.startswith("task/")])
    return [
        entry_of(one, history([one], texts, names, lang, _before(streams, one))[0].sentence)
        for one in recordeds
    ]


def _before(streams: Mapping[str, Sequence[Recorded[Any]]], one: Recorded[Any]) -> Sequence[Recorded[Any]]:
    return streams.get(one.stream, ())[: one.version - 1] if one.stream.startswith("task/") else ()


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
        behalf_subject=None if behalf is None else behalf.subject,
        mandate=envelope.mandate,
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
