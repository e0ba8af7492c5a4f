"""What rules were to do and do not, since the task's definition refuses it by its own words."""

from __future__ import annotations

from collections.abc import Iterator

from domain.errors import Bilingual
from domain.lifecycle.by_definition import ByDefinition
from domain.seoul import local_day
from domain.streams import identity_of, task_stream
from projections.deadlines import tasks_to_act_on
from workers.engine import Engine
from workers.finding import Finding, command_text
from workflows.automation.transitions import transition
from workflows.definitions.adopted import definitions_of
from workflows.overdue import find_blockers


def rules(engine: Engine) -> Iterator[Finding]:
    """What a rule was to do by now, and the definition refuses."""
    store, today = engine.store, local_day(engine.store.now())
    rows = {task_stream(row.task): row for row in tasks_to_act_on(store, today)}
    streams = store.load(sorted(rows)).streams if rows else {}
    envelopes = [
        transition(store.id, facts, act, definitions_of(store).of(row.definition), row.set_by, store.now())
        for stream, facts in streams.items()
        for row in (rows[stream],)
        for act in row.acts
        if act.on <= today
    ]
    for (stream, rule), refusal in find_blockers(engine.handler, envelopes).items() if envelopes else ():
        if isinstance(refusal, ByDefinition):
            yield Finding(
                "rules",
                "warn",
                Bilingual(
                    f"{stream}: 규칙 {rule}이(가) 처리되지 않음: {refusal.say('ko')}",
                    f"{stream}: the rule {rule} does not act: {refusal.say('en')}",
                ),
                command_text(f"donghaeng why {identity_of(stream)} --as planner"),
            )
