"""What can happen to a finding of the trail. The kinds and fields are stored for ever."""

from __future__ import annotations

from domain.fact import Fact
from domain.values import TextRef


class Examined(Fact, frozen=True):
    """An inspector has looked into it. `rule`: which found it; `about`: the position of the fact, or the attempt's number."""

    kind = "finding.examined"
    rule: str
    about: int
    note: TextRef


FindingFact = Examined
