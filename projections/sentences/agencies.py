"""How an agency's facts are told."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from domain.agency.rules import POSTS
from domain.particles import filled, particle
from projections.sentences.telling import Told, contact_set, fixed, with_agency


def _transferred(told: Told) -> str:
    name, to = told.in_words(told.fact.name), told.name(told.fact.to)
    ko, en = {"function": ("기능", "function"), "facility": ("시설", "facility")}[told.fact.what]
    return told.say(
        f"{ko} ‘{name}’{particle(name, '을(를)')} {to}에 이관하였음.",
        f"transferred the {en} “{name}” to {to}.",
    )


def _in_post(ko: str, en: str) -> Callable[[Told], str]:
    """A phrase about a person, by the vault's id, and a post."""

    def told_so(told: Told) -> str:
        post = POSTS[told.fact.post].say(told.lang)
        return told.say(filled(ko, told.fact.subject, post), en.format(told.fact.subject, post))

    return told_so


def _substitute_appointed(told: Told) -> str:
    fact = told.fact
    return told.say(
        f"직무대리를 지정하였음(#{fact.number}): {fact.absent}의 직무를 {fact.starts}~{fact.ends}에 {fact.substitute}{particle(fact.substitute, '이(가)')} 대리함.",
        f"appointed a substitute (#{fact.number}): {fact.substitute} stands in for {fact.absent} from {fact.starts} to {fact.ends}.",
    )


def _decision_delegated(told: Told) -> str:
    fact = told.fact
    ko, en = {"standing": ("전결", "for good"), "proxy": ("대결", "as a proxy")}[fact.form]
    until = fact.ends or ""
    return told.say(
        f"결재를 위임하였음(#{fact.number}, {ko}): {fact.holder}의 {fact.decision} 결정을 {fact.delegate}{particle(fact.delegate, '이(가)')} 함({fact.starts}~{until}).",
        f"delegated a decision (#{fact.number}, {en}): {fact.delegate} decides {fact.decision} for {fact.holder}, "
        f"from {fact.starts}{f' to {until}' if until else ''}.",
    )


def _registered(told: Told) -> str:
    name = told.in_words(told.fact.name)
    said = told.say(
        f"기관 ‘{name}’{particle(name, '을(를)')} 등록하였음.", f"registered the agency “{name}”."
    )
    former = ", ".join(map(told.in_words, told.fact.formerly))
    return said + (told.either(f" 옛 이름: {former}.", f" Formerly: {former}.") if former else "")


def _renamed(told: Told) -> str:
    name = told.in_words(told.fact.name)
    return told.say(
        f"기관 이름을 ‘{name}’{particle(name, '(으)로')} 바꾸었음.", f"renamed the agency “{name}”."
    )


AGENCIES: Mapping[str, Callable[[Told], str]] = {
    "agency.renamed": _renamed,
    "agency.merged": with_agency("into", "기관을 {}에 통합하였음.", "merged the agency into {}."),
    "agency.transferred": _transferred,
    "agency.closed": fixed("기관을 폐지하였음.", "closed the agency."),
    "agency.appointed": _in_post("{0}을(를) {1}(으)로 지정하였음.", "appointed {0} as {1}."),
    "agency.released": _in_post("{0}을(를) {1}에서 해제하였음.", "released {0} as {1}."),
    "agency.substitute_appointed": _substitute_appointed,
    "agency.substitution_ended": fixed(
        "직무대리(#{number})를 끝냈음.", "ended the substitution (#{number})."
    ),
    "agency.decision_delegated": _decision_delegated,
    "agency.delegation_ended": fixed("결재 위임(#{number})을 끝냈음.", "ended the delegation (#{number})."),
    "agency.registered": _registered,
    "agency.contact_set": contact_set,
}
