"""What a definition requires of a command: expressions that are checked by their types and bounded before they are ever asked."""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from cel_expr_python import cel
from msgspec.structs import replace
from pydantic_core import PydanticCustomError

from domain.errors import BadInput
from domain.lifecycle.bounds import LONGEST_PATTERN, check_bounds, tokens_of
from domain.lifecycle.content import check_content, content_of
from domain.lifecycle.expressions import Answer, make_expression
from domain.lifecycle.inputs import Asked
from domain.lifecycle.inputs_of_commands import inputs_of
from domain.task import commands as c
from domain.task import facts as f
from domain.task.decider import TASK
from domain.task.lifecycle import COMMANDS
from domain.task.on_task import OnTask
from domain.task.plan_changes import PlanChanges
from domain.task.state import Task
from tests.domain.examples import COMMANDS as EXAMPLES
from tests.domain.examples import PLAN, PROPOSED, TASK_ID, fold
from workflows.definitions.templates import templates

DAY = date(2024, 3, 8)


def asked(task: Task | None = None, command: OnTask | None = None, business: bool | None = True) -> Asked:
    return Asked(TASK_ID, task or fold(TASK, (PROPOSED,)), "planner", DAY, lambda _: business, command)


def answer(that: str, about: Asked | None = None, kind: type[OnTask] = c.Approve) -> Answer:
    return make_expression(that, kind).answer(about or asked())


def problem(that: str, kind: type[OnTask] = c.Approve) -> PydanticCustomError:
    with pytest.raises(PydanticCustomError) as caught:
        make_expression(that, kind)
    return caught.value


@pytest.mark.parametrize(
    ("that", "value"),
    [
        ("task.plan.budget_krw <= 500000000 || task.partners.size() > 0", True),
        ("task.plan.budget_krw > 500000000", False),
        ("task.stage == 'proposed' && task.condition == 'normal'", True),
        ("task.plan.end <= day('2024-12-31')", True),
        ("task.plan.milestone_days.all(d, d <= task.plan.end)", True),
        ("task.lead in ['gjcf', 'gto']", True),
        ("task.title.matches('축구.*$')", True),
        ("task.title.matches('^\\\\d+$')", False),
        ("role == 'planner'", True),
        ("on == day('2024-03-08')", True),
        ("on - task.plan.start < duration('192h')", True),
        ("on_business_day", True),
        ("task.plan.milestone_days.all(day, day > day('2024-01-01') && day<day ( '2025-01-01' ))", True),
        ("task.title != \"day('2024-13-01')\"", True),
        ("task.number == '2024-07' && task.year == 2024", True),
        ("!task.score.known || task.score >= 70.0", True),
        ("task.plan.known && !task.asked_plan.known", True),
        ("task . plan . budget_krw > 0", True),
        ("task.plan.budget_krw > 0 &&\n  !task.on_hold", True),
    ],
)
def test_what_is_so_is_told(that: str, value: bool) -> None:
    assert answer(that).value is value
    assert answer(that).problem is None


@pytest.mark.parametrize(
    ("that", "told"),
    [
        ("task.score >= 70.0", "there is no task.score"),
        ("task.percent / task.percent > 1", "divide by zero"),
        ("task.percent + 9223372036854775807 + 1 > 1", "overflow"),
        ("task.partners[7] == 'gto'", "index"),
        ("int(task.lead) > 1", "cannot convert"),
        ("dyn(task.lead) > 1", "overload"),
    ],
)
def test_what_cannot_be_told_says_why_and_raises_nothing(that: str, told: str) -> None:
    found = answer(that)
    assert found.value is None
    assert found.problem is not None
    assert told in found.problem.en


def test_what_is_absent_hinders_only_what_hangs_on_it() -> None:
    assert answer("task.score >= 70.0 || task.plan.budget_krw > 0").value is True
    assert answer("task.score >= 70.0 && task.plan.budget_krw < 0").value is False
    assert answer("on_business_day", asked(business=None)).value is None, "no calendar is open"


def test_it_says_what_it_looked_at() -> None:
    found = answer("task.plan.budget_krw <= 5 || task.partners.size() > 0 || task.plan.budget_krw == 7")
    assert found.inputs == {"task.plan.budget_krw": PLAN.budget_krw, "task.partners": ["gto"]}


@pytest.mark.parametrize(
    ("that", "kind"),
    {
        "task.plan.budgt > 1": "expression_unknown_name",
        "command.percent > 1": "expression_unknown_name",
        "budget > 1": "expression_unknown_name",
        "task.percent > '1'": "expression_types",
        "task.score >= 70": "expression_types",
        "task.title + 1 == 'a'": "expression_types",
        "task.percent": "expression_not_bool",
        "task.title": "expression_not_bool",
        "dyn(task.on_hold)": "expression_not_bool",
        "task.partners": "expression_not_bool",
        "true": "expression_constant",
        "1 == 1": "expression_constant",
        "": "expression_unsound",
        "task.percent >": "expression_unsound",
        "task.plan.known.x": "expression_unsound",
        "has(task.score)": "expression_has",
        "on > day('2024-13-01')": "expression_day",
        "on > day('2024-1-1')": "expression_day",
        "on > day('20240101')": "expression_day",
        "on > day('1024-01-01')": "expression_day",
        "on > day(task.number)": "expression_day",
        "on > day('2024-' + '01-01')": "expression_day",
        "on > day(": "expression_unsound",
        "on > day(5)": "expression_types",
        "on - on > duration('ein Tag')": "expression_literal",
        "task.title.matches('(')": "expression_literal",
    }.items(),
)
def test_what_cannot_be_asked_is_refused_before_it_is_adopted(that: str, kind: str) -> None:
    assert problem(that).type == kind


def test_a_name_that_there_is_not_is_answered_with_those_spelled_alike() -> None:
    assert "task.plan.budget_krw" in problem("task.plan.budget > 1").message()
    assert "command.percent" in problem("command.progress > 1", c.ReportProgress).message()


DOUBLING = "s"
for _level in range(8):
    DOUBLING = f"[{DOUBLING}].map(z{_level}, z{_level}+z{_level}+z{_level}+z{_level})[0]"
NESTED = "true"
for _level in range(9):
    NESTED = f"[1,2,3,4,5,6,7,8,9,0].all(v{_level}, {NESTED})"


@pytest.mark.parametrize(
    ("that", "kind"),
    {
        "a" * 100_000: "text_too_long",
        "task.on_hold" + " || task.on_hold" * 70: "text_too_long",
        "(" * 21 + "task.on_hold" + ")" * 21: "expression_too_deep",
        "[" * 400 + "]" * 400 + " == [] || task.on_hold": "expression_too_deep",
        "task.percent" + " + 1" * 11 + " > 1": "expression_too_many",
        " && ".join(["task.title.matches('a')"] * 4): "expression_too_many",
        " && ".join(["task.partners.all(p, p != 'a')"] * 5): "expression_too_many",
        DOUBLING.replace("s]", "task.lead]") + " == ''": "expression_too_many",
        NESTED.replace("true", "task.on_hold"): "expression_too_many",
        "[1].all(a, [1].all(b, task.on_hold))": "expression_nested_macro",
        "[1].all(a, size([1].filter(b, task.on_hold)) > 0)": "expression_nested_macro",
        "[1] . all (a, [1]\n.\nexists\n(b, task.on_hold))": "expression_nested_macro",
        "task.partners.all(p, p.matches('a'))": "expression_nested_macro",
        "task.title.matches('a{1000}')": "expression_pattern",
        "task.title.matches('\\\\pL?')": "expression_pattern",
        "task.title.matches('(x+x+)+y" + "x" * LONGEST_PATTERN + "')": "expression_pattern",
        "task.title.matches('a\\x7b1000\\x7d')": "expression_pattern",
        "task.title.matches(task.title)": "expression_pattern_typed",
        "task.title.matches('a' + 'b')": "expression_pattern_typed",
        "matches(task.title, 'a')": "expression_pattern_typed",
    }.items(),
)
def test_what_might_cost_much_is_refused_by_its_tokens(that: str, kind: str) -> None:
    assert problem(that).type == kind


def test_the_language_alone_would_let_it_grow() -> None:
    """The control: what the bounds refuse is taken by the library, and grows 65,536-fold."""
    environment = cel.NewEnv(variables={"s": cel.Type.STRING})
    grown = environment.compile(DOUBLING).eval(data={"s": "x" * 10}).value()
    assert len(grown) == 10 * 4**8
    assert len(DOUBLING) < 220


@pytest.mark.parametrize(
    "that",
    [
        "ｔask.lead == 'a'",
        "task.lead == r'a'",
        "task.lead == b'a'",
        "task.lead == '''a'''",
        "task.lead == 'a' // task.on_hold",
        "task.`lead` == 'a'",
        "task.lead == 'a\u200bb'",
        "task.lead == 'a\u202eb'",
        "task.lead\u00a0== 'a'",
        "tаsk.lead == 'a'",  # a Cyrillic letter
        "task.lead == 'a",
        "task.lead == 'a\nb'",
        "task.lead == 'a'\x00",
        "task.lead == 'a'; task.on_hold",
        "\ud800",
    ],
)
def test_what_would_read_otherwise_than_it_is_is_refused(that: str) -> None:
    assert problem(that).type in {"expression_character", "text_control"}


def test_a_hidden_macro_does_not_pass_as_text() -> None:
    """What our tokens take for text is text to the library too: what differs is refused."""
    for hidden in ("r'\\' + [1].all(a, [1].all(b, true)) + '", "'''' [1].all(a, [1].all(b, true)) ''''"):
        with pytest.raises(PydanticCustomError):
            check_bounds(tokens_of(hidden))


def test_a_pattern_that_explodes_elsewhere_is_linear() -> None:
    """A backtracking matcher would not come back from this."""
    task = replace(fold(TASK, (PROPOSED,)), title=replace(PROPOSED.title, ko="a" * 200))
    assert answer("task.title.matches('^(a+)+$')", asked(task)).value is True
    assert answer("task.title.matches('^(a|a)*b$')", asked(task)).value is False


def test_the_commands_own_fields_are_asked_about() -> None:
    report = c.ReportProgress(task=TASK_ID, percent=40, milestones=("kickoff",))
    about = asked(command=report)
    assert answer("command.percent > task.percent", about, c.ReportProgress).value is True
    assert answer("'kickoff' in command.milestones", about, c.ReportProgress).value is True
    assert answer("command.period.known", about, c.ReportProgress).value is False
    rating = c.Rate(task=TASK_ID, score="71.5", raters=30)
    assert answer("command.raters >= 30 && command.score > 71.4", asked(command=rating), c.Rate).value is True


@pytest.mark.parametrize("whole", [True, False])
def test_a_plan_is_asked_about_as_it_will_be_however_it_is_given(whole: bool) -> None:
    task = fold(TASK, (PROPOSED, f.Approved(conditions=())))
    command = (
        c.Replan(task=TASK_ID, plan=replace(PLAN, budget_krw=7))
        if whole
        else c.Replan(task=TASK_ID, changes=PlanChanges(budget_krw=7))
    )
    found = answer("command.plan.budget_krw < task.plan.budget_krw", asked(task, command), c.Replan)
    assert (found.value, found.inputs["command.plan.budget_krw"]) == (True, 7)


@pytest.mark.parametrize("kind", COMMANDS)
def test_every_input_can_be_named_and_is_of_its_type(kind: type[OnTask]) -> None:
    """An expression that asks about one alone is taken, and answers for an example of the command, or says that there is no value."""
    example = EXAMPLES[kind.name]
    means: dict[str, Callable[[str], str]] = {
        "bool": lambda name: f"{name} || !{name}",
        "int": lambda name: f"{name} < 0 || {name} >= 0",
        "double": lambda name: f"{name} < 0.0 || {name} >= 0.0",
        "string": lambda name: f"{name}.size() >= 0",
        "day": lambda name: f"{name} >= day('2000-01-01')",
        "list(string)": lambda name: f"{name}.all(one, one.size() >= 0)",
        "list(day)": lambda name: f"{name}.all(one, one >= day('2000-01-01'))",
    }
    about = asked(command=example)
    for name, one in inputs_of(kind).items():
        found = answer(means[one.type](name), about, kind)
        assert set(found.inputs) == {name}
        assert found.value is (None if found.inputs[name] is None else True), (name, found)


def content(*requirements: Any, command: str = "task.approve") -> dict[str, Any]:
    whole = templates()["donghaeng-2024/3"].model_dump(mode="json", by_alias=True, exclude_unset=True)
    return whole | {"commands": [{"command": command, "requirements": list(requirements)}]}


OTHERWISE = {"ko": "예산이 큽니다.", "en": "The budget is large."}
GOOD = {"that": "task.plan.budget_krw < 5", "otherwise": OTHERWISE}


@pytest.mark.parametrize(
    ("entry", "field"),
    [
        (GOOD | {"that": "task.plan.budgt < 5"}, "commands[task.approve].requirements[1].that"),
        (GOOD | {"that": 5}, "commands[task.approve].requirements[1].that"),
        (GOOD | {"that": ["a"]}, "commands[task.approve].requirements[1].that"),
        (GOOD | {"otherwise": {"ko": ""}}, "commands[task.approve].requirements[1].otherwise.ko"),
        (GOOD | {"otherwise": {"ko": "x" * 300}}, "commands[task.approve].requirements[1].otherwise.ko"),
        ({"that": "task.on_hold"}, "commands[task.approve].requirements[1].otherwise"),
        (GOOD | {"unless": "x"}, "commands[task.approve].requirements[1].unless"),
        ("task.on_hold", "commands[task.approve].requirements[1]"),
    ],
)
def test_a_fault_is_named_by_its_entry(entry: Any, field: str) -> None:
    with pytest.raises(BadInput) as caught:
        check_content(content(GOOD, entry))
    assert caught.value.details["field"] == field
    assert check_content(content(GOOD)).requirements["task.approve"][0].that == GOOD["that"]


def test_no_more_of_them_than_ten_and_none_of_what_only_the_system_gives() -> None:
    check_content(content(*[GOOD] * 10))
    with pytest.raises(BadInput):
        check_content(content(*[GOOD] * 11))
    with pytest.raises(BadInput) as caught:
        check_content(content(GOOD, command="task.set_deadlines"))
    assert caught.value.details["field"] == "commands[task.set_deadlines].requirements"


@pytest.mark.parametrize(
    ("identity", "sha256"),
    [
        ("donghaeng-2024/1", "73350765913daa40e6fcdb59fb3d0eb8f35a60479a34d6b14def674effecadb3"),
        ("donghaeng-2024/2", "83600f3c143a91e3f9244d02892ed9290af0900fe6cddda80e873b9c77a16ba8"),
        ("donghaeng-2024/3", "0482d836596ae252ad4eede37f5162b1a6c77fcc407c4248f3db47ba3ac8000e"),
    ],
)
def test_what_comes_along_keeps_its_content_byte_for_byte(identity: str, sha256: str) -> None:
    """Stores have adopted them: another hash of one of them would be another definition under its name."""
    assert hashlib.sha256(content_of(templates()[identity]).encode()).hexdigest() == sha256


def test_what_the_tutorial_shows_is_taken() -> None:
    page = (Path(__file__).parents[2] / "docs" / "tutorial" / "definition.md").read_text(encoding="utf-8")
    blocks = [tomllib.loads(one) for one in re.findall(r"```toml\n(.*?)```", page, re.DOTALL)]
    shown = [one for one in blocks if one.keys() == {"commands"}]
    taken = [check_content(content() | one) for one in shown]
    assert [set(one.requirements) for one in taken if one.requirements] == [
        {"task.approve", "task.report_progress"}
    ]
    assert [set(one.lines) for one in taken if one.lines] == [{"task.approve"}]
