"""Places and steps of a definition's own: what it may say of them, what is refused by its entry, and what facts make of them."""

from __future__ import annotations

import json
from copy import deepcopy
from datetime import date
from typing import Any

import pytest
from pydantic_core import PydanticCustomError

from domain.errors import BadInput
from domain.lifecycle.bounds import MOST_CHOICES, MOST_PLACES, MOST_STEPS
from domain.lifecycle.content import check_content, content_of, parse_content
from domain.lifecycle.flaws import DefinitionFlawed, check_flaws
from domain.lifecycle.forms import TYPES, FieldRule
from domain.lifecycle.life import ways_of
from domain.lifecycle.model import Definition
from domain.task import facts as f
from domain.task.decider import AGGREGATE as TASK
from domain.task.lifecycle import commands_at
from domain.task.stages import Condition, Place, Stage, place_named
from domain.task.stepping import MOST_FIELDS, TakeStep
from domain.values import FilledField, LocalText
from tests.domain.examples import NOON, PROPOSED, fold
from workflows.definitions.templates import templates

REVIEW = Place(Stage.PROPOSED, Condition("budget_review"))


def both(ko: str, en: str) -> dict[str, str]:
    return {"ko": ko, "en": en}


def step(name: str, frm: str, to: str | None, *by: str, **more: Any) -> dict[str, Any]:
    said = {"step": name, "label": both(f"{name} 절차", f"the step {name}"), "by": list(by), "from": [frm]}
    return said | ({} if to is None else {"to": to}) | more


SEND = step("send", "proposed", "proposed/budget_review", "planner")
BACK = step("back", "proposed/budget_review", "proposed", "planner", "system")
DUE = {
    "kind": "budget_review",
    "who": "city",
    "stage": "proposed",
    "condition": "budget_review",
    "start": "condition",
    "within": 5,
    "basis": both("지침", "guideline"),
}
LAPSE = {
    "rule": "lapse_review",
    "command": "back",
    "stage": "proposed",
    "condition": "budget_review",
    "when": "deadline_passed",
    "deadline": "budget_review",
    "basis": both("지침", "guideline"),
}
PLACE = {"place": "proposed/budget_review", "label": both("예산 심사", "budget review")}


def content(**changes: Any) -> dict[str, Any]:
    """A sound one with a place, two steps, a deadline and a rule; `changes`: its lists, whole."""
    said = deepcopy(json.loads(content_of(templates()["donghaeng-2024/1"])))
    said |= {"name": "own", "places": [PLACE], "steps": [SEND, BACK]}
    said["deadlines"].append(DUE)
    said["transitions"].append(LAPSE)
    return said | changes


def own(**changes: Any) -> Definition:
    return check_content(content(**changes))


def refusal(said: dict[str, Any]) -> BadInput:
    with pytest.raises(BadInput) as caught:
        check_content(said)
    assert caught.value.say("ko") != caught.value.say("en")
    return caught.value


def test_what_it_says_is_read_again_as_it_was_stored() -> None:
    definition = own()
    assert parse_content(content_of(definition)) == definition
    name = definition.name_of(REVIEW)
    assert name is not None
    assert (name.ko, name.en) == ("예산 심사", "budget review")
    assert [str(place) for place in definition.places_in_order][:3] == [
        "proposed",
        "proposed/returned",
        "proposed/budget_review",
    ]
    assert [one.step for one in definition.steps_at[REVIEW]] == ["back"]
    assert definition.taken_on_by(REVIEW) == ("officer", "planner"), (
        "a withdrawal and a rejection lead out too"
    )


def test_what_the_whole_stage_allows_is_given_in_its_places_and_what_leads_on_is_not() -> None:
    grants = own().grants
    there = {name for name, one in grants.items() if REVIEW in one.places}
    assert there == {
        "task.reject",
        "task.withdraw",
        "task.hand_over",
        "task.place_hold",
        "task.lift_hold",
        "task.set_deadlines",
    }
    more = own(commands=[{"command": "task.approve", "from": ["proposed", "proposed/budget_review"]}])
    assert REVIEW in more.grants["task.approve"].places
    assert TakeStep in commands_at(REVIEW)
    assert "task.take_step" not in grants


def test_steps_are_ways_of_the_search() -> None:
    ways = ways_of(own().grants, own().own)
    assert {(str(one.place), one.name, str(one.to)) for one in ways} >= {
        ("proposed", "send", "proposed/budget_review"),
        ("proposed/budget_review", "back", "proposed"),
    }


FIELD = {"field": "amount", "label": both("금액", "amount"), "type": "krw"}


def with_form(*fields: dict[str, Any]) -> dict[str, Any]:
    return content(steps=[SEND | {"form": list(fields)}, BACK])


def with_steps(*steps: dict[str, Any]) -> dict[str, Any]:
    return content(steps=list(steps))


WRONG: dict[str, tuple[dict[str, Any], str, str]] = {
    "a place of the program": (
        content(places=[PLACE, {"place": "proposed/returned", "label": both("가", "a")}]),
        "places[proposed/returned].place",
        "place",
    ),
    "a place where tasks end": (
        content(places=[PLACE, {"place": "evaluated/late", "label": both("가", "a")}]),
        "places[evaluated/late].place",
        "no open stage",
    ),
    "a place twice": (content(places=[PLACE, PLACE]), "places[1].place", "twice"),
    "two places that read alike": (
        content(places=[PLACE, {"place": "proposed/other", "label": both("예산　심사", "other")}]),
        "places[proposed/other].label.ko",
        "differs only by",
    ),
    "a place without English": (
        content(places=[{"place": "proposed/budget_review", "label": {"ko": "가"}}]),
        "places[proposed/budget_review].label.en",
        "missing",
    ),
    "a place nobody comes to": (with_steps(BACK), "stages", "no command leads to"),
    "a place in which nothing is due": (
        content(deadlines=content()["deadlines"][:-1], transitions=content()["transitions"][:-1]),
        "deadlines",
        "for ever",
    ),
    "a step to a place that is not declared": (
        with_steps(SEND | {"to": "proposed/other"}, BACK),
        "steps[send].to",
        "do not declare",
    ),
    "a deadline in a place that is not declared": (
        content(deadlines=[*content()["deadlines"], DUE | {"kind": "other", "condition": "other"}]),
        "deadlines[other].condition",
        "do not declare",
    ),
    "a command in a place that is not declared": (
        content(commands=[{"command": "task.approve", "from": ["proposed", "proposed/other"]}]),
        "commands[task.approve]",
        "stands neither",
    ),
    "a step into another stage": (
        with_steps(SEND, BACK | {"to": "approved"}),
        "steps[back].to",
        "within its stage",
    ),
    "a step that suspends": (
        with_steps(SEND, BACK, step("halt", "in_progress", "in_progress/suspended", "planner")),
        "steps[halt].to",
        "suspended",
    ),
    "a step past the final report": (
        with_steps(SEND, BACK, step("skip", "in_progress", "in_progress/reported", "planner")),
        "steps",
        "without “submit the final report”",
    ),
    "a step called as a command": (with_steps(SEND, BACK, SEND | {"step": "approve"}), "steps[approve]", ""),
    "a step named as a command": (
        with_steps(SEND, BACK, SEND | {"step": "other", "label": both("승인", "other")}),
        "steps[other].label.ko",
        "command of the program",
    ),
    "a step twice": (with_steps(SEND, BACK, SEND), "steps[2].step", "twice"),
    "a step in capitals": (with_steps(SEND | {"step": "Send"}, BACK), "steps[Send].step", "a-z"),
    "a step named as a word of expressions": (
        with_steps(SEND | {"step": "in"}, BACK),
        "steps[in].step",
        "expressions",
    ),
    "two steps that read alike": (
        with_steps(
            SEND, BACK, step("other", "proposed", None, "planner", label=both("ＳＥＮＤ 절차", "other"))
        ),
        "steps[other].label.ko",
        "differs only by",
    ),
    "a step for a role that gives no commands": (
        with_steps(SEND | {"by": ["inspector"]}, BACK),
        "steps[send].by[0]",
        "inspector",
    ),
    "a step for nobody": (with_steps(SEND | {"by": []}, BACK), "steps[send].by", "1 or more"),
    "a step from nowhere": (with_steps(SEND | {"from": ["nowhere"]}, BACK), "steps[send].from[0]", "nowhere"),
    "too many places": (
        content(
            places=[
                {"place": f"proposed/p{n}", "label": both(f"곳 {n}", f"place {n}")}
                for n in range(MOST_PLACES + 1)
            ]
        ),
        "places",
        str(MOST_PLACES),
    ),
    "too many steps": (
        with_steps(
            *[SEND | {"step": f"s{n}", "label": both(f"절 {n}", f"s {n}")} for n in range(MOST_STEPS + 1)]
        ),
        "steps",
        str(MOST_STEPS),
    ),
    "too many fields": (
        with_form(
            *[FIELD | {"field": f"f{n}", "label": both(f"칸 {n}", f"f {n}")} for n in range(MOST_FIELDS + 1)]
        ),
        "steps[send].form",
        str(MOST_FIELDS),
    ),
    "a field twice": (with_form(FIELD, FIELD), "steps[send].form[1].field", "twice"),
    "two fields that read alike": (
        with_form(FIELD, FIELD | {"field": "other", "label": both("다른", "ＡMOUNT ")}),
        "steps[send].form[1].label.en",
        "differs only by",
    ),
    "a choice without choices": (
        with_form(FIELD | {"type": "choice"}),
        "steps[send].form[0].choices",
        "choices",
    ),
    "choices of an amount": (
        with_form(FIELD | {"choices": [{"choice": "a", "label": both("가", "a")}]}),
        "steps[send].form[0].choices",
        "choices",
    ),
    "too many choices": (
        with_form(
            FIELD
            | {
                "type": "choice",
                "choices": [
                    {"choice": f"c{n}", "label": both(f"값 {n}", f"c {n}")} for n in range(MOST_CHOICES + 1)
                ],
            }
        ),
        "steps[send].form[0].choices",
        str(MOST_CHOICES),
    ),
    "limits crossed": (
        with_form(FIELD | {"least": 2, "most": 1}),
        "steps[send].form[0].least",
        "above its most",
    ),
    "a limit that is no amount": (with_form(FIELD | {"most": "viel"}), "steps[send].form[0].most", "KRW"),
    "a limit of yes and no": (
        with_form(FIELD | {"type": "yes_no", "least": 1}),
        "steps[send].form[0].least",
        "no limits",
    ),
    "a type that there is not": (with_form(FIELD | {"type": "float"}), "steps[send].form[0].type", "one of"),
    "a rule that takes a step for which it may not": (
        content(steps=[SEND, BACK | {"by": ["planner"]}]),
        "transitions[lapse_review].command",
        "may give",
    ),
    "a rule that takes a step with a form": (
        content(steps=[SEND, BACK | {"form": [FIELD]}]),
        "transitions[lapse_review].command",
        "no rule can fill in",
    ),
    "a rule that takes a step that leads nowhere": (
        content(
            steps=[SEND, BACK, step("stay", "proposed/budget_review", None, "system")],
            transitions=[*content()["transitions"][:-1], LAPSE | {"command": "stay"}],
        ),
        "transitions[lapse_review].command",
        "cannot be given by rule",
    ),
    "a rule that takes no step": (
        content(transitions=[*content()["transitions"][:-1], LAPSE | {"command": "nothing"}]),
        "transitions[lapse_review].command",
        "nothing",
    ),
    "rules in a circle": (
        content(
            steps=[SEND | {"by": ["system"]}, BACK],
            transitions=[
                *content()["transitions"],
                LAPSE
                | {
                    "rule": "again",
                    "command": "send",
                    "condition": "normal",
                    "when": "at_once",
                    "deadline": None,
                },
            ],
        ),
        "transitions",
        "round for ever",
    ),
    "a requirement over a field that there is not": (
        content(
            steps=[SEND | {"requirements": [{"that": "form.sum > 1", "otherwise": both("가", "a")}]}, BACK]
        ),
        "steps[send].requirements[0].that",
        "form.sum",
    ),
    "a requirement over a step that there is not": (
        content(
            commands=[
                {
                    "command": "task.approve",
                    "requirements": [{"that": "steps.other.known", "otherwise": both("가", "a")}],
                }
            ]
        ),
        "commands[task.approve].requirements[0].that",
        "steps.other.known",
    ),
}


@pytest.mark.parametrize("what", WRONG)
def test_what_cannot_be_is_refused_by_its_entry(what: str) -> None:
    said, entry, words = WRONG[what]
    refused = refusal(said)
    assert str(refused.details["field"]).startswith(entry), refused.say("en")
    assert words in refused.say("en")


def test_a_refused_place_is_named_as_the_definition_names_it_with_the_way_there() -> None:
    said = content(deadlines=content()["deadlines"][:-1], transitions=content()["transitions"][:-1])
    told = refusal(said)
    assert "[send 절차] → 제안(예산 심사)" in told.say("ko")
    assert "[the step send] → proposed (budget review)" in told.say("en")


def test_a_step_that_the_system_alone_may_take_needs_a_rule_that_takes_it() -> None:
    alone = step("alone", "proposed", "proposed/budget_review", "system")
    with pytest.raises(DefinitionFlawed, match=r"steps\[alone\]"):
        check_flaws(own(steps=[SEND, BACK, alone]))
    check_flaws(own())


@pytest.mark.parametrize(
    ("kind", "typed", "stored"),
    [
        ("text", " 글 ", "글"),
        ("integer", "-12", "-12"),
        ("decimal", "12.50", "12.5"),
        ("krw", "1,500,000", "1500000"),
        ("percent", "87.50%", "87.5"),
        ("percent", "100", "100"),
        ("date", "2026-02-28", "2026-02-28"),
        ("yes_no", "예", "true"),
        ("yes_no", "No", "false"),
        ("agency", "gto", "gto"),
        ("person", "0" * 32, "0" * 32),
        *((kind, "", None) for kind in TYPES if kind != "text"),
        ("integer", "1.5", None),
        ("integer", "１２", None),
        ("integer", "9" * 17, None),
        ("krw", "-1", None),
        ("krw", "1,50", None),
        ("decimal", "1e3", None),
        ("percent", "100.1", None),
        ("date", "2026-02-30", None),
        ("date", "1999-01-01", None),
        ("yes_no", "maybe", None),
        ("agency", "G TO", None),
        ("person", "Kim", None),
    ],
)
def test_what_is_typed_is_stored_in_one_form_or_refused(kind: str, typed: str, stored: str | None) -> None:
    choices = [{"choice": "a", "label": both("가", "a")}] if kind == "choice" else []
    rule = FieldRule.model_validate(
        {"field": "one", "label": both("값", "value"), "type": kind, "choices": choices}
    )
    if stored is None:
        with pytest.raises(PydanticCustomError):
            rule.read(typed)
    else:
        assert rule.read(typed) == stored


@pytest.mark.parametrize(
    ("kind", "least", "most", "within", "beyond"),
    [
        ("text", 2, 3, ("둘둘", "셋셋셋"), ("하", "넷넷넷넷")),
        ("integer", -1, 5, ("-1", "5"), ("-2", "6")),
        ("krw", 1000, 2000, ("1000", "2,000"), ("999", "2001")),
        ("percent", "0.5", "99.5", ("0.5", "99.50"), ("0.4", "99.6")),
        ("date", "2026-01-01", "2026-12-31", ("2026-01-01", "2026-12-31"), ("2025-12-31", "2027-01-01")),
    ],
)
def test_limits_are_both_included(
    kind: str, least: Any, most: Any, within: tuple[str, ...], beyond: tuple[str, ...]
) -> None:
    rule = FieldRule.model_validate(
        {"field": "one", "label": both("값", "value"), "type": kind, "least": least, "most": most}
    )
    for typed in within:
        rule.read(typed)
    for typed in beyond:
        with pytest.raises(PydanticCustomError):
            rule.read(typed)


def taken(step: str, frm: str, to: str, **values: str) -> f.StepTaken:
    label = LocalText(ko=step)
    form = tuple(
        FilledField(field=name, label=label, type="krw", value=value) for name, value in values.items()
    )
    return f.StepTaken(definition="own/1", step=step, label=label, from_place=frm, to_place=to, form=form)


def test_facts_alone_say_where_a_task_stands_and_what_its_forms_said() -> None:
    facts = (
        PROPOSED,
        taken("send", "proposed", "proposed/budget_review", amount="5"),
        taken("note", "proposed/budget_review", "proposed/budget_review"),
    )
    task = fold(TASK, facts)
    assert task.place == REVIEW
    day = date(2024, 3, 7)
    assert {name: (one.on, one.form, one.place) for name, one in task.steps.items()} == {
        "send": (day, {"amount": "5"}, "proposed"),
        "note": (day, {}, "proposed/budget_review"),
    }
    assert [one.place for one in task.stays] == ["proposed", "proposed/budget_review"]
    task = fold(TASK, (*facts, taken("back", "proposed/budget_review", "proposed")))
    assert (task.stage, task.condition) == (Stage.PROPOSED, Condition.NORMAL)
    assert task.definition == "own/1"


def test_a_step_that_was_so_later_is_the_last_whenever_it_is_recorded() -> None:
    early, late = (
        taken("note", "proposed", "proposed", amount="1"),
        taken("note", "proposed", "proposed", amount="2"),
    )
    first = TASK.evolve(fold(TASK, (PROPOSED,)), late, NOON.replace(day=9), 2)
    both_told = TASK.evolve(first, early, NOON.replace(day=8), 3)
    assert both_told.steps["note"].form == {"amount": "2"}


def test_a_condition_of_ones_own_is_the_same_wherever_it_is_read() -> None:
    assert Condition("budget_review") is place_named("proposed/budget_review").condition
    assert Condition("budget_review") not in list(Condition), "those of the program stay as they are"
    assert not Condition.NORMAL.is_own
    for name in ("Budget", "예산", "a b", "", "a" * 31, 5):
        with pytest.raises(ValueError, match="is not a valid"):
            Condition(name)
