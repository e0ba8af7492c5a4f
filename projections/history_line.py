"""A line of a history, as readings give it; what tells it is `projections.history`."""

from __future__ import annotations

from datetime import datetime

import msgspec


class Line(msgspec.Struct, frozen=True):
    """One fact as a sentence. `at`: when it was so, in Seoul; `known_at`: when it became known; `recorded_at`: when it was
    recorded, which only a simulated store's clock tells apart.
    """

    position: int
    version: int
    kind: str
    at: datetime
    known_at: datetime
    recorded_at: datetime
    sentence: str
