"""The trail's entries: whose matter a fact is at its moment, and that they are found by whatever is asked for."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from domain.agency import facts as of_agencies
from domain.notice import facts as of_notices
from domain.task import facts
from domain.values import TextRef
from projections.fresh import fold
from projections.inspection import searching
from projections.inspection.entries import TRAIL_ENTRIES, EntryRow
from projections.inspection.searching import Filters, positions_of
from projections.runner import project
from store.envelope import Actor, Cause, Text
from store.log import Store
from store.recorded import Batch, NewFact, NewText, RecordedFact
from store.searching import index_texts
from tests.projections.appended_facts import PROPOSED, append, envelope, lives
from tests.projections.counting_view import compare

DUE = of_notices.Due(
    task="2024-07",
    deadline="start",
    due=date(2024, 3, 8),
    since=2,
    days=-3,
    on=date(2024, 3, 5),
    to="officer",
    recipient="agency/gto",
    channel="mail",
    agency="gto",
)


def rows(*log: tuple[str, Any]) -> list[EntryRow]:
    """The facts' entries, in log order."""
    at = datetime(2024, 3, 7).astimezone()
    recordeds = [
        RecordedFact(place, stream, place, fact.kind, at, at, envelope(), fact)
        for place, (stream, fact) in enumerate(log, start=1)
    ]
    found = fold(TRAIL_ENTRIES, recordeds)
    return [found[str(place)] for place in range(1, len(log) + 1)]


def test_a_fact_is_the_matter_of_who_leads_the_task_at_that_moment() -> None:
    log = (PROPOSED, facts.Approved(), facts.HandedOver(lead="gjcf"), facts.Started(on=date(2024, 3, 8)))
    assert [row.agency for row in rows(*(("task/2024-07", fact) for fact in log))] == [
        "gto",
        "gto",
        "gjcf",
        "gjcf",
    ]


def test_a_handed_over_task_names_whom_it_came_from() -> None:
    _, row = rows(("task/2024-07", PROPOSED), ("task/2024-07", facts.HandedOver(lead="gjcf")))
    assert row.others == ("gto",)


def test_partners_take_part_until_they_are_released_and_in_that_fact_itself() -> None:
    log = (
        PROPOSED,
        facts.PartnerAdded(partner="gjcf"),
        facts.PartnerReleased(partner="gjcf"),
        facts.Approved(),
    )
    assert [row.others for row in rows(*(("task/2024-07", fact) for fact in log))] == [
        (),
        ("gjcf",),
        ("gjcf",),
        (),
    ]


def test_a_reminder_is_its_tasks_and_its_agencys_to_the_end() -> None:
    found = rows(("notice/1", DUE), ("notice/1", of_notices.Acknowledged()))
    assert [(row.task, row.agency) for row in found] == [("2024-07", "gto")] * 2


def test_a_merger_is_also_the_matter_of_the_other_agency() -> None:
    (row,) = rows(("agency/gto", of_agencies.Merged(into="gjcf")))
    assert (row.agency, row.others) == ("gto", ("gjcf",))


STRANGE = ("plain", "", "null", "a,b", "{x}", 'say "so"', "back\\slash", "a b", "tab\t", "한글", " ")


def test_the_rows_in_use_are_what_the_log_makes_of_them_however_strange_their_values(store: Store) -> None:
    at = datetime.fromisoformat("2024-03-07T09:00:00.120+09:00")
    refs = tuple(TextRef(id=one, commitment="0" * 64) for one in ("0" * 32, "no id", "A" * 32))
    strange = replace(PROPOSED, partners=STRANGE)
    said = replace(envelope(at), on_behalf_of=Actor(role="head", agency="a@b"), cause=Cause(fact=1, rule="r"))
    batch = (
        NewFact("task/2024-07", 1, said, strange),
        NewFact("task/2024-07", 2, envelope(), facts.Approved(conditions=refs)),
    )
    store.append(Batch(command_id=said.command, digest=b"test", facts=batch))
    project(store, TRAIL_ENTRIES)
    assert compare(store, TRAIL_ENTRIES) == []
    found = fold(TRAIL_ENTRIES, store.after(0, 10))
    assert found["2"].texts == ("0" * 32,), "what is no id refers to no text"


@pytest.mark.parametrize("most", [1, 7, 1000])
def test_a_run_ends_after_so_many_facts_and_the_next_goes_on(store: Store, most: int) -> None:
    append(store, *lives(3, random.Random(1)))
    end = store.head().position
    passed = [project(store, TRAIL_ENTRIES, batch=5, most=most)]
    assert passed[0] == min(end, -(-most // 5) * 5)
    while passed[-1]:
        passed.append(project(store, TRAIL_ENTRIES, batch=5, most=most))
    assert sum(passed) == end
    assert compare(store, TRAIL_ENTRIES) == []


ACTORS = (
    Actor(role="planner"),
    Actor(role="officer", agency="a0"),
    Actor(role="officer", agency="a1", subject="1" * 32),
    Actor(role="system"),
)


@pytest.fixture
def full(simulated_store: Store) -> Store:
    """Some hundred facts by several actors, some late, for others, by rules, because of earlier ones."""
    chance = random.Random(7)
    store = simulated_store
    now = datetime.fromisoformat("2024-01-01T00:00:00+09:00")
    versions: dict[str, int] = {}
    for number, (stream, lived) in enumerate(lives(12, chance), start=1):
        fact: Any = lived
        if chance.random() < 0.3 and stream in versions:
            fact = chance.choice([facts.PartnerAdded(partner="a2"), facts.HandedOver(lead="a1")])
        versions[stream] = versions.get(stream, 0) + 1
        said = envelope(now - timedelta(days=chance.randrange(1, 40)) if chance.random() < 0.2 else None)
        said = replace(said, actor=chance.choice(ACTORS))
        if chance.random() < 0.2:
            said = replace(said, on_behalf_of=chance.choice(ACTORS))
        if said.actor.role == "system":
            due = Cause(due=f"{stream}#{versions[stream] - 1}", rule="remind", rule_version="1")
            said = replace(said, cause=due if chance.random() < 0.5 else Cause(fact=number // 2, rule="act"))
        one = NewFact(stream, versions[stream], said, fact)
        store.move_clock(now := now + timedelta(hours=chance.randrange(30)))
        store.append(Batch(command_id=said.command, digest=b"test", facts=(one,)))
    project(store, TRAIL_ENTRIES)
    return store


MARCH = datetime.fromisoformat("2024-01-20T00:00:00+09:00")
LATER = MARCH + timedelta(days=20)


def spelled(actor: Actor | None) -> str | None:
    return None if actor is None else actor.role + (f"@{actor.agency}" if actor.agency else "")


# what the filter is to find, told once more from the facts alone
MEANT: list[tuple[Filters, Any]] = [
    (Filters(), lambda one, row: True),
    (Filters(task="2024-003"), lambda one, row: one.stream == "task/2024-003"),
    (Filters(agency="a0"), lambda one, row: "a0" in (row.agency, *row.others)),
    (Filters(agency="a2"), lambda one, row: "a2" in (row.agency, *row.others)),
    (Filters(kinds=("task.approved",)), lambda one, row: one.kind == "task.approved"),
    (Filters(role="officer"), lambda one, row: one.envelope.actor.role == "officer"),
    (Filters(actor="officer@a1"), lambda one, row: spelled(one.envelope.actor) == "officer@a1"),
    (Filters(subject="1" * 32), lambda one, row: one.envelope.actor.subject == "1" * 32),
    (Filters(behalf="officer@a0"), lambda one, row: spelled(one.envelope.on_behalf_of) == "officer@a0"),
    (
        Filters(behalf_role="officer"),
        lambda one, row: (
            one.envelope.on_behalf_of is not None and one.envelope.on_behalf_of.role == "officer"
        ),
    ),
    (
        Filters(rules=("remind",)),
        lambda one, row: one.envelope.cause is not None and one.envelope.cause.rule == "remind",
    ),
    (Filters(effective_from=MARCH), lambda one, row: one.effective_at >= MARCH),
    (Filters(effective_until=MARCH), lambda one, row: one.effective_at < MARCH),
    (
        Filters(effective_from=MARCH, effective_until=LATER, agency="a1", role="officer"),
        lambda one, row: (
            MARCH <= one.effective_at < LATER
            and "a1" in (row.agency, *row.others)
            and one.envelope.actor.role == "officer"
        ),
    ),
    (
        Filters(kinds=("task.approved", "task.proposed", "notice.due")),
        lambda one, row: one.kind in ("task.approved", "task.proposed", "notice.due"),
    ),
    (
        Filters(kinds=("task.approved", "task.proposed"), agency="a1", effective_until=LATER),
        lambda one, row: (
            one.kind in ("task.approved", "task.proposed")
            and "a1" in (row.agency, *row.others)
            and one.effective_at < LATER
        ),
    ),
    (
        Filters(rules=("remind", "act")),
        lambda one, row: one.envelope.cause is not None and one.envelope.cause.rule in ("remind", "act"),
    ),
    (Filters(by_people=True), lambda one, row: one.envelope.actor.role != "system"),
    (
        Filters(kinds=("task.progress_reported",), rules=("act",)),
        lambda one, row: (
            one.kind == "task.progress_reported"
            and one.envelope.cause is not None
            and one.envelope.cause.rule == "act"
        ),
    ),
]


def test_every_filter_finds_what_is_meant_and_no_more_newest_first_in_pages_of_any_size(full: Store) -> None:
    log = full.after(0, 1000)
    entries = fold(TRAIL_ENTRIES, log)
    half = log[len(log) // 2].known_at
    recorded: list[tuple[Filters, Any]] = [
        (Filters(recorded_from=half), lambda one, row: one.known_at >= half),
        (Filters(recorded_until=half), lambda one, row: one.known_at < half),
    ]
    for filters, meant in (*MEANT, *recorded):
        expected = [one.position for one in reversed(log) if meant(one, entries[str(one.position)])]
        assert expected, f"{filters} finds nothing, which proves nothing"
        assert positions_of(full, filters, None, 1000) == expected, filters
        pages, before = [], None
        while page := positions_of(full, filters, before, 3):
            pages += page
            before = page[-1]
        assert pages == expected, filters


def test_what_a_rule_did_because_of_a_fact_is_found_by_its_place_and_by_its_name(full: Store) -> None:
    log = full.after(0, 1000)
    for cause in log:
        name = f"{cause.stream}#{cause.version}"
        expected = [
            one.position
            for one in reversed(log)
            if one.envelope.cause is not None
            and (one.envelope.cause.fact == cause.position or one.envelope.cause.due == name)
        ]
        assert positions_of(full, Filters(cause=cause.position), None, 100) == expected


def test_a_command_is_found_by_its_id(full: Store) -> None:
    (one,) = full.at([9])
    assert positions_of(full, Filters(command=one.envelope.command), None, 10) == [9]


def test_nothing_is_found_in_an_empty_trail(store: Store) -> None:
    project(store, TRAIL_ENTRIES)
    for filters, _ in MEANT:
        assert positions_of(store, filters, None, 10) == []


WORDS = {"예산": 1, "근거": 3, "드문말": 97}  # a word, and in each how many-th text it stands


@pytest.fixture
def told(store: Store) -> Store:
    """Two hundred facts, every second with a text."""
    for number in range(1, 201):
        said = envelope()
        texts: tuple[NewText, ...] = ()
        if number % 2:
            body = " ".join(word for word, every in WORDS.items() if number % every == 0) or "아무것도"
            texts = (NewText(f"{number:032x}", b"salt", f"{body} {number}"),)
            said = replace(said, reason=Text(id=texts[0].id, commitment="0" * 64))
        fact = NewFact("task/2024-07", number, said, PROPOSED if number == 1 else facts.Suspended())
        store.append(Batch(command_id=said.command, digest=b"test", facts=(fact,), texts=texts))
    project(store, TRAIL_ENTRIES)
    return store


@pytest.mark.parametrize("walks", [(1000, 5000, 4000), (7, 5, 4000), (7, 5, 1)], ids=["walk", "index", "on"])
@pytest.mark.parametrize("indexed", [False, True])
def test_texts_are_found_by_the_newest_themselves_by_the_index_or_by_walking_on(
    told: Store, monkeypatch: pytest.MonkeyPatch, walks: tuple[int, int, int], indexed: bool
) -> None:
    for name, value in zip(("_FIRST_WALK", "_WALK", "_FEW"), walks, strict=True):
        monkeypatch.setattr(searching, name, value)
    if indexed:
        assert index_texts(told) == (100, False)
    for word, every in WORDS.items():
        expected = [number for number in range(200, 0, -1) if number % 2 and number % every == 0]
        for limit in (3, 1000):
            pages, before = [], None
            while page := positions_of(told, Filters(text=word, task="2024-07"), before, limit):
                assert len(page) <= limit
                pages += page
                before = page[-1]
            assert pages == expected
        assert positions_of(told, Filters(text=word, task="2024-08"), None, 10) == []
