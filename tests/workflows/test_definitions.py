"""A definition is checked as a whole when it is read, and a task lives by the one that it has."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any, get_args

import pytest

from domain.definition.commands import Adopt, Draft
from domain.errors import BadInput, Refusal
from domain.lifecycle.content import content_of, parse_content
from domain.lifecycle.flaws import DefinitionFlawed, check_flaws, find_flaws
from domain.lifecycle.model import Definition
from domain.lifecycle.ways import Way, search, way_to
from domain.programme.state import Listed, Programme
from domain.roles import Role
from domain.task import commands as t
from domain.task.decider import AGGREGATE as TASK
from domain.task.stages import NOT_PROPOSED, PLACES, Condition, Place, Stage
from domain.task.state import Task
from domain.values import LocalText
from workflows.definitions.enforcing import (
    Find,
    PlaceNotInDefinition,
    RoleNotInDefinition,
    check_definition,
    definition_for,
    find_definition,
    is_granted,
)
from workflows.definitions.requiring import Look
from workflows.definitions.templates import UnknownDefinition, files_of_templates, read_definition, templates

FIND = templates().__getitem__
TEXT = files_of_templates()["donghaeng-2024/1"].read_text(encoding="utf-8")


def check(role: Role, command: Any, task: Any, find: Find, look: Look = {}.__getitem__) -> None:
    check_definition(role, command, task, find_definition(command, task, find, look), find)


def narrowed(command: str, **said: object) -> str:
    """The file with an entry about one command."""
    fields = "".join(f"{name} = {json.dumps(value)}\n" for name, value in said.items())
    return f'{TEXT}\n[[commands]]\ncommand = "{command}"\n{fields}'


def staged(*listed: str) -> str:
    """The file with entries about stages: `proposed normal returned`."""
    entries = (
        f'[[stages]]\nstage = "{stage}"\nconditions = {json.dumps(conditions)}\n'
        for stage, *conditions in map(str.split, listed)
    )
    return TEXT + "\n" + "".join(entries)


def rule(name: str, command: str, stage: str, condition: str, when: str = "at_once") -> str:
    basis = 'basis = { ko = "x", en = "x" }'
    return (
        f'\n[[transitions]]\nrule = "{name}"\ncommand = "{command}"\nstage = "{stage}"\n'
        f'condition = "{condition}"\nwhen = "{when}"\n{basis}\n'
    )


def refused(tmp_path: Path, text: str) -> Refusal:
    path = tmp_path / "mine.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadInput) as caught:
        read_definition(path)
    assert any("가" <= letter <= "힣" for letter in caught.value.say("ko"))
    return caught.value


FAULTS = {
    "a place that nothing leads to": (
        narrowed("task.return", by=[]),
        "proposed/returned",
        "never be reached",
    ),
    "a place without a way out": (
        narrowed("task.approve", by=[])
        + "".join(
            f'[[commands]]\ncommand = "task.{name}"\nby = []\n'
            for name in ("reject", "withdraw", "discontinue")
        ),
        "never be reached",
    ),
    "an unknown command": (narrowed("task.fly"), "task.fly"),
    "a command twice": (
        narrowed("task.return") + '[[commands]]\ncommand = "task.return"\n',
        "task.return",
        "twice",
    ),
    "an unknown stage": (narrowed("task.start", **{"from": ["adored"]}), "adored"),
    "a condition that the stage has not": (
        narrowed("task.start", **{"from": ["approved/rated"]}),
        "approved/rated",
    ),
    "a condition that no stage has": (staged("approved normal rated"), "approved", "rated"),
    "a stage that is over and open": (
        staged("evaluated normal").replace("conditions", "open = true\nconditions"),
        "evaluated",
    ),
    "a place that is not listed": (
        staged("proposed normal") + '[[commands]]\ncommand = "task.return"\nfrom = ["proposed"]\n',
        "proposed/returned",
        "stages",
    ),
    "a command that leads elsewhere": (
        narrowed("task.return", **{"from": ["proposed"], "to": "approved"}),
        "task.return",
        "proposed/returned",
    ),
    "a role that may not": (narrowed("task.return", by=["citizen"]), "citizen", "task.return"),
    "more than the program allows": (
        narrowed("task.return", **{"from": ["approved"]}),
        "task.return",
        "approved",
    ),
    "no place at all": (narrowed("task.return", **{"from": []}), "from"),
    "an unknown guard": (narrowed("task.start", guards=["moonlight"]), "moonlight"),
    "a guard of another command": (narrowed("task.start", guards=["once"]), "once"),
    "a rule that the commands do not give to the system": (
        narrowed("task.start", by=["officer"]),
        "task.start",
    ),
    "a rule on a missing field": (
        TEXT.replace('start = "final_report"', 'start = "final_feast"'),
        "start",
        "final_report",
    ),
    "a deadline from what a task there has not": (
        TEXT.replace('start = "plan_start"', 'start = "final_report"'),
        "deadlines[start].start",
        "approved",
    ),
    "a rule on what a task there has not": (
        TEXT.replace('when = "at_once"', 'when = "rated"'),
        "transitions[open_rating].when",
        "reported",
    ),
    "a rule on a missing deadline": (
        TEXT.replace('deadline = "start"', 'deadline = "feast"'),
        "transitions[start_as_planned].deadline",
        "feast",
    ),
    "rules that go round": (
        TEXT
        + rule("pause", "task.suspend", "in_progress", "normal")
        + rule("go_on", "task.resume", "in_progress", "suspended"),
        "in_progress/suspended",
        "for ever",
    ),
    "a rule that only a person can carry out": (
        TEXT + rule("pause", "task.suspend", "in_progress", "normal"),
        "the system may not give",
        "task.suspend",
    ),
    "scores without a grade": (TEXT.replace('least = "0"', 'least = "10"'), "grades"),
    "a ladder that climbs to nobody": (
        TEXT.replace('{ days = 0, to = ["planner"] }', '{ days = 0, to = ["head"] }'),
        "nobody",
        "ladder",
    ),
    "a rung for nobody": (TEXT.replace('{ days = 0, to = ["planner"] }', "{ days = 0, to = [] }"), "nobody"),
    "a ladder that is not there": (TEXT.replace('ladder = "short"', 'ladder = "rope"'), "rope"),
    "a rung before the deadline began": (
        TEXT.replace('ladder = "short"', 'ladder = "agency"'),
        "before the start",
    ),
    "a rung twice": (TEXT.replace("{ days = -7, to", "{ days = -3, to"), "twice"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_what_is_unsound_is_refused_and_says_where(tmp_path: Path, name: str) -> None:
    text, *said = FAULTS[name]
    assert text != TEXT
    told = refused(tmp_path, text).say("en")
    assert [words for words in said if words not in told] == [], told


def test_what_comes_along_is_sound(tmp_path: Path) -> None:
    """The control of all of the above."""
    path = tmp_path / "mine.toml"
    path.write_text(TEXT, encoding="utf-8")
    assert read_definition(path) == templates()["donghaeng-2024/1"]
    assert set(templates()) == {"donghaeng-2024/1", "donghaeng-2024/2", "donghaeng-2024/3"}


WAYS = {
    "a place that nothing leads to": (
        narrowed("task.return", by=[]),
        "what would lead there: proposed → [return]: nobody may give it",
        "제안 → [보완 요청]: 아무도 내릴 수 없음",
    ),
    "a place to which only such a place leads": (
        narrowed("task.start", by=[]),
        "[start]: nobody may give it; in progress (suspended) → [resume]: nothing leads there either",
        "추진(일시 중지) → [재개]: 그곳에도 이르지 못함",
    ),
    "a place without a way out": (
        staged("evaluated", "discontinued", "carried_over", "withdrawn"),
        "the way there: listed → [propose] → proposed → [approve] → approved. from there one comes to: approved, in progress",
        "가는 길: 목록 등재 → [제안] → 제안 → [승인] → 승인. 거기에서 이르는 곳: 승인, 추진",
    ),
    "rules that go round": (
        FAULTS["rules that go round"][0],
        "then round: in progress → [rule pause: suspend] → in progress (suspended) → [rule go_on: resume] → in progress",
        "가는 길: 목록 등재 → [제안] → 제안 → [승인] → 승인 → [착수] → 추진. 순환: 추진 → [규칙 pause: 일시 중지]",
    ),
    "a place in which nothing is due": (
        TEXT.replace('rule = "carry_over_suspended"', 'rule = "again"').replace(
            'condition = "suspended"', 'condition = "normal"'
        ),
        "the way there: listed → [propose] → proposed → [approve] → approved → [start] → in progress → [suspend] → in progress (suspended)",
        "추진(일시 중지)에 걸린 기한도 규칙도 없어",
    ),
}


@pytest.mark.parametrize("name", WAYS)
def test_what_is_unsound_says_how_a_task_gets_there(tmp_path: Path, name: str) -> None:
    text, en, ko = WAYS[name]
    refusal = refused(tmp_path, text)
    assert en.lower() in refusal.say("en").lower()
    assert ko in refusal.say("ko")


def test_a_refusal_is_of_one_language(tmp_path: Path) -> None:
    """What pydantic words, and what is a name in the file, stands in the reader's words."""
    grade = refused(tmp_path, TEXT.replace('grade = "S"', 'grade = "최우수"'))
    assert "'S', 'A', 'B', 'C', 'D'" in grade.say("ko")
    assert "'C' or 'D'" in grade.say("en")
    role = refused(tmp_path, narrowed("task.return", by=["citizen"]))
    assert "시민은 ‘task.return’ 명령을 내릴 수 없습니다" in role.say("ko")


def edited(before: str, after: str) -> str:
    assert before in TEXT
    return TEXT.replace(before, after)


PROPOSAL = """
[[deadlines]]
kind = "proposal"
who = "agency"
stage = "listed"
start = "{}"
within = 5
basis = {{ ko = "x", en = "x" }}
"""
# what the model lets stand, and what a search finds in it: the entry and the problem
FLAWS = {
    "a deadline of a place that there is not": (
        re.sub(r'\[\[transitions\]\]\nrule = "lapse_unanswered".*?\n\n', "", TEXT, flags=re.DOTALL)
        + staged("proposed normal").removeprefix(TEXT),
        "deadlines[answer]",
        "no task comes to stand there",
    ),
    "a deadline that has nothing to count from": (
        TEXT + PROPOSAL.format("plan_end"),
        "deadlines[proposal]",
        "no plan to count from",
    ),
    "a deadline that nobody may meet": (
        narrowed("task.reach_milestones", by=[])
        + '[[commands]]\ncommand = "task.report_progress"\nby = []\n',
        "deadlines[milestone]",
        "nothing that who owes it may do there meets it",
    ),
    "a deadline that is not met where it is due": (
        edited('condition = "normal"\nstart = "plan_end"', 'condition = "suspended"\nstart = "plan_end"'),
        "deadlines[final_report]",
        "the way there: listed → [propose] → proposed → [approve] → approved → [start] → in progress → [suspend]",
    ),
    "a deadline that another owes": (
        edited('kind = "answer"\nwho = "agency"', 'kind = "answer"\nwho = "city"').replace(
            'ladder = "short"', 'ladder = "city"', 1
        ).replace("{ days = -7, to = [\"planner\"] },", ""),
        "deadlines[answer]",
        "nothing that who owes it",
    ),
    "a rule after one of the same day": (
        TEXT + rule("also", "task.carry_over", "in_progress", "reported"),
        "transitions[also]",
        "open_rating always acts first",
    ),
    "a rule that waits for what nobody may enter": (
        narrowed("task.rate", by=[]),
        "transitions[complete_evaluation]",
        "nobody may enter the rating",
    ),
    "an evaluation without a score": (
        edited('when = "rated"  ', 'when = "at_once"  '),
        "transitions[complete_evaluation]",
        "when = rated",
    ),
}  # fmt: skip


def read(tmp_path: Path, text: str) -> Definition:
    path = tmp_path / "mine.toml"
    path.write_text(text, encoding="utf-8")
    return read_definition(path)


@pytest.mark.parametrize("name", FLAWS)
def test_what_can_never_be_is_found_by_a_search(tmp_path: Path, name: str) -> None:
    """Not when it is read: what was adopted before it was looked for stays readable."""
    text, entry, said = FLAWS[name]
    definition = read(tmp_path, text)
    with pytest.raises(DefinitionFlawed) as caught:
        check_flaws(definition)
    assert said in caught.value.say("en")
    assert entry in [one.entry for one in find_flaws(definition)]
    assert "가는 길: " in caught.value.say("ko")


def test_what_can_never_be_is_not_adopted_and_may_be_drafted(tmp_path: Path) -> None:
    text, *_ = FLAWS["an evaluation without a score"]
    flawed = read(tmp_path, text.replace('"donghaeng-2024"', '"mine"'))
    given = {"definition": "mine", "content": content_of(flawed)}
    with pytest.raises(DefinitionFlawed):
        check("planner", Adopt(**given), None, FIND)
    check("planner", Draft(**given), None, FIND)
    assert parse_content(content_of(flawed)) == flawed


@pytest.mark.parametrize("identity", templates())
def test_nothing_in_what_comes_along_can_never_be(identity: str) -> None:
    """The control of all of the above."""
    assert find_flaws(templates()[identity]) == []


def test_a_deadline_that_a_rule_meets_is_met(tmp_path: Path) -> None:
    """And not one that a rule acts on because it was missed."""
    by_rule = narrowed("task.start", by=["system"])
    assert find_flaws(read(tmp_path, by_rule)) == []
    late = by_rule.replace('when = "deadline_day"', 'when = "deadline_passed"')
    assert [one.entry for one in find_flaws(read(tmp_path, late))] == ["deadlines[start]"]


def test_a_way_is_the_shortest_and_each_step_is_looked_at_once() -> None:
    """In a life of many more places than there are by now."""
    places = [Place(f"p{number}") for number in range(400)]  # type: ignore[arg-type]
    steps = [(one, two) for one, two in product(range(400), range(400)) if one < two <= one + 20]

    class Counted(list[Way]):
        looked = 0

        def __iter__(self) -> Iterator[Way]:
            for one in super().__iter__():
                type(self).looked += 1
                yield one

    ways = Counted(Way(places[one], "task.approve", t.Approve.label, places[two]) for one, two in steps)
    found = search([places[0]], ways)
    assert (len(found), Counted.looked) == (400, len(steps))
    assert len(way_to(places[399], found)) == 20


# what the definitions that come along take away, by command: the roles and the places
OWN = {t.TakeStep, t.Sign, t.Object, t.WithdrawLine}
NARROWED: dict[str, dict[str, tuple[set[str], set[str]]]] = {
    "donghaeng-2024/1": {},
    "donghaeng-2024/2": {"task.withdraw": (set(), {"approved"})},
}


@pytest.mark.parametrize("role", get_args(Role))
@pytest.mark.parametrize("identity", NARROWED)
def test_every_command_is_given_where_the_program_allows_it_but_for_what_is_narrowed(
    identity: str, role: Role
) -> None:
    """A new command is everybody's whom its own declaration names: no definition has to name it again."""
    granted = [
        one for one in TASK.commands if one not in OWN
    ]  # what steps and lines there are it says itself
    for command, place in product(granted, (NOT_PROPOSED, *PLACES)):
        roles, places = NARROWED[identity].get(command.name, (set(), set()))
        task = Task(stage=place.stage, condition=place.condition, definition=identity)
        given = command.model_construct(task="2024-07")
        if role not in command.by or role in roles:
            with pytest.raises(RoleNotInDefinition):
                check(role, given, task, FIND)
        elif place in command.where and str(place) in places:
            with pytest.raises(PlaceNotInDefinition):
                check(role, given, task, FIND)
        else:
            check(role, given, task, FIND)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('extends = ["donghaeng-2024/1"]', "no definition"),
        ('extends = "donghaeng-2024/1"\n[[deadlines]]\nkind = ["decision"]', "deadlines"),
        ('extends = "donghaeng-2024/1"\n[[deadlines]]\nwithin = 3', "deadlines"),
        ('extends = "donghaeng-2024/1"' + 2 * '\n[[commands]]\ncommand = "task.start"', "twice"),
        (
            'extends = "donghaeng-2024/1"\n[[commands]]\ncommand = "task.return"\nto = "approved"',
            "proposed/returned",
        ),
    ],
)
def test_what_extends_and_cannot_be_is_refused_in_words(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(f'name = "mine"\nversion = 1\n{text}\n', encoding="utf-8")
    with pytest.raises(Refusal, match=said):
        read_definition(path)


def test_a_definition_that_extends_another_has_a_name_of_its_own(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text('extends = "donghaeng-2024/1"\n', encoding="utf-8")
    with pytest.raises(BadInput, match="name"):
        read_definition(path)


def test_who_extends_says_only_what_is_different(tmp_path: Path) -> None:
    """The second version, and one made from it: all else is as in the first, in its order."""
    first, second = templates()["donghaeng-2024/1"], templates()["donghaeng-2024/2"]
    assert {
        one.kind for one, other in zip(first.deadlines, second.deadlines, strict=True) if one != other
    } == {
        "progress",
        "evaluation",
    }
    assert (first.transitions, first.ladders, first.grades) == (
        second.transitions,
        second.ladders,
        second.grades,
    )
    path = tmp_path / "mine.toml"
    mine = 'name = "mine"\nversion = 1\nextends = "{}"\n[[deadlines]]\nkind = "decision"\nwithin = 8\n'
    path.write_text(mine.format("donghaeng-2024/2"), encoding="utf-8")
    third = read_definition(path)
    assert [one.within for one in third.deadlines] == [8, *(one.within for one in second.deadlines[1:])]
    assert third.deadlines[0].basis == second.deadlines[0].basis
    path.write_text(mine.format("donghaeng-2024/9"), encoding="utf-8")
    with pytest.raises(UnknownDefinition):
        read_definition(path)
    path.write_text(mine.format("donghaeng-2024/2").replace("within = 8", "within = -3"), encoding="utf-8")
    with pytest.raises(BadInput, match=r"deadlines\[decision\].within"):
        read_definition(path)


def approved(by: str) -> Task:
    return Task(stage=Stage.APPROVED, condition=Condition.NORMAL, definition=by)


def test_a_task_lives_by_its_own_definition() -> None:
    """Under the second version an approved task is withdrawn by nobody, though the program would allow it."""
    withdraw = t.Withdraw(task="2025-01")
    check("officer", withdraw, approved("donghaeng-2024/1"), FIND)
    with pytest.raises(PlaceNotInDefinition) as caught:
        check("officer", withdraw, approved("donghaeng-2024/2"), FIND)
    assert "donghaeng-2024/2" in caught.value.say("ko")


def test_a_role_that_the_definition_does_not_name_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(narrowed("task.start", by=["system"]), encoding="utf-8")
    narrower = read_definition(path)
    check("system", t.Start(task="2024-01"), approved("mine/1"), lambda _: narrower)
    with pytest.raises(RoleNotInDefinition) as caught:
        check("officer", t.Start(task="2024-01"), approved("mine/1"), lambda _: narrower)
    assert "system" in caught.value.say("en")


@pytest.mark.parametrize(
    ("score", "grade"), [("100", "S"), ("95", "S"), ("94.9", "A"), ("68", "C"), ("0", "D")]
)
def test_a_score_has_the_first_grade_that_it_reaches(score: str, grade: str) -> None:
    assert templates()["donghaeng-2024/1"].grade(score) == grade


def test_what_nobody_proposed_goes_by_the_definition_with_which_the_list_has_it(tmp_path: Path) -> None:
    """And by that of its year only where the list says none: the control."""
    text = narrowed("task.request_proposal", by=[]).replace('"donghaeng-2024"', '"mine"', 1)
    find = {**templates(), "mine/1": read(tmp_path, text)}.__getitem__
    number = "2024-01"
    listed = Listed(number, "culture", "gto", LocalText(ko="축제"), definition="mine/1")
    look = {
        f"programme/{year}": Programme(tasks={number: listed} if year == 2024 else {})
        for year in (2024, 2025)
    }
    assert definition_for(Task(), number, find, look.__getitem__).identity == "mine/1"
    assert definition_for(Task(), "2025-01", find, look.__getitem__).identity == "donghaeng-2024/2"
    with pytest.raises(RoleNotInDefinition):
        check("system", t.RequestProposal(task=number), Task(), find, look.__getitem__)
    assert not is_granted("system", t.RequestProposal, Task(), find("mine/1"))
    assert is_granted("system", t.RequestProposal, Task(), find("donghaeng-2024/1"))
