"""How the facts of the city's positions are told."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from domain.position.facts import MANDATES
from projections.sentences.narration import Narration, field_labels, phrase
from trail.particles import fill, particle


def _narrate_declared(narration: Narration) -> str:
    name = narration.in_words(narration.fact.name)
    return narration.say(
        f"시 직위 ‘{name}’{particle(name, '을(를)')} 등록하였음.", f"declared the position “{name}”."
    )


def _narrate_person(ko: str, en: str) -> Callable[[Narration], str]:
    def told_so(narration: Narration) -> str:
        person = narration.person(narration.fact.subject)
        return narration.say(fill(ko, person), en.format(person))

    return told_so


def _narrate_delegated(narration: Narration) -> str:
    fact = narration.fact
    holder, delegate = narration.person(fact.holder), narration.person(fact.delegate)
    mandate, until = MANDATES[fact.mandate], fact.ends or ""
    return narration.say(
        f"결재를 위임하였음(#{fact.number}, {mandate.ko}): {holder}의 결재를 {delegate}{particle(delegate, '이(가)')} 함({fact.starts}~{until}).",
        f"delegated the signing (#{fact.number}): {delegate} signs for {holder} {mandate.en}, "
        f"from {fact.starts}{f' to {until}' if until else ''}.",
    )


POSITIONS: Mapping[str, Callable[[Narration], str]] = {
    "position.declared": _narrate_declared,
    "position.appointed": _narrate_person(
        "{0}을(를) 이 직위에 임명하였음.", "appointed {0} to the position."
    ),
    "position.released": _narrate_person(
        "{0}을(를) 이 직위에서 해임하였음.", "released {0} from the position."
    ),
    "position.delegated": _narrate_delegated,
    "position.delegation_ended": phrase(
        "결재 위임(#{number})을 종료하였음.", "ended the delegation (#{number})."
    ),
}

# the fields that only these facts have, as people read them
POSITIONS_FIELDS = field_labels("""
holders|재직자|holders
mandate|위임의 종류|mandate
""")
