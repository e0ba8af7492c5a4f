"""A year's programme: opened once, filled with tasks, closed when none is open."""

from __future__ import annotations

from datetime import date

import pytest
from msgspec.structs import replace

from domain.agency.refusals import AgencyNotRegistered
from domain.programme import facts as f
from domain.programme import refusals as r
from domain.programme.commands import AddTask, Close, Open
from domain.programme.decider import PROGRAMME
from domain.programme.state import ProgrammeStage
from domain.task import facts as task_facts
from tests.domain.examples import (
    AREAS,
    COMMANDS,
    EVALUATED,
    FINAL,
    IN_PROGRESS,
    LISTED,
    OPENED,
    PROPOSED,
    TASK_ID,
    TITLE,
    fold,
    refused,
    when,
)

OPEN, ADD, CLOSE = COMMANDS["programme.open"], COMMANDS["programme.add_task"], COMMANDS["programme.close"]
CLOSED = f.Closed()
OTHER = replace(LISTED, task="2024-08")


def test_a_year_is_opened_with_its_areas() -> None:
    (opened,) = when(OPEN)
    programme = fold(PROGRAMME, [opened])
    assert (programme.stage, list(programme.areas)) == (ProgrammeStage.OPEN, ["culture", "living"])
    assert programme.declared_task_count == 27


@pytest.mark.parametrize("before", [[OPENED], [OPENED, CLOSED]])
def test_a_year_is_opened_once(before: list[object]) -> None:
    refused(r.ProgrammeAlreadyOpened, OPEN, before)  # type: ignore[arg-type]


def test_areas_are_unique() -> None:
    refused(r.AreaTwice, OPEN.model_copy(update={"areas": (*AREAS, AREAS[0])}))


def test_a_listed_task_keeps_what_the_city_said_of_it() -> None:
    (added,) = when(ADD, [OPENED])
    listed = fold(PROGRAMME, [OPENED, added]).tasks[TASK_ID]
    assert (listed.task, listed.area, listed.lead, listed.title) == (TASK_ID, "culture", "gjcf", TITLE)
    assert (listed.not_before, len(listed.phases)) == (date(2024, 3, 1), 2)


@pytest.mark.parametrize(
    ("refusal", "change"),
    [
        (r.TaskOfAnotherYear, {"task": "2025-07"}),
        (r.TaskAlreadyListed, {"task": "2024-08"}),
        (r.UnknownArea, {"area": "sports"}),
        (AgencyNotRegistered, {"lead": "nobody"}),
    ],
)
def test_a_task_is_added_to_its_own_year_with_known_area_and_agency(
    refusal: type, change: dict[str, str]
) -> None:
    refused(refusal, ADD.model_copy(update=change), [OPENED, OTHER])


@pytest.mark.parametrize(("before", "stage"), [([], "not opened"), ([OPENED, CLOSED], "closed")])
@pytest.mark.parametrize("command", [ADD, CLOSE])
def test_only_an_open_year_is_added_to_or_closed(
    command: AddTask | Close, before: list[object], stage: str
) -> None:
    assert stage in refused(r.ProgrammeNotOpen, command, before).say("en")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "life",
    [
        (),
        (PROPOSED, task_facts.Rejected()),
        (PROPOSED, task_facts.Withdrawn()),
        (*IN_PROGRESS, task_facts.Discontinued()),
        (*IN_PROGRESS, task_facts.CarriedOver(to_year=2025)),
        (*IN_PROGRESS, FINAL, EVALUATED),
    ],
)
def test_a_year_is_closed_when_no_task_is_open(life: tuple[object, ...]) -> None:
    assert when(CLOSE, [OPENED, LISTED], world={f"task/{TASK_ID}": life}) == (CLOSED,)  # type: ignore[dict-item]


@pytest.mark.parametrize(
    ("life", "stage"),
    [((PROPOSED,), "제안"), ((PROPOSED, task_facts.Approved()), "승인"), (IN_PROGRESS, "추진")],
)
def test_an_open_task_keeps_its_year_open_and_is_named(life: tuple[object, ...], stage: str) -> None:
    refusal = refused(r.TasksStillOpen, CLOSE, [OPENED, LISTED, OTHER], world={f"task/{TASK_ID}": life})
    assert f"{TASK_ID} {stage}" in refusal.say("ko")
    assert "2024-08" not in refusal.say("ko")


def test_closing_reads_every_listed_task() -> None:
    programme = fold(PROGRAMME, [OPENED, LISTED, OTHER])
    assert PROGRAMME.reads(CLOSE, programme) == ("task/2024-07", "task/2024-08")
    assert PROGRAMME.reads(Open.model_validate(OPEN, strict=False), programme) == ()
