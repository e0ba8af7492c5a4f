"""A lifecycle definition's versions as its facts made them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

import msgspec
from msgspec.structs import replace

from domain.definition.facts import Adopted, DefinitionFact, Drafted, Withdrawn
from domain.definition.refusals import ForOtherYears, NotInForceYet, WithdrawnAlready
from domain.fact import Fold
from domain.seoul import local_day
from domain.streams import version_of


class Draft(msgspec.Struct, frozen=True, gc=False):
    content: str
    sha256: str
    since: datetime


class AdoptedVersion(msgspec.Struct, frozen=True, gc=False):
    """As the fact has it. `since`: when it was adopted."""

    content: str
    sha256: str
    from_day: date
    programmes: tuple[int, ...]
    since: datetime


class Versions(msgspec.Struct, frozen=True, gc=False):
    """By number. `drafts`: only of what is not adopted; `withdrawn`: when each was."""

    drafts: Mapping[int, Draft] = msgspec.field(default_factory=dict)
    adopted: Mapping[int, AdoptedVersion] = msgspec.field(default_factory=dict)
    withdrawn: Mapping[int, datetime] = msgspec.field(default_factory=dict)

    def check_not_withdrawn(self, identity: str) -> None:
        """Raises WithdrawnAlready."""
        if (at := self.withdrawn.get(version_of(identity))) is not None:
            raise WithdrawnAlready(definition=identity, day=local_day(at))

    def check_may_be_taken(self, identity: str, today: date, year: int | None = None) -> None:
        """Refuse a version that is withdrawn, not in force yet, or for other years: no programme is opened by it and no task
        moved to it. One that is not adopted is left to who knows the templates.
        """
        one = self.adopted.get(version_of(identity))
        if one is None:
            return
        self.check_not_withdrawn(identity)
        if today < one.from_day:
            raise NotInForceYet(definition=identity, day=one.from_day, today=today)
        if year is not None and one.programmes and year not in one.programmes:
            raise ForOtherYears(definition=identity, years=", ".join(map(str, one.programmes)), year=year)

    def may_be_taken(self, identity: str, today: date, year: int) -> bool:
        """Whether `check_may_be_taken` lets it pass."""
        try:
            self.check_may_be_taken(identity, today, year)
        except (WithdrawnAlready, NotInForceYet, ForOtherYears):
            return False
        return True


def evolve(versions: Versions, fact: DefinitionFact, at: datetime, version: int) -> Versions:
    """The versions after the fact."""
    match fact:
        case Drafted():
            drafts = {**versions.drafts, fact.version: Draft(fact.content, fact.sha256, at)}
            return replace(versions, drafts=drafts)
        case Adopted():
            adopted = AdoptedVersion(fact.content, fact.sha256, fact.from_day, fact.programmes, at)
            return replace(
                versions,
                drafts={number: one for number, one in versions.drafts.items() if number != fact.version},
                adopted={**versions.adopted, fact.version: adopted},
            )
        case Withdrawn():
            return replace(versions, withdrawn={**versions.withdrawn, fact.version: at})


DEFINITION = Fold.of("definition", Versions(), DefinitionFact, evolve)
