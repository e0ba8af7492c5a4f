"""What an evaluation would have been worth under another rule."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from domain.errors import Bilingual
from domain.lifecycle.criteria import ScoreNotTold
from domain.task.state import Task
from domain.values import LocalText
from store.recorded import RecordedFact
from workflows.definitions.adopted import Definitions
from workflows.definitions.scoring import weigh_task
from workflows.what_if.difference import WhatIfDifference
from workflows.what_if.rules import Rule, worth


def _score(task: str, state: Task, one: RecordedFact[Any], rule: Rule) -> str:
    """By the criteria of the other definition, where it has any and they can be told; else as it was."""
    if rule.definition is not None and rule.definition.criteria and state.rating is not None:
        with suppress(ScoreNotTold):
            return weigh_task(task, state, rule.definition).score
    return str(one.fact.score)


def compare_grade(
    task: str, state: Task, one: RecordedFact[Any], rule: Rule, definitions: Definitions
) -> Iterator[WhatIfDifference[Bilingual]]:
    """A grade by rule is compared as it was recorded; of one that a person gave, only whether the rules differ."""
    if rule.scoring is None:
        return
    real, would = one.fact.grade, worth(rule.scoring, score := _score(task, state, one, rule))
    by_rule = real if one.envelope.via == "rule" else worth(definitions.of(state.definition).grades, score)
    if would != by_rule:
        why = Bilingual(f"점수 {score}", f"a score of {score}")
        title = state.title or LocalText(ko=task)
        yield WhatIfDifference(
            task, title, "grade", "grade", None, None, real, would, why, (one.position,), False
        )
