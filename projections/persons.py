"""A person's details from the vault against the facts about the person: as sealed, erased by a fact, missing or changed."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Any

import msgspec

from domain.errors import Bilingual, Lang
from domain.subject.facts import Changed, Erased, Registered
from store.details import DetailsRead
from store.recorded import RecordedFact
from trail.particles import fill


class PersonState(StrEnum):
    """UNKNOWN: no fact registers the person. MISSING: details are not there, and no fact says that they were erased."""

    UNKNOWN = "unknown"
    SEALED = "as_sealed"
    ERASED = "erased"
    MISSING = "missing"
    CHANGED = "changed"


class PersonRead(msgspec.Struct, frozen=True):
    """`fact`: the position of the erasure; `fields`: what is missing or changed; none where all is missing.

    Facts hold no commitment to details: they tell that a person was registered, which details were changed and that
    they were erased. A detail that no fact names can be removed, and an older value of the same person's put back.
    """

    state: PersonState
    details: dict[str, str]
    fields: tuple[str, ...] = ()
    fact: int | None = None


_SAID = {
    PersonState.UNKNOWN: Bilingual("등록된 적이 없습니다", "was never registered"),
    PersonState.SEALED: Bilingual("", ""),
    PersonState.ERASED: Bilingual("파기됨({fact}번 기록)", "erased by fact {fact}"),
    PersonState.MISSING: Bilingual(
        "개인정보{fields}가 없으며 파기하였다는 기록도 없습니다",
        "details{fields} are missing and no fact says that they were erased",
    ),
    PersonState.CHANGED: Bilingual(
        "개인정보{fields}가 이 사람의 것으로 봉인된 값이 아닙니다",
        "details{fields} are not what was sealed for this person",
    ),
}


def person_read(facts: Sequence[RecordedFact[Any]], found: DetailsRead) -> PersonRead:
    """`facts`: the person's own, oldest first; `found`: what the vault has."""
    if not any(isinstance(one.fact, Registered) for one in facts):
        return PersonRead(PersonState.UNKNOWN, {})
    erased = next((one.position for one in facts if isinstance(one.fact, Erased)), None)
    if erased is not None:
        return PersonRead(PersonState.ERASED, {}, fact=erased)
    if found.changed:
        return PersonRead(PersonState.CHANGED, found.details, found.changed)
    if not found.there:
        return PersonRead(PersonState.MISSING, {})
    named = {field for one in facts if isinstance(one.fact, Changed) for field in one.fact.fields}
    missing = tuple(sorted(named - found.details.keys()))
    return PersonRead(PersonState.MISSING if missing else PersonState.SEALED, found.details, missing)


def in_words(person: PersonRead, lang: Lang) -> str:
    """What has to be told of the person's details; nothing where they are as sealed."""
    space = "" if lang == "ko" else " "
    fields = f"{space}({', '.join(person.fields)})" if person.fields else ""
    return fill(_SAID[person.state].say(lang), fields=fields, fact=person.fact)
