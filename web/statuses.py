"""Which HTTP status an error of ours has: by where its refusal is declared, so that a new one needs no line here."""

from __future__ import annotations

from collections.abc import Mapping

from domain.errors import DonghaengError, OutcomeUnknown, ServerUnreachable
from store.errors import CommandIdReused
from workflows import accounts, permissions, persons, tokens
from workflows.command_handler import Conflict

_BY_MODULE: Mapping[str, int] = {
    accounts.NotYourOffice.__module__: 403,
    tokens.TokenNotKnown.__module__: 401,
    permissions.NotPermitted.__module__: 403,
    persons.NotInOffice.__module__: 403,
    "web.cookies": 403,
}


def status_of(error: DonghaengError) -> int:
    if isinstance(error, ServerUnreachable | OutcomeUnknown):
        return 503
    if isinstance(error, Conflict | CommandIdReused):
        return 409
    if isinstance(error, accounts.SignInFirst | accounts.LinkOpensNothing):
        return 401
    return _BY_MODULE.get(type(error).__module__, 422)
