"""Values that a field can only have are told in Korean; what a city named itself, as it named it."""

from __future__ import annotations

from typing import get_args

import pytest

from domain.agency.facts import Form, Post
from domain.notice.facts import Channel, Why
from domain.programme.facts import Office
from domain.values import LocalText
from projections.labels import area_called, called
from projections.sentences.reminders import PROBLEMS
from projections.sentences.telling import DEADLINES
from projections.trail.words import in_words, path_in_words

AREAS = {"living": LocalText(ko="시민생활 지원", en="Daily life")}
CLOSED = {
    "channel": get_args(Channel),
    "form": get_args(Form),
    "office": get_args(Office),
    "post": get_args(Post),
    "why": get_args(Why),
    "who": ("agency", "city"),
    "what": ("function", "facility"),
    "problem": tuple(PROBLEMS),
    "kind": tuple(DEADLINES),
    "deadline": tuple(DEADLINES),
}


def korean(text: str) -> bool:
    return any("가" <= letter <= "힣" for letter in text)


@pytest.mark.parametrize(("field", "value"), [(field, one) for field, all_ in CLOSED.items() for one in all_])
def test_every_value_that_a_field_can_have_is_told_in_korean(field: str, value: str) -> None:
    assert korean(in_words(value, "ko", str, field))
    assert in_words(value, "en", str, field) == value


def test_an_area_goes_by_the_programmes_name_in_korean_and_else_by_its_id() -> None:
    assert (
        area_called("living", AREAS, "ko") == in_words("living", "ko", str, "area", AREAS) == "시민생활 지원"
    )
    assert area_called("living", AREAS, "en") == in_words("living", "en", str, "area", AREAS) == "living"
    assert area_called("culture", AREAS, "ko") == in_words("culture", "ko", str, "area") == "culture"


def test_what_is_not_known_stands_for_itself() -> None:
    assert called("channel", "pigeon", "ko") == "pigeon"
    assert in_words("task.deadlines_set", "ko", str, "kind") == "task.deadlines_set"
    assert in_words("mail", "ko", str, "title_ko") == "mail"


def test_a_deadline_and_a_contact_are_named_in_a_path_too() -> None:
    assert (
        path_in_words(("deadlines", "progress 2024-Q1", "who"), "ko")
        == "기한 › 분기 실적 보고 2024-Q1 › 누구"
    )
    assert (
        path_in_words(("deadlines", "progress 2024-Q1", "who"), "en") == "deadlines › progress 2024-Q1 › who"
    )
    assert path_in_words(("deadlines", "definition"), "ko") == "기한 › 정의"
    assert path_in_words(("contacts", "mail"), "ko") == "연락처 › 메일"
    assert path_in_words(("decision",), "ko") == "결정"
