"""Histories in sentences a citizen can read."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from domain.catalogue import FACTS
from domain.task import facts
from domain.values import Figure, Indicator, LocalText, Milestone, TextRef
from projections.history import history
from projections.sentences.all import SENTENCES
from store.envelope import Actor, Cause, Text
from store.recorded import Recorded
from store.texts import TextRead, TextState
from tests.projections.facts_of_the_tests import PLAN, PROPOSED, envelope
from tests.texts_of_the_tests import looked_up

SAMPLES = Path(__file__).parents[1] / "domain" / "samples"
AT = datetime(2024, 3, 7, 5, 0, tzinfo=UTC)
NAMES = {"gto": LocalText(ko="광주관광공사", en="Gwangju Tourism Organization")}
TEXTS = looked_up({"1" * 32: "관광객이 늘어서", "2" * 32: "조건 하나"})


def recorded_of(fact: Any, **changes: Any) -> Recorded[Any]:
    return Recorded(1, "task/2024-06", 1, fact.kind, AT, AT, replace(envelope(), **changes), fact)


def told(fact: Any, lang: Any, **changes: Any) -> str:
    (line,) = history([recorded_of(fact, **changes)], TEXTS, NAMES, lang)
    return line.sentence


def test_every_kind_of_fact_has_a_sentence() -> None:
    assert set(SENTENCES) == set(FACTS)


def test_a_proposal_names_agency_dates_and_money_in_both_languages() -> None:
    officer = Actor(role="officer", agency="gto")
    korean = told(PROPOSED, "ko", actor=officer)
    english = told(PROPOSED, "en", actor=officer)
    assert korean.startswith("광주관광공사 담당자: 과제 ‘과제’를 제안하였음. 주관 광주관광공사")
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
        "of 2024-03-05 by the rule, carried out on 2024-03-07, 2 days late)"
    )


def test_a_late_entry_says_both_times_in_korean_too() -> None:
    sentence = told(facts.Approved(), "ko", effective_at=AT - timedelta(days=2))
    assert sentence.endswith("(2024-03-05 14:00의 일을 2024-03-07 14:00에 늦게 입력함)")


@pytest.mark.parametrize("lang", ["ko", "en"])
@pytest.mark.parametrize("title", ["{축제} 마실", "{lead}", "{0}", "100% %s {", "과제 {task}"])
def test_a_title_is_told_letter_for_letter_whatever_is_in_it(title: str, lang: Any) -> None:
    named = LocalText(ko=title, en=title)
    revised = facts.Revised(title=named)
    added = FACTS["programme.task_added"](task="2024-01", area="culture", lead="gto", title=named)
    registered = FACTS["agency.registered"](name=named)
    for fact in (replace(PROPOSED, title=named), revised, added, registered):
        assert title in told(fact, lang)


@pytest.mark.parametrize("lang", ["ko", "en"])
def test_a_reason_with_braces_is_told_letter_for_letter(lang: Any) -> None:
    stream = [recorded_of(facts.Returned(), reason=Text(id="3" * 32, commitment="0" * 64))]
    (line,) = history(stream, looked_up({"3" * 32: "{actor}를 {보완}"}), NAMES, lang)
    assert "{actor}를 {보완}" in line.sentence


def test_figures_and_milestones_are_told_by_the_names_that_the_plan_gives_them() -> None:
    visitors = Indicator(
        id="v", name=LocalText(ko="방문객", en="Visitors"), unit="명", baseline="0", target="9"
    )
    opening = Milestone(id="m1", name=LocalText(ko="개막", en="Opening"), due=date(2024, 5, 1))
    plan = replace(PLAN, indicators=(visitors,), milestones=(opening,))
    report = facts.ProgressReported(
        percent=40, figures=(Figure(indicator="v", value="1200"),), milestones=("m1",)
    )
    proposal = replace(PROPOSED, plan=plan)
    korean = history([recorded_of(proposal), recorded_of(report)], TEXTS, NAMES, "ko")[1].sentence
    english = history(
        [recorded_of(PROPOSED), recorded_of(facts.Revised(plan=plan)), recorded_of(report)], TEXTS, {}, "en"
    )
    assert korean == "시 총괄부서: 진척률 40%를 보고하였음. 방문객 1200명; 달성한 일정 개막."
    assert english[2].sentence == (
        "The city planner reported progress of 40%. Visitors 1200명; milestones reached: Opening."
    )


@pytest.mark.parametrize(
    ("state", "ko", "en"),
    [
        (TextState.REDACTED, "(비공개 처리된 글, 7번 기록)", "(text redacted by fact 7)"),
        (TextState.MISSING, "(글이 없으며 까닭을 적은 기록도 없습니다)", "(text is missing and no fact says why)"),
        (TextState.CHANGED, "(본문이 봉인된 지문과 다릅니다)", "(text differs from its commitment)"),
    ],
)  # fmt: skip
def test_a_text_that_is_not_as_committed_is_told_by_what_became_of_it(
    state: TextState, ko: str, en: str
) -> None:
    gone = facts.Approved(conditions=(TextRef(id="9" * 32, commitment="0" * 64),))
    texts = looked_up({}, TextRead(state, fact=7 if state is TextState.REDACTED else None))
    assert ko in history([recorded_of(gone)], texts, NAMES, "ko")[0].sentence
    assert en in history([recorded_of(gone)], texts, NAMES, "en")[0].sentence


def test_times_are_told_in_seoul() -> None:
    one = Recorded(
        1, "task/2024-06", 1, "task.started", AT, AT, envelope(), facts.Started(on=date(2024, 3, 7))
    )
    (line,) = history([one], TEXTS, {}, "ko")
    assert line.at.isoformat() == "2024-03-07T14:00:00+09:00"


@pytest.mark.parametrize("lang", ["ko", "en"])
@pytest.mark.parametrize("sample", sorted(SAMPLES.glob("*.json")), ids=lambda path: path.stem)
def test_every_stored_sample_can_be_told(sample: Path, lang: Any) -> None:
    kind = sample.name.rsplit(".v", 1)[0]
    sentence = told(msgspec.json.decode(sample.read_bytes(), type=FACTS[kind]), lang)
    assert sentence
    assert not set("{}") & set(sentence)
