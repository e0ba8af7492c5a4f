"""Histories in sentences a citizen can read."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from domain.agency.facts import Merged, Renamed
from domain.agency.facts import Registered as AgencyRegistered
from domain.register import FACTS
from domain.task import facts
from domain.values import Figure, Indicator, LocalText, Milestone, Phase, Plan, TextRef
from projections.agency_names import AgencyNames
from projections.history import history
from projections.sentences.all import SENTENCES
from projections.sentences.plans import PLANS_FIELDS
from store.envelope import Actor, Cause, Text
from store.recorded import RecordedFact
from store.texts import TextRead, TextState
from tests.projections.appended_facts import PLAN, PROPOSED, envelope
from tests.texts_by_hand import looked_up

SAMPLES = Path(__file__).parents[1] / "domain" / "samples"
AT = datetime(2024, 3, 7, 5, 0, tzinfo=UTC)
NAMES = {"gto": LocalText(ko="광주관광공사", en="Gwangju Tourism Organization")}
TEXTS = looked_up({"1" * 32: "관광객이 늘어서", "2" * 32: "조건 하나"})


def recorded_of(fact: Any, **changes: Any) -> RecordedFact[Any]:
    return RecordedFact(1, "task/2024-06", 1, fact.kind, AT, AT, replace(envelope(), **changes), fact)


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
    assert korean == "시 총괄부서: 진척률 40%를 보고하였음. 방문객 1200명; 달성한 추진일정 개막."
    assert english[2].sentence == (
        "The city planner reported progress of 40%. Visitors 1200 persons; milestones reached: Opening."
    )


@pytest.mark.parametrize(
    ("state", "ko", "en"),
    [
        (TextState.REDACTED, "(비공개 처리된 글, 7번 기록)", "(text redacted by fact 7)"),
        (TextState.MISSING, "(글이 없으며 그 사유를 밝힌 기록도 없습니다)", "(text is missing and no fact says why)"),
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
    one = RecordedFact(
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


OPENING = Milestone(id="m1", name=LocalText(ko="개막", en="Opening"), due=date(2024, 5, 1))
CLOSING = Milestone(id="m2", name=LocalText(ko="폐막"), due=date(2024, 9, 1))
VISITORS = Indicator(id="v", name=LocalText(ko="방문객"), unit="명", baseline="0", target="9")
AUTUMN = Phase(name=LocalText(ko="가을"), starts=date(2024, 9, 1), ends=date(2024, 11, 30))
WHOLE = Plan(
    start=date(2024, 3, 1),
    end=date(2024, 12, 31),
    budget_krw=1000,
    milestones=(OPENING,),
    indicators=(VISITORS,),
    phases=(AUTUMN,),
)
OTHER = Plan(
    start=date(2024, 3, 2),
    end=date(2024, 12, 30),
    budget_krw=2_000_000,
    milestones=(replace(OPENING, due=date(2024, 5, 2)), CLOSING),
    indicators=(),
    phases=(replace(AUTUMN, ends=date(2024, 11, 29)),),
    not_before=date(2024, 3, 2),
)
BEFORE = replace(
    PROPOSED, plan=WHOLE, partners=("gto", "gtc"), summary=TextRef(id="1" * 32, commitment="0" * 64)
)


def in_order(*given: Any) -> list[RecordedFact[Any]]:
    return [
        RecordedFact(number, "task/2024-06", number, one.kind, AT, AT, envelope(), one)
        for number, one in enumerate(given, start=1)
    ]


def last(lang: Any, *given: Any) -> str:
    return history(in_order(*given), TEXTS, NAMES, lang)[-1].sentence


def test_a_revision_names_all_that_changed_was_added_or_taken_away() -> None:
    revised = facts.Revised(
        title=LocalText(ko="새 과제", en="task"),
        department=LocalText(ko="관광도시과"),
        partners=("gjcf", "gto"),
        plan=OTHER,
        summary=TextRef(id="2" * 32, commitment="0" * 64),
    )
    assert last("ko", BEFORE, revised) == (
        "시 총괄부서: 제안을 수정·보완하였음: 과제명 과제 → 새 과제; 소관부서 없음 → 관광도시과; "
        "협업기관 추가: gjcf; 협업기관 제외: gtc; 시작일 2024-03-01 → 2024-03-02; 종료일 2024-12-31 → 2024-12-30; "
        "예산(원) 1,000 → 2,000,000; 추진일정 ‘개막’(m1) 기한일 2024-05-01 → 2024-05-02; "
        "추진일정 추가: ‘폐막’(m2) 기한일 2024-09-01; 성과지표 삭제: ‘방문객’(v) 단위 명, 기준값 0, 목표값 9; "
        "시기 ‘가을’ 종료일 2024-11-30 → 2024-11-29; 시작 가능일 없음 → 2024-03-02; "
        "요약 관광객이 늘어서 → 조건 하나."
    )
    assert (
        "milestones “Opening”(m1) due 2024-05-01 → 2024-05-02; milestones added: “폐막”(m2) due 2024-09-01; "
        "indicators taken away: “방문객”(v) unit 명, baseline 0, target 9;"
    ) in last("en", BEFORE, revised)


@pytest.mark.parametrize("name", Plan.__struct_fields__)
@pytest.mark.parametrize("fact", [facts.Revised, facts.Replanned, facts.ReplanRequested])
def test_no_field_of_a_plan_changes_without_a_word(fact: Any, name: str) -> None:
    plan = replace(WHOLE, **{name: getattr(OTHER, name)})
    for lang, label in (("ko", PLANS_FIELDS[name].ko), ("en", PLANS_FIELDS[name].en)):
        sentence = last(lang, BEFORE, fact(plan=plan))
        (said,) = sentence.removesuffix(".").split(": ", 2 if lang == "ko" else 1)[-1:]
        assert all(part.startswith(label) for part in said.split("; ")), "and nothing else is named"


def test_what_a_replan_changes_is_told_against_the_plan_in_force_also_after_another() -> None:
    asked, granted = facts.ReplanRequested(plan=OTHER), facts.Replanned(plan=OTHER)
    less = facts.Replanned(plan=replace(OTHER, budget_krw=1))
    lines = [one.sentence for one in history(in_order(BEFORE, asked, granted, less), TEXTS, NAMES, "en")]
    assert "budget (KRW) 1,000 → 2,000,000" in lines[1]
    assert "budget (KRW) 1,000 → 2,000,000" in lines[2]
    assert lines[3] == "The city planner put a new plan into force: budget (KRW) 2,000,000 → 1."


def test_a_late_revision_is_told_against_what_was_so_then() -> None:
    first, late = facts.Revised(plan=OTHER), facts.Revised(plan=replace(WHOLE, budget_krw=5))
    one, two, three = in_order(BEFORE, first, late)
    early = AT - timedelta(days=1)
    one = msgspec.structs.replace(one, known_at=early, envelope=envelope(early - timedelta(days=1)))
    three = msgspec.structs.replace(three, envelope=envelope(early))
    sentence = history([one, two, three], TEXTS, NAMES, "en")[-1].sentence
    assert "budget (KRW) 1,000 → 5. (" in sentence


def test_where_not_all_before_is_known_a_revision_tells_what_it_gave() -> None:
    (line,) = history(in_order(BEFORE, facts.Revised(plan=OTHER))[1:], TEXTS, NAMES, "en")
    assert "from 2024-03-02 to 2024-12-30, with a budget of KRW 2,000,000" in line.sentence


def test_a_name_is_told_as_it_was_on_the_day_with_todays_beside_it() -> None:
    """Renamed in May, and merged in July: what was in March is told by the name of March."""
    stones, other = (
        LocalText(ko=name, en=en) for name, en in (("옛재단", "Old Foundation"), ("새재단", "New Foundation"))
    )
    into = LocalText(ko="통합공사", en="Merged Corporation")
    months = {3: AgencyRegistered(name=stones), 5: Renamed(name=other), 7: Merged(into="one")}
    named = [
        replace(recorded_of(fact, effective_at=AT.replace(month=month)), stream="agency/gto", version=number)
        for number, (month, fact) in enumerate(months.items(), start=1)
    ]
    one = replace(recorded_of(AgencyRegistered(name=into)), stream="agency/one")

    def said(month: int, known: int, lang: Any) -> str:
        names = AgencyNames([one, *named[:known]])
        event = recorded_of(PROPOSED, effective_at=AT.replace(month=month))
        (line,) = history([event], TEXTS, names, lang)
        return line.sentence

    assert "led by Old Foundation," in said(4, 1, "en")
    assert "led by Old Foundation (now New Foundation)," in said(4, 2, "en")
    assert "led by New Foundation," in said(6, 2, "en"), "the control: by then it was called so"
    assert "led by Old Foundation (now Merged Corporation)," in said(4, 3, "en")
    assert "옛재단(현 통합공사)" in said(4, 3, "ko")
    assert "led by Old Foundation," in said(2, 1, "en"), "before it had a name, by its first"
