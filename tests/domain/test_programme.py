"""A year's programme: opened once, filled with tasks, closed when none is open."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from msgspec.structs import replace

from domain.agency.refusals import AgencyNotRegistered
from domain.programme import facts as f
from domain.programme import refusals as r
from domain.programme.commands import AddArea, AddTask, Change, ChangeTask, Close, Open, RenameArea
from domain.programme.decider import AGGREGATE as PROGRAMME
from domain.programme.facts import TaskChanged
from domain.programme.state import ProgrammeStage
from domain.task import facts as task_facts
from domain.task.refusals import NotTheListedLead
from tests.domain.examples import (
    AREAS,
    COMMANDS,
    EVALUATED,
    FINAL,
    IN_PROGRESS,
    LISTED,
    NOON,
    OPENED,
    PROPOSED,
    TASK_ID,
    TITLE,
    WORLD,
    fold,
    ko,
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


def test_the_entry_is_put_right_and_the_rest_stays() -> None:
    (changed,) = when(Change(year=2024, name=ko("동행 2024")), [OPENED])
    before, after = fold(PROGRAMME, [OPENED]), fold(PROGRAMME, [OPENED, changed])
    assert (after.name, after.city, after.areas) == (ko("동행 2024"), before.city, before.areas)
    refused(r.NothingChanged, Change(year=2024, name=OPENED.name), [OPENED])
    refused(r.NothingChanged, Change(year=2024), [OPENED])


def test_areas_are_added_and_renamed() -> None:
    (added,) = when(AddArea(year=2024, area="sports", name=ko("체육")), [OPENED])
    (renamed,) = when(RenameArea(year=2024, area="culture", name=ko("문화")), [OPENED, added])
    areas = fold(PROGRAMME, [OPENED, added, renamed]).areas
    assert list(areas) == [*fold(PROGRAMME, [OPENED]).areas, "sports"], "each in its place"
    assert areas["culture"] == ko("문화")
    refused(r.AreaKnown, AddArea(year=2024, area="culture", name=ko("문화")), [OPENED])
    refused(r.NoSuchArea, RenameArea(year=2024, area="sports", name=ko("체육")), [OPENED])
    refused(r.NothingChanged, RenameArea(year=2024, area="sports", name=ko("체육")), [OPENED, added])


CHANGE_TASK = ChangeTask(year=2024, task=TASK_ID, title=ko("새 제목"), lead="gto")


def test_a_listed_task_is_put_right_before_it_is_proposed() -> None:
    (changed,) = when(CHANGE_TASK, [OPENED, LISTED])
    listed = fold(PROGRAMME, [OPENED, LISTED, changed]).tasks[TASK_ID]
    assert (listed.title, listed.lead, listed.area) == (ko("새 제목"), "gto", "culture")
    world = {**WORLD, "programme/2024": (OPENED, LISTED, changed)}
    propose = COMMANDS["task.propose"].model_copy(update={"lead": "gto", "partners": ()})
    assert when(propose, world=world), "its new lead proposes it"
    refused(NotTheListedLead, COMMANDS["task.propose"], world=world)


@pytest.mark.parametrize("life", [(PROPOSED,), (PROPOSED, task_facts.Rejected())])
def test_once_it_is_proposed_the_list_changes_it_no_more(life: tuple[object, ...]) -> None:
    refused(r.ListedAndProposed, CHANGE_TASK, [OPENED, LISTED], world={**WORLD, f"task/{TASK_ID}": life})  # type: ignore[dict-item]


@pytest.mark.parametrize(
    ("refusal", "change"),
    [
        (r.NotListed, {"task": "2024-08"}),
        (r.NoSuchArea, {"area": "sports"}),
        (AgencyNotRegistered, {"lead": "nobody"}),
        (r.NothingChanged, {"title": LISTED.title, "lead": LISTED.lead}),
    ],
)
def test_a_listed_task_is_changed_to_what_is_there(refusal: type, change: dict[str, object]) -> None:
    refused(refusal, CHANGE_TASK.model_copy(update=change), [OPENED, LISTED])


def test_two_late_changes_come_to_the_same_in_both_orders() -> None:
    first, second = (
        TaskChanged(task=TASK_ID, title=ko("가")),
        TaskChanged(task=TASK_ID, title=ko("나"), lead="gto"),
    )
    start = fold(PROGRAMME, [OPENED, LISTED])
    early, late = NOON + timedelta(days=1), NOON + timedelta(days=2)
    one = PROGRAMME.evolve(PROGRAMME.evolve(start, first, early, 3), second, late, 4)
    other = PROGRAMME.evolve(PROGRAMME.evolve(start, second, late, 3), first, early, 4)
    assert one.tasks == other.tasks


def test_what_the_list_says_can_be_taken_away() -> None:
    dated = replace(LISTED, not_before=date(2024, 3, 1))
    (changed,) = when(ChangeTask(year=2024, task=TASK_ID, without=("not_before",)), [OPENED, dated])
    assert fold(PROGRAMME, [OPENED, dated, changed]).tasks[TASK_ID].not_before is None
    refused(r.NothingChanged, ChangeTask(year=2024, task=TASK_ID, without=("phases",)), [OPENED, dated])
