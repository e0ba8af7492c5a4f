"""How the facts of reform cases are told."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from domain.reform.facts import CATEGORIES
from domain.reform.measures import describe_measure
from projections.sentences.narration import Narration, field_labels, particulars, phrase
from trail.particles import fill, particle


def _tell_content(narration: Narration) -> list[str]:
    """What the fact says of the case: figures, transfers, texts."""
    fact = narration.fact
    told = []
    if (category := getattr(fact, "category", None)) is not None:
        label = CATEGORIES[category]
        told.append(narration.either(f"유형 {label.ko}", f"in {label.en}"))
    told += [describe_measure(one).say(narration.lang) for one in fact.measures]
    for moved in getattr(fact, "transfers", ()):
        giver, taker = narration.name(moved.from_agency), narration.name(moved.to_agency)
        name = narration.in_words(moved.name)
        told.append(
            narration.either(f"‘{name}’ 이관({giver} → {taker})", f"“{name}” from {giver} to {taker}")
        )
    if getattr(fact, "text", None) is not None:
        told.append(narration.text(fact.text))
    if getattr(fact, "evidence", None) is not None:
        evidence = narration.text(fact.evidence)
        told.append(narration.either(f"증빙: {evidence}", f"evidence: {evidence}"))
    return told


def _narrate_entered(narration: Narration) -> str:
    name, agency = narration.in_words(narration.fact.name), narration.name(narration.fact.agency)
    said = narration.say(
        f"{agency}의 우수사례 ‘{name}’{particle(name, '을(를)')} 등록하였음.",
        f"entered the reform case “{name}” of {agency}.",
    )
    return said + particulars(_tell_content(narration))


def _narrate_revised(narration: Narration) -> str:
    told = _tell_content(narration)
    if narration.fact.name is not None:
        name = narration.in_words(narration.fact.name)
        told.insert(0, narration.either(f"이름 ‘{name}’", f"called “{name}”"))
    return narration.say("우수사례를 보완하였음.", "revised the reform case.") + particulars(told)


def _narrate_presented(narration: Narration) -> str:
    fact = narration.fact
    item = "" if fact.item is None else narration.either(f" 안건 {fact.item}", f", item {fact.item}")
    return narration.say(
        f"회의 {fact.meeting}{item}에서 발표한 것으로 기록하였음.",
        f"recorded that it was presented at the meeting {fact.meeting}{item}.",
    )


def _narrate_taken_over(narration: Narration) -> str:
    agency = narration.name(narration.fact.agency)
    said = narration.say(
        fill("{0}이(가) 도입한 것으로 기록하였음.", agency), f"recorded that {agency} took it over."
    )
    return said + particulars(_tell_content(narration))


def _narrate_measured(narration: Narration) -> str:
    agency = narration.name(narration.fact.agency)
    said = narration.say(f"{agency}의 수치를 등록하였음.", f"entered figures of {agency}.")
    return said + particulars(_tell_content(narration))


REFORM: Mapping[str, Callable[[Narration], str]] = {
    "reform.entered": _narrate_entered,
    "reform.revised": _narrate_revised,
    "reform.returned": phrase("우수사례의 보완을 요청하였음.", "returned the reform case."),
    "reform.confirmed": phrase("우수사례를 확인하였음.", "confirmed the reform case."),
    "reform.presented": _narrate_presented,
    "reform.taken_over": _narrate_taken_over,
    "reform.measured": _narrate_measured,
}

# the fields that only these facts have, as people read them
REFORM_FIELDS = field_labels("""
case|우수사례|reform case
category|유형|category
measures|수치|figures
transfers|이관|transfers
presentations|발표한 회의|presented at
takers|도입 기관|taken over by
value_before|이전 값|before
value_after|이후 값|after
before_on|이전 값의 기준일|before, as of
after_on|이후 값의 기준일|after, as of
approximate|어림수|approximate
from_agency|이관 전 기관|from
to_agency|이관받은 기관|to
""")
