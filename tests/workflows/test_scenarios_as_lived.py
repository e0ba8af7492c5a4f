"""A scenario in memory comes to the same facts as the same steps in a store, under the ticker."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import UTC, timedelta
from typing import Any

import pytest

from domain.agency.commands import Register
from domain.calendar.commands import OpenCalendar
from domain.calendar.facts import Holiday
from domain.errors import Refusal
from domain.programme.commands import AddTask, Open
from domain.programme.facts import Area
from domain.seoul import local_day, midnight
from domain.streams import task_stream
from store.envelope import Actor
from store.log import Store
from store.recorded import RecordedFact
from tests.workflows.worlds import World
from workflows.command_envelope import CommandEnvelope
from workflows.definitions.templates import files_of_templates, scenarios_beside, templates
from workflows.scenarios.files import Scenario, make_command, read_scenarios
from workflows.scenarios.playing import rehearse
from workflows.scenarios.rehearsal import moment_of_step
from workflows.scenarios.words import AREA, LEAD, PARTNER, TEXT, TITLE

IDENTITY = "donghaeng-2024/3"
FILE = read_scenarios(scenarios_beside(files_of_templates()[IDENTITY]))
SCENARIOS = {one.name: one for one in FILE.scenarios}


def live(store: Store, scenario: Scenario) -> list[RecordedFact[Any]]:
    """The same steps by the command handler, with a sweep of the ticker every day."""
    year, world = scenario.plan.start.year, World(store)
    first = midnight(scenario.begins).astimezone(UTC) + timedelta(hours=9)
    world.at(*first.timetuple()[:5])
    for opened in (year - 1, year, year + 1, year + 2):
        days = tuple(Holiday(day=day, name=TITLE) for day in sorted(FILE.days_off) if day.year == opened)
        world.give(OpenCalendar(year=opened, holidays=days, source="x"))
    for agency in (LEAD, PARTNER):
        world.give(Register(agency=agency, name=TITLE))
    world.give(
        Open(year=year, name=TITLE, city=TITLE, areas=(Area(id=AREA, name=TITLE),), definition=IDENTITY)
    )
    world.give(AddTask(year=year, task=scenario.task, area=AREA, lead=LEAD, title=TITLE))
    world.at(*store.now().timetuple()[:6])
    for number, step in enumerate(scenario.steps):
        day = local_day(store.now())
        while day < step.on:
            day = type(day).fromordinal(day.toordinal() + 1)
            world.at(*moment_of_step(day, 0).astimezone(UTC).timetuple()[:6])
        store.move_clock(max(store.now(), moment_of_step(step.on, number).astimezone(UTC)))
        if step.give is not None:
            role, _, agency = (step.by or "").partition("@")
            actor = Actor(role=role, agency=agency or (LEAD if role == "officer" else None))  # type: ignore[arg-type]
            envelope = CommandEnvelope(
                command=make_command(scenario, step), actor=actor, via="cli", reason=TEXT
            )
            refused = nullcontext() if step.refused is None else pytest.raises(Refusal)
            with refused:
                world.handler.handle(envelope)
        world.at(*store.now().timetuple()[:6])
    return store.read(task_stream(scenario.task))


def told(facts: Any) -> list[tuple[Any, ...]]:
    """What happened, when it was so, by which rule, and what was due."""
    return [
        (
            one.kind,
            local_day(one.effective_at),
            local_day(one.known_at),
            None if one.envelope.cause is None else one.envelope.cause.rule,
            getattr(one.fact, "deadlines", None),
            getattr(one.fact, "acts", None),
        )
        for one in facts
    ]


@pytest.mark.parametrize("name", ["제안부터 평가까지", "보완 요청에 답하지 않음", "목록 등재부터 제안까지"])
def test_a_scenario_is_as_the_machine_lives_it(simulated_store: Store, name: str) -> None:
    scenario = SCENARIOS[name]
    life, failures = rehearse(templates()[IDENTITY], scenario, FILE.days_off)
    assert failures == []
    assert len(life.facts) >= 4
    lived = live(simulated_store, scenario)
    assert told(life.facts) == told(lived)
    armed = [fact.fact for chunk in simulated_store.replay() for fact in chunk if fact.kind == "notice.due"]
    assert {(one.on, one.kind, one.item) for one in life.reminders} == {
        (one.on, one.deadline, one.item) for one in armed
    }
