"""An agency as its facts made it."""

from __future__ import annotations

from datetime import datetime

import msgspec

from domain.agency.facts import AgencyFact
from domain.values import LocalText


class Agency(msgspec.Struct, frozen=True, gc=False):
    """`name` is absent until the agency is registered."""

    name: LocalText | None = None

    @property
    def registered(self) -> bool:
        return self.name is not None


def evolve(agency: Agency, fact: AgencyFact, at: datetime) -> Agency:
    return Agency(name=fact.name)
