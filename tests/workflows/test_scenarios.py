"""A definition is tested by scenarios, without a store: by the functions that the program goes by, and so that each fault is seen."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from domain.errors import BadInput, Refusal
from domain.lifecycle.model import Definition
from workflows.definitions.templates import (
    NotADefinition,
    files_of_templates,
    read_definition,
    scenarios_beside,
    templates,
)
from workflows.definitions.writing import write_from, write_scenarios_from
from workflows.scenarios.files import MOST_STEPS, NotScenarios, check_scenarios, read_scenarios
from workflows.scenarios.rehearsal import NeverEnds, Rehearsal
from workflows.scenarios.testing import DefinitionTested, ScenariosFail, check_beside, play_all, run_scenarios

TOP = Path(__file__).parents[2]
FIRST = templates()["donghaeng-2024/1"]
PLAN = "plan = { start = 2024-03-04, end = 2024-09-27, budget_krw = 1000 }\n"


def played(text: str, by: Definition = FIRST) -> DefinitionTested:
    return play_all(by, [check_scenarios(tomllib.loads(text))])


def scenario(*steps: str, head: str = PLAN, name: str = "하나") -> str:
    told = "".join(f"[[scenarios.steps]]\n{one}\n" for one in steps)
    return f'[[scenarios]]\nname = "{name}"\n{head}{told}'


PROPOSED = 'on = 2024-02-05\nby = "officer"\ngive = "task.propose"'
APPROVED = 'on = 2024-02-06\nby = "planner"\ngive = "task.approve"'


@pytest.mark.parametrize("identity", templates())
def test_what_comes_along_is_as_its_scenarios_say(identity: str) -> None:
    found = run_scenarios(templates()[identity], [scenarios_beside(files_of_templates()[identity])])
    assert [one.en for one in found.failures] == []
    covered = {one.what: one.missing for one in found.coverage}
    # a report opens the rating at once, so that what is reported is never found unevaluated at the year's end
    assert (covered["places"], covered["deadlines"], covered["transitions"]) == (
        [],
        [],
        ["carry_over_unevaluated"],
    )


@pytest.mark.parametrize("identity", templates())
def test_a_new_definition_and_its_scenarios_go_together(tmp_path: Path, identity: str) -> None:
    """Whole, with comments, also where the template's say only what is otherwise."""
    path = tmp_path / "mine.toml"
    path.write_text(write_from(identity, "mine"), encoding="utf-8")
    scenarios_beside(path).write_text(write_scenarios_from(identity), encoding="utf-8")
    template = scenarios_beside(files_of_templates()[identity])
    assert read_scenarios(scenarios_beside(path)) == read_scenarios(template)
    assert "extends" not in scenarios_beside(path).read_text(encoding="utf-8")
    check_beside(read_definition(path), path)


CHANGES = {
    "a day of a deadline": ("within = 10  ", "within = 8  ", "deadlines"),
    "who is reminded": ('{ days = 3, to = ["head"] }', '{ days = 3, to = ["officer"] }', "reminders"),
    "when is reminded": ("{ days = -7, to = [\"planner\"] }", "{ days = -6, to = [\"planner\"] }", "reminders"),
    "a rule": ('when = "year_over"', 'when = "at_once"', "refused"),
    "a grade": ('least = "78"', 'least = "88"', "grade"),
    "who may": ("version = 1", 'version = 1\n[[commands]]\ncommand = "task.withdraw"\nby = ["system"]', "refused"),
}  # fmt: skip


@pytest.mark.parametrize("change", CHANGES)
def test_the_control_a_scenario_fails_where_the_definition_is_another(tmp_path: Path, change: str) -> None:
    before, after, what = CHANGES[change]
    path = tmp_path / "mine.toml"
    text = write_from("donghaeng-2024/1", "mine")
    path.write_text(text.replace(before, after), encoding="utf-8")
    assert path.read_text(encoding="utf-8") != text
    scenarios_beside(path).write_text(write_scenarios_from("donghaeng-2024/1"), encoding="utf-8")
    with pytest.raises(ScenariosFail):
        check_beside(read_definition(path), path)
    found = run_scenarios(read_definition(path), [scenarios_beside(path)])
    assert what in {one.what for one in found.failures}, [one.en for one in found.failures]
    scenarios_beside(path).unlink()
    check_beside(read_definition(path), path)  # none are given, none are demanded


def test_a_failure_names_scenario_and_step_and_says_what_was_found_in_both_languages() -> None:
    wrong = PROPOSED + '\nplace = "approved"\ndeadlines = [{ kind = "decision", due = 2024-02-20 }]'
    found = played(scenario(wrong))
    assert not found.ok
    assert [(one.scenario, one.step, str(one.on), one.what) for one in found.failures] == [
        ("하나", 1, "2024-02-05", "place"),
        ("하나", 1, "2024-02-05", "deadlines"),
    ]
    place, due = found.failures
    assert (place.expected, place.found) == ("approved", "proposed")
    assert due.en == (
        "하나, step 1 (2024-02-05 task.propose): deadlines: expected decision 2024-02-20, found decision 2024-02-19"
    )
    assert (
        due.ko
        == "하나, 절차 1(2024-02-05 task.propose): 기한: 예상 decision 2024-02-20, 실제 decision 2024-02-19"
    )


def test_a_refusal_that_nobody_expected_ends_the_scenario_and_so_does_one_that_did_not_come() -> None:
    later = 'on = 2024-02-07\nplace = "evaluated"'
    refused = played(scenario(PROPOSED, APPROVED.replace("planner", "citizen"), later)).failures
    assert [(one.step, one.what, one.expected) for one in refused] == [(2, "refused", "carried out")]
    assert refused[0].found.startswith("NotPermitted: ")
    assert "권한" in refused[0].ko
    (missing,) = played(scenario(PROPOSED, APPROVED + '\nrefused = "NotPermitted"', later)).failures
    assert (missing.step, missing.expected, missing.found) == (2, "NotPermitted", "carried out")
    (other,) = played(scenario(PROPOSED + '\nrefused = "NotPermitted"\n', later)).failures
    assert other.step == 1


def missing(found: DefinitionTested, what: str) -> list[str]:
    (one,) = [one for one in found.coverage if one.what == what]
    return one.missing


def test_the_check_and_the_test_count_the_same_places() -> None:
    (places,) = [one for one in play_all(FIRST, []).coverage if one.what == "places"]
    assert set(places.missing) == {"listed", *map(str, FIRST.standing)}


def test_coverage_falls_where_a_step_is_taken_out() -> None:
    """The control of what is said to be passed through."""
    rest = 'on = 2024-03-04\nplace = "in_progress"'
    whole = played(scenario(PROPOSED, APPROVED, rest))
    short = played(scenario(PROPOSED, 'on = 2024-03-04\nplace = "proposed"'))
    assert whole.ok
    assert short.ok
    for what, name in (
        ("places", "approved"),
        ("deadlines", "start"),
        ("transitions", "start_as_planned"),
        ("commands", "task.approve"),
    ):
        assert name not in missing(whole, what)
        assert name in missing(short, what)


def test_a_day_off_moves_a_deadline_and_one_that_is_proclaimed_moves_it_later() -> None:
    due = '\ndeadlines = [{{ kind = "decision", due = 2024-02-{} }}]'
    proclaimed = (
        'on = 2024-02-06\nby = "planner"\ngive = "calendar.proclaim"\n'
        'with = { day = 2024-02-14, title = { ko = "임시공휴일" } }'
    )
    assert played(scenario(PROPOSED + due.format(19))).ok
    assert played("days_off = [2024-02-09]\n" + scenario(PROPOSED + due.format(20))).ok
    assert played(scenario(PROPOSED + due.format(20), head=PLAN + "days_off = [2024-02-09]\n")).ok
    assert played(scenario(PROPOSED + due.format(19), proclaimed + due.format(20))).ok


def test_a_late_entry_is_dated_as_the_program_dates_it() -> None:
    late = 'on = 2024-03-11\nby = "officer"\ngive = "task.submit_final_report"\neffective = 2024-03-05\nplace = "in_progress/rated"\n'
    found = played(
        scenario(PROPOSED, APPROVED, late + 'deadlines = [{ kind = "evaluation", due = 2024-04-02 }]')
    )
    assert [one.en for one in found.failures] == []
    early = played(scenario(PROPOSED, APPROVED, late.replace("03-05", "03-01") + 'refused = "x"'))
    assert [one.found.partition(":")[0] for one in early.failures] == ["DatedBeforeLastStageChange"]


def test_a_rule_that_is_refused_is_told() -> None:
    """A rule that starts at once meets the day before which the plan bars the start."""
    content = {**FIRST.model_dump(mode="json", by_alias=True, exclude_unset=True)}
    content["transitions"] = [
        {**one, "when": "at_once", "deadline": None} if one["rule"] == "start_as_planned" else one
        for one in content["transitions"]
    ]
    by = Definition.model_validate(content)
    barred = PLAN.replace(" }", ", not_before = 2024-04-01 }")
    (failure,) = played(scenario(PROPOSED, APPROVED, head=barred), by).failures
    assert (failure.what, failure.step) == ("rule_refused", 2)
    assert failure.found.startswith("start_as_planned: TooEarlyToStart")
    assert played(scenario(PROPOSED, APPROVED), by).ok


def test_a_scenario_that_never_ends_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the search for circles keeps from happening: the control has rules act that move nothing."""
    monkeypatch.setattr(Rehearsal, "_act", lambda self, envelope: None)
    (failure,) = played(scenario(PROPOSED, APPROVED)).failures
    assert failure.what == "scenario"
    assert failure.found.startswith(NeverEnds.__name__)


FAULTS: Mapping[str, tuple[str, str, str]] = {
    "an unknown command": (scenario(PROPOSED.replace("propose", "fly")), "steps[0].give", "task.fly"),
    "a command of the system": (
        scenario(PROPOSED.replace("propose", "set_deadlines")),
        "steps[0].give",
        "task.set_deadlines",
    ),
    "an unknown role": (scenario(PROPOSED.replace("officer", "emperor")), "steps[0].by", "emperor"),
    "the system": (scenario(PROPOSED.replace("officer", "system")), "steps[0].by", "system"),
    "no role": (scenario('on = 2024-02-05\ngive = "task.propose"'), "steps[0].by", "officer"),
    "an agency that is not there": (scenario(PROPOSED.replace("officer", "officer@gto")), "steps[0].by", "gto"),
    "a city's role of an agency": (scenario(APPROVED.replace("planner", "planner@lead")), "steps[0].by", "lead"),
    "a role and no command": (scenario('on = 2024-02-05\nby = "officer"'), "steps[0].by", "no command"),
    "a day before the step before": (scenario(APPROVED, PROPOSED), "steps[1].on", "2024-02-06"),
    "a day before the listing": (
        scenario(PROPOSED, head=PLAN + "listed = 2024-02-06\n"),
        "steps[0].on",
        "2024-02-06",
    ),
    "a day before the plan": (scenario(PROPOSED.replace("2024", "2022")), "steps[0].on", "2023-01-01"),
    "a day long after the plan": (scenario(PROPOSED, "on = 2031-01-01"), "steps[1].on", "2026-12-31"),
    "a listing long before the plan": (
        scenario(PROPOSED, head=PLAN + "listed = 2001-01-01\n"),
        "listed",
        "2023-01-01",
    ),
    "no day": (scenario('on = "soon"'), "steps[0].on", "YYYY-MM-DD"),
    "an unknown place": (scenario(PROPOSED + '\nplace = "adored"'), "steps[0].place", "adored"),
    "an unknown field": (scenario(PROPOSED + "\nmood = 1"), "steps[0].mood", "no such field"),
    "a field that the command has not": (
        scenario(PROPOSED + "\nwith = { mood = 1 }"),
        "steps[0].with.mood",
        "no such field",
    ),
    "another task": (scenario(PROPOSED + '\nwith = { task = "2024-02" }'), "steps[0].with.task", "no such"),
    "a value out of its limits": (
        scenario(PROPOSED, 'on = 2024-03-05\nby = "officer"\ngive = "task.report_progress"\nwith = { percent = 120 }'),
        "steps[1].with.percent",
        "100",
    ),
    "a plan that ends before it begins": (
        scenario(PROPOSED, head=PLAN.replace("2024-09-27", "2023-09-27")),
        "plan.end",
        "before it starts",
    ),
    "no plan": (scenario(PROPOSED, head=""), "plan", "missing"),
    "no step": (scenario(), "steps", "missing"),
    "too many steps": (scenario(*["on = 2024-02-05"] * (MOST_STEPS + 1)), "steps", str(MOST_STEPS)),
    "an unknown step of the ladder": (
        scenario(PROPOSED + '\nreminders = [{ on = 2024-02-05, kind = "x", to = ["king"] }]'),
        "steps[0].reminders[0].to[0]",
        "officer",
    ),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_what_cannot_be_is_refused_by_scenario_and_step(fault: str) -> None:
    text, at, said = FAULTS[fault]
    with pytest.raises(BadInput) as caught:
        played(text)
    assert caught.value.details["field"] == f"scenarios[하나].{at}"
    assert said in caught.value.say("en")
    assert re.search("[가-힣]", caught.value.say("ko").replace("하나", ""))


def test_a_name_stands_once_and_a_file_has_scenarios() -> None:
    with pytest.raises(BadInput, match="twice"):
        played(2 * scenario(PROPOSED))
    for empty in ("", "scenarios = 3", "scenarios = [3]"):
        with pytest.raises(BadInput, match="scenarios"):
            played(empty)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\xff\xfe", "TOML"),
        (b"[" * 100_000, "TOML"),
        (b"a = 1" + b"0" * 10_000, "TOML"),
        (b"#" * 10 * 1024 * 1024, "2 MB"),
        (None, "no such file"),
    ],
    ids=["no text", "lists in lists", "a long number", "10 MB", "nothing"],
)
def test_what_is_no_file_of_scenarios_is_refused_in_words(
    tmp_path: Path, content: bytes | None, said: str
) -> None:
    path = tmp_path / "mine.scenarios.toml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(NotScenarios, match=said):
        read_scenarios(path)
    if content is not None:
        with pytest.raises(NotADefinition, match=said):
            read_definition(path)


def test_what_extends_an_unknown_template_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "mine.scenarios.toml"
    path.write_text('extends = "nothing/1"\n', encoding="utf-8")
    with pytest.raises(Refusal, match="nothing/1"):
        read_scenarios(path)


def test_a_scenario_needs_no_store_no_database_and_no_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any, **__: Any) -> Any:
        raise AssertionError("something outside was asked")

    monkeypatch.setattr("psycopg.Connection.connect", refuse)
    monkeypatch.setattr("store.log.Store.open", refuse)
    monkeypatch.setattr("socket.socket", refuse)
    assert played(scenario(PROPOSED, APPROVED)).ok


def test_deadlines_days_and_commands_come_from_the_programs_own_functions() -> None:
    """No second way of counting: the scenarios' folder reckons no day by itself, and makes no fact of a task."""
    files = sorted((TOP / "workflows" / "scenarios").glob("*.py"))
    trees = {one.name: ast.parse(one.read_text(encoding="utf-8")) for one in files}
    taken = {
        (node.module, name.name)
        for tree in trees.values()
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for name in node.names
    }
    for own in (
        ("workflows.automation.deadlines", "setting"),
        ("workflows.automation.transitions", "transition"),
        ("workflows.unit_of_work", "UnitOfWork"),
        ("projections.deadlines", "DEADLINES"),
    ):
        assert own in taken
    assert {name for module, name in taken if module == "domain.calendar.reckoning"} == {"Calendars"}
    assert {name for module, name in taken if module == "domain.task.facts"} == {
        "DeadlinesSet",
        "StepTaken",
    }, "only read"


def test_the_tutorial_prints_what_is_found(tmp_path: Path) -> None:
    """With the deadline that it changes, the first one of the file."""
    path = tmp_path / "gunsan.toml"
    path.write_text(
        write_from("donghaeng-2024/3", "gunsan").replace("within = 10 ", "within = 8 ", 1), encoding="utf-8"
    )
    scenarios_beside(path).write_text(write_scenarios_from("donghaeng-2024/3"), encoding="utf-8")
    found = run_scenarios(read_definition(path), [scenarios_beside(path)])
    page = (TOP / "docs" / "tutorial" / "definition.md").read_text(encoding="utf-8")
    counts = f"{found.scenarios} scenarios, {found.steps} steps. {len(found.failures)} findings:"
    assert f"gunsan/1: {counts}\n  {found.failures[0].en}\n" in page
