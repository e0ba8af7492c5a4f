"""Logs with times of their own choosing: ties, late entries, corrections, entries dated seconds ahead."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from domain.agency.facts import Registered
from domain.catalogue import AGGREGATES
from domain.meeting.facts import Decided
from domain.task import facts
from domain.values import LocalText
from store.bulk import export_facts
from store.log import Store
from store.mapper import encode
from tests.domain.test_samples import decoded
from tests.projections.appended_facts import envelope, lives

BEGAN = datetime(2024, 3, 7, tzinfo=UTC)
# a text that looks like the mark of a late entry, in the fact and not in its envelope
_TRAP = LocalText(ko='"effective_at"', en="trap")


def many(tasks: int = 20, seed: int = 1) -> list[tuple[str, Any, datetime | None]]:
    """Streams, facts and the time that each states; known a minute after each other, three at once."""
    chance = random.Random(seed)
    told: list[tuple[str, Any, datetime | None]] = [("agency/a0", Registered(name=_TRAP), None)]
    for place, (stream, fact) in enumerate(lives(tasks, chance), start=1):
        known = known_at(place)
        stated = None
        if isinstance(fact, facts.ProgressReported) and chance.random() < 0.5:
            stated = known - timedelta(minutes=chance.randrange(200))
            if chance.random() < 0.2:
                stated = known + timedelta(seconds=4)  # clocks differ, and the command handler allows it
        told.append((stream, fact, stated))
        if stated is not None and chance.random() < 0.3:
            told.append((stream, facts.Corrected(fact=1, percent=chance.randrange(100)), stated))
    return told


def known_at(place: int) -> datetime:
    """When the fact after so many others became known: three in one append."""
    return BEGAN + timedelta(minutes=place - place % 3)


def put(store: Store, told: Sequence[tuple[str, Any, datetime | None]]) -> None:
    """Import them as the whole log of the store."""
    versions: Counter[str] = Counter()
    rows = []
    for place, (stream, fact, stated) in enumerate(told):
        versions[stream] += 1
        at = known_at(place)
        state = encode(envelope(effective_at=stated), fact)
        rows.append((place + 1, stream, versions[stream], fact.kind, at, at, state))
    store.import_facts(export_facts(rows))


# the aggregates after the last of these came later: mixed in, they would move the others' facts to other times
_LAST_MIXED_IN = "position"
_STREAMS = {"task": "task/2024-900", "calendar": "calendar/2024", "view": "view/task_board"}


def of_every_kind(tasks: int = 12) -> list[tuple[str, Any, datetime | None]]:
    """The same with the stored sample of every kind mixed in, each aggregate's in the order of its life."""
    told = many(tasks)
    chance = random.Random(3)
    names = list(AGGREGATES)
    later = names.index(_LAST_MIXED_IN) + 1
    for name in names[:later]:
        aggregate = AGGREGATES[name]
        stream = _STREAMS.get(name, f"{name}/x")
        places = sorted(chance.sample(range(1, len(told)), len(aggregate.facts)))
        for place, fact in zip(reversed(places), reversed(aggregate.facts), strict=True):
            stated = known_at(place) - timedelta(minutes=50) if chance.random() < 0.2 else None
            told.insert(place, (stream, decoded(f"{fact.kind}.v{fact.schema_version}.json"), stated))
    for name in names[later:]:
        for fact in AGGREGATES[name].facts:
            told.append((f"{name}/x", decoded(f"{fact.kind}.v{fact.schema_version}.json"), None))
    waits = Decided(
        decision=1, wording=_TRAP, due=BEGAN.date()
    )  # the sample's is carried out with the decision
    return [*told, ("meeting/y", waits, None)]
