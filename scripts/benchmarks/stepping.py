"""What a step of a definition's own costs beside a command of the program."""

from __future__ import annotations

import json
from typing import Any

from domain.definition.commands import Adopt
from domain.lifecycle.content import canonical, content_of
from domain.task.stepping import FieldValue, TakeStep
from scripts.benchmarks.measuring import Round, Sides, time_work
from scripts.benchmarks.place import LOADED, MOST_LOADED, Place, new_tasks
from scripts.benchmarks.requiring import side_of_reports
from store.envelope import Actor
from workers.engine import Engine
from workflows.command_envelope import CommandEnvelope
from workflows.definitions.templates import templates

PLACES, STEPS, REQUIREMENTS = 40, 80, 30
_NOTES = 3  # steps that leave a task where it is, with ten requirements each
_THAT = (
    "form.amount >= 0 && form.amount <= 1000000",
    "!steps.note_0.known || steps.note_0.amount >= 0",
    "!steps.note_1.known || steps.note_1.amount >= 0",
    "task.lead != 'nobody'",
    "task.plan.budget_krw <= 500000000000 || task.partners.size() > 0",
    "on >= task.plan.start || on < task.plan.start",
    "task.plan.milestone_days.all(one, one <= task.plan.end)",
    "!task.score.known || task.score >= 70.0",
    "task.partners.size() < 90",
    "task.number.matches('^[0-9]+-[0-9]+$')",
)


def decide_step(place: Place, size: int) -> Sides:
    """A step with a form and ten requirements, under a definition of 40 places, 80 steps and 30 requirements; the peer is a
    command of the program under one that says nothing.
    """
    engine = place.engine()
    adopt = Adopt(definition="bench", content=make_content())
    engine.handler.handle(
        CommandEnvelope(command=adopt, actor=Actor(role="planner"), via="cli", reason="bench")
    )
    return {"project": _side(engine, size), "peer": side_of_reports(engine, size, 50, None)}


def _both(said: str) -> dict[str, str]:
    return {"ko": f"{said} 곳", "en": said}


def make_content() -> str:
    places, steps, deadlines = [], [], []
    for number in range(PLACES):
        at = f"proposed/place_{number}"
        places.append({"place": at, "label": _both(f"place {number}")})
        steps.append(_step(f"enter_{number}", "planner", "proposed", to=at))
        if number < STEPS - PLACES - _NOTES:  # out of the others a rejection leads
            steps.append(_step(f"leave_{number}", "planner", at, to="proposed"))
        deadlines.append(
            {
                "kind": "place_" + "abcdefghij"[number // 10] + "abcdefghij"[number % 10],
                "who": "city",
                "stage": "proposed",
                "condition": f"place_{number}",
                "start": "condition",
                "within": 5,
                "basis": _both("basis"),
            }
        )
    amount = {"field": "amount", "label": _both("amount"), "type": "integer"}
    required = [{"that": that, "otherwise": _both("It does not hold.")} for that in _THAT]
    steps += [
        _step(f"note_{number}", "officer", "in_progress", form=[amount], requirements=required)
        for number in range(_NOTES)
    ]
    assert (len(places), len(steps), _NOTES * len(_THAT)) == (PLACES, STEPS, REQUIREMENTS)
    said = json.loads(content_of(templates()["donghaeng-2024/1"]))
    said["deadlines"] += deadlines
    return canonical(said | {"name": "bench", "places": places, "steps": steps})


def _step(name: str, by: str, frm: str, **more: Any) -> dict[str, Any]:
    return {"step": name, "label": _both(name), "by": [by], "from": [frm], **more}


def _side(engine: Engine, size: int) -> Round:
    tasks = -(-size // (MOST_LOADED - LOADED))

    def side(number: int) -> float:
        streams = new_tasks(engine.store, tasks, LOADED, number, "bench/1")
        form = (FieldValue(field="amount", value="5"),)

        def work() -> int:
            for turn in range(size):
                identity, lead = streams[turn % tasks]
                command = TakeStep(task=identity, step=f"note_{turn % _NOTES}", form=form)
                actor = Actor(role="officer", agency=lead)
                engine.handler.handle(CommandEnvelope(command=command, actor=actor, via="cli"))
            return size

        return time_work(work)

    return side
