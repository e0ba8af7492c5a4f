"""Two definitions beside each other: no field that a definition may have is without a name."""

from __future__ import annotations

from typing import get_args

import pytest

from domain.lifecycle.content import NAMED_BY
from domain.lifecycle.criteria import Rounding
from domain.lifecycle.meetings import MeetingRules
from domain.lifecycle.model import Definition
from domain.lifecycle.money import MoneyRules
from workflows.definitions.comparing import FIELDS, LISTS, MODES, SINGLE
from workflows.definitions.money import OVERSPEND


def fields_of(entries: str) -> set[str]:
    """What an entry of this list may say, as its file has it."""
    (kind, _) = get_args(Definition.model_fields[entries].annotation)
    return {one.alias or name for name, one in kind.model_fields.items()}


@pytest.mark.parametrize(("entries", "key"), NAMED_BY.items())
def test_every_field_of_every_entry_has_a_name_in_both_languages(entries: str, key: str) -> None:
    assert fields_of(entries) - {key} - FIELDS.keys() == set()
    assert entries in LISTS


def test_every_field_of_what_is_there_once_has_a_name() -> None:
    for one in (Rounding, MeetingRules, MoneyRules):
        assert one.model_fields.keys() - FIELDS.keys() == set()
    assert OVERSPEND.keys() == set(get_args(MoneyRules.model_fields["overspend"].annotation))
    assert MODES.keys() == set(get_args(Rounding.model_fields["mode"].annotation))


def test_a_field_without_a_name_would_be_found() -> None:
    assert fields_of("deadlines") >= {"kind", "within", "basis"}
    assert NAMED_BY.keys() | SINGLE.keys() == {
        name for name in Definition.model_fields if name not in ("name", "version")
    }
