"""How many of a body suffice, as a definition writes it."""

from __future__ import annotations

import pytest

from domain.shares import count_needed, describe_share, parse_share


@pytest.mark.parametrize(
    ("share", "of", "needed"),
    [
        ("more than 1/2", 4, 3),
        ("more than 1/2", 5, 3),
        ("1/2", 4, 2),
        ("1/2", 5, 3),
        ("2/3", 27, 18),
        ("2/3", 28, 19),
        ("more than 2/3", 27, 19),
        ("1/1", 9, 9),
        ("more than 1/2", 0, 0),
    ],
)
def test_so_many_of_so_many_suffice(share: str, of: int, needed: int) -> None:
    assert count_needed(share, of) == needed


@pytest.mark.parametrize("word", ["", "half", "3/2", "more than 1/1", "0/2", "1/0", "1 / 2", "-1/2", "2/3 "])
def test_no_share_is_read_from_what_is_none_or_more_than_all(word: str) -> None:
    assert parse_share(word) is None


def test_a_share_is_told_as_people_say_it() -> None:
    assert describe_share("more than 2/4").ko == "과반수"
    assert describe_share("2/3").ko == "3분의 2 이상"
    assert describe_share("more than 2/3").en == "more than 2/3"
