"""The facts that are measured on: tasks with fifty facts each, as a year of reports makes them."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

import msgspec

from domain.fact import Fact
from domain.task import facts
from domain.values import Figure, Indicator, LocalText, Milestone, Plan, TextRef
from store.bulk import Line
from store.envelope import Actor, Envelope, Text
from store.mapper import encode

PER_TASK = 50
START = datetime(2024, 1, 1, tzinfo=UTC)
WORDS = ("예산", "근거", "보완", "일정", "협의", "집행", "현장", "점검", "시민", "참여", "홍보", "계약")
INSERT = "INSERT INTO donghaeng.facts VALUES (%b, %b, %b, %b, %b, now(), now())"
_NAME = LocalText(
    ko="시민 축구축제로 떠나는 문화마실", en="Culture outing to the citizens' football festival"
)
_PLAN = Plan(
    start=date(2024, 3, 1),
    end=date(2024, 12, 31),
    budget_krw=470_000_000,
    milestones=(Milestone(id="half", name=_NAME, due=date(2024, 6, 28)),),
    indicators=(Indicator(id="results", name=_NAME, unit="건", baseline="0", target="300"),),
)


def life(task: int, length: int = PER_TASK) -> Iterator[Fact]:
    """One task's facts: proposed, approved, started, then reports until there are `length`."""
    lead, area = f"agency-{task % 26}", ("living", "culture", "economy", "participation")[task % 4]
    yield facts.Proposed(title=_NAME, area=area, lead=lead, plan=_PLAN, definition="donghaeng-2024/1")
    yield facts.Approved()
    yield facts.Started(on=date(2024, 3, 8))
    for number in range(length - 3):
        yield report(number)


def report(number: int) -> facts.ProgressReported:
    """A quarterly report with a text and a figure, as most facts of a year are."""
    return facts.ProgressReported(
        percent=min(100, 2 * number),
        text=TextRef(id=f"{number:032x}", commitment=f"{number:064x}"),
        figures=(Figure(indicator="results", value=str(6 * number)),),
    )


def envelope(lead: str = "gto") -> Envelope:
    return Envelope(
        v=1,
        schema=1,
        actor=Actor(role="officer", agency=lead),
        via="cli",
        authn="asserted",
        command=uuid.uuid4().hex,
        reason=Text(id="0" * 32, commitment="0" * 64),
    )


def mix(total: int, active: int) -> Iterator[tuple[str, int, Fact]]:
    """(stream, version, fact), `active` tasks at once, one fact of each in turn."""
    made, batch = 0, 0
    while made < total:
        lives = [life(batch * active + number) for number in range(active)]
        for version in range(1, PER_TASK + 1):
            for number, one in enumerate(lives):
                if made == total:
                    return
                yield f"task/2024-{batch * active + number:06}", version, next(one)
                made += 1
        batch += 1


def lines(total: int, active: int) -> Iterator[bytes]:
    """The same as exported lines, one fact a second."""
    encoder = msgspec.json.Encoder()
    said = envelope()
    for position, (stream, version, fact) in zip(count(1), mix(total, active), strict=False):
        at = START + timedelta(seconds=position)
        state = encode(said, fact).decode()
        yield encoder.encode(Line(position, stream, version, fact.kind, at, at, state))


def fields(fact: Any) -> dict[str, Any]:
    """A fact's values as plain data, for the peer's events."""
    found: dict[str, Any] = msgspec.to_builtins(fact)
    return found
