"""One stored sample of every fact at every version, as it was written then. They stay for ever."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from domain.catalogue import AGGREGATES
from domain.fact import Fact
from domain.register import FACTS, upcast
from tests.domain.examples import NOON

SAMPLES = Path(__file__).parent / "samples"
STORED = sorted(path.name for path in SAMPLES.iterdir())


def decoded(name: str) -> Fact:
    kind, _, version = name.removesuffix(".json").rpartition(".v")
    fact = FACTS[kind]
    fields = upcast(fact, int(version), json.loads((SAMPLES / name).read_text(encoding="utf-8")))
    return msgspec.convert(fields, fact)


def missing(facts: list[type[Fact]], stored: list[str]) -> list[str]:
    wanted = [
        f"{fact.kind}.v{version}.json" for fact in facts for version in range(1, fact.schema_version + 1)
    ]
    return [name for name in wanted if name not in stored]


def test_every_kind_has_a_sample_of_every_version() -> None:
    assert missing(list(FACTS.values()), STORED) == []


def test_a_kind_or_a_version_without_a_sample_is_noticed() -> None:
    class Renamed(Fact, frozen=True):
        kind = "task.renamed"
        schema_version = 2

    assert missing([Renamed], ["task.renamed.v1.json"]) == ["task.renamed.v2.json"]


def test_no_sample_is_of_a_kind_or_version_that_nobody_knows() -> None:
    known = {
        f"{fact.kind}.v{version}.json"
        for fact in FACTS.values()
        for version in range(1, fact.schema_version + 1)
    }
    assert set(STORED) <= known


@pytest.mark.parametrize("name", STORED)
def test_a_sample_is_decoded_and_folded(name: str) -> None:
    fact = decoded(name)
    aggregate = AGGREGATES[fact.kind.partition(".")[0]]
    state = aggregate.evolve(aggregate.initial, fact, NOON, 1)
    assert type(state) is type(aggregate.initial)


def without_nulls(stored: Any) -> Any:
    """Null was stored once, and means the same as an absent field."""
    if isinstance(stored, dict):
        return {field: without_nulls(value) for field, value in stored.items() if value is not None}
    return list(map(without_nulls, stored)) if isinstance(stored, list) else stored


@pytest.mark.parametrize("name", [name for name in STORED if name.endswith(".v1.json")])
def test_a_sample_fills_every_field_its_version_had_and_none_is_lost(name: str) -> None:
    stored = json.loads((SAMPLES / name).read_text(encoding="utf-8"))
    assert not [field for field, value in stored.items() if value in (None, [], {})]
    assert json.loads(msgspec.json.encode(decoded(name))) == without_nulls(stored)
    fact = FACTS[name.removesuffix(".v1.json")]
    assert fact.schema_version > 1 or set(stored) == set(fact.__struct_fields__)
