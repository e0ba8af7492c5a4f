"""The filters of the trail: each has its words, narrows what a rule looks at, and means the same of refused attempts."""

from __future__ import annotations

import msgspec
import pytest

from projections.inspection.searching import Filters, narrow
from store.envelope import Actor
from store.log import Store
from store.refused import record_refused
from tests.store.watched_rows import refusal
from workflows.trail.about import CRITERIA
from workflows.trail.attempts import attempts

FIELDS = {one.name: one for one in msgspec.structs.fields(Filters)}
FLAGS = [name for name, one in FIELDS.items() if one.default is False]


def test_every_filter_has_words_for_a_cover() -> None:
    assert set(CRITERIA) == set(FIELDS)


@pytest.mark.parametrize("flag", FLAGS)
def test_what_a_rule_looks_at_stays_narrow_whatever_is_asked_besides(flag: str) -> None:
    rule = Filters(**{flag: True})
    found = narrow(rule, Filters(task="2024-07"))
    assert found is not None
    assert found.asked == {"task": "2024-07", flag: True}
    assert narrow(Filters(), Filters(**{flag: True})) == rule


def test_attempts_without_a_person_are_those_that_name_none(store: Store) -> None:
    named = Actor(role="officer", agency="gto", subject="1" * 32)
    record_refused(store, [refusal(), refusal(actor=named)])
    assert [row.actor for row in attempts(store, Filters(unnamed=True))] == [refusal().actor]
    assert len(attempts(store, Filters())) == 2
