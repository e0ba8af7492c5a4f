"""A definition tested by its scenarios: which failed, and what of the definition none of them passed through."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec

from domain.errors import Refusal
from domain.lifecycle.model import Definition
from domain.task.stages import NOT_PROPOSED
from workflows.definitions.templates import scenarios_beside
from workflows.scenarios.files import ScenarioFile, read_scenarios
from workflows.scenarios.playing import Failure, Played, play, spell_place


class ScenariosFail(Refusal):
    """`failures`: the first of them, in words; `count`: how many there are."""

    ko = (
        "정의 {definition}은(는) 채택할 수 없습니다. {path}의 시나리오에서 {count}건이 예상과 다릅니다: {failures}. "
        "`donghaeng definition test`로 확인하고 정의나 시나리오를 고치십시오."
    )
    en = (
        "The definition {definition} cannot be adopted: {count} finding(s) in the scenarios of {path}: {failures}. "
        "See `donghaeng definition test`, and correct the definition or the scenarios."
    )


class Coverage(msgspec.Struct, frozen=True):
    """`what`: places, deadlines, transitions, steps or commands of the definition; `passed`: those that a scenario passed through."""

    what: str
    passed: list[str]
    missing: list[str]


class DefinitionTested(msgspec.Struct, frozen=True):
    """`ok`: whether all is as expected; `scenarios`, `steps`: how many were played."""

    definition: str
    ok: bool
    scenarios: int
    steps: int
    failures: list[Failure]
    coverage: list[Coverage]


def run_scenarios(definition: Definition, files: Iterable[Path]) -> DefinitionTested:
    """Play the scenarios of these files. Raises NotScenarios, UnknownDefinition, BadInput."""
    return play_all(definition, [read_scenarios(one) for one in files])


def play_all(definition: Definition, files: Sequence[ScenarioFile]) -> DefinitionTested:
    played = [play(definition, one, file.days_off) for file in files for one in file.scenarios]
    failures = [failure for one in played for failure in one.failures]
    return DefinitionTested(
        definition=definition.identity,
        ok=not failures,
        scenarios=len(played),
        steps=sum(len(one.steps) for file in files for one in file.scenarios),
        failures=failures,
        coverage=_cover(definition, played),
    )


def check_beside(definition: Definition, file: Path) -> None:
    """Refuse a definition whose scenarios, where they lie beside its file, fail. Raises ScenariosFail, NotScenarios, BadInput."""
    path = scenarios_beside(file)
    if not path.exists():
        return
    found = run_scenarios(definition, [path])
    if not found.ok:
        raise ScenariosFail(
            definition=definition.identity,
            path=path,
            count=len(found.failures),
            failures=tuple(found.failures[:MOST_NAMED]),
        )


MOST_NAMED = 3


def _cover(definition: Definition, played: Sequence[Played]) -> list[Coverage]:
    """Each in the order in which the definition has it."""
    there = {
        "places": [spell_place(one) for one in (NOT_PROPOSED, *definition.places_in_order)],
        "deadlines": [one.kind for one in definition.deadlines],
        "transitions": [one.rule for one in definition.transitions],
        "steps": [one.step for one in definition.steps],
        "commands": [name for name, one in definition.grants.items() if set(one.by) - {"system"}],
    }
    passed = {what: frozenset().union(*(one.passed[what] for one in played)) for what in there}
    return [
        Coverage(
            what,
            [one for one in names if one in passed[what]],
            [one for one in names if one not in passed[what]],
        )
        for what, names in there.items()
    ]
