"""Counts in English."""

from __future__ import annotations

import pytest

from domain.english import many


@pytest.mark.parametrize(
    ("count", "said"), [(0, "0 facts"), (1, "1 fact"), (2, "2 facts"), (1200, "1,200 facts")]
)
def test_only_one_is_singular(count: int, said: str) -> None:
    assert many(count, "fact") == said


def test_what_follows_may_be_told_for_both() -> None:
    assert many(1, "fact is", "facts are") == "1 fact is"
    assert many(3, "fact is", "facts are") == "3 facts are"
