"""What can happen to a view by a person's hand. The kinds and fields are stored for ever."""

from __future__ import annotations

from domain.aggregate import Fact


class FactSkipped(Fact, frozen=True):
    """The view may pass over the fact at this position of the log, should it not be able to fold it."""

    kind = "view.fact_skipped"
    position: int


ViewFact = FactSkipped
