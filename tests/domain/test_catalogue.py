"""Kinds, names and what the classes behind them promise."""

from __future__ import annotations

import json
import string
from typing import Any

import msgspec
import pytest

from domain.aggregate import Command
from domain.catalogue import AGGREGATES, COMMANDS, aggregate_of
from domain.delegation import DECISIONS
from domain.errors import Bilingual, Refusal
from domain.fact import Fact
from domain.register import FACTS, upcast
from tests.domain.examples import COMMANDS as EXAMPLES
from tests.domain.examples import TASK_ID
from tests.domain.typed_commands import read_command


def test_no_kind_and_no_command_name_is_used_twice() -> None:
    aggregates = AGGREGATES.values()
    assert len(FACTS) == sum(len(aggregate.facts) for aggregate in aggregates)
    assert len(COMMANDS) == sum(len(aggregate.commands) for aggregate in aggregates)


def below(of: type[Any], *, having: str) -> set[type[Any]]:
    """The domain's classes below this one that say it of themselves."""
    found = {one for direct in of.__subclasses__() for one in (direct, *below(direct, having=having))}
    return {one for one in found if one.__module__.startswith("domain.") and having in vars(one)}


def test_no_fact_and_no_command_is_left_out_of_its_union() -> None:
    assert below(Fact, having="kind") == set(FACTS.values())
    assert below(Command, having="name") == set(COMMANDS.values())


def test_names_begin_with_their_aggregate() -> None:
    for prefix, aggregate in AGGREGATES.items():
        for one in aggregate.facts:
            assert one.kind.startswith(f"{prefix}.")
        for command in aggregate.commands:
            assert command.name.startswith(f"{prefix}.")


def test_every_command_has_an_example_and_speaks_of_a_stream_of_its_aggregate() -> None:
    assert set(EXAMPLES) == set(COMMANDS)
    for name, command in EXAMPLES.items():
        assert type(command) is COMMANDS[name]
        assert type(command) in aggregate_of(command.stream).commands
        assert isinstance(command.label, Bilingual)


def test_labels_are_not_shared_by_two_commands_of_an_aggregate() -> None:
    for aggregate in AGGREGATES.values():
        for lang in ("ko", "en"):
            labels = [command.label.say(lang) for command in aggregate.commands]  # type: ignore[arg-type]
            assert len(set(labels)) == len(labels)


def walked(schema: Any) -> list[Any]:
    """Every schema inside a JSON schema."""
    if isinstance(schema, dict):
        return [schema, *(inner for value in schema.values() for inner in walked(value))]
    if isinstance(schema, list):
        return [inner for value in schema for inner in walked(value)]
    return []


@pytest.mark.parametrize("kind", sorted(FACTS))
def test_no_fact_holds_a_float(kind: str) -> None:
    assert not [part for part in walked(msgspec.json.schema(FACTS[kind])) if part.get("type") == "number"]


def test_a_float_in_a_fact_would_be_seen() -> None:
    class Weighed(Fact, frozen=True):
        kind = "test.weighed"
        kilograms: tuple[float, ...]

    assert [part for part in walked(msgspec.json.schema(Weighed)) if part.get("type") == "number"]


@pytest.mark.parametrize("kind", sorted(FACTS))
def test_every_fact_refuses_fields_it_does_not_know(kind: str) -> None:
    for part in walked(msgspec.json.schema(FACTS[kind])):
        assert part.get("type") != "object" or part["additionalProperties"] is False
    with pytest.raises(msgspec.ValidationError, match="unknown field `from_the_future`"):
        msgspec.json.decode('{"from_the_future": 1}', type=FACTS[kind])


def test_a_command_is_read_from_json() -> None:
    body = json.dumps({"task": TASK_ID, "percent": 40, "text": "첫 축제를 마쳤다."})
    assert read_command("task.report_progress", body) == COMMANDS["task.report_progress"](
        task=TASK_ID, percent=40, text="첫 축제를 마쳤다."
    )


class Counted(Fact, frozen=True):
    """A test-only fact of version 3: version 2 turned a number into words, version 3 only gained a field."""

    kind = "test.counted"
    schema_version = 3
    amount: str
    note: str | None = None


def in_words(fields: dict[str, Any]) -> dict[str, Any]:
    return {"amount": str(fields["count"])}


@pytest.mark.parametrize(
    ("version", "stored"), [(1, {"count": 7}), (2, {"amount": "7"}), (3, {"amount": "7", "note": None})]
)
def test_an_old_fact_is_raised_step_by_step_to_todays_fields(version: int, stored: dict[str, Any]) -> None:
    fields = upcast(Counted, version, stored, {("test.counted", 1): in_words})
    assert msgspec.convert(fields, Counted) == Counted(amount="7")


def test_without_its_upcaster_an_old_fact_does_not_load() -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(upcast(Counted, 1, {"count": 7}, {}), Counted)


def all_refusals(refusal: type[Refusal] = Refusal) -> set[type[Refusal]]:
    return {
        one
        for direct in refusal.__subclasses__()
        for one in (direct, *all_refusals(direct))
        if one.__module__.startswith("domain.")
    }


class Anything:
    def say(self, lang: str) -> str:
        return "무엇" if lang == "ko" else "what"


@pytest.mark.parametrize("refusal", sorted(all_refusals(), key=lambda one: one.__name__))
def test_every_refusal_says_the_same_details_in_both_languages(refusal: type[Refusal]) -> None:
    ko, en = (
        {field for _, field, _, _ in string.Formatter().parse(text) if field}
        for text in (refusal.ko, refusal.en)
    )
    assert ko == en
    said = refusal(**dict.fromkeys(ko, Anything()))
    assert "무엇" in said.say("ko")
    assert "what" in said.say("en")


def test_a_head_may_delegate_what_an_agency_decides_about_its_own_task_and_no_more() -> None:
    """What an officer may do and is not named there stays with the head: a new command needs no second list."""
    theirs = {name for name, one in COMMANDS.items() if name.startswith("task.") and "officer" in one.by}
    assert set(DECISIONS) < theirs
