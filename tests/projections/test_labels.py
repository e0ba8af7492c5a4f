"""Values that a field can only have are told in Korean; what a city named itself, as it named it."""

from __future__ import annotations

from typing import get_args

import pytest

from domain.agency.facts import Form, Post
from domain.channels import Channel
from domain.notice.facts import Why
from domain.programme.facts import Office
from domain.task.deadline_kinds import DEADLINE_KINDS
from domain.values import LocalText
from projections.inspection.words import in_words, path_in_words
from projections.labels import area_label, label_for
from projections.notices import STATES
from projections.sentences.reminders import PROBLEMS
from workflows.queries.notices import State

AREAS = {"living": LocalText(ko="시민생활 지원", en="Daily life")}
CLOSED = {
    "channel": tuple(Channel),
    "form": get_args(Form),
    "office": get_args(Office),
    "post": get_args(Post),
    "why": get_args(Why),
    "who": ("agency", "city"),
    "what": ("function", "facility"),
    "problem": tuple(PROBLEMS),
    "kind": tuple(DEADLINE_KINDS),
    "deadline": tuple(DEADLINE_KINDS),
}


def korean(text: str) -> bool:
    return any("가" <= letter <= "힣" for letter in text)


def test_every_state_of_a_reminder_has_the_words_of_the_stage_that_it_is() -> None:
    """“unknown” is what became of a message: a reminder that is not there has no state."""
    assert set(get_args(State)) == STATES.keys() - {"composed"}
    assert (STATES["unknown"].say("en"), STATES["held"].say("en")) == ("unknown", "held")
    assert STATES["composed"].say("en") == "composed"


@pytest.mark.parametrize(("field", "value"), [(field, one) for field, all_ in CLOSED.items() for one in all_])
def test_every_value_that_a_field_can_have_is_told_in_korean(field: str, value: str) -> None:
    assert korean(in_words(value, "ko", str, field))
    assert in_words(value, "en", str, field) == value


def test_an_area_goes_by_the_programmes_name_in_korean_and_else_by_its_id() -> None:
    assert (
        area_label("living", AREAS, "ko") == in_words("living", "ko", str, "area", AREAS) == "시민생활 지원"
    )
    assert area_label("living", AREAS, "en") == in_words("living", "en", str, "area", AREAS) == "living"
    assert area_label("culture", AREAS, "ko") == in_words("culture", "ko", str, "area") == "culture"


def test_what_is_not_known_stands_for_itself() -> None:
    assert label_for("channel", "pigeon", "ko") == "pigeon"
    assert in_words("task.deadlines_set", "ko", str, "kind") == "task.deadlines_set"
    assert in_words("mail", "ko", str, "title_ko") == "mail"


def test_a_deadline_and_a_contact_are_named_in_a_path_too() -> None:
    assert (
        path_in_words(("deadlines", "progress 2024-Q1", "who"), "ko")
        == "기한 › 2024년 1분기 추진상황 보고 › 담당"
    )
    assert (
        path_in_words(("deadlines", "progress 2024-Q1", "who"), "en") == "deadlines › progress 2024-Q1 › who"
    )
    assert path_in_words(("deadlines", "definition"), "ko") == "기한 › 정의"
    assert path_in_words(("contacts", "mail"), "ko") == "연락처 › 메일"
    assert path_in_words(("decision",), "ko") == "결정"
