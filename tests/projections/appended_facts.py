"""Facts appended without the command handler, for tests of views."""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from msgspec.structs import replace

from domain.fact import Fact
from domain.task import facts
from domain.values import LocalText, Milestone, Plan
from store.envelope import Actor, Envelope
from store.log import Store
from store.recorded import Batch, NewFact

TITLE = LocalText(ko="과제", en="task")
PLAN = Plan(
    start=date(2024, 3, 1),
    end=date(2024, 12, 31),
    budget_krw=1000,
    milestones=(
        Milestone(id="late", name=TITLE, due=date(2024, 9, 1)),
        Milestone(id="early", name=TITLE, due=date(2024, 6, 1)),
    ),
)
PROPOSED = facts.Proposed(title=TITLE, area="culture", lead="gto", plan=PLAN, definition="donghaeng-2024/1")


def append(store: Store, *given: tuple[str, Fact]) -> None:
    """Append (stream, fact) pairs as one batch, each at the next version of its stream."""
    versions: dict[str, int] = {}
    batch = []
    for stream, fact in given:
        if stream not in versions:
            versions[stream] = len(store.read(stream))
        versions[stream] += 1
        batch.append(NewFact(stream, versions[stream], envelope(), fact))
    store.append(Batch(command_id=uuid.uuid4().hex, digest=b"test", facts=tuple(batch)))


def envelope(effective_at: datetime | None = None) -> Envelope:
    return Envelope(
        v=1,
        schema=1,
        actor=Actor(role="planner"),
        via="cli",
        authn="asserted",
        command=uuid.uuid4().hex,
        effective_at=effective_at,
    )


def lives(tasks: int, chance: random.Random) -> Iterable[tuple[str, Fact]]:
    """The facts of some tasks' lives, mixed, each life in its order."""
    waiting = [(f"task/2024-{number:03}", _life(number, chance)) for number in range(1, tasks + 1)]
    while waiting:
        stream, life = chance.choice(waiting)
        yield stream, life.pop(0)
        waiting = [one for one in waiting if one[1]]


def _life(number: int, chance: random.Random) -> list[Any]:
    proposed = replace(PROPOSED, area=chance.choice(["culture", "living"]), lead=f"a{number % 3}")
    richer = replace(PLAN, budget_krw=chance.randrange(10_000))
    life: list[Any] = [proposed]
    if chance.random() < 0.4:
        life += [facts.Returned(), facts.Revised(plan=richer)]
    if chance.random() < 0.2:
        return [*life, facts.Rejected()]
    life += [facts.Approved(), facts.Started(on=date(2024, 3, 8))]
    life += [facts.ProgressReported(percent=chance.randrange(101)) for _ in range(chance.randrange(6))]
    if chance.random() < 0.3:
        life += [facts.Suspended(), facts.Resumed()]
    return [*life, chance.choice([facts.Discontinued(), facts.CarriedOver(to_year=2025)])]
