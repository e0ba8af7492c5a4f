"""What came of one attempt to hand a message over."""

from __future__ import annotations

from typing import Literal

import msgspec

from domain.message.facts import Problem


class Handed(msgspec.Struct, frozen=True):
    """`code`: of the server's reply. `host_away`: nothing else should be tried with that host for a while."""

    outcome: Literal["sent", "deferred", "failed", "unknown"]
    problem: Problem | None = None
    code: int | None = None
    host_away: bool = False


UNREACHABLE = Handed("deferred", "unreachable", host_away=True)
NO_ANSWER = Handed("unknown", "no_answer")
