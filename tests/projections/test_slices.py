"""Slices of the log: what was known then, and what was so then."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import psycopg
import pytest

from domain.task.state import TASK
from projections.slices import (
    AsOf,
    AsOfMoments,
    NothingKnownThen,
    end_of,
    facts_of,
    of_stream,
    resolve_as_of,
    resolve_known_as_of,
    rows_of_facts,
)
from store.errors import NewerFact
from store.log import Store
from store.recorded import RecordedFact
from tests.conftest import _copied
from tests.projections.timed_logs import BEGAN, known_at, many, put

KINDS = frozenset(fact.kind for fact in TASK.facts)


@pytest.fixture(scope="module")
def filled(cluster: str, template: str) -> Iterator[Store]:
    """One store for all of these tests, none of which writes."""
    for dsn in _copied(cluster, template):
        with Store.open(psycopg.conninfo.make_conninfo(dsn, user="donghaeng_app")) as opened:
            put(opened, many())
            yield opened


@pytest.fixture(scope="module")
def whole(filled: Store) -> list[RecordedFact[Any]]:
    return filled.after(0, 100_000)


def known(whole: list[RecordedFact[Any]], moment: Any) -> list[RecordedFact[Any]]:
    return [one for one in whole if one.known_at < moment]


def so(whole: list[RecordedFact[Any]], moment: Any) -> list[RecordedFact[Any]]:
    return sorted(
        (one for one in whole if one.effective_at < moment), key=lambda one: (one.effective_at, one.position)
    )


MOMENTS = [known_at(place) + timedelta(seconds=off) for place in (4, 30, 77, 500) for off in (-1, 0, 1, 5)]


@pytest.mark.parametrize("moment", MOMENTS)
def test_as_known_then_is_what_was_known_before(filled: Store, whole: list[Any], moment: Any) -> None:
    assert list(facts_of(filled, AsOfMoments(as_of=moment))) == known(whole, moment)


@pytest.mark.parametrize("moment", MOMENTS)
def test_as_corrected_since_is_what_was_so_before_in_the_order_in_which_it_was_so(
    filled: Store, whole: list[Any], moment: Any
) -> None:
    assert list(facts_of(filled, AsOfMoments(effective=moment))) == so(whole, moment)


def test_there_are_late_entries_and_some_dated_ahead_in_what_is_tried_here(whole: list[Any]) -> None:
    assert sum(one.effective_at < one.known_at for one in whole) > 10
    assert any(one.effective_at > one.known_at for one in whole)
    assert sum('"effective_at"' in str(one.fact) for one in whole) == 1


def test_both_together_are_what_was_so_by_the_one_of_what_was_known_by_the_other(
    filled: Store, whole: list[Any]
) -> None:
    then, so_then = known_at(60), known_at(45)
    found = list(facts_of(filled, AsOfMoments(as_of=then, effective=so_then)))
    assert found == so(known(whole, then), so_then)
    assert found != so(whole, so_then)


def test_only_the_kinds_asked_for_are_read(filled: Store, whole: list[Any]) -> None:
    for which in (AsOfMoments(), AsOfMoments(effective=known_at(50))):
        found = [one.position for one in facts_of(filled, which, ["task.approved"])]
        assert found == [one.position for one in facts_of(filled, which) if one.kind == "task.approved"]


def test_a_kind_that_nobody_knows_stops_whatever_kinds_are_asked_for(store: Store, owner_dsn: str) -> None:
    put(store, many(2))
    with psycopg.connect(owner_dsn) as connection:
        connection.execute("ALTER TABLE donghaeng.facts DISABLE TRIGGER USER")
        connection.execute("UPDATE donghaeng.facts SET kind = 'task.unheard_of' WHERE position = 3")
    for which in (AsOfMoments(), AsOfMoments(effective=known_at(50))):
        with pytest.raises(NewerFact):
            list(facts_of(store, which, ["agency.registered"]))


@pytest.mark.parametrize("sense", ["as_of", "effective"])
def test_what_a_later_slice_has_more_follows_on_the_earlier_one(filled: Store, sense: str) -> None:
    early, late = (resolve_as_of(filled, AsOfMoments(**{sense: known_at(place)})) for place in (30, 80))
    before = list(facts_of(filled, early, KINDS))
    more = list(facts_of(filled, late, KINDS, since=early))
    assert more
    assert before + more == list(facts_of(filled, late, KINDS))


def test_one_stream_is_cut_as_the_log_is(filled: Store, whole: list[Any]) -> None:
    stream = next(one.stream for one in whole if one.effective_at < one.known_at)
    for which in (
        AsOfMoments(),
        AsOfMoments(as_of=known_at(50)),
        AsOfMoments(effective=known_at(50)),
        AsOfMoments(as_of=known_at(60), effective=known_at(50)),
    ):
        wanted = [one for one in facts_of(filled, which) if one.stream == stream]
        assert of_stream(filled.read(stream), resolve_as_of(filled, which)) == wanted


def test_a_day_is_meant_to_its_end_in_seoul() -> None:
    assert end_of(date(2024, 3, 7)).isoformat() == "2024-03-08T00:00:00+09:00"


def test_before_the_first_fact_there_is_nothing_to_show_and_it_says_since_when(filled: Store) -> None:
    for which in (AsOfMoments(as_of=BEGAN), AsOfMoments(effective=BEGAN - timedelta(days=3))):
        with pytest.raises(NothingKnownThen) as refused:
            resolve_known_as_of(filled, which)
        assert "2024-03-07 09:00" in refused.value.say("ko")
    assert resolve_known_as_of(filled, AsOfMoments(as_of=BEGAN + timedelta(seconds=1))) == AsOf(3)


def test_an_empty_log_has_no_first_fact_to_be_before(store: Store) -> None:
    assert resolve_known_as_of(store, AsOfMoments(as_of=BEGAN)) == AsOf(0)


def test_a_moment_without_a_time_zone_is_no_slice() -> None:
    with pytest.raises(ValueError, match="aware"):
        AsOfMoments(as_of=BEGAN.replace(tzinfo=None))


def test_memory_does_not_grow_with_the_history(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("projections.slices._CHUNK", 1000)  # many of them in a log that is soon put
    put(store, many(1500))
    tops = []
    for moment in (known_at(2500), known_at(100_000)):
        tracemalloc.start()
        count = sum(1 for _ in rows_of_facts(store, AsOfMoments(effective=moment)))
        tops.append((count, tracemalloc.get_traced_memory()[1]))
        tracemalloc.stop()
    (few, less), (lots, more) = tops
    assert lots > 3 * few
    assert more < 1.5 * less
