"""What a fact needs to be told, and the phrases that several kinds share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from domain.errors import Bilingual, Lang
from domain.limits import legible
from domain.task.deadline_kinds import describe_deadline
from domain.units import say_amount
from domain.values import Deadline, Figure, LocalText, Plan
from domain.year_parts import find_part
from projections.labels import find_milestone_name, label_for
from trail.english import fill_counts


def deadline_in_words(
    kind: str, item: str | None, name: LocalText | None, lang: Lang, called: LocalText | None = None
) -> str:
    """What is due in words, e.g. "the progress report for 2024-Q3"; a kind of another program by itself.

    `name`: what people call the item, `called`: the kind, see describe_deadline.
    """
    return legible(describe_deadline(kind, item, name, called).say(lang))


class Narration(msgspec.Struct, frozen=True):
    """A fact with what is needed to tell it: the actor's name, how texts (and attachments) and agencies are read, the plan in force.

    `before`: the deadlines that were open before the fact; `state`: what it is a fact of, as it was before it, where all
    that came before is known; `people`: persons' names by id, of those who may be named; `title_now`: of the task that it is
    about, where today's is to stand beside the one that the fact has; `items`: what milestones of that task are called, by id,
    asked where the plan in force does not say it.
    """

    fact: Any
    actor: str
    text: Callable[[Any], str]
    name: Callable[[str], str]
    lang: Lang
    plan: Plan | None = None
    before: tuple[Deadline, ...] = ()
    state: Any = None
    people: Mapping[str, str] = {}
    title_now: LocalText | None = None
    items: Callable[[], Mapping[str, LocalText]] = dict

    def say(self, ko: str, en: str) -> str:
        """The phrase with the actor at its head."""
        if self.lang == "ko":
            return f"{self.actor}: {ko}"
        return f"{self.actor[:1].upper()}{self.actor[1:]} {en}"

    def either(self, ko: str, en: str) -> str:
        return ko if self.lang == "ko" else en

    def in_words(self, value: LocalText) -> str:
        return legible(value.say(self.lang))

    def beside(self, title: str) -> str:
        """Today's title of the task, to stand behind the one that the fact has, where that is another."""
        new_title = title if self.title_now is None else self.in_words(self.title_now)
        return "" if new_title == title else self.either(f"(현 ‘{new_title}’)", f" (now “{new_title}”)")

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
                return f"{self.in_words(indicator.name)} {say_amount(figure.value, indicator.unit).say(self.lang)}"
        return f"{figure.indicator} {figure.value}"

    def person(self, subject: str) -> str:
        """By name where the reader may see it, else by the id."""
        return self.people.get(subject, subject)

    def deadline(self, kind: str, item: str | None, called: LocalText | None) -> str:
        """What is due, by its kind and which of several."""
        return deadline_in_words(kind, item, self._find_name(item), self.lang, called)

    def milestone(self, identity: str) -> str:
        name = self._find_name(identity)
        return identity if name is None else self.in_words(name)

    def _find_name(self, item: str | None) -> LocalText | None:
        """None of a quarter, which needs no name."""
        if item is None or find_part(item) is not None:
            return None
        return find_milestone_name(self.plan, item) or self.items().get(item)


def particulars(parts: list[str]) -> str:
    """What follows the sentence; a text that ends its own sentence gets no second full stop."""
    return (" " + "; ".join(part.rstrip(".") for part in parts) + ".") if parts else ""


def field_labels(pairs: str) -> dict[str, Bilingual]:
    """Names of fields in both languages, a line each: `lead|주관기관|lead agency`."""
    return {
        name: Bilingual(ko, en) for name, ko, en in (line.split("|") for line in pairs.split("\n") if line)
    }


def phrase(ko: str, en: str) -> Callable[[Narration], str]:
    """A phrase of the program's own, in which `{…}` are the fact's fields."""

    def told_so(narration: Narration) -> str:
        fields = msgspec.structs.asdict(narration.fact)
        return narration.say(ko.format(**fields), fill_counts(en, **fields))

    return told_so


def with_agency(field: str, ko: str, en: str) -> Callable[[Narration], str]:
    """A phrase in which `{}` is the name of the agency in a field."""

    def told_so(narration: Narration) -> str:
        name = narration.name(getattr(narration.fact, field))
        return narration.say(ko.format(name), en.format(name))

    return told_so


def narrate_contact_set(narration: Narration) -> str:
    what = label_for(
        "contacts", getattr(narration.fact, "office", None) or narration.fact.channel, narration.lang
    )
    address = narration.fact.address or "–"
    return narration.say(f"연락처를 지정하였음: {what} {address}.", f"set the contact: {what} {address}.")


def narrate_language_chosen(narration: Narration) -> str:
    lang = label_for("lang", narration.fact.lang, narration.lang)
    office = getattr(narration.fact, "office", None)  # of the city; an agency and a person need not be named
    whose = "" if office is None else f"{label_for('office', office, narration.lang)} "
    return narration.say(
        f"알림을 받을 언어를 지정하였음: {whose}{lang}.", f"chose the language of reminders: {whose}{lang}."
    )
