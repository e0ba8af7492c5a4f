"""What a fact or command that came later is tried with, and the sample of it that stays."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Literal

import msgspec
import pytest

from domain.aggregate import Command
from domain.catalogue import COMMANDS
from domain.fact import Fact
from domain.limited import AgencyName, FreeText, Line, Percent, TaskNumber
from domain.register import FACTS
from domain.values import Figure, TextRef
from tests.domain.filled import filled_command, filled_fact
from tests.domain.write_samples import write_missing


class Noted(Fact, frozen=True):
    kind = "test.noted"
    schema_version = 2
    on: date
    text: TextRef | None = None
    figures: tuple[Figure, ...] = ()


class Note(Command):
    name = "test.note"
    task: TaskNumber
    by_whom: AgencyName
    text: FreeText
    percent: Percent
    how: Literal["aloud", "in writing"]
    title: Line | None = None


@pytest.mark.parametrize("fact", FACTS.values(), ids=FACTS)
def test_every_field_of_a_fact_has_a_value_and_none_is_lost_when_it_is_stored(fact: type[Fact]) -> None:
    filled = filled_fact(fact)
    stored = msgspec.json.encode(filled)
    assert set(msgspec.json.decode(stored)) == set(fact.__struct_fields__)
    assert msgspec.json.decode(stored, type=fact) == filled


def test_a_sample_is_written_of_what_has_none_and_never_a_second_time(tmp_path: Path) -> None:
    assert write_missing(tmp_path, [Noted]) == ["test.noted.v2.json"]
    sample = tmp_path / "test.noted.v2.json"
    assert msgspec.json.decode(sample.read_bytes(), type=Noted) == filled_fact(Noted)
    sample.write_text("{}")
    assert write_missing(tmp_path, [Noted]) == []
    assert sample.read_text() == "{}"


def test_a_command_has_what_it_cannot_do_without() -> None:
    note = filled_command(Note)
    assert note == Note(task="2024-07", by_whom="gjcf", text=filled_fact(Noted).text, percent=7, how="aloud")  # type: ignore[attr-defined]


def test_who_takes_other_values_is_told_to_write_an_example() -> None:
    """The control: a plan is more than its types."""
    with pytest.raises(LookupError, match=r"task.propose takes other values: .*examples.py"):
        filled_command(COMMANDS["task.propose"])
