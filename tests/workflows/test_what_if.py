"""Past years under another rule: what really ran differs nowhere, and what is planted is found."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import psycopg
import pytest
from msgspec.structs import replace

from domain.agency.commands import Register
from domain.calendar.commands import Proclaim
from domain.errors import BadInput, Bilingual
from domain.lifecycle.model import Definition
from domain.programme.commands import AddTask, Open
from domain.programme.facts import Area
from domain.task import commands as t
from domain.task.facts import DeadlinesSet
from domain.values import LocalText, Plan
from store.log import Store
from tests.projections.appended_facts import PROPOSED, append
from tests.store.copied_databases import copied
from tests.workflows.test_transitions import OFFICER, World
from trail.files import NotReadable
from workflows.calendars import calendars, opening
from workflows.definitions.templates import files_of_templates, read_definition, templates
from workflows.what_if import requiring as requiring_then
from workflows.what_if.difference import WhatIfDifference
from workflows.what_if.rules import (
    BadSpan,
    NotARule,
    Rule,
    definition_of,
    read_calendar,
    read_scoring,
    years_in,
)
from workflows.what_if.years import NothingHappened, what_if

NAME = LocalText(ko="이름", en="name")
PLAN = Plan(start=date(2024, 6, 1), end=date(2024, 11, 29), budget_krw=1)
FIRST, SECOND = "2024-01", "2024-02"
TEXT = "끝냄"


@pytest.fixture(scope="module")
def store(cluster: str, simulated_template: str) -> Iterator[Store]:
    """A year with a task that is evaluated by rule in the end, and one that is withdrawn by rule."""
    with copied(cluster, simulated_template) as dsn, Store.open(_as_application(dsn)) as opened:
        live(World(opened))
        yield opened


def _as_application(dsn: str) -> str:
    return psycopg.conninfo.make_conninfo(dsn, user="donghaeng_app")


def live(world: World) -> None:
    world.at(2024, 3, 7, 3)
    for command in (
        Open(year=2024, name=NAME, city=NAME, areas=(Area(id="culture", name=NAME),)),
        Register(agency="gto", name=NAME),
        opening(2024, [date(2024, 10, 1)]),
        opening(2025),
        *(AddTask(year=2024, task=task, area="culture", lead="gto", title=NAME) for task in (FIRST, SECOND)),
    ):
        world.give(command)
    for task in (FIRST, SECOND):
        world.give(t.Propose(task=task, title=NAME, area="culture", lead="gto", plan=PLAN), OFFICER)
    world.at(2024, 3, 8, 3)  # a Friday
    for task in (FIRST, SECOND):
        world.give(t.Return(task=task))
    world.at(2024, 3, 14, 3)
    world.give(t.Revise(task=FIRST, department=NAME), OFFICER)
    world.at(2024, 3, 15, 3)
    world.give(t.Approve(task=FIRST))
    world.at(2024, 3, 18, 3)
    world.at(2024, 6, 3, 3)
    world.at(2024, 7, 2, 3)
    world.give(t.ReportProgress(task=FIRST, percent=50), OFFICER)
    world.at(2024, 9, 3, 3)
    world.give(Proclaim(day=date(2024, 10, 1), title=LocalText(ko="국군의 날")))
    world.at(2024, 9, 4, 3)
    world.at(2024, 10, 2, 3)
    world.give(t.ReportProgress(task=FIRST, percent=70), OFFICER)
    world.at(2024, 12, 2, 3)
    world.give(t.SubmitFinalReport(task=FIRST, text=TEXT), OFFICER)
    world.at(2024, 12, 3, 3)
    world.give(t.Rate(task=FIRST, score="89", raters=100))
    world.at(2024, 12, 4, 3)
    assert world.kinds(f"task/{FIRST}")[-2:] == ["task.rated", "task.evaluated"]
    assert world.kinds(f"task/{SECOND}")[-1] == "task.withdrawn"


def told(found: list[WhatIfDifference[Bilingual]], *what: str) -> list[tuple[Any, ...]]:
    return [
        (one.task, one.name, one.really, one.otherwise, one.beyond)
        for one in found
        if one.what in (what or (one.what,))
    ]


def changed(tmp_path: Path, before: str, after: str) -> Definition:
    text = files_of_templates()["donghaeng-2024/1"].read_text(encoding="utf-8")
    assert before in text
    path = tmp_path / "mine.toml"
    path.write_text(text.replace(before, after), encoding="utf-8")
    return read_definition(path)


def test_the_rule_that_really_ran_differs_nowhere_and_nothing_is_written(store: Store) -> None:
    before = store.head().position
    same = templates()["donghaeng-2024/1"]
    for rule in (Rule(), Rule(definition=same), Rule(grades=same.grades), Rule(calendars={})):
        found = what_if(store, rule, range(2024, 2025))
        assert (found.differences, found.tasks) == ([], 2)
        assert found.facts > 20
    assert store.head().position == before


def test_a_shorter_deadline_would_have_withdrawn_what_was_answered_in_time(
    store: Store, tmp_path: Path
) -> None:
    sooner = changed(tmp_path, 'start = "condition"\nwithin = 5', 'start = "condition"\nwithin = 3')
    found = what_if(store, Rule(definition=sooner), range(2024, 2025)).differences
    assert told(found, "deadline") == [
        (FIRST, "answer", "2024-03-15", "2024-03-13", False),
        (SECOND, "answer", "2024-03-15", "2024-03-13", False),
    ]
    lapse = "lapse_unanswered"
    assert told(found, "transition") == [
        (FIRST, lapse, None, f"{lapse} 2024-03-14", False),
        (SECOND, lapse, f"{lapse} 2024-03-16", f"{lapse} 2024-03-14", False),
    ]
    because = next(one for one in found if one.what == "transition")
    kinds = [one.kind for one in store.at(because.facts)]
    assert kinds == ["task.returned", "task.deadlines_set", "task.revised"]


def test_a_holiday_on_the_first_day_would_have_begun_the_work_a_day_later(store: Store) -> None:
    by = what_if_calendar(store)
    monday = date(2024, 6, 3)
    by[2024] = replace(by[2024], holidays={**by[2024].holidays, monday: LocalText(ko="임시", en="extra")})
    found = what_if(store, Rule(calendars=by), range(2024, 2025)).differences
    assert (FIRST, "start", "2024-06-03", "2024-06-04", False) in told(found, "deadline")
    assert told(found, "transition") == [
        (FIRST, "start_as_planned", "start_as_planned 2024-06-03", "start_as_planned 2024-06-04", False)
    ]
    (start,) = [one for one in found if one.name == "start" and one.what == "deadline"]
    assert start.why is not None
    assert start.why.say("en") == "2024-06-03 extra"


def test_a_day_that_was_proclaimed_late_is_known_from_the_beginning_in_a_calendar_given(store: Store) -> None:
    found = what_if(store, Rule(calendars=what_if_calendar(store)), range(2024, 2025)).differences
    moved = {one.name for one in found if one.what == "deadline"}
    assert moved == {"progress"}, "the third quarter's report was counted without it until September"
    assert {one.otherwise for one in found if one.what == "deadline"} == {"2024-10-10"}


def what_if_calendar(store: Store) -> dict[int, Any]:
    """The calendars as they came to be."""
    return dict(calendars(store, (2024, 2025)))


def test_other_grades_give_another_grade_for_the_same_score(store: Store, tmp_path: Path) -> None:
    stricter = changed(tmp_path, 'least = "88"', 'least = "90"')
    for rule in (Rule(definition=stricter), Rule(grades=stricter.grades)):
        found = what_if(store, rule, range(2024, 2025)).differences
        assert told(found) == [(FIRST, "grade", "A", "B", False)]
        assert [one.kind for one in store.at(found[0].facts)] == ["task.evaluated"]


def test_what_comes_after_a_parting_is_marked(store: Store, tmp_path: Path) -> None:
    text = 'start = "condition"\nwithin = 5'
    sooner = changed(tmp_path, text, text.replace("5", "3"))
    both = sooner.model_copy(update={"grades": tuple(one for one in sooner.grades if one.grade != "A")})
    found = what_if(store, Rule(definition=both), range(2024, 2025)).differences
    assert told(found, "grade") == [(FIRST, "grade", "A", "B", True)]


def requiring(command: str, that: str) -> Definition:
    """The definition that really ran, with a requirement on top."""
    said = templates()["donghaeng-2024/1"].model_dump(mode="json", by_alias=True, exclude_unset=True)
    required = {"that": that, "otherwise": {"ko": "안 됨", "en": "it is not so"}}
    assert "commands" not in said, "it narrows none"
    return Definition.model_validate(said | {"commands": [{"command": command, "requirements": [required]}]})


def test_what_the_other_definition_requires_is_asked_of_rules(store: Store) -> None:
    by = requiring("task.start", "role != 'system'")
    found = what_if(store, Rule(definition=by), range(2024, 2025)).differences
    started = "start_as_planned 2024-06-03"
    assert told(found, "transition") == [(FIRST, "start_as_planned", started, None, False)]
    assert found[0].why is not None
    assert "it is not so" in found[0].why.say("en")
    assert {one.beyond for one in found[1:]} <= {True}


def test_what_the_other_definition_requires_is_asked_of_what_people_did(store: Store) -> None:
    by = requiring("task.approve", "task.department.known && task.partners.size() > 0")
    found = what_if(store, Rule(definition=by), range(2024, 2025)).differences
    assert told(found) == [(FIRST, "task.approve", "2024-03-15", None, False)]
    (one,) = found
    assert (one.what, one.item_name) == ("refused", LocalText(ko="승인", en="approve"))
    assert [each.kind for each in store.at(one.facts)] == ["task.approved"]
    assert one.why is not None
    assert one.why.say("en") == "it is not so (task.department.known && task.partners.size() > 0)"


def test_a_requirement_that_held_or_hangs_on_what_only_the_command_had_differs_nowhere(store: Store) -> None:
    for command, that in (
        ("task.approve", "task.department.known"),
        ("task.start", "role == 'system' && on_business_day"),
        ("task.revise", "command.department == 'nobody'"),
        ("task.evaluate", "task.rating > 50.0"),
    ):
        found = what_if(store, Rule(definition=requiring(command, that)), range(2024, 2025))
        assert found.differences == [], that


def test_the_control_who_asks_no_requirement_finds_none(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(requiring_then, "check_requirements", lambda *_: None)
    by = requiring("task.start", "role != 'system'")
    assert what_if(store, Rule(definition=by), range(2024, 2025)).differences == []


def test_the_control_a_deadline_that_the_rule_never_set_is_found(store: Store) -> None:
    (real, *_) = [one.fact for one in store.read(f"task/{FIRST}") if isinstance(one.fact, DeadlinesSet)]
    wrong = replace(real, deadlines=tuple(replace(one, due=date(2024, 4, 1)) for one in real.deadlines))
    append(store, ("task/2023-01", PROPOSED), ("task/2023-01", wrong))
    found = what_if(store, Rule(), range(2023, 2025)).differences
    assert ("2023-01", "decision", "2024-04-01") in {(one.task, one.name, one.really) for one in found}
    assert {one.task for one in found} == {"2023-01"}


def test_a_year_without_facts_and_an_impossible_span_are_refused(store: Store) -> None:
    with pytest.raises(NothingHappened, match=r"tasks of 2021\. There are of: 20"):
        what_if(store, Rule(), range(2021, 2025))
    for given in ("2024..2023", "24", "2024-2025", "2024..", "1999", "2024..9999", "", "2024..2025..2026"):
        with pytest.raises(BadSpan):
            years_in(given)
    assert (list(years_in("2024")), list(years_in("2023..2024"))) == ([2024], [2023, 2024])


@pytest.mark.parametrize(
    "content",
    [
        'days = [{ day = 2024-03-01, name = "a" }, { day = 2024-03-01, name = "b" }]',
        'days = [{ day = 1024-03-01, name = "a" }]',
        'days = [{ day = "2024-02-30", name = "a" }]',
        "days = [{ day = 2024-03-01 }]",
        "days = []\nyears = [3000]",
        "days = 1",
        "",
    ],
)
def test_a_calendar_that_cannot_be_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "calendar.toml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(BadInput):
        read_calendar(path)


def test_a_calendar_is_read_from_toml_and_json_alike(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text(
        'years = [2025]\ndays = [{ day = 2024-03-01, name = "삼일절" }]', encoding="utf-8"
    )
    content = {"years": [2025], "days": [{"day": "2024-03-01", "name": "삼일절"}]}
    (tmp_path / "a.json").write_text(json.dumps(content), encoding="utf-8")
    toml, other = (read_calendar(tmp_path / name) for name in ("a.toml", "a.json"))
    assert {year: one.holidays for year, one in toml.items()} == {
        year: one.holidays for year, one in other.items()
    }
    assert sorted(toml) == [2024, 2025]


@pytest.mark.parametrize(
    "content",
    [
        'grades = [{ grade = "S", least = "90" }]',
        'grades = [{ grade = "S", least = "0" }, { grade = "A", least = "90" }]',
        'grades = [{ grade = "S", least = "90" }, { grade = "S", least = "0" }]',
        'grades = [{ grade = "X", least = "0" }]',
        'grades = [{ grade = "S", least = "many" }]',
        "grades = []",
    ],
)
def test_a_scoring_that_cannot_be_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "grades.toml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(BadInput):
        read_scoring(path)


def test_a_whole_definition_may_be_given_for_its_grades_and_one_that_comes_along_by_name(
    store: Store,
) -> None:
    by = templates()["donghaeng-2024/1"]
    assert read_scoring(files_of_templates()["donghaeng-2024/1"]) == by.grades
    assert definition_of(Path("donghaeng-2024/1"), store) is by


@pytest.mark.parametrize("content", [b"\xff\xfe", b"days = [", b"{"])
def test_what_cannot_be_read_is_refused_by_name(tmp_path: Path, content: bytes) -> None:
    for name in ("a.toml", "a.json"):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(NotARule):
            read_calendar(tmp_path / name)
    with pytest.raises(NotReadable, match="no such file"):
        read_scoring(tmp_path / "b.toml")
