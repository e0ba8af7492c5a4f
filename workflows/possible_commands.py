"""What somebody could give to a task now, as a refusal would offer it: for pages that show it before anybody is refused."""

from __future__ import annotations

from domain.aggregate import Offer
from domain.streams import task_stream
from store.envelope import Actor
from store.log import Store
from workflows.deciding import offering
from workflows.definitions.adopted import definitions_of
from workflows.draft import Draft


def possible_commands(store: Store, task: str, actor: Actor) -> tuple[Offer, ...]:
    """By role, place and definition, and by what there is in the task; who acts for another may be let do more."""
    stream = task_stream(task)
    draft = Draft(store.load((stream,)), store.load, definitions_of(store).of)
    return offering(draft, actor, None).offers(stream, draft.state(stream))
