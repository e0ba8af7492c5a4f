"""Two definitions beside each other: no field that a definition may have is without a name."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import pytest

from domain.lifecycle.content import NAMED_BY, check_content
from domain.lifecycle.criteria import Rounding
from domain.lifecycle.meetings import MeetingRules
from domain.lifecycle.model import Definition
from domain.lifecycle.money import MoneyRules
from domain.lifecycle.rules import TransitionRule
from workflows.definitions.comparing import compare_definitions
from workflows.definitions.entry_words import FIELDS, LISTS, MODES, OF_LENGTH, SINGLE, WHEN
from workflows.definitions.money import OVERSPEND
from workflows.definitions.templates import read_definition

EXAMPLES = Path(__file__).parents[2] / "data" / "definitions"


def fields_of(entries: str) -> set[str]:
    """What an entry of this list may say, as its file has it."""
    (kind, _) = get_args(Definition.model_fields[entries].annotation)
    return {one.alias or name for name, one in kind.model_fields.items()}


@pytest.mark.parametrize(("entries", "key"), NAMED_BY.items())
def test_every_field_of_every_entry_has_a_name_in_both_languages(entries: str, key: str) -> None:
    assert fields_of(entries) - {key, *(OF_LENGTH if entries == "deadlines" else ())} - FIELDS.keys() == set()
    assert entries in LISTS


def test_every_field_of_what_is_there_once_has_a_name() -> None:
    for one in (Rounding, MeetingRules, MoneyRules):
        assert one.model_fields.keys() - FIELDS.keys() == set()
    assert OVERSPEND.keys() == set(get_args(MoneyRules.model_fields["overspend"].annotation))
    assert MODES.keys() == set(get_args(Rounding.model_fields["mode"].annotation))
    assert WHEN.keys() == set(get_args(TransitionRule.model_fields["when"].annotation))


def test_a_field_without_a_name_would_be_found() -> None:
    assert fields_of("deadlines") >= {"kind", "within", "basis"}
    assert NAMED_BY.keys() | SINGLE.keys() == {
        name for name in Definition.model_fields if name not in ("name", "version")
    }


def test_a_difference_is_said_in_words_and_a_length_with_its_unit() -> None:
    """Nothing that only whoever wrote the file knows: no id by itself, no word of the language, no number without its unit."""
    old = read_definition(EXAMPLES / "competition.toml")
    said = old.model_dump(mode="json", by_alias=True, exclude_unset=True)
    for one in said["deadlines"]:
        if one["kind"] == "draft_accounts":
            one["within"] = 3
        if one["kind"] == "referral":
            one["unit"] = "weeks"
    for one in said["transitions"]:
        one["when"] = {"deadline_passed": "deadline_day"}.get(one["when"], one["when"])
    told = {f"{one.entry} {one.field}": one for one in compare_definitions(old, check_content(said), "ko")}
    draft = told["deadlines[draft_accounts] within"]
    assert draft.what == "기한 정산서 초안(draft_accounts): 기간"
    assert (draft.before or "").endswith("전")
    referral = told["deadlines[referral] within"]
    assert ((referral.before or "")[-3:], (referral.after or "")[-1:]) == ("영업일", "주")
    whens = [one for one in told.values() if one.field == "when"]
    assert {(one.before, one.after) for one in whens} == {("기한일 다음 날", "기한일")}
