"""Pages of the trail as people read them: the entries found, told in sentences with texts and names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

import msgspec

from domain.errors import Lang, Refusal
from domain.streams import kind_of
from projections.damage import ViewDamaged
from projections.history import history
from projections.inspection.completeness import Compared, check, check_page
from projections.inspection.entries import TRAIL_ENTRIES, is_shared, office_of
from projections.inspection.refolding import Streams
from projections.inspection.searching import Filters, matches, positions_of
from projections.runner import project
from projections.views import positions
from store.log import Store
from store.recorded import RecordedFact
from workflows.lookups import agency_names
from workflows.telling import NamesOf, persons_in
from workflows.titles import item_names, titles_of_facts
from workflows.trail.completeness import Complete, complete_by_facts, complete_by_mark

if TYPE_CHECKING:
    from trail.leaves import Tick

MOST = 1000  # entries a page
COUNTED = 1000


class NotAllThere(Refusal):
    """The entries lag behind the log, so that the newest would be left out."""

    ko = "조회 화면 {view}이(가) 멈추어 최근 기록 {lag}건이 빠지게 됩니다. `donghaeng doctor`로 원인을 확인하고 고친 뒤 다시 하십시오."
    en = "The view {view} has stopped, so that the last {lag} fact(s) would be left out. See why with `donghaeng doctor`, mend it, and try again."


class TrailEntry(msgspec.Struct, frozen=True, kw_only=True):
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
    `people`: the names by id of who acted, for whom, and of whom the entries tell, where the reader may see them.
    """

    entries: list[TrailEntry]
    before: int | None
    lag: int
    matches: int | None
    complete: Complete
    people: Mapping[str, str]


def page(
    store: Store,
    filters: Filters,
    lang: Lang,
    *,
    before: int | None = None,
    limit: int = 50,
    compared: Compared | None = None,
    named: NamesOf = lambda _: {},
) -> Page:
    """One page of entries, the newest first. `before`: only entries below this position.

    `compared`: what came of comparing all entries with the facts, where that was done for this. Else those shown are.
    `named`: how persons are called whom the reader may see by name.
    Raises EntriesDiffer.
    """
    found = positions_of(store, filters, before, limit + 1, by_index=compared is None)
    shown = found[:limit]
    facts = store.at(shown)
    streams = streams_of(store, facts)
    whole = before is None and len(found) <= limit
    place = positions(store)[TRAIL_ENTRIES.name]
    check_page(store, shown, facts, streams)
    head = place.position + place.lag
    complete = (
        complete_by_mark(store, head, by_letters=filters.text is not None)
        if compared is None
        else complete_by_facts(store, compared)
    )
    people = named(persons_of(facts))
    return Page(
        entries=narrate_entries(store, facts, lang, streams, people)[::-1],
        before=shown[-1] if len(found) > limit else None,
        lag=place.lag,
        matches=len(found) if whole else matches(store, filters, COUNTED),
        complete=complete,
        people=people,
    )


def persons_of(facts: Sequence[RecordedFact[Any]]) -> list[str]:
    """Who acted in these facts, for whom, and of whom they tell, each once."""
    acting = (
        actor.subject
        for one in facts
        for actor in (one.envelope.actor, one.envelope.on_behalf_of)
        if actor is not None and actor.subject is not None
    )
    return list(dict.fromkeys([*acting, *(person for one in facts for person in persons_in(one.fact))]))


def pages(store: Store, filters: Filters, lang: Lang, before: int, limit: int) -> Iterator[list[TrailEntry]]:
    """All entries below a position, the newest first, a page at a time; compared with the facts by who asks."""
    while found := positions_of(store, filters, before, limit, by_index=False):
        yield narrate_entries(store, store.at(found), lang)[::-1]
        before = found[-1]


def streams_of(store: Store, facts: Sequence[RecordedFact[Any]]) -> Streams:
    """The streams of these facts whose earlier facts tell something of the later ones."""
    streams = {one.stream for one in facts if is_shared(one.stream)}
    return store.load(sorted(streams)).streams if streams else {}


def wait_until_caught_up(store: Store, last: int) -> None:
    """Bring the entries to this position of the log, where the workers have not yet. Raises NotAllThere, ViewDamaged."""
    project(store, TRAIL_ENTRIES, up_to=last)
    place = positions(store)[TRAIL_ENTRIES.name]
    if place.damaged:
        raise ViewDamaged(view=TRAIL_ENTRIES.name, problem=place.error)
    if place.position < last:
        raise NotAllThere(view=TRAIL_ENTRIES.name, lag=last - place.position)


def compare_now(store: Store, tick: Tick = lambda _: None) -> Compared:
    """All entries, brought up to the log's end, compared with the facts. Raises NotAllThere, EntriesDiffer."""
    head = store.head().position
    wait_until_caught_up(store, head)
    return check(store, head, tick)


def narrate_entries(
    store: Store,
    recordeds: Sequence[RecordedFact[Any]],
    lang: Lang,
    streams: Streams | None = None,
    people: Mapping[str, str] = {},
) -> list[TrailEntry]:
    """Facts of any streams as entries, in their order; a task's are told with what came before them.

    `people`: persons' names by id, of those whom the reader may see by name.
    """
    if streams is None:
        streams = streams_of(store, [one for one in recordeds if kind_of(one.stream) == "task"])
    # a revision is told with the summary that was there before it
    summed = [one for told in streams.values() for one in told if hasattr(one.fact, "summary")]
    texts, names = store.texts_of([*recordeds, *summed]), agency_names(store)
    titles, items = titles_of_facts(store, recordeds), item_names(store)
    return [
        entry_of(
            one, history([one], texts, names, lang, _before(streams, one), people, titles, items)[0].sentence
        )
        for one in recordeds
    ]


def _before(
    streams: Mapping[str, Sequence[RecordedFact[Any]]], one: RecordedFact[Any]
) -> Sequence[RecordedFact[Any]]:
    return streams.get(one.stream, ())[: one.version - 1] if kind_of(one.stream) == "task" else ()


def entry_of(one: RecordedFact[Any], sentence: str) -> TrailEntry:
    envelope = one.envelope
    cause, behalf = envelope.cause, envelope.on_behalf_of
    return TrailEntry(
        position=one.position,
        stream=one.stream,
        version=one.version,
        kind=one.kind,
        actor=office_of(envelope.actor),
        subject=envelope.actor.subject,
        on_behalf_of=None if behalf is None else office_of(behalf),
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
