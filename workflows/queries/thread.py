"""From a decision forward to what came of it, and from a result back to what it came from.

What is linked is what facts say: by their causes, and by the fields that they declare to name a stream (`Fact.follows`,
`Fact.leads_to`); beside these the streams that stand beside another (`Fold.beside`). Nothing here names a kind of stream.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec

from domain.errors import Bilingual, Refusal
from domain.register import FOLDS
from domain.streams import identity_of, kind_of, task_stream
from domain.values import LocalText
from projections.history_line import Line
from projections.links import LinkRow, links_from, links_to
from projections.slices import AsOf, of_stream
from store.recorded import RecordedFact, fold_state
from workflows.permissions import READING_OF
from workflows.queries.inquiry import Inquiry
from workflows.queries.tasks import whose_task

MOST_NODES = 500
BESIDE = "beside"  # how two streams are linked of which one stands beside the other
_TYPED = re.compile(r"(?P<stream>[^#\s]{1,200})(#(?P<number>[0-9]{1,9}))?")


class NoSuchThread(Refusal):
    ko = "‘{given}’에 해당하는 기록이 없습니다. 예: 2024-07, heads-2024-1#7, fund/gongik."
    en = "Nothing goes by “{given}”. E.g. 2024-07, heads-2024-1#7, fund/gongik."


class ThreadOfSeveral(Refusal):
    """`streams`: that go by this identity."""

    ko = "‘{given}’은(는) 둘 이상에 해당하는 식별자입니다. 이력의 이름으로 적으십시오: {streams}."
    en = "Several go by the id “{given}”. Give the stream's name: {streams}."


class Place(NamedTuple):
    """A stream, or one of its facts by its number."""

    stream: str
    number: int | None = None

    def __str__(self) -> str:
        return self.stream if self.number is None else f"{self.stream}#{self.number}"


class ThreadNode(msgspec.Struct, frozen=True):
    """`node`: its stream, or one fact of it as "stream#version"; `title`: what the stream is called; `fact`: that fact, told.

    `results`: what it came to by now, in words.
    """

    node: str
    title: LocalText | None
    fact: str | None
    results: list[str]


class ThreadLink(msgspec.Struct, frozen=True):
    """`earlier`, `later`: nodes, of which the later came of the earlier. `by`: the field of the fact that says so, `cause` where it
    is the fact's cause, `beside` where it stands beside under the same identity; `said_by`: that fact, and `sentence` what it
    tells; None where it is beside.
    """

    earlier: str
    later: str
    by: str
    said_by: str | None
    sentence: str | None


class Thread(msgspec.Struct, frozen=True):
    """`start`: the node that was asked for. `came_from`, `led_to`: the links, the nearest first; `more`: some were left out."""

    start: str
    nodes: list[ThreadNode]
    came_from: list[ThreadLink]
    led_to: list[ThreadLink]
    more: bool


class _Step(NamedTuple):
    """A link found: from where to where it leads, and which row says so; none where it stands beside."""

    earlier: Place
    later: Place
    row: LinkRow | None


_Whose = tuple[str, tuple[str | None, ...], tuple[str, ...]]  # by which reading, whose it is, which tasks
Ways = Callable[[Sequence[Place]], Iterator[_Step]]


def show_thread(inquiry: Inquiry, given: str) -> Thread:
    """`given`: a stream, one fact of it, or an identity by itself. Of what is linked the reader is told what they may read, and is led
    through nothing else. Raises NoSuchThread, ThreadOfSeveral.
    """
    start = _parse(inquiry, given)
    reading, agencies, tasks = _whose(inquiry, start.stream)
    at = inquiry.authorise(reading, agencies, tasks=tasks)
    seen = _Seen(inquiry, at)
    facts = seen.facts(start.stream)
    if not facts or (start.number is not None and start.number not in {one.version for one in facts}):
        raise NoSuchThread(given=given[:60])
    forward, more = _walk(start, seen, seen.ways_on, lambda step: step.later)
    back, still_more = _walk(start, seen, seen.ways_back, lambda step: step.earlier)
    seen.record(start)
    places = dict.fromkeys([start, *(one for step in (*forward, *back) for one in step[:2])])
    return Thread(
        str(start),
        [seen.describe(one) for one in places],
        [seen.tell(step) for step in back],
        [seen.tell(step) for step in forward],
        more or still_more,
    )


def _parse(inquiry: Inquiry, given: str) -> Place:
    found = _TYPED.fullmatch(given.strip())
    if found is None:
        raise NoSuchThread(given=given[:60])
    name, number = found["stream"], found["number"]
    if kind_of(name) not in FOLDS or not identity_of(name):
        name = _find_stream(inquiry, name)
    return Place(name, None if number is None else int(number))


def _find_stream(inquiry: Inquiry, identity: str) -> str:
    """Of what goes by this identity, and stands not only beside another; a task's where there is nothing.

    Only of what the reader may read: whether there is another is not told.
    """
    names = [f"{name}/{identity}" for name, fold in FOLDS.items() if fold.beside is None]
    loaded = inquiry.store.load(names).streams
    there = [one for one in names if loaded[one] and _may_read(inquiry, one)]
    if len(there) > 1:
        raise ThreadOfSeveral(given=identity[:60], streams=tuple(there))
    return there[0] if there else task_stream(identity)


def _may_read(inquiry: Inquiry, stream: str) -> bool:
    reading, agencies, _ = _whose(inquiry, stream)
    return inquiry.permits(reading, agencies)


def _whose(inquiry: Inquiry, stream: str) -> _Whose:
    """By which reading a stream is read, whose it is, and which task it is about. What stands beside another is whose that is."""
    identity = identity_of(stream)
    reading = READING_OF.get(kind_of(stream), "history")
    of = _beside(stream) or stream
    facts = inquiry.store.read(of)
    if of == task_stream(identity):
        return reading, whose_task(inquiry.store, identity, facts), (identity,)
    agency = getattr(fold_state(FOLDS[kind_of(of)], facts), "agency", None)
    own = identity if of.startswith("agency/") else inquiry.own_agency
    return reading, (agency or own,), ()


def _walk(start: Place, seen: _Seen, ways: Ways, end: Callable[[_Step], Place]) -> tuple[list[_Step], bool]:
    """Every link from here on in one direction, the nearest first, each place once: a circle ends where it was before."""
    steps: list[_Step] = []
    known, edge = {start}, [start]
    while edge:
        found = [step for step in ways(edge) if seen.may_read(end(step).stream)]
        edge = []
        for step in found:
            if end(step) not in known:
                if len(known) >= MOST_NODES:
                    return steps, True
                known.add(end(step))
                edge.append(end(step))
            steps.append(step)
    return list(dict.fromkeys(steps)), False


class _Seen:
    """What of the log a thread has looked at, each stream once, as of the slice."""

    def __init__(self, inquiry: Inquiry, at: AsOf | None) -> None:
        self._inquiry, self._store, self._at = inquiry, inquiry.store, at
        self._facts: dict[str, list[RecordedFact[Any]]] = {}
        self._lines: dict[str, Mapping[int, Line]] = {}
        self._read: dict[str, bool] = {}

    def facts(self, stream: str) -> list[RecordedFact[Any]]:
        if stream not in self._facts:
            self._facts[stream] = of_stream(self._store.read(stream), self._at)
        return self._facts[stream]

    def may_read(self, stream: str) -> bool:
        """Whether it is there in the slice, and the reader is told of it."""
        if stream not in self._read:
            self._read[stream] = bool(self.facts(stream)) and _may_read(self._inquiry, stream)
        return self._read[stream]

    def record(self, start: Place) -> None:
        """That the reader was told of the others too, by reading."""
        told = [
            _whose(self._inquiry, one) for one, read in self._read.items() if read and one != start.stream
        ]
        for reading in dict.fromkeys(name for name, _, _ in told):
            agencies, tasks = _join(told, reading)
            self._inquiry.reads_beside(reading, agencies, tasks=tasks)

    def ways_on(self, places: Sequence[Place]) -> Iterator[_Step]:
        """The links to what came of these. Of one fact: what it itself led to, and what came of its stream as a whole."""
        by_stream = _by_stream(places)
        for row in links_from(self._store, list(by_stream), self._at):
            for place in by_stream[row.origin]:
                if place.number is None or row.origin_number in (None, place.number):
                    yield _Step(place, Place(row.result), row)
        for place in places:
            names = [f"{name}/{identity_of(place.stream)}" for name in FOLDS]
            for beside in [name for name in names if _beside(name) == place.stream]:
                yield _Step(place, Place(beside), None)

    def ways_back(self, places: Sequence[Place]) -> Iterator[_Step]:
        """The links to what these came from. Of one fact: what was said by it or before it."""
        by_stream = _by_stream(places)
        for row in links_to(self._store, list(by_stream), self._at):
            for place in by_stream[row.result]:
                if place.number is None or (row.result_number or 0) <= place.number:
                    number = row.origin_number if row.stream != row.origin else None
                    yield _Step(Place(row.origin, number), place, row)
        for place in places:
            if (beside := _beside(place.stream)) is not None:
                yield _Step(Place(beside), place, None)

    def describe(self, place: Place) -> ThreadNode:
        facts = self.facts(place.stream)
        state = fold_state(FOLDS[kind_of(place.stream)], facts)
        title = getattr(state, "title", None) or getattr(state, "name", None)
        results: Iterable[Bilingual] = getattr(state, "results", ()) if place.number is None else ()
        return ThreadNode(
            str(place),
            title,
            None if place.number is None else self._sentence(place.stream, place.number),
            [one.say(self._inquiry.lang) for one in results],
        )

    def tell(self, step: _Step) -> ThreadLink:
        row = step.row
        if row is None:
            return ThreadLink(str(step.earlier), str(step.later), BESIDE, None, None)
        sentence = self._sentence(row.stream, row.version) if self.may_read(row.stream) else None
        said_by = f"{row.stream}#{row.version}"
        return ThreadLink(str(step.earlier), str(step.later), row.by, said_by, sentence)

    def _sentence(self, stream: str, version: int) -> str | None:
        from workflows.telling import history_of  # noqa: PLC0415 - with all sentences

        if stream not in self._lines:
            told = history_of(self._store, stream, self._inquiry.lang, self._at)
            self._lines[stream] = {line.version: line for line in told}
        line = self._lines[stream].get(version)
        return None if line is None else line.sentence


def _join(told: Sequence[_Whose], reading: str) -> tuple[tuple[str | None, ...], tuple[str, ...]]:
    """Whose all that is that is told by one reading, and which tasks, each once."""
    its = [(agencies, tasks) for name, agencies, tasks in told if name == reading]
    agencies = dict.fromkeys(one for found, _ in its for one in found)
    return tuple(agencies), tuple(dict.fromkeys(one for _, found in its for one in found))


def _by_stream(places: Sequence[Place]) -> dict[str, list[Place]]:
    found: dict[str, list[Place]] = {}
    for one in places:
        found.setdefault(one.stream, []).append(one)
    return found


def _beside(stream: str) -> str | None:
    """The stream that this one stands beside; None where it stands by itself."""
    beside = FOLDS[kind_of(stream)].beside
    try:
        return None if beside is None else beside(identity_of(stream))
    except ValueError:  # an identity of another form
        return None
