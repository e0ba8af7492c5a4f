"""What came of one attempt to hand a message over."""

from __future__ import annotations

from datetime import timedelta
from typing import Literal

import msgspec

from domain.message.facts import Problem


class DeliveryResult(msgspec.Struct, frozen=True):
    """`code`: of the server's reply. `host_away`: nothing else should be tried with that host for a while.

    `after`: how long the server asks to be left alone. `gone`: it says that nobody will ever be there again.
    """

    outcome: Literal["sent", "deferred", "failed", "unknown"]
    problem: Problem | None = None
    code: int | None = None
    host_away: bool = False
    after: timedelta | None = None
    gone: bool = False


UNREACHABLE = DeliveryResult("deferred", "unreachable", host_away=True)
NO_ANSWER = DeliveryResult("unknown", "no_answer")
