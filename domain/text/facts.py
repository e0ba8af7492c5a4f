"""What can happen to a free text that lies beside the log."""

from __future__ import annotations

from domain.fact import Fact


class Redacted(Fact, frozen=True):
    """The text and its salt were taken away with this fact; the commitment in the older fact stays."""

    kind = "text.redacted"


TextFact = Redacted
