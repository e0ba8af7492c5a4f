"""The log into folded task states, importing no more than that takes: the memory of such a process is measured."""

from __future__ import annotations

from typing import Any

from domain.task.state import TASK
from store.log import Store

PAGE = 5000


def fold_states(store: Store, shard: tuple[int, int] = (1, 1)) -> tuple[int, dict[str, Any]]:
    """How many facts, and the states of the tasks (of a shard of them) after all of the log."""
    states: dict[str, Any] = {}
    count, evolve, initial = 0, TASK.evolve, TASK.initial
    for facts in store.replay(chunk=PAGE, shard=shard):
        for one in facts:
            states[one.stream] = evolve(
                states.get(one.stream, initial), one.fact, one.effective_at, one.version
            )
        count += len(facts)
    return count, states
