"""How the facts of policy concerns are told."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from domain.concern.state import CAME
from projections.sentences.narration import Narration, field_labels, particulars, phrase
from trail.particles import fill, particle


def _whose(narration: Narration) -> str:
    agency = narration.fact.agency
    return narration.either("시", "the city") if agency is None else narration.name(agency)


def _describe_invited(narration: Narration) -> list[str]:
    if not narration.fact.invited:
        return []
    names = ", ".join(map(narration.name, narration.fact.invited))
    return [narration.either(f"의견 요청 {names}", f"asked for opinions: {names}")]


def _narrate_raised(narration: Narration) -> str:
    fact, name = narration.fact, narration.in_words(narration.fact.name)
    whose, tasks = _whose(narration), ", ".join(fact.tasks)
    more = [narration.text(fact.question)]
    if fact.tasks:
        more.append(narration.either(f"관련 과제 {tasks}", f"tasks affected: {tasks}"))
    more += _describe_invited(narration)
    more.append(narration.either(f"적용 정의 {fact.definition}", f"under {fact.definition}"))
    said = narration.say(
        f"현안 ‘{name}’{particle(name, '을(를)')} 제기하였음({whose}). 의견 제출 {fact.until}까지.",
        f"raised the concern “{name}” of {whose}. Opinions until {fact.until}.",
    )
    return said + particulars(more)


def _narrate_opinion(narration: Narration) -> str:
    fact, whose, text = narration.fact, _whose(narration), narration.text(narration.fact.text)
    return narration.say(
        f"의견을 제출하였음(#{fact.opinion}, {fact.round}차, {whose}): {text}",
        f"gave an opinion (#{fact.opinion}, round {fact.round}, of {whose}): {text}",
    )


def _narrate_alternative(narration: Narration) -> str:
    fact, name = narration.fact, narration.in_words(narration.fact.name)
    more = []
    if fact.cost_krw is not None:
        more.append(narration.either(f"비용 {fact.cost_krw:,}원", f"costs KRW {fact.cost_krw:,}"))
    for ref, ko, en in (
        (fact.effects, "효과", "effects"),
        (fact.risks, "위험", "risks"),
        (fact.sources, "출처", "sources"),
    ):
        if ref is not None:
            more.append(f"{narration.either(ko, en)}: {narration.text(ref)}")
    said = narration.say(
        f"대안 {fact.alternative} ‘{name}’{particle(name, '을(를)')} 제시하였음({_whose(narration)}).",
        f"added alternative {fact.alternative}, “{name}”, of {_whose(narration)}.",
    )
    return said + particulars(more)


def _narrate_round(narration: Narration) -> str:
    fact = narration.fact
    said = narration.say(
        f"{fact.round}차 의견 수렴을 시작하였음. 의견 제출 {fact.until}까지.",
        f"opened round {fact.round}. Opinions until {fact.until}.",
    )
    return said + particulars(_describe_invited(narration))


def _narrate_linked(narration: Narration) -> str:
    what = narration.fact.follow_up
    return narration.say(fill("후속 조치로 {0}을(를) 연결하였음.", what), f"linked {what} as what follows.")


def _narrate_reviewed(narration: Narration) -> str:
    came, text = CAME[narration.fact.came], narration.text(narration.fact.text)
    return narration.say(f"사후 점검: {came.ko}. {text}", f"reviewed it: {came.en}. {text}")


CONCERNS: Mapping[str, Callable[[Narration], Any]] = {
    "concern.raised": _narrate_raised,
    "concern.opinion_given": _narrate_opinion,
    "concern.alternative_added": _narrate_alternative,
    "concern.alternative_dropped": phrase(
        "대안 {alternative}을(를) 제외하였음.", "dropped alternative {alternative}."
    ),
    "concern.round_opened": _narrate_round,
    "concern.chosen": phrase(
        "대안 {alternative}을(를) 채택하였음. 사후 점검 {review_on}부터.",
        "chose alternative {alternative}. To be reviewed from {review_on} on.",
    ),
    "concern.deferred": phrase("현안을 {until}까지 보류하였음.", "deferred the concern until {until}."),
    "concern.dropped": phrase("현안을 종결하였음.", "dropped the concern."),
    "concern.linked": _narrate_linked,
    "concern.reviewed": _narrate_reviewed,
}

# the fields that only these facts have, as people read them
CONCERNS_FIELDS = field_labels("""
added|제시 내용|as added
alternative|대안|alternative
alternatives|대안|alternatives
came|점검 결과|how it came
chosen|채택한 대안|alternative chosen
concern|현안|concern
cost_krw|비용(원)|cost in won
deferred_until|보류 기한|deferred until
effects|효과|effects
follow_up|후속 조치|what follows
follow_ups|후속 조치|what follows
opinion|의견|opinion
opinion_days|의견 제출 기간(영업일)|business days for opinions
opinions|의견|opinions
question|검토할 질문|question
raised|제기 내용|as raised
raised_at|제기한 때|raised at
review_days|사후 점검까지의 기간(일)|days until the review
review_on|사후 점검일|reviewed from
reviewed|사후 점검|review
risks|위험|risks
round|의견 수렴 차수|round
sources|출처|sources
""")
