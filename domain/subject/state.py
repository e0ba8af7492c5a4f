"""A person's entry as its facts made it."""

from __future__ import annotations

from datetime import datetime

import msgspec
from msgspec.structs import replace

from domain.errors import Lang
from domain.fact import Fold
from domain.subject.facts import Erased, LanguageChosen, Registered, SubjectFact


class Person(msgspec.Struct, frozen=True, gc=False):
    """`lang`: in which they are written to, where they chose."""

    registered: bool = False
    erased: bool = False
    lang: Lang | None = None


def evolve(person: Person, fact: SubjectFact, at: datetime, version: int) -> Person:
    match fact:
        case Registered():
            return replace(person, registered=True)
        case LanguageChosen():
            return replace(person, lang=fact.lang)
        case Erased():
            return replace(person, erased=True)
    return person


SUBJECT = Fold.of("subject", Person(), SubjectFact, evolve)
