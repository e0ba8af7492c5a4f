"""Commands about money that are made from what is known: whose entry it is, where nobody says."""

from __future__ import annotations

from domain.money.facts import Entry
from domain.programme.state import PROGRAMME, Programme
from domain.streams import money_stream, task_stream, year_stream
from domain.task.state import TASK, Task
from store.envelope import Actor
from store.log import Store
from store.recorded import fold_state


def agency_of_entry(store: Store, actor: Actor, task: str, number: int | None = None) -> str:
    """Of the entry of that number the agency that it is of; of a new one the actor's own where it takes part, else the lead.

    Where nothing is known of the task, what is nobody's: the decider says so.
    """
    if number is not None:
        facts = store.read(money_stream(task))
        if number <= len(facts) and isinstance(entry := facts[number - 1].fact, Entry):
            return entry.agency
    state: Task = fold_state(TASK, store.read(task_stream(task)))
    listed: Programme = fold_state(PROGRAMME, store.read(year_stream(task)))
    entry_of_list = listed.tasks.get(task)
    lead = state.lead or (entry_of_list.lead if entry_of_list else "")
    if actor.agency is not None and (actor.agency in state.partners or not lead):
        return actor.agency
    return lead or "nobody"
