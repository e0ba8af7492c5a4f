"""What inspectors do: the first page of a search, by any filter."""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import combinations, count
from typing import Any

import msgspec
from msgspec.structs import replace

from projections.inspection.entries import TRAIL_ENTRIES
from projections.inspection.searching import Filters
from projections.runner import project
from scripts.benchmarks import data
from scripts.benchmarks.data import WORDS
from scripts.benchmarks.measuring import Sides
from scripts.benchmarks.place import Place
from store.bulk import Line
from store.envelope import Actor, Cause, Envelope, Text
from store.log import Store
from store.mapper import encode
from workers.engine import Engine
from workflows.trail import reading as trail_reading
from workflows.trail.reading import page


def trail_search(place: Place, size: int) -> Sides:
    """The slowest first page of fifty entries: each filter by a usual, a rare and an unknown value, and any two."""
    store = _fill(place, size)

    def by_project(number: int) -> float:
        slowest = 0.0
        for filters in _list_filters(size):
            began = time.perf_counter()
            page(store, filters, "en")
            slowest = max(slowest, time.perf_counter() - began)
        return 1000 * slowest

    return {"project": by_project}


def search_complete(place: Place, size: int) -> Sides:
    """How much of a search of fifty entries of several kinds is telling up to where nothing is missing: the mark, and the entries shown made anew; the median of five of each such search, and the most of these."""
    store = _fill(place, size)
    kinds = ("task.progress_reported", "task.approved", "task.started", "task.proposed", "task.evaluated")

    def by_project(number: int) -> float:
        asked = [Filters(kinds=kinds[:n]) for n in (1, 2, 3, 5)]
        return max(statistics.median(_share(store, filters) for _ in range(5)) for filters in asked)

    return {"project": by_project}


def _share(store: Store, filters: Filters) -> float:
    """In percent."""
    spent = 0.0

    def timed(function: Callable[..., Any]) -> Callable[..., Any]:
        def work(*given: Any, **named: Any) -> Any:
            nonlocal spent
            began = time.perf_counter()
            found = function(*given, **named)
            spent += time.perf_counter() - began
            return found

        return work

    parts = {name: getattr(trail_reading, name) for name in ("check_page", "complete_by_mark")}
    try:
        for name, function in parts.items():
            setattr(trail_reading, name, timed(function))
        began = time.perf_counter()
        page(store, filters, "en")
        return 100 * spent / (time.perf_counter() - began)
    finally:
        for name, function in parts.items():
            setattr(trail_reading, name, function)


def _fill(place: Place, size: int) -> Store:
    """Filled once for all rows that ask for this size."""

    def fill(engine: Engine) -> None:
        engine.store.import_facts(_lines(size))
        project(engine.store, TRAIL_ENTRIES)
        place.put_texts(engine.store, _texts(size))

    return place.filled_engine(f"entries_{size}", fill).store


def _lines(size: int) -> Iterator[bytes]:
    """Reports as ever, some with reasons, by rules, on behalf of others or late; the first facts hold rare values."""
    encoder = msgspec.json.Encoder()
    for position, (stream, version, fact) in zip(count(1), data.mix(size, 40), strict=False):
        at = data.START + timedelta(seconds=position)
        agency = f"agency-{int(stream[10:]) % 26}"
        said = replace(
            _envelope(position, stream, version, agency),
            effective_at=at - timedelta(days=30) if position % 33 == 0 else None,
        )
        yield encoder.encode(Line(position, stream, version, fact.kind, at, at, encode(said, fact).decode()))


def _envelope(position: int, stream: str, version: int, agency: str) -> Envelope:
    said = replace(data.envelope(agency), reason=None, command=f"{position:032x}")
    if position == 1:
        rare = Actor(role="head", agency="rare", subject="f" * 32)
        return replace(said, actor=rare, on_behalf_of=rare, cause=Cause(fact=1, rule="rare"))
    if position % 20 == 7:
        because = Cause(due=f"{stream}#{version - 1}", rule="remind", rule_version="1")
        return replace(said, actor=Actor(role="system"), via="rule", authn="system", cause=because)
    if position % 50 == 0:
        said = replace(said, on_behalf_of=Actor(role="head", agency=agency, subject=f"{position % 700:032x}"))
    if position % 10 == 0:
        said = replace(said, reason=Text(id=_text_id(position), commitment="0" * 64))
    return replace(said, actor=replace(said.actor, subject=f"{position % 500:032x}"))


def _text_id(position: int) -> str:
    return f"e{position:031x}"


def _texts(size: int) -> Iterator[tuple[str, str]]:
    """Ids and bodies of the reasons: common words in a mix, one that stands in the oldest alone."""
    chance = random.Random(1)  # noqa: S311 - the same each time
    for position in range(10, size + 1, 10):
        body = " ".join(chance.choices(WORDS, k=20))
        yield _text_id(position), f"희귀한 말 {body}" if position < 60 else f"{body} {position}번 보고"


def _list_filters(size: int) -> Iterator[Filters]:
    """Each filter by itself, and any two of what people combine, also such as never meet."""
    yield from _alone(size)
    middle = data.START + timedelta(seconds=size // 2)
    usual: dict[str, Any] = {
        "agency": "agency-3",
        "kinds": ("task.progress_reported",),
        "role": "system",
        "actor": "officer@agency-3",
        "subject": f"{7:032x}",
        "behalf_role": "head",
        "rules": ("remind",),
        "recorded_until": middle,
        "effective_from": middle,
        "effective_until": middle,
    }
    yield from (Filters(**dict(two)) for two in combinations(usual.items(), 2))


def _alone(size: int) -> Iterator[Filters]:
    middle, late = data.START + timedelta(seconds=size // 2), data.START + timedelta(seconds=size)
    yield Filters()
    for task in ("2024-000001", f"2024-{size // data.PER_TASK - 1:06}", "1999-01"):
        yield Filters(task=task)
    for agency in ("agency-1", "rare", "unknown"):
        yield Filters(agency=agency)
        yield Filters(actor=f"officer@{agency}")
        yield Filters(behalf=f"head@{agency}")
        yield Filters(agency=agency, effective_from=middle)
    for kind in ("task.progress_reported", "task.approved", "task.evaluated"):
        yield Filters(kinds=(kind,))
        yield Filters(kinds=(kind,), agency="agency-3", effective_until=middle)
    for role in ("officer", "system", "head", "citizen"):
        yield Filters(role=role)
        yield Filters(behalf_role=role)
    for subject in (f"{7:032x}", "f" * 32, "e" * 32):
        yield Filters(subject=subject)
        yield Filters(behalf_subject=subject)
    for rule in ("remind", "rare", "unknown"):
        yield Filters(rules=(rule,))
    for position in (1, size // 2, size):
        yield Filters(cause=position)
        yield Filters(command=f"{position:032x}")
    for since, until in (
        (None, middle),
        (middle, None),
        (middle, middle + timedelta(minutes=1)),
        (late, None),
    ):
        yield Filters(recorded_from=since, recorded_until=until)
        yield Filters(effective_from=since, effective_until=until)
        yield Filters(effective_from=since, effective_until=until, role="officer")
    for text in ("예산", "희귀한 말", "번 보고", f"{size // 2}번", "없는 낱말"):
        yield Filters(text=text)
        yield Filters(text=text, agency="agency-3")
        yield Filters(text=text, effective_until=middle)
