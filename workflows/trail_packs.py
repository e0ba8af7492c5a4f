"""What goes into a pack: the events asked for, what shows their times, what became of their texts and persons."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from hashlib import sha256
from itertools import islice
from typing import Any

from domain.errors import Refusal
from domain.seoul import SEOUL
from domain.subject.commands import subject_stream
from projections.trail.brackets import SEALED, TIMESTAMPED
from projections.trail.completeness import check
from projections.trail.leaves import Tick
from projections.trail.pack_asked import Asked
from projections.trail.pack_events import references
from projections.trail.pack_telling import NAMING
from projections.trail.packing import Event, Text
from projections.trail.searching import Filters, positions_of
from store.connecting import Connection
from store.log import Store
from store.slicing import first_at
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


class TextNotAsCommitted(Refusal):
    """A text in the database is another than the one that the event committed to when it was recorded."""

    ko = (
        "{position}번 기록의 글 {text}이(가) 기록될 때 확약한 글과 다릅니다: 저장소에서 고쳐졌습니다. 기록 자체의 봉인은 그대로이나 "
        "이 글은 증명할 수 없어 묶음을 만들지 않았습니다. 백업에서 그 글을 되찾아 넣거나, 누가 고쳤는지 밝히십시오."
    )
    en = (
        "The text {text} of event {position} is not the one that the event committed to when it was recorded: it was changed "
        "in the database. The event itself is as sealed, but this text cannot be proved, and no pack was made. Put the text "
        "back from a backup, and find out who changed it."
    )


class TextMissing(Refusal):
    """A text is gone and no fact says that it was redacted."""

    ko = (
        "{position}번 기록의 글 {text}이(가) 저장소에 없는데 비공개 처리했다는 기록도 없습니다: 프로그램 밖에서 지워졌습니다. "
        "묶음을 만들지 않았습니다. 백업에서 그 글을 되찾아 넣거나, 누가 지웠는지 밝히십시오."
    )
    en = (
        "The text {text} of event {position} is not in the database, and no fact says that it was redacted: it was taken away "
        "outside of the program. No pack was made. Put the text back from a backup, and find out who took it away."
    )


class RedactionNotSealed(Refusal):
    """A text is gone and what says so cannot be proved yet."""

    ko = "글 {text}이(가) 비공개 처리되었으나 그 기록이 아직 봉인되지 않았습니다. `donghaeng trail seal` 뒤에 다시 시도하십시오."
    en = "Text {text} was redacted, and the fact that says so is not sealed yet. Run `donghaeng trail seal` and try again."


def gathered(store: Store, asked: Asked, size: int, tick: Tick = lambda _: None) -> list[Event]:
    """The events for a pack out of the first `size`, in order of position, in words.

    Raises NothingAsked, NoSuchEvents, TooManyEvents, RedactionNotSealed, TextMissing, TextNotAsCommitted, NotAllThere,
    EntriesDiffer.
    """
    wanted = _positions(store, asked, size, tick)
    with store.connection() as connection:
        rows = _rows(connection, wanted)
        texts = _texts(connection, rows.values())
        along = _along(connection, rows, texts, size) | _naming(connection, rows, size)
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
    """The free texts of each row, with their salts; those that were taken away without."""
    rows = list(rows)
    referred = {row[0]: [identity for identity, _ in references(row[6])] for row in rows}
    wanted = [identity for identities in referred.values() for identity in identities]
    found = connection.execute(
        "SELECT id, salt, body FROM donghaeng.texts WHERE id = ANY(%s::uuid[]) AND body IS NOT NULL",
        (wanted,),
    )
    known = {row[0].hex: Text(row[0].hex, bytes(row[1]), row[2]) for row in found}
    _check_committed(rows, known)
    return {
        position: tuple(known.get(identity, Text(identity, None, None)) for identity in identities)
        for position, identities in referred.items()
    }


def _check_committed(rows: Iterable[Any], known: Mapping[str, Text]) -> None:
    """Raises TextNotAsCommitted."""
    for row in rows:
        for identity, commitment in references(row[6]):
            text = known.get(identity)
            if text is None or text.salt is None or text.body is None:
                continue
            if sha256(text.salt + text.body.encode()).hexdigest() != commitment:
                raise TextNotAsCommitted(position=row[0], text=identity)


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
            raise _not_redacted(connection, stream.removeprefix("text/"), texts)
    erasures = connection.execute(query, ("subject.erased", erased, size)).fetchall()
    return found | set(redactions.values()) | {position for _, position in erasures}


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


def _not_redacted(
    connection: Connection, gone: str, texts: Mapping[int, tuple[Text, ...]]
) -> RedactionNotSealed | TextMissing:
    """Why a text is not there, and no sealed fact says why."""
    query = "SELECT 1 FROM donghaeng.facts WHERE kind = 'text.redacted' AND stream = %s"
    if connection.execute(query, (f"text/{gone}",)).fetchone() is not None:
        return RedactionNotSealed(text=gone)
    position = min(at for at, found in texts.items() if any(text.id == gone for text in found))
    return TextMissing(text=gone, position=position)


def _persons(row: Any) -> set[str]:
    """The streams of the persons that an event speaks of or is about, by their random ids."""
    spoken = {subject_stream(found[1].decode()) for found in _PERSON.finditer(row[6])}
    return spoken | ({row[1]} if row[1].startswith(subject_stream("")) else set())
