"""Every rule of tokens."""

from __future__ import annotations

from datetime import timedelta

from domain.agency.rules import check_active
from domain.aggregate import Aggregate, DecisionContext
from domain.errors import Bilingual
from domain.roles import AGENCY_ROLES
from domain.streams import agency_stream
from domain.token import commands as c
from domain.token import facts
from domain.token import refusals as refused
from domain.token.state import TOKEN, Token

MOST_DAYS = 400
_NEEDS = Bilingual("필요합니다", "needs an agency")
_NEEDS_NONE = Bilingual("없어야 합니다", "has no agency")


def decide(command: c.TokenCommand, token: Token, context: DecisionContext) -> tuple[facts.TokenFact, ...]:
    """Turn a command into facts, or refuse it."""
    match command:
        case c.Issue():
            return (_issue(command, token, context),)
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


def _issue(command: c.Issue, token: Token, context: DecisionContext) -> facts.Issued:
    if token.issued:
        raise refused.TokenIssuedAlready(token=command.token)
    needs = command.role in AGENCY_ROLES
    if needs != (command.agency is not None):
        raise refused.TokenNeedsAgency(role=command.role, needed=_NEEDS if needs else _NEEDS_NONE)
    if command.agency is not None:
        check_active(command, command.agency, context.others[agency_stream(command.agency)])
    if command.until < context.today:
        raise refused.TokenSpanInPast(until=command.until, today=context.today)
    if command.until > context.today + timedelta(days=MOST_DAYS):
        raise refused.TokenTooLong(until=command.until, days=MOST_DAYS)
    return command.make_fact(facts.Issued)


AGGREGATE = Aggregate.on(TOKEN, c.TokenCommand, decide, reads)
