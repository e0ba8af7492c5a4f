"""Every field that a fact or a state can hold has a name that people read."""

from __future__ import annotations

import msgspec

from domain.catalogue import AGGREGATES
from domain.fact import Fact
from domain.register import FACTS
from domain.values import Value
from projections.inspection.words import AUTHN, FIELDS, VIA
from projections.views import VIEWS
from store.envelope import Authn, Via


def structs(of: type[msgspec.Struct]) -> set[type[msgspec.Struct]]:
    found = {of}
    for one in of.__subclasses__():
        found |= structs(one)
    return found


def test_every_field_has_a_name() -> None:
    states = {type(one.initial).__module__ for one in AGGREGATES.values()}
    named = [
        one
        for one in structs(msgspec.Struct)
        if one.__module__.startswith("domain.")
        and (issubclass(one, Fact | Value) or one.__module__ in states)
    ]
    assert set(FACTS.values()) | {type(one.initial) for one in AGGREGATES.values()} < set(named)
    assert {name for one in named for name in one.__struct_fields__} <= set(FIELDS)


def test_every_field_of_a_view_has_one_too() -> None:
    rows = [
        one
        for one in structs(msgspec.Struct)
        if one.__module__ in {view.row.__module__ for view in VIEWS.values()}
    ]
    assert {view.row for view in VIEWS.values()} < set(rows)
    assert {name for one in rows for name in one.__struct_fields__} <= set(FIELDS)


def test_every_way_of_acting_has_a_name() -> None:
    assert (set(VIA), set(AUTHN)) == (set(Via.__args__), set(Authn.__args__))  # type: ignore[attr-defined]
