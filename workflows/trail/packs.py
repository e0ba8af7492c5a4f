"""What goes into a pack: the events asked for, what shows their times, what became of their texts and persons."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from itertools import islice

from domain.errors import Refusal
from domain.seoul import midnight
from domain.streams import definition_stream, identity_of, kind_of, subject_stream, text_stream
from projections.inspection.completeness import check
from projections.inspection.pack_narration import NAMING
from projections.inspection.searching import Filters, positions_of
from projections.texts import PROBLEMS
from store.connecting import Connection
from store.log import Store
from store.looking_up import (
    is_of_kind,
    places_of_kind_in,
    places_of_kinds,
    positions_of_kind,
    positions_of_streams,
)
from store.stated_times import first_at
from store.texts import Kept, TextState, check_text, load_texts
from trail.commitments import references
from trail.leaves import Tick
from trail.pack_asked import Asked
from trail.packing import Event, NotAsSealed, Text
from trail.stored import POSITION, STATE, STREAM, StoredFact
from trail.stream_count_facts import MAPPED
from trail.time_bounds import SEALED, TIMESTAMPED
from workflows.trail.reading import wait_until_caught_up

MOST_EVENTS = 50_000
_A_PAGE = 5000
_PERSON = re.compile(rb'"(?:subject":"|[a-z_]+":"subject/)([0-9a-f]{32})"')


class NothingAsked(Refusal):
    ko = "무엇을 담을지 알 수 없습니다. --task, --agency, --definition, --from/--to, --all 가운데 하나를 지정하십시오."
    en = "What is to go into the pack is not said. Give --task, --agency, --definition, --from/--to or --all."


class NoSuchEvents(Refusal):
    """Nothing sealed is of what was asked for."""

    ko = "{asked}에 해당하는 봉인된 기록이 없습니다. 방금 생긴 일이면 `donghaeng trail seal` 뒤에 다시 시도하십시오."
    en = "There is nothing sealed of {asked}. If it happened just now, run `donghaeng trail seal` and try again."


class TooManyEvents(Refusal):
    ko = "한 묶음에 담기에 너무 많습니다(최대 {most}건). 기간을 나누거나, 감사 이력 폴더 전체를 복사하여 `donghaeng trail verify 폴더`로 확인하십시오."
    en = "Those are too many events for one pack (at most {most}). Ask for shorter spans, or copy the trail's whole folder and check it with `donghaeng trail verify FOLDER`."


class RedactionNotSealed(Refusal):
    """A text is gone and what says so cannot be proved yet."""

    ko = "글 {text}이(가) 비공개 처리되었으나 그 기록이 아직 봉인되지 않았습니다. `donghaeng trail seal` 뒤에 다시 시도하십시오."
    en = "Text {text} was redacted, and the fact that says so is not sealed yet. Run `donghaeng trail seal` and try again."


class TextNotAsCommitted(Refusal):
    """Nothing could be proved of a text that was changed or taken away beside the log."""

    ko = "{position}번 기록의 글 {text}: {problem}. 기록 자체의 봉인은 그대로이나 이 글로는 증명되는 묶음을 만들 수 없습니다. `donghaeng trail verify --store`로 무엇이 더 바뀌었는지 확인하고, 백업에서 본문을 되찾으십시오."
    en = "Text {text} of event {position}: it {problem}. The event itself is as sealed, but no pack that holds can be made with this text. See what else was changed with `donghaeng trail verify --store`, and find the text again in a backup."


def gather_events(store: Store, asked: Asked, size: int, tick: Tick = lambda _: None) -> list[Event]:
    """The events for a pack out of the first `size`, in order of position.

    Raises NothingAsked, NoSuchEvents, TooManyEvents, RedactionNotSealed, TextNotAsCommitted, NotAllThere, EntriesDiffer,
    NotAsSealed.
    """
    wanted = _positions(store, asked, size, tick)
    with store.connection() as connection:
        rows = _rows(store, connection, wanted)
        for position in wanted:
            if position not in rows:
                raise NotAsSealed(position=position)
        texts = _texts(connection, rows.values())
        along = _along(connection, rows, texts, size) | _naming(connection, rows, size)
        if asked.whole:
            along |= _counting(connection, size)
        rows |= _rows(store, connection, sorted(along - rows.keys()))
        texts |= _texts(connection, (rows[position] for position in along - set(wanted)))
    asked_for = frozenset(wanted)
    return [Event(rows[position], texts[position], position in asked_for) for position in sorted(rows)]


def _positions(store: Store, asked: Asked, size: int, tick: Tick) -> list[int]:
    """Positions of what is asked for, found as a search finds them, in order; where looked up, all was compared."""
    if asked == Asked():
        raise NothingAsked
    low, high = 1, size + 1
    with store.connection() as connection:
        if asked.first is not None:
            low = first_at(connection, midnight(asked.first))
        if asked.last is not None:
            high = min(high, first_at(connection, midnight(asked.last) + timedelta(days=1)))
    found: Iterable[int] = range(low, high)
    if asked.task is not None or asked.agency is not None:
        wait_until_caught_up(store, size)
        check(store, size, tick)
        found = _look_up(store, Filters(task=asked.task, agency=asked.agency), low, high)
    elif asked.definition is not None:
        found = ()
    # what the pack will say that it holds all of does not hang on a view
    streams = asked.whole or ([] if asked.definition is None else [definition_stream(asked.definition)])
    if streams:
        known = (position for position in _of_streams(store, streams, size) if low <= position < high)
        found = {*islice(found, MOST_EVENTS + 1), *known}
    positions = list(islice(found, MOST_EVENTS + 1))
    if not positions:
        raise NoSuchEvents(asked=asked.words)
    if len(positions) > MOST_EVENTS:
        raise TooManyEvents(most=f"{MOST_EVENTS:,}")
    return sorted(positions)


def _look_up(store: Store, filters: Filters, low: int, high: int) -> Iterator[int]:
    """Positions from `low` below `high`, the newest first."""
    while high > low and (page := positions_of(store, filters, high, _A_PAGE)):
        yield from (position for position in page if position >= low)
        high = page[-1]


def _of_streams(store: Store, streams: Sequence[str], size: int) -> list[int]:
    with store.connection() as connection:
        return positions_of_streams(connection, streams, size)


def _rows(store: Store, connection: Connection, positions: Sequence[int]) -> dict[int, StoredFact]:
    return {row[POSITION]: row for row in store.recorder.rows_at(positions, connection)}


def _texts(connection: Connection, rows: Iterable[StoredFact]) -> dict[int, tuple[Text, ...]]:
    """The free texts of each row, with their salts; those that were redacted without. Raises TextNotAsCommitted."""
    referred = {row[POSITION]: references(row[STATE]) for row in rows}
    kept = load_texts(connection, {identity for refs in referred.values() for identity, _ in refs})

    def text(position: int, identity: str, commitment: str) -> Text:
        found = kept.get(identity, Kept())
        read = check_text(found, commitment)
        if read.state in PROBLEMS:
            raise TextNotAsCommitted(position=position, text=identity, problem=PROBLEMS[read.state])
        committed = read.state is TextState.COMMITTED
        return Text(identity, found.salt, read.body) if committed else Text(identity, None, None)

    return {position: tuple(text(position, *ref) for ref in refs) for position, refs in referred.items()}


def _along(
    connection: Connection, rows: Mapping[int, StoredFact], texts: Mapping[int, tuple[Text, ...]], size: int
) -> set[int]:
    """Positions of what comes along: the seal and the timestamp before each event, redactions and erasures."""
    found: set[int] = set()
    for kind in (SEALED, TIMESTAMPED):
        there = positions_of_kind(connection, kind, size)
        found |= {there[at - 1] for position in rows if (at := bisect_right(there, position))}
    gone = sorted({text_stream(text.id) for many in texts.values() for text in many if text.body is None})
    erased = sorted({person for row in rows.values() for person in _persons(row)})
    redactions = dict(places_of_kind_in(connection, "text.redacted", gone, size))
    for stream in gone:
        if stream not in redactions:
            raise RedactionNotSealed(text=identity_of(stream))
    erasures = places_of_kind_in(connection, "subject.erased", erased, size)
    return found | set(redactions.values()) | {position for _, position in erasures}


def _counting(connection: Connection, size: int) -> set[int]:
    """The position of the count of the streams with which the checkpoint ends, where it does."""
    return {size} if is_of_kind(connection, size, MAPPED) else set()


def _naming(connection: Connection, rows: Mapping[int, StoredFact], size: int) -> set[int]:
    """Positions of the facts that name the agencies of which these events speak, for sentences are told from the pack alone."""
    found: dict[str, set[int]] = {}
    for stream, position in places_of_kinds(connection, list(NAMING), size):
        found.setdefault(stream, set()).add(position)
    spoken = [
        positions
        for stream, positions in found.items()
        if any(b'"%s"' % identity_of(stream).encode() in row[STATE] for row in rows.values())
    ]
    return set().union(*spoken)


def _persons(row: StoredFact) -> set[str]:
    """The streams of the persons that an event speaks of or is about, by their random ids."""
    spoken = {subject_stream(found[1].decode()) for found in _PERSON.finditer(row[STATE])}
    return spoken | ({row[STREAM]} if kind_of(row[STREAM]) == "subject" else set())
