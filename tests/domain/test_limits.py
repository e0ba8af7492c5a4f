"""Limits on what comes from outside, each refused with the field's path and a sentence in both languages."""

from __future__ import annotations

import json
import string
import unicodedata
from collections.abc import Iterator
from typing import Annotated, Any

import pytest
from msgspec.structs import replace
from pydantic import BaseModel, BeforeValidator, TypeAdapter, ValidationError
from pydantic_core import ErrorTypeInfo, PydanticCustomError, PydanticKnownError
from pydantic_core._pydantic_core import list_all_errors  # its only home

from domain import limits, plan_limits
from domain.catalogue import COMMANDS as CLASSES
from domain.errors import BadInput
from domain.limits import bad_input, free_text, legible, ref_of
from domain.refusals import PROBLEMS
from domain.task import commands as c
from domain.values import TextRef
from tests.domain.examples import COMMANDS, REF, TASK_ID
from tests.domain.typed_commands import read_command

TEXT = "1분기 추진상황을 보고합니다."
BODIES: dict[str, Any] = {
    name: command.model_dump(mode="json", by_alias=True) for name, command in COMMANDS.items()
}


def with_texts(body: Any) -> Any:
    """The body with a text wherever the example holds a reference: JSON brings texts."""
    if isinstance(body, dict):
        return TEXT if set(body) == {"id", "commitment"} else {key: with_texts(v) for key, v in body.items()}
    return [with_texts(item) for item in body] if isinstance(body, list) else body


BODIES = {name: with_texts(body) for name, body in BODIES.items()}


def leaves(body: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Any]]:
    if isinstance(body, dict | list):
        for key, value in body.items() if isinstance(body, dict) else enumerate(body):
            yield from leaves(value, (*path, key))
    else:
        yield path, body


def changed(body: Any, path: tuple[Any, ...], value: Any) -> Any:
    copy = dict(body) if isinstance(body, dict) else list(body)
    copy[path[0]] = changed(copy[path[0]], path[1:], value) if path[1:] else value
    return copy


def shown(path: tuple[Any, ...]) -> str:
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path).removeprefix(".")


def refusal_of(name: str, body: Any) -> BadInput:
    with pytest.raises(BadInput) as caught:
        read_command(name, json.dumps(body, ensure_ascii=True))
    return readable(caught.value)


def readable(refusal: BadInput) -> BadInput:
    for lang in ("ko", "en"):
        assert len(refusal.say(lang)) < 600  # type: ignore[arg-type]
        assert "{" not in refusal.say(lang)  # type: ignore[arg-type]
    return refusal


EVERY_LEAF = [(name, path, value) for name, body in BODIES.items() for path, value in leaves(body)]
TEXTS = [(name, path) for name, path, value in EVERY_LEAF if isinstance(value, str)]
NUMBERS = [(name, path) for name, path, value in EVERY_LEAF if type(value) is int]
SIGNED = [("notice.arm", ("days",))]  # a rung lies before or after the day


@pytest.mark.parametrize("name", sorted(BODIES))
def test_a_sound_command_is_read(name: str) -> None:
    assert read_command(name, json.dumps(BODIES[name])).name == name


@pytest.mark.parametrize(
    "bad", ["\x00", "a\x00b", "a\ud800b", "\x1b[31mred", "", " \n ", "가" * 20_001, {"_type_": "x"}, 7]
)
@pytest.mark.parametrize(("name", "path"), TEXTS)
def test_no_text_anywhere_holds_what_cannot_be_stored_or_shown(
    name: str, path: tuple[Any, ...], bad: Any
) -> None:
    refusal = refusal_of(name, changed(BODIES[name], path, bad))
    assert "\ud800" in str(bad) or shown(path) in refusal.say("en")


@pytest.mark.parametrize("bad", [True, 1.0, 1.5, float("nan"), float("inf"), 10**30, -(10**30), -1, "1", []])
@pytest.mark.parametrize(("name", "path"), NUMBERS)
def test_no_number_anywhere_is_a_float_a_truth_or_out_of_bounds(
    name: str, path: tuple[Any, ...], bad: Any
) -> None:
    if bad == -1 and (name, path) in SIGNED:
        bad = -(10**4)
    assert shown(path) in refusal_of(name, changed(BODIES[name], path, bad)).say("ko")


def test_nan_is_no_budget_in_python_either() -> None:
    propose, example = CLASSES["task.propose"], COMMANDS["task.propose"]
    assert isinstance(example, c.Propose)
    for bad in (float("nan"), 1.0, True, "10"):
        with pytest.raises(ValidationError):
            propose.model_validate({**dict(example), "plan": replace(example.plan, budget_krw=bad)})


@pytest.mark.parametrize("name", sorted(BODIES))
def test_a_field_too_many_or_too_few_is_named(name: str) -> None:
    assert "colour" in refusal_of(name, {**BODIES[name], "colour": "red"}).say("en")
    first = next(iter(BODIES[name]))
    assert first in refusal_of(name, {key: value for key, value in BODIES[name].items() if key != first}).say(
        "en"
    )


def test_a_field_with_an_endless_name_is_not_repeated_to_the_reader() -> None:
    refusal_of("task.start", {"task": TASK_ID, "x" * 10_000_000: 1})
    assert "\x1b" not in refusal_of("task.start", {"task": TASK_ID, "\x1b[31m": 1}).say("ko")


PLAN = BODIES["task.propose"]["plan"]


@pytest.mark.parametrize(
    ("path", "value", "field", "problem"),
    [
        (("end",), "2024-02-29", "plan.end", "before it starts"),
        (("start",), "1999-12-31", "plan.start", "2000"),
        (("end",), "2101-01-01", "plan.end", "2100"),
        (("start",), 1709251200, "plan.start", "YYYY-MM-DD"),
        (("start",), "2024-02-30", "plan.start", "YYYY-MM-DD"),
        (("start",), "2024-03-01T00:00:00", "plan.start", "YYYY-MM-DD"),
        (("not_before",), "2025-01-01", "plan.not_before", "the plan ends on 2024-12-31"),
        (("budget_krw",), -1, "plan.budget_krw", "KRW"),
        (("budget_krw",), 10**15 + 1, "plan.budget_krw", "KRW"),
        (("milestones", 1, "id"), "m1", "plan.milestones[1].id", "twice"),
        (("milestones", 1, "id"), "m 1", "plan.milestones[1].id", "a-z"),
        (("milestones", 1, "due"), "2025-01-01", "plan.milestones[1].due", "outside the plan"),
        (("milestones", 0, "name", "ko"), "두\n줄", "plan.milestones[0].name.ko", "control"),
        (("indicators", 0, "target"), "1e5", "plan.indicators[0].target", "decimal"),
        (("indicators", 0, "baseline"), "NaN", "plan.indicators[0].baseline", "decimal"),
        (("indicators", 0, "baseline"), "１２", "plan.indicators[0].baseline", "decimal"),
        (("indicators", 0, "unit"), "명" * 41, "plan.indicators[0].unit", "40"),
        (("phases", 1, "starts"), "2024-05-31", "plan.phases[1]", "phase before it ends"),
        (("phases", 1, "ends"), "2024-05-31", "plan.phases[1]", "before it starts"),
        (("phases", 1, "ends"), "2025-01-01", "plan.phases[1]", "years of the plan"),
    ],
)
def test_a_plan_that_cannot_be_is_refused_at_its_place(
    path: tuple[Any, ...], value: Any, field: str, problem: str
) -> None:
    refusal = refusal_of("task.propose", changed(BODIES["task.propose"], ("plan", *path), value))
    assert f"“{field}”" in refusal.say("en")
    assert problem in refusal.say("en")


@pytest.mark.parametrize("part", ["milestones", "indicators"])
def test_a_plan_has_at_most_a_hundred_of_each(part: str) -> None:
    def many(count: int) -> dict[str, Any]:
        parts = [{**PLAN[part][0], "id": f"x{number}"} for number in range(count)]
        return changed(BODIES["task.propose"], ("plan", part), parts)

    assert read_command("task.propose", json.dumps(many(100)))
    assert "100" in refusal_of("task.propose", many(101)).say("ko")


@pytest.mark.parametrize(
    ("name", "field", "bad", "good"),
    [
        (
            "task.start",
            "task",
            ["2024-7", "2024-0007", "24-07", "2024-07\n", "２０２４-07", "2024-07/x"],
            ["2024-07", "2024-107"],
        ),
        ("task.report_progress", "percent", [101, -1], [0, 100]),
        (
            "task.evaluate",
            "score",
            ["100.1", "-1", "1e1", "87,5", "0087", ""],
            ["0", "100", "100.00", "87.5"],
        ),
        ("task.evaluate", "grade", ["E", "s", ""], ["S", "D"]),
        ("task.carry_over", "to_year", [1999, 2101], [2025, 2100]),
        ("programme.close", "year", [1999, 2101, "2024"], [2000, 2100]),
        ("agency.register", "agency", ["g", "Gto", "1gto", "g" * 32, "gto "], ["gto", "g-1", "m518"]),
        ("programme.add_task", "area", ["", "Culture", "문화"], ["culture"]),
        ("programme.open", "areas", [[]], []),
    ],
)
def test_values_at_and_beyond_their_limits(name: str, field: str, bad: list[Any], good: list[Any]) -> None:
    for value in good:
        assert read_command(name, json.dumps({**BODIES[name], field: value}))
    for value in bad:
        assert field in refusal_of(name, {**BODIES[name], field: value}).say("en")


@pytest.mark.parametrize("value", ["0", "-12.5", "999999999999999.999999"])
def test_decimal_strings_are_kept_as_they_were_written(value: str) -> None:
    assert limits.check_decimal(value) == value


@pytest.mark.parametrize("value", ["", ".5", "5.", "+1", "1e3", "1_000", "1.0000001", "1" * 16, "1\n", "inf"])
def test_what_is_no_decimal_string_is_refused(value: str) -> None:
    with pytest.raises(PydanticCustomError):
        limits.check_decimal(value)


def test_a_text_of_ten_megabytes_is_refused_and_not_repeated() -> None:
    with pytest.raises(BadInput) as caught:
        free_text("reason", "가" * 10_000_000)
    assert "20000" in readable(caught.value).say("ko")
    assert "reason" in caught.value.say("en")


def test_free_text_keeps_newlines_and_tabs_and_loses_only_its_margins() -> None:
    assert free_text("reason", " 첫 줄\r\n\t둘째 줄 \n") == "첫 줄\n\t둘째 줄"
    assert len(free_text("reason", "가" * 20_000)) == 20_000
    assert free_text("reason", '{"_type_": "x", "_data_": 1}') == '{"_type_": "x", "_data_": 1}'


# Unicode's Bidi_Control, as its standard library has it by class; three marks are of the classes of letters
_TURNED = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
TURNING = [
    *(chr(code) for code in range(0x110000) if unicodedata.bidirectional(chr(code)) in _TURNED),
    *"\u061c\u200e\u200f",
]
UNSEEN = [*"\u00ad\u034f\u115f\u1160\u200b\u200c\u200d\u2060\u2064\u3164\ufeff\uffa0\U000e0041"]


@pytest.mark.parametrize(
    "text", ["\r", "a\x0bb", "a\x00", "\udc80", "a\x85b", "\u2028", "\u2029", "\ufffe", "\ufdd0", *TURNING]
)
def test_free_text_holds_no_other_control_character_and_nothing_that_turns_the_reading(text: str) -> None:
    with pytest.raises(BadInput):
        free_text("reason", f"가{text}나")
    assert (
        legible(f"가{text}나") == f"가{''.join(f'[U+{ord(c):04X}]' if c not in 'ab' else c for c in text)}나"
    )


def test_a_text_that_may_be_stored_is_shown_as_it_is() -> None:
    """Emoji of several signs and Persian hold joiners, which a text may and a title may not."""
    text = "👨\u200d👩\u200d👧 می\u200cخواهم\n\t가나"
    assert legible(text) == free_text("reason", text) == text


@pytest.mark.parametrize("letter", ["\n", "\t", "\u2028", *TURNING, *UNSEEN])
def test_a_title_holds_nothing_that_turns_the_reading_or_that_nobody_sees(letter: str) -> None:
    refused = refusal_of("task.revise", {"task": TASK_ID, "title": {"ko": f"과제{letter}제목"}})
    assert "title.ko" in refused.say("en")


def test_json_cannot_point_at_a_text_of_somebody_else() -> None:
    stolen = {"task": TASK_ID, "text": {"id": "0" * 32, "commitment": "a" * 64}}
    assert "text" in refusal_of("task.submit_final_report", stolen).say("en")
    assert c.SubmitFinalReport(task=TASK_ID, text=REF).text == REF


def test_a_text_that_was_not_put_aside_never_becomes_a_fact() -> None:
    assert ref_of(REF) is REF
    with pytest.raises(AssertionError):
        ref_of("a text")


def test_texts_and_references_are_told_apart_by_their_type() -> None:
    texts = [
        field
        for command in CLASSES.values()
        for field in command.model_fields.values()
        if TextRef.__name__ in str(field.annotation)
    ]
    assert len(texts) >= 13, "a text that is no reference would not be put aside"


@pytest.mark.parametrize("kind", sorted(PROBLEMS))
def test_every_problem_is_worded_in_both_languages_with_the_same_details(kind: str) -> None:
    ko, en = ({f for _, f, _, _ in string.Formatter().parse(text) if f} for text in PROBLEMS[kind])
    assert ko == en


@pytest.mark.parametrize("known", list_all_errors(), ids=lambda known: known["type"])
def test_every_error_that_pydantic_can_raise_becomes_readable(known: ErrorTypeInfo) -> None:
    def fail(value: Any) -> Any:
        raise PydanticKnownError(known["type"], known.get("example_context"))

    with pytest.raises(ValidationError) as caught:
        TypeAdapter(Annotated[Any, BeforeValidator(fail)]).validate_python(1)
    assert "input" in readable(bad_input(caught.value)).say("en")


def test_an_error_without_words_of_ours_is_still_readable() -> None:
    class Odd(BaseModel):
        at: complex

    with pytest.raises(ValidationError) as caught:
        Odd.model_validate({"at": "x"})
    refusal = readable(bad_input(caught.value, "file"))
    assert "file.at" in refusal.say("ko")
    assert "complex" in refusal.say("en")


def test_the_body_of_a_command_must_be_json() -> None:
    for body in ("", "{", '{"task": "\\ud800"}', "[]", "null"):
        with pytest.raises(BadInput) as caught:
            read_command("task.start", body)
        readable(caught.value)


def test_phases_and_days_are_checked_outside_plans_too() -> None:
    add = BODIES["programme.add_task"]
    assert "phases" in refusal_of(
        "programme.add_task", changed(add, ("phases", 1, "starts"), "2024-01-01")
    ).say("en")
    assert "not_before" in refusal_of("programme.add_task", {**add, "not_before": "1980-01-01"}).say("en")
    assert plan_limits.check_phases(()) == ()
