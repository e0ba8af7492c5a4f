"""A finding as its facts made it. Before the first nobody has examined it."""

from __future__ import annotations

from datetime import datetime

import msgspec

from domain.fact import Fold
from domain.finding.facts import FindingFact


class Finding(msgspec.Struct, frozen=True, gc=False):
    """`examinations`: how often it was looked into."""

    examinations: int = 0


def evolve(finding: Finding, fact: FindingFact, at: datetime, version: int) -> Finding:
    """The finding after the fact."""
    return Finding(examinations=finding.examinations + 1)


FINDING = Fold.of("finding", Finding(), FindingFact, evolve)
