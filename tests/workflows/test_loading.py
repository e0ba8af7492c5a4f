"""Loading a programme file where somebody else is at work at the same moment."""

from __future__ import annotations

from pathlib import Path

import pytest

from domain.definition.refusals import AdoptedAlready
from domain.streams import definition_stream, identity_of, programme_stream
from store.envelope import Actor
from store.log import Store
from workflows.command_envelope import CommandEnvelope, Giver
from workflows.command_handler import CommandHandler
from workflows.definitions.adopting import adoption_of
from workflows.loading import carry_out, plan_loading
from workflows.programme_file import read_programme

ANNOUNCED = Path(__file__).parents[2] / "data" / "programme-2024.json"
GIVER = Giver(Actor(role="planner"), "cli")


def test_a_template_that_another_adopts_meanwhile_is_no_reason_to_stop(store: Store) -> None:
    handler = CommandHandler(store, lambda: None)
    loading = plan_loading(store, read_programme(ANNOUNCED), GIVER, None)
    first = loading.given[0][0]
    adopting = adoption_of("donghaeng-2024/1")
    assert first.command == adopting, "the control: it was still to be done"
    assert adopting is not None
    handler.handle(CommandEnvelope(command=adopting, actor=GIVER.actor, via="cli", reason="먼저 채택"))
    with pytest.raises(AdoptedAlready):
        handler.handle(first)
    ticks = list[int]()
    outcomes = carry_out(handler, loading, ticks.append)
    assert len(outcomes) == len(loading.given) - 1
    assert sum(ticks) == len(loading.given)
    assert len(store.read(definition_stream("donghaeng-2024"))) == 1
    assert identity_of(store.read(programme_stream(2024))[0].stream) == "2024"
