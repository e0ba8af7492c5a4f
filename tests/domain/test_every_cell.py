"""Every task command in every stage and condition. The table is written out here, apart from the code's own."""

from __future__ import annotations

from itertools import product

import pytest
from msgspec.structs import replace

from domain.errors import Refusal
from domain.task import refusals as r
from domain.task.decider import TASK
from domain.task.lifecycle import after
from domain.task.state import Condition, Stage, Task
from tests.domain.examples import COMMANDS, IN_PROGRESS, NOON, decided, fold, when

# P proposed, A approved, I in progress; after the stage: n normal, r returned, s suspended, f final report, c citizens
TABLE = """
                          -  Pn Pr An In Is If Ic
task.propose              x  .  .  .  .  .  .  .
task.revise               .  x  x  .  .  .  .  .
task.return               .  x  .  .  .  .  .  .
task.approve              .  x  .  .  .  .  .  .
task.reject               .  x  x  .  .  .  .  .
task.withdraw             .  x  x  x  .  .  .  .
task.start                .  .  .  x  .  .  .  .
task.suspend              .  .  .  .  x  .  .  .
task.resume               .  .  .  .  .  x  .  .
task.report_progress      .  .  .  .  x  .  .  .
task.submit_final_report  .  .  .  .  x  .  .  .
task.evaluate             .  .  .  .  .  .  x  x
task.discontinue          .  .  .  .  x  x  x  x
task.carry_over           .  .  .  .  x  x  x  x
"""
LEADS_TO = {
    "task.propose": "proposed/normal",
    "task.revise": "proposed/normal",
    "task.return": "proposed/returned",
    "task.approve": "approved/normal",
    "task.reject": "rejected/normal",
    "task.withdraw": "withdrawn/normal",
    "task.start": "in_progress/normal",
    "task.suspend": "in_progress/suspended",
    "task.resume": "in_progress/normal",
    "task.report_progress": "in_progress/normal",
    "task.submit_final_report": "in_progress/reported",
    "task.evaluate": "evaluated/normal",
    "task.discontinue": "discontinued/normal",
    "task.carry_over": "carried_over/normal",
}
COLUMNS = {
    "-": "unknown/normal",
    "Pn": "proposed/normal",
    "Pr": "proposed/returned",
    "An": "approved/normal",
    "In": "in_progress/normal",
    "Is": "in_progress/suspended",
    "If": "in_progress/reported",
    "Ic": "in_progress/rated",
}


def allowed_cells() -> set[tuple[str, str]]:
    head, *rows = TABLE.strip("\n").splitlines()
    columns = [COLUMNS[column] for column in head.split()]
    return {
        (name, column)
        for name, *cells in (row.split() for row in rows)
        for column, cell in zip(columns, cells, strict=True)
        if cell == "x"
    }


ALLOWED = allowed_cells()
NAMES = sorted(LEADS_TO)


def task_in(stage: Stage, condition: Condition) -> Task:
    known = fold(TASK, IN_PROGRESS) if stage is not Stage.UNKNOWN else TASK.initial
    return replace(known, stage=stage, condition=condition)


def test_the_table_has_every_command() -> None:
    assert {command.name for command in TASK.commands} == set(LEADS_TO)
    assert {row.split()[0] for row in TABLE.strip("\n").splitlines()[1:]} == set(LEADS_TO)


@pytest.mark.parametrize(("stage", "condition"), list(product(Stage, Condition)))
@pytest.mark.parametrize("name", NAMES)
def test_a_command_is_carried_out_or_refused_as_the_table_says(
    name: str, stage: Stage, condition: Condition
) -> None:
    command, task, at = COMMANDS[name], task_in(stage, condition), NOON.replace(day=8)
    if (name, f"{stage}/{condition}") in ALLOWED:
        (fact,) = decided(command, task, at)
        moved = TASK.evolve(task, fact, at)
        assert f"{moved.stage}/{moved.condition}" == LEADS_TO[name]
        assert after(fact.kind, stage, condition) == (moved.stage, moved.condition)
        return
    with pytest.raises(Refusal) as caught:
        decided(command, task, at)
    assert type(caught.value) in (r.NotAllowedNow, r.NeverProposed, r.AlreadyProposed)
    possible = [one for one in NAMES if (one, f"{stage}/{condition}") in ALLOWED]
    for lang in ("ko", "en"):
        said = caught.value.say(lang)  # type: ignore[arg-type]
        assert stage is Stage.UNKNOWN or stage.say(lang) in said  # type: ignore[arg-type]
        assert stage is Stage.UNKNOWN or condition.say(lang) in said  # type: ignore[arg-type]
        assert all(COMMANDS[one].label.say(lang) in said for one in possible)  # type: ignore[arg-type]
        assert possible or ("없음" if lang == "ko" else "none") in said


def test_each_stage_that_facts_can_reach_is_reached() -> None:
    """Control: the cells above are not made up; commands alone lead to all of them but the citizens' rating."""
    seen: set[str] = set()
    frontier: list[tuple[object, ...]] = [()]
    while frontier:
        facts = frontier.pop()
        task = fold(TASK, facts)  # type: ignore[arg-type]
        where = f"{task.stage}/{task.condition}"
        if where in seen:
            continue
        seen.add(where)
        frontier += [
            (*facts, *when(COMMANDS[name], facts))
            for name in NAMES
            if (name, where) in ALLOWED  # type: ignore[arg-type]
        ]
    reachable = {*COLUMNS.values(), *LEADS_TO.values()} - {"in_progress/rated"}
    assert seen == reachable
