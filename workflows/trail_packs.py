"""What goes into a pack: the events asked for, what shows their times, what became of their texts and persons."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Any

from domain.errors import Refusal
from domain.seoul import SEOUL
from domain.subject.commands import subject_stream
from projections.texts import PROBLEMS
from projections.trail.brackets import SEALED, TIMESTAMPED
from projections.trail.completeness import check
from projections.trail.leaves import Tick
from projections.trail.mapped import MAPPED
from projections.trail.pack_asked import Asked
from projections.trail.pack_telling import NAMING
from projections.trail.packing import Event, Text
from projections.trail.searching import Filters, positions_of
from store.connecting import Connection
from store.log import Store
from store.slicing import first_at
from store.texts import Kept, TextState, held_against, kept_for, references
from workflows.trail_reading import caught_up

MOST_EVENTS = 50_000
_A_PAGE = 5000
_PERSON = re.compile(rb'"(?:subject":"|[a-z_]+":"subject/)([0-9a-f]{32})"')


class NothingAsked(Refusal):
    ko = "무엇을 담을지 알 수 없습니다. --task, --agency, --from/--to, --all 가운데 하나를 주십시오."
    en = "What is to go into the pack is not said. Give --task, --agency, --from/--to or --all."


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


def gathered(store: Store, asked: Asked, size: int, tick: Tick = lambda _: None) -> list[Event]:
    """The events for a pack out of the first `size`, in order of position.

    Raises NothingAsked, NoSuchEvents, TooManyEvents, RedactionNotSealed, TextNotAsCommitted, NotAllThere, EntriesDiffer.
    """
    wanted = _positions(store, asked, size, tick)
    with store.connection() as connection:
        rows = _rows(connection, wanted)
        texts = _texts(connection, rows.values())
        along = _along(connection, rows, texts, size) | _naming(connection, rows, size)
        if asked.whole:
            along |= _counting(connection, size)
        rows |= _rows(connection, sorted(along - rows.keys()))
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
            low = first_at(connection, _midnight(asked.first))
        if asked.last is not None:
            high = min(high, first_at(connection, _midnight(asked.last) + timedelta(days=1)))
    found: Iterable[int] = range(low, high)
    if asked.task is not None or asked.agency is not None:
        caught_up(store, size)
        check(store, size, tick)
        found = _looked_up(store, Filters(task=asked.task, agency=asked.agency), low, high)
        if asked.whole:  # what the pack will say that it holds all of does not hang on a view
            found = {*islice(found, MOST_EVENTS + 1), *_of_streams(store, asked.whole, size)}
    positions = list(islice(found, MOST_EVENTS + 1))
    if not positions:
        raise NoSuchEvents(asked=asked.words)
    if len(positions) > MOST_EVENTS:
        raise TooManyEvents(most=f"{MOST_EVENTS:,}")
    return sorted(positions)


def _looked_up(store: Store, filters: Filters, low: int, high: int) -> Iterator[int]:
    """Positions from `low` below `high`, the newest first."""
    while high > low and (page := positions_of(store, filters, high, _A_PAGE)):
        yield from (position for position in page if position >= low)
        high = page[-1]


def _of_streams(store: Store, streams: Sequence[str], size: int) -> list[int]:
    query = "SELECT position FROM donghaeng.facts WHERE stream = ANY(%s) AND position <= %s"
    with store.connection() as connection:
        return [row[0] for row in connection.execute(query, (list(streams), size))]


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), SEOUL)


def _rows(connection: Connection, positions: Sequence[int]) -> dict[int, Any]:
    query = (
        "SELECT position, stream, version, kind, recorded_at, known_at, state FROM donghaeng.facts "
        "WHERE position = ANY(%s) ORDER BY position"
    )
    return {row[0]: row for row in connection.execute(query, (list(positions),), binary=True)}


def _texts(connection: Connection, rows: Iterable[Any]) -> dict[int, tuple[Text, ...]]:
    """The free texts of each row, with their salts; those that were redacted without. Raises TextNotAsCommitted."""
    referred = {row[0]: references(row[6]) for row in rows}
    kept = kept_for(connection, {identity for refs in referred.values() for identity, _ in refs})

    def text(position: int, identity: str, commitment: str) -> Text:
        found = kept.get(identity, Kept())
        read = held_against(found, commitment)
        if read.state in PROBLEMS:
            raise TextNotAsCommitted(position=position, text=identity, problem=PROBLEMS[read.state])
        committed = read.state is TextState.COMMITTED
        return Text(identity, found.salt, read.body) if committed else Text(identity, None, None)

    return {position: tuple(text(position, *ref) for ref in refs) for position, refs in referred.items()}


def _along(
    connection: Connection, rows: Mapping[int, Any], texts: Mapping[int, tuple[Text, ...]], size: int
) -> set[int]:
    """Positions of what comes along: the seal and the timestamp before each event, redactions and erasures."""
    found: set[int] = set()
    for kind in (SEALED, TIMESTAMPED):
        query = "SELECT position FROM donghaeng.facts WHERE kind = %s AND position <= %s ORDER BY position"
        there = [row[0] for row in connection.execute(query, (kind, size))]
        found |= {there[at - 1] for position in rows if (at := bisect_right(there, position))}
    gone = sorted({f"text/{text.id}" for many in texts.values() for text in many if text.body is None})
    erased = sorted({person for row in rows.values() for person in _persons(row)})
    query = (
        "SELECT stream, position FROM donghaeng.facts WHERE kind = %s AND stream = ANY(%s) AND position <= %s"
    )
    redactions: dict[str, int] = dict(connection.execute(query, ("text.redacted", gone, size)).fetchall())
    for stream in gone:
        if stream not in redactions:
            raise RedactionNotSealed(text=stream.removeprefix("text/"))
    erasures = connection.execute(query, ("subject.erased", erased, size)).fetchall()
    return found | set(redactions.values()) | {position for _, position in erasures}


def _counting(connection: Connection, size: int) -> set[int]:
    """The position of the count of the streams with which the checkpoint ends, where it does."""
    query = "SELECT position FROM donghaeng.facts WHERE position = %s AND kind = %s"
    return {row[0] for row in connection.execute(query, (size, MAPPED))}


def _naming(connection: Connection, rows: Mapping[int, Any], size: int) -> set[int]:
    """Positions of the facts that name the agencies of which these events speak, for sentences are told from the pack alone."""
    query = "SELECT stream, position FROM donghaeng.facts WHERE kind = ANY(%s) AND position <= %s"
    found: dict[str, set[int]] = {}
    for stream, position in connection.execute(query, (list(NAMING), size)):
        found.setdefault(stream, set()).add(position)
    spoken = [
        positions
        for stream, positions in found.items()
        if any(b'"%s"' % stream.removeprefix("agency/").encode() in row[6] for row in rows.values())
    ]
    return set().union(*spoken)


def _persons(row: Any) -> set[str]:
    """The streams of the persons that an event speaks of or is about, by their random ids."""
    spoken = {subject_stream(found[1].decode()) for found in _PERSON.finditer(row[6])}
    return spoken | ({row[1]} if row[1].startswith(subject_stream("")) else set())
