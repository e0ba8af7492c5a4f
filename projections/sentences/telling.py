"""What a fact needs to be told, and the phrases that several kinds share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from domain.errors import Lang, Worded
from domain.limits import legible
from domain.values import Deadline, Figure, LocalText, Plan
from projections.labels import called

DEADLINES: Mapping[str, Worded] = {
    "decision": Worded("제안 결정", "the decision on the proposal"),
    "answer": Worded("보완 제출", "the answer to the return"),
    "start": Worded("착수", "the start"),
    "progress": Worded("분기 실적 보고", "the progress report for"),
    "milestone": Worded("추진일정", "the milestone"),
    "final_report": Worded("최종 보고", "the final report"),
    "evaluation": Worded("평가", "the evaluation"),
}


def deadline_named(kind: str, item: str | None, lang: Lang) -> str:
    """What is due in words, e.g. "the progress report for 2024-Q3"; a kind of another program by itself."""
    name = DEADLINES[kind].say(lang) if kind in DEADLINES else kind
    return name if item is None else f"{name} {item}"


class Told(msgspec.Struct, frozen=True):
    """A fact with what is needed to tell it: the actor's name, how texts and agencies are read, the plan in force.

    `before`: the deadlines that were open before the fact.
    """

    fact: Any
    actor: str
    text: Callable[[Any], str]
    name: Callable[[str], str]
    lang: Lang
    plan: Plan | None = None
    before: tuple[Deadline, ...] = ()

    def say(self, ko: str, en: str) -> str:
        """The phrase with the actor at its head."""
        if self.lang == "ko":
            return f"{self.actor}: {ko}"
        return f"{self.actor[:1].upper()}{self.actor[1:]} {en}"

    def either(self, ko: str, en: str) -> str:
        return ko if self.lang == "ko" else en

    def in_words(self, value: LocalText) -> str:
        return legible(value.say(self.lang))

    def period(self, plan: Plan) -> str:
        money = f"{plan.budget_krw:,}"
        return self.either(
            f"기간 {plan.start}~{plan.end}, 예산 {money}원",
            f"from {plan.start} to {plan.end}, with a budget of KRW {money}",
        )

    def figure(self, figure: Figure) -> str:
        """An indicator's value by name and unit, as far as the plan knows it."""
        for indicator in self.plan.indicators if self.plan else ():
            if indicator.id == figure.indicator:
                return f"{self.in_words(indicator.name)} {figure.value}{indicator.unit}"
        return f"{figure.indicator} {figure.value}"

    def deadline(self, kind: str, item: str | None) -> str:
        """What is due, by its kind and which of several."""
        return deadline_named(kind, self.milestone(item) if item else None, self.lang)

    def milestone(self, identity: str) -> str:
        names = {one.id: self.in_words(one.name) for one in (self.plan.milestones if self.plan else ())}
        return names.get(identity, identity)


def particulars(parts: list[str]) -> str:
    """What follows the sentence; a text that ends its own sentence gets no second full stop."""
    return (" " + "; ".join(part.rstrip(".") for part in parts) + ".") if parts else ""


def fixed(ko: str, en: str) -> Callable[[Told], str]:
    """A phrase of the program's own, in which `{…}` are the fact's fields."""

    def told_so(told: Told) -> str:
        fields = msgspec.structs.asdict(told.fact)
        return told.say(ko.format(**fields), en.format(**fields))

    return told_so


def with_agency(field: str, ko: str, en: str) -> Callable[[Told], str]:
    """A phrase in which `{}` is the name of the agency in a field."""

    def told_so(told: Told) -> str:
        name = told.name(getattr(told.fact, field))
        return told.say(ko.format(name), en.format(name))

    return told_so


def contact_set(told: Told) -> str:
    what = called("contacts", getattr(told.fact, "office", None) or told.fact.channel, told.lang)
    address = told.fact.address or "–"
    return told.say(f"연락처를 정하였음: {what} {address}.", f"set the contact: {what} {address}.")
