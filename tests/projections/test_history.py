"""Histories in sentences a citizen can read."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from domain.catalogue import FACTS
from domain.task import facts
from domain.values import LocalText, TextRef
from projections.history import history
from projections.sentences import SENTENCES
from store.envelope import Actor, Cause, Text
from store.recorded import Recorded
from tests.projections.facts_of_the_tests import PROPOSED, envelope

SAMPLES = Path(__file__).parents[1] / "domain" / "samples"
AT = datetime(2024, 3, 7, 5, 0, tzinfo=UTC)
NAMES = {"gto": LocalText(ko="광주관광공사", en="Gwangju Tourism Organization")}
TEXTS = {"1" * 32: "관광객이 늘어서", "2" * 32: "조건 하나"}


def told(fact: Any, lang: Any, **changes: Any) -> str:
    envelope_ = replace(envelope(), **changes)
    one = Recorded(1, "task/2024-06", 1, fact.kind, AT, AT, envelope_, fact)
    (line,) = history([one], TEXTS, NAMES, lang)
    return line.sentence


def test_every_kind_of_fact_has_a_sentence() -> None:
    assert set(SENTENCES) == set(FACTS)


def test_a_proposal_names_agency_dates_and_money_in_both_languages() -> None:
    officer = Actor(role="officer", agency="gto")
    korean = told(PROPOSED, "ko", actor=officer)
    english = told(PROPOSED, "en", actor=officer)
    assert korean.startswith("광주관광공사 담당자: 과제 ‘과제’을(를) 제안하였음. 주관 광주관광공사")
    assert "예산 1,000원" in korean
    assert english.startswith("An officer of Gwangju Tourism Organization proposed the task “task”")
    assert "KRW 1,000" in english


def test_reason_paper_rule_and_lateness_are_told() -> None:
    sentence = told(
        facts.Approved(),
        "en",
        reason=Text(id="1" * 32, commitment="0" * 64),
        ref="관광-12",
        cause=Cause(rule="start-on-plan", rule_version="1"),
        effective_at=AT - timedelta(days=2),
    )
    assert sentence == (
        "The city planner approved the task. (reason: 관광객이 늘어서; document 관광-12; by rule start-on-plan 1; "
        "entered late, on 2024-03-07 14:00)"
    )


def test_a_redacted_text_is_told_as_redacted() -> None:
    gone = facts.Approved(conditions=(TextRef(id="9" * 32, commitment="0" * 64),))
    assert "(text redacted)" in told(gone, "en")
    assert "(비공개 처리된 글)" in told(gone, "ko")


def test_times_are_told_in_seoul() -> None:
    one = Recorded(
        1, "task/2024-06", 1, "task.started", AT, AT, envelope(), facts.Started(on=date(2024, 3, 7))
    )
    (line,) = history([one], {}, {}, "ko")
    assert line.at.isoformat() == "2024-03-07T14:00:00+09:00"


@pytest.mark.parametrize("lang", ["ko", "en"])
@pytest.mark.parametrize("sample", sorted(SAMPLES.glob("*.json")), ids=lambda path: path.stem)
def test_every_stored_sample_can_be_told(sample: Path, lang: Any) -> None:
    kind = sample.name.split(".v")[0]
    sentence = told(FACTS[kind].model_validate_json(sample.read_bytes()), lang)
    assert sentence
    assert not set("{}") & set(sentence)
