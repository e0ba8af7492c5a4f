"""Every task command in every stage and condition. The table is written out here, apart from the code's own."""

from __future__ import annotations

from itertools import product

import pytest
from msgspec.structs import replace

from domain.errors import Refusal
from domain.fact import Fact
from domain.task import refusals as r
from domain.task.decider import AGGREGATE as TASK
from domain.task.lifecycle import leads_to
from domain.task.stages import Place
from domain.task.state import Condition, Stage, Task
from tests.domain.examples import (
    COMMANDS,
    CORRECTED,
    HELD,
    IN_PROGRESS,
    NOON,
    REPORTED,
    REQUESTED,
    decided,
    fold,
    when,
)

# P proposed, A approved, I in progress; after the stage: n normal, r returned, s suspended, f final report, c citizens
# then what is over: evaluated, rejected, withdrawn, discontinued, carried over
TABLE = """
                          -  Pn Pr An In Is If Ic Ev Rj Wd Dc Co
task.propose              x  .  .  .  .  .  .  .  .  .  .  .  .
task.revise               .  x  x  .  .  .  .  .  .  .  .  .  .
task.return               .  x  .  .  .  .  .  .  .  .  .  .  .
task.approve              .  x  .  .  .  .  .  .  .  .  .  .  .
task.reject               .  x  x  .  .  .  .  .  .  .  .  .  .
task.free_number          .  .  .  .  .  .  .  .  .  x  .  .  .
task.withdraw             .  x  x  x  .  .  .  .  .  .  .  .  .
task.start                .  .  .  x  .  .  .  .  .  .  .  .  .
task.suspend              .  .  .  .  x  .  .  .  .  .  .  .  .
task.resume               .  .  .  .  .  x  .  .  .  .  .  .  .
task.report_progress      .  .  .  .  x  .  .  .  .  .  .  .  .
task.reach_milestones     .  .  .  .  x  .  .  .  .  .  .  .  .
task.submit_final_report  .  .  .  .  x  .  .  .  .  .  .  .  .
task.open_rating          .  .  .  .  .  .  x  .  .  .  .  .  .
task.rate                 .  .  .  .  .  .  .  x  .  .  .  .  .
task.evaluate             .  .  .  .  .  .  x  x  .  .  .  .  .
task.discontinue          .  .  .  .  x  x  x  x  .  .  .  .  .
task.carry_over           .  .  .  .  x  x  x  x  .  .  .  .  .
task.replan               .  .  .  x  x  x  .  .  .  .  .  .  .
task.approve_replan       .  .  .  x  x  x  .  .  .  .  .  .  .
task.refuse_replan        .  .  .  x  x  x  .  .  .  .  .  .  .
task.hand_over            .  x  x  x  x  x  x  x  .  .  .  .  .
task.add_partner          .  .  .  x  x  x  .  .  .  .  .  .  .
task.release_partner      .  .  .  x  x  x  .  .  .  .  .  .  .
task.correct              .  .  .  .  x  x  x  x  .  .  .  .  .
task.correct_evaluated    .  .  .  .  .  .  .  .  x  .  .  .  .
task.cancel_correction    .  .  .  .  x  x  x  x  .  .  .  .  .
task.place_hold           .  x  x  x  x  x  x  x  x  x  x  x  x
task.lift_hold            .  x  x  x  x  x  x  x  x  x  x  x  x
task.set_deadlines        x  x  x  x  x  x  x  x  x  x  x  x  x
"""
LEADS_TO = {
    "task.propose": "proposed/normal",
    "task.revise": "proposed/normal",
    "task.return": "proposed/returned",
    "task.approve": "approved/normal",
    "task.reject": "rejected/normal",
    "task.free_number": "unknown/normal",
    "task.withdraw": "withdrawn/normal",
    "task.start": "in_progress/normal",
    "task.suspend": "in_progress/suspended",
    "task.resume": "in_progress/normal",
    "task.report_progress": "in_progress/normal",
    "task.submit_final_report": "in_progress/reported",
    "task.open_rating": "in_progress/rated",
    "task.evaluate": "evaluated/normal",
    "task.discontinue": "discontinued/normal",
    "task.carry_over": "carried_over/normal",
}
# what moves no task, with what must have happened before it
STAYS: dict[str, tuple[Fact, ...]] = {
    "task.rate": (),
    "task.reach_milestones": (),
    "task.replan": (),
    "task.approve_replan": (REQUESTED,),
    "task.refuse_replan": (REQUESTED,),
    "task.hand_over": (),
    "task.add_partner": (),
    "task.release_partner": (),
    "task.correct": (REPORTED,),
    "task.correct_evaluated": (REPORTED,),
    "task.cancel_correction": (REPORTED, CORRECTED),
    "task.place_hold": (),
    "task.lift_hold": (HELD,),
    "task.set_deadlines": (),
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
    "Ev": "evaluated/normal",
    "Rj": "rejected/normal",
    "Wd": "withdrawn/normal",
    "Dc": "discontinued/normal",
    "Co": "carried_over/normal",
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
NAMES = sorted([*LEADS_TO, *STAYS])


def task_in(stage: Stage, condition: Condition, history: tuple[Fact, ...]) -> Task:
    known = fold(TASK, history) if stage is not Stage.UNKNOWN else TASK.initial
    return replace(known, stage=stage, condition=condition)


def test_the_table_has_the_commands_that_there_were_when_it_was_written() -> None:
    """A later one is tried where it stands; of these nothing is taken away or added by mistake."""
    assert set(NAMES) <= {command.name for command in TASK.commands}
    assert {row.split()[0] for row in TABLE.strip("\n").splitlines()[1:]} == set(NAMES)


@pytest.mark.parametrize(("stage", "condition"), list(product(Stage, Condition)))
@pytest.mark.parametrize("name", NAMES)
def test_a_command_is_carried_out_or_refused_as_the_table_says(
    name: str, stage: Stage, condition: Condition
) -> None:
    history = (*IN_PROGRESS, *STAYS.get(name, ()))
    command, task, at = COMMANDS[name], task_in(stage, condition, history), NOON.replace(day=8)
    if (name, f"{stage}/{condition}") in ALLOWED:
        (fact,) = decided(command, task, at, history=history)
        moved = TASK.evolve(task, fact, at, 9)
        assert f"{moved.stage}/{moved.condition}" == LEADS_TO.get(name, f"{stage}/{condition}")
        assert moved != task or name.endswith(
            ("correct", "correction")
        )  # dated before the report they are about
        assert leads_to(type(command), Place(stage, condition)) == moved.place
        return
    with pytest.raises(Refusal) as caught:
        decided(command, task, at, history=history)
    assert type(caught.value) in (r.NotAllowedNow, r.NeverProposed, r.AlreadyProposed)
    for lang in ("ko", "en"):
        said = caught.value.say(lang)  # type: ignore[arg-type]
        assert stage is Stage.UNKNOWN or stage.say(lang) in said  # type: ignore[arg-type]
        assert stage is Stage.UNKNOWN or condition.say(lang) in said  # type: ignore[arg-type]


def test_each_stage_that_facts_can_reach_is_reached() -> None:
    """Control: the cells above are not made up; commands alone lead to all of them."""
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
            for name in LEADS_TO
            if (name, where) in ALLOWED  # type: ignore[arg-type]
        ]
    assert seen == {*COLUMNS.values(), *LEADS_TO.values()}
