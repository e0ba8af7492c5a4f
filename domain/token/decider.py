"""Every rule of tokens."""

from __future__ import annotations

from datetime import timedelta

from domain.agency.commands import agency_stream
from domain.agency.rules import check_active
from domain.aggregate import Aggregate, Given
from domain.errors import Worded
from domain.token import commands as c
from domain.token import facts
from domain.token import refusals as refused
from domain.token.state import Token, evolve

MOST_DAYS = 400
_NEEDS = Worded("필요합니다", "needs an agency")
_NEEDS_NONE = Worded("없어야 합니다", "has no agency")


def decide(command: c.TokenCommand, token: Token, given: Given) -> tuple[facts.TokenFact, ...]:
    """Turn a command into facts, or refuse it."""
    match command:
        case c.Issue():
            return (_issued(command, token, given),)
        case c.Revoke():
            if not token.issued:
                raise refused.TokenNotIssued(token=command.token)
            if token.revoked:
                raise refused.TokenRevokedAlready(token=command.token)
            return (facts.Revoked(),)


def reads(command: c.TokenCommand, token: Token) -> tuple[str, ...]:
    """The agency that the machine is to act for."""
    match command:
        case c.Issue(agency=str(agency)):
            return (agency_stream(agency),)
    return ()


def _issued(command: c.Issue, token: Token, given: Given) -> facts.Issued:
    if token.issued:
        raise refused.TokenIssuedAlready(token=command.token)
    needs = command.role in ("officer", "head")
    if needs != (command.agency is not None):
        raise refused.TokenNeedsAgency(role=command.role, needed=_NEEDS if needs else _NEEDS_NONE)
    if command.agency is not None:
        check_active(command, command.agency, given.others[agency_stream(command.agency)])
    if command.until < given.today:
        raise refused.TokenSpanInPast(until=command.until, today=given.today)
    if command.until > given.today + timedelta(days=MOST_DAYS):
        raise refused.TokenTooLong(until=command.until, days=MOST_DAYS)
    return facts.Issued(
        role=command.role,
        agency=command.agency,
        subject=command.subject,
        secret_sha256=command.secret_sha256,
        until=command.until,
    )


TOKEN = Aggregate(
    name="token",
    initial=Token(),
    facts=(facts.Issued, facts.Revoked),
    commands=(c.Issue, c.Revoke),
    decide=decide,
    evolve=evolve,
    reads=reads,
)
