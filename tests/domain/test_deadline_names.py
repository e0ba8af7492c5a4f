"""What a definition calls its own kinds of deadlines: said, or taken from what meets them, and told from each other."""

from __future__ import annotations

from typing import Any

import pytest

from domain.errors import BadInput
from domain.lifecycle.content import check_content, content_of, parse_content
from domain.task.deadline_kinds import deadline_label, describe_deadline
from domain.values import LocalText
from tests.domain.test_starts import content, deadline, own

NAMED = {"label": {"ko": "월간 보고", "en": "the monthly report"}}


def test_a_kind_is_called_as_it_says_and_read_again_as_it_was_stored() -> None:
    by = own(deadline("plan_end", 5, **NAMED))
    assert by.kind_labels == {"papers": LocalText(ko="월간 보고", en="the monthly report")}
    assert parse_content(content_of(by)) == by


@pytest.mark.parametrize(
    ("said", "called"),
    [
        (deadline("plan_end", 5), "추진"),
        (deadline("plan_end", 5, met_by="steps.handed_in"), "handed_in 절차"),
        (deadline("line_turn", 5), "결재선 서명"),
        (deadline("condition", 5, stage="proposed", condition="returned"), "제안(보완 요청)"),
    ],
)
def test_without_a_name_it_is_called_by_what_meets_it_and_never_by_its_id(
    said: dict[str, Any], called: str
) -> None:
    assert own(said).kind_labels["papers"].ko == called


@pytest.mark.parametrize(
    ("deadlines", "at", "word"),
    [
        ([deadline("plan_end", 5, **NAMED), deadline("plan_end", 6, "other", **NAMED)], ".label.ko", "월간 보고"),
        ([deadline("plan_end", 5, label={"ko": "다른 것", "en": "The Final  Report"})], ".label.en", "final report"),
        ([deadline("plan_end", 5, label={"ko": "월간 보고"})], ".label.en", ""),
    ],
)  # fmt: skip
def test_names_that_read_alike_are_refused_by_their_entry(
    deadlines: list[dict[str, Any]], at: str, word: str
) -> None:
    with pytest.raises(BadInput) as caught:
        own(*deadlines)
    assert str(caught.value.details["field"]).endswith(at)
    assert word.lower() in caught.value.say("en").lower()


def test_the_programs_kinds_keep_their_names() -> None:
    said = content()
    said["deadlines"] = [one | (NAMED if one["kind"] == "final_report" else {}) for one in said["deadlines"]]
    with pytest.raises(BadInput) as caught:
        check_content(said)
    assert caught.value.details["field"] == "deadlines[final_report].label"
    called = LocalText(ko="아무것", en="anything")
    assert deadline_label("final_report", called).ko == "결과보고"


def test_a_kind_that_stands_twice_is_refused_where_it_stands_again() -> None:
    with pytest.raises(BadInput) as caught:
        own(deadline("plan_end", 5), deadline("plan_end", 6))
    said = content(deadline("plan_end", 5), deadline("plan_end", 6))["deadlines"]
    assert caught.value.details["field"] == f"deadlines[{len(said) - 1}].kind"


def test_it_is_said_with_its_item_and_by_its_id_alone_where_nobody_names_it() -> None:
    called = LocalText(ko="월간 보고", en="the monthly report")
    said = describe_deadline("papers", "2024-M03", None, called)
    assert (said.ko, said.en) == ("2024년 3월 월간 보고", "the monthly report for March 2024")
    assert describe_deadline("papers", None, None).ko == "papers", "a fact from before kinds had names"
