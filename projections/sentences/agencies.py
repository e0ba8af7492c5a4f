"""How an agency's facts are told."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from domain.agency.facts import POSTS
from projections.sentences.narration import (
    Narration,
    field_labels,
    narrate_contact_set,
    narrate_language_chosen,
    phrase,
    with_agency,
)
from trail.particles import fill, particle


def _narrate_transferred(narration: Narration) -> str:
    name, to = narration.in_words(narration.fact.name), narration.name(narration.fact.to)
    ko, en = {"function": ("기능", "function"), "facility": ("시설", "facility")}[narration.fact.what]
    return narration.say(
        f"{ko} ‘{name}’{particle(name, '을(를)')} {to}에 이관하였음.",
        f"transferred the {en} “{name}” to {to}.",
    )


def _narrate_post(ko: str, en: str) -> Callable[[Narration], str]:
    """A phrase about a person and a post."""

    def told_so(narration: Narration) -> str:
        post = POSTS[narration.fact.post].say(narration.lang)
        person = narration.person(narration.fact.subject)
        return narration.say(fill(ko, person, post), en.format(person, post))

    return told_so


def _narrate_substitute_appointed(narration: Narration) -> str:
    fact = narration.fact
    absent, substitute = narration.person(fact.absent), narration.person(fact.substitute)
    return narration.say(
        f"직무대리를 지정하였음(#{fact.number}): {absent}의 직무를 {fact.starts}~{fact.ends}에 {substitute}{particle(substitute, '이(가)')} 대리함.",
        f"appointed a substitute (#{fact.number}): {substitute} stands in for {absent} from {fact.starts} to {fact.ends}.",
    )


def _narrate_decision_delegated(narration: Narration) -> str:
    fact = narration.fact
    ko, en = {"standing": ("전결", "for good"), "proxy": ("대결", "as a proxy")}[fact.form]
    until = fact.ends or ""
    holder, delegate = narration.person(fact.holder), narration.person(fact.delegate)
    return narration.say(
        f"결재를 위임하였음(#{fact.number}, {ko}): {holder}의 {fact.decision} 결정을 {delegate}{particle(delegate, '이(가)')} 함({fact.starts}~{until}).",
        f"delegated a decision (#{fact.number}, {en}): {delegate} decides {fact.decision} for {holder}, "
        f"from {fact.starts}{f' to {until}' if until else ''}.",
    )


def _narrate_registered(narration: Narration) -> str:
    name = narration.in_words(narration.fact.name)
    said = narration.say(
        f"기관 ‘{name}’{particle(name, '을(를)')} 등록하였음.", f"registered the agency “{name}”."
    )
    former = ", ".join(map(narration.in_words, narration.fact.formerly))
    return said + (narration.either(f" 옛 이름: {former}.", f" Formerly: {former}.") if former else "")


def _narrate_renamed(narration: Narration) -> str:
    name = narration.in_words(narration.fact.name)
    return narration.say(
        f"기관 이름을 ‘{name}’{particle(name, '(으)로')} 바꾸었음.", f"renamed the agency “{name}”."
    )


AGENCIES: Mapping[str, Callable[[Narration], str]] = {
    "agency.renamed": _narrate_renamed,
    "agency.merged": with_agency("into", "기관을 {}에 통합하였음.", "merged the agency into {}."),
    "agency.transferred": _narrate_transferred,
    "agency.closed": phrase("기관을 폐지하였음.", "closed the agency."),
    "agency.appointed": _narrate_post("{0}을(를) {1}(으)로 지정하였음.", "appointed {0} as {1}."),
    "agency.released": _narrate_post("{0}을(를) {1}에서 해제하였음.", "released {0} as {1}."),
    "agency.substitute_appointed": _narrate_substitute_appointed,
    "agency.substitution_ended": phrase(
        "직무대리(#{number})를 종료하였음.", "ended the substitution (#{number})."
    ),
    "agency.decision_delegated": _narrate_decision_delegated,
    "agency.delegation_ended": phrase(
        "결재 위임(#{number})을 종료하였음.", "ended the delegation (#{number})."
    ),
    "agency.registered": _narrate_registered,
    "agency.contact_set": narrate_contact_set,
    "agency.language_chosen": narrate_language_chosen,
}

# the fields that only these facts have, as people read them
AGENCIES_FIELDS = field_labels("""
absent|자리를 비운 사람|absent
decision|결정|decision
delegate|수임자|delegate
delegations|위임|delegations
formerly|옛 이름|formerly
form|형태|form
holder|권한자|holder
into|통합 기관|into
names|이름|names
posts|직위|posts
post|직위|post
substitute|직무대리자|substitute
substitutions|직무대리|substitutions
successor|승계 기관|successor
""")
