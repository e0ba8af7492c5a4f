"""What can happen to a token. The kinds and fields are stored for ever."""

from __future__ import annotations

from datetime import date

from domain.fact import Fact


class Issued(Fact, frozen=True, kw_only=True):
    """A machine may act in a role. `secret_sha256`: all that is kept of the secret; `until`: the last day in Seoul."""

    kind = "token.issued"
    role: str
    agency: str | None = None
    subject: str | None = None
    secret_sha256: str
    until: date


class Revoked(Fact, frozen=True):
    kind = "token.revoked"


TokenFact = Issued | Revoked
