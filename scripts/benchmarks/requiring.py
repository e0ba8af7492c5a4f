"""What a definition's requirements cost a command."""

from __future__ import annotations

import json

from domain.definition.commands import Adopt
from domain.lifecycle.content import canonical, content_of
from domain.lifecycle.requirements import MOST_REQUIREMENTS
from scripts.benchmarks.measuring import Round, Sides, time_work
from scripts.benchmarks.place import LOADED, MOST_LOADED, Place, new_tasks
from scripts.benchmarks.writing import report_on
from store.envelope import Actor
from workers.engine import Engine
from workflows.command_envelope import CommandEnvelope
from workflows.definitions.templates import templates

_THAT = (
    "command.percent < 100 || task.partners.size() < 90",
    "task.plan.budget_krw <= 500000000000 || task.partners.size() > 0",
    "task.lead != 'nobody'",
    "on >= task.plan.start || on < task.plan.start",
    "task.plan.milestone_days.all(one, one <= task.plan.end)",
    "!task.score.known || task.score >= 70.0",
    "task.title != 'nothing'",
    "!on_business_day.known || on_business_day || task.lead != 'nobody'",
    "task.number.matches('^[0-9]+-[0-9]+$')",
    "on - task.plan.end < duration('999999h')",
)
_OF = ("task.report_progress", "task.submit_final_report", "task.suspend")


def decide_required(place: Place, size: int) -> Sides:
    """A command under a definition with 30 requirements, ten of them its own; the peer is the same command without any."""
    engine = place.engine()
    actor = Actor(role="planner")
    adopt = Adopt(definition="bench", content=make_content())
    engine.handler.handle(CommandEnvelope(command=adopt, actor=actor, via="cli", reason="bench"))
    return {
        "project": side_of_reports(engine, size, 0, "bench/1"),
        "peer": side_of_reports(engine, size, 50, None),
    }


def make_content() -> str:
    otherwise = {"ko": "맞지 않습니다.", "en": "It does not hold."}
    entries = [
        {
            "command": command,
            "requirements": [
                {
                    "that": that if "command." not in that or command == _OF[0] else _THAT[1],
                    "otherwise": otherwise,
                }
                for that in _THAT
            ],
        }
        for command in _OF
    ]
    assert len(_THAT) == MOST_REQUIREMENTS
    said = json.loads(content_of(templates()["donghaeng-2024/1"]))
    return canonical(said | {"name": "bench", "commands": entries})


def side_of_reports(engine: Engine, size: int, rounds: int, definition: str | None) -> Round:
    """Reports of progress, on tasks that pin the definition. `rounds`: from which number on their streams are new."""
    tasks = -(-size // (MOST_LOADED - LOADED))

    def side(number: int) -> float:
        streams = new_tasks(engine.store, tasks, LOADED, rounds + number, definition)

        def work() -> int:
            for turn in range(size):
                identity, lead = streams[turn % tasks]
                engine.handler.handle(report_on(identity, lead))
            return size

        return time_work(work)

    return side
