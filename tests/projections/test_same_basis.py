"""A fact that leaves a task's basis as it was leaves its deadlines as they stood, without their being looked at."""

from __future__ import annotations

import random
from typing import Any

import pytest

from domain.task.basis import basis_of, is_same_basis
from projections import deadlines_row
from projections.deadlines import DEADLINES
from projections.fresh import fold
from store.log import Store
from tests.projections.appended_facts import append, lives


def test_the_rows_are_the_same_as_where_every_basis_is_made_anew(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    append(store, *lives(40, random.Random(3)))
    facts = store.after(0, 10_000)
    asked: list[bool] = []

    def counted(one: Any, other: Any) -> bool:
        asked.append(same := is_same_basis(one, other))
        assert not same or basis_of(one) == basis_of(other)
        return same

    monkeypatch.setattr(deadlines_row, "is_same_basis", counted)
    rows = fold(DEADLINES, facts)
    assert any(asked), "some are the same"
    assert not all(asked), "and some are not"
    monkeypatch.setattr(deadlines_row, "is_same_basis", lambda one, other: False)
    assert fold(DEADLINES, facts) == rows
    monkeypatch.setattr(deadlines_row, "is_same_basis", lambda one, other: other.plan is not None)
    assert fold(DEADLINES, facts) != rows, "the control: where it is said of facts that change it"
