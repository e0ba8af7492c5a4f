"""Counts in English."""

from __future__ import annotations

import pytest

from trail.bilingual import Bilingual, Refusal
from trail.english import fill_counts, many, settle_counts


@pytest.mark.parametrize(
    ("count", "said"), [(0, "0 facts"), (1, "1 fact"), (2, "2 facts"), (1200, "1,200 facts")]
)
def test_only_one_is_singular(count: int, said: str) -> None:
    assert many(count, "fact") == said


def test_what_follows_may_be_told_for_both() -> None:
    assert many(1, "fact is", "facts are") == "1 fact is"
    assert many(3, "fact is", "facts are") == "3 facts are"


@pytest.mark.parametrize(
    ("open_text", "said"),
    [
        ("1 fact(s) left", "1 fact left"),
        ("3 fact(s) left", "3 facts left"),
        ("1,200 old fact(s) was(were) read", "1,200 old facts were read"),
        ("1 business day(s) has(have) gone", "1 business day has gone"),
        ("21 open task(s) is(are) late, 1 task(s) is(are) not", "21 open tasks are late, 1 task is not"),
        ("2 witness(es)", "2 witnesses"),
        ("0 task(s)", "0 tasks"),
        ("no count(s) here", "no count(s) here"),
    ],
)
def test_an_open_ending_is_settled_by_the_number_before_it(open_text: str, said: str) -> None:
    assert settle_counts(open_text) == said
    assert Bilingual("", open_text).en == said


def test_what_stands_in_the_values_is_left_as_it_is() -> None:
    assert fill_counts("{n} fact(s) of {what}", n=1, what="3 day(s)") == "1 fact of 3 day(s)"


class TooMany(Refusal):
    ko = "{count}건이 너무 많습니다."
    en = "{count} fact(s) is(are) too many."


def test_a_refusal_counts() -> None:
    assert [TooMany(count=n).say("en") for n in (1, 2)] == ["1 fact is too many.", "2 facts are too many."]
