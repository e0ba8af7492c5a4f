"""A person's entry as its facts made it."""

from __future__ import annotations

from datetime import datetime

import msgspec
from msgspec.structs import replace

from domain.subject.facts import Erased, Registered, SubjectFact


class Person(msgspec.Struct, frozen=True, gc=False):
    registered: bool = False
    erased: bool = False


def evolve(person: Person, fact: SubjectFact, at: datetime, version: int) -> Person:
    match fact:
        case Registered():
            return replace(person, registered=True)
        case Erased():
            return replace(person, erased=True)
    return person
