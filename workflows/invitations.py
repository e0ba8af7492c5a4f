"""Which of an agency's deadlines have come to be, moved or gone since a day: what its calendars are to be told."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, Literal

import msgspec

from domain.seoul import local_day
from domain.streams import identity_of
from domain.task.facts import DeadlinesSet, HandedOver, Proposed
from domain.task.state import TASK, Task
from domain.values import Deadline
from projections.labels import find_item_name
from projections.successions import successions
from store.log import Store
from store.recorded import RecordedFact, fold_state
from workflows.feed import Entry

Key = tuple[str, str | None]


class Told(msgspec.Struct, frozen=True):
    """`REQUEST`: it is so since the day `on`; `CANCEL`: it is no more since then."""

    method: Literal["REQUEST", "CANCEL"]
    entry: Entry
    on: date


def invitations(store: Store, agency: str, since: date | None) -> list[Told]:
    """By task and due day: what is open, and with `since` only what came to be so from that day on, and what went from then on."""
    known = successions(store)
    found: list[Told] = []
    for stream, facts in store.load(store.streams_with(DeadlinesSet.kind)).streams.items():
        leads = [one.fact.lead for one in facts if isinstance(one.fact, Proposed | HandedOver)]
        task: Task = fold_state(TASK, facts)
        if task.lead is None or agency not in {known.answering(one) for one in leads}:
            continue
        led = known.answering(task.lead) == agency
        found += _of_task(identity_of(stream), task, facts, led=led)
    wanted = [one for one in found if (one.on >= since if since else one.method == "REQUEST")]
    return sorted(wanted, key=lambda one: (one.entry.task, one.entry.deadline.due, one.entry.deadline.kind))


def _of_task(name: str, task: Task, facts: Sequence[RecordedFact[Any]], *, led: bool) -> Iterator[Told]:
    """`led`: whether the agency still answers for it; what it had to do is no more its own where not."""
    counts = [one for one in facts if isinstance(one.fact, DeadlinesSet)]
    came: dict[Key, tuple[Deadline, RecordedFact[Any]]] = {}
    went: dict[Key, tuple[Deadline, RecordedFact[Any]]] = {}
    for count in counts:
        _count(count, came, went)
    if not led:
        away = [one for one in facts if isinstance(one.fact, HandedOver)] or [facts[-1]]
        went |= {key: (deadline, away[-1]) for key, (deadline, _) in came.items()}
        came = {}
    by = counts[-1].fact.definition

    def entry(deadline: Deadline, sequence: int) -> Entry:
        assert task.title is not None
        item = find_item_name(task, deadline.item)
        return Entry(name, task.title, deadline, by, sequence, item)

    for deadline, since in came.values():
        yield Told("REQUEST", entry(deadline, counts[-1].version), local_day(since.known_at))
    for deadline, at in went.values():
        yield Told("CANCEL", entry(deadline, at.version), local_day(at.known_at))


def _count(
    count: RecordedFact[Any],
    came: dict[Key, tuple[Deadline, RecordedFact[Any]]],
    went: dict[Key, tuple[Deadline, RecordedFact[Any]]],
) -> None:
    """What this count has changed: since when each is due as it is, and what is due no more."""
    now = {(one.kind, one.item): one for one in count.fact.deadlines if one.who == "agency"}
    for key in [one for one in came if one not in now]:
        went[key] = (came.pop(key)[0], count)
    for key, deadline in now.items():
        went.pop(key, None)
        if key not in came or came[key][0] != deadline:
            came[key] = (deadline, count)
