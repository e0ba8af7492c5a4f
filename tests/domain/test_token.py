"""Tokens: issued for a role until a day, revoked once."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from domain.agency import facts as a
from domain.agency.refusals import AgencyClosed, AgencyNotRegistered
from domain.token import commands as c
from domain.token import facts as f
from domain.token import refusals as r
from domain.token.decider import TOKEN as TOKENS
from tests.domain.examples import COMMANDS, REGISTERED, TOKEN, WORLD, fold, refused, when

ISSUED = f.Issued(role="officer", agency="gto", secret_sha256="a" * 64, until=date(2024, 12, 31))


def issue(**changes: Any) -> c.Issue:
    return c.Issue.model_validate({**dict(COMMANDS["token.issue"]), **changes})


def test_a_token_is_issued_for_a_role_until_a_day_and_revoked() -> None:
    assert when(issue()) == (ISSUED,)
    assert fold(TOKENS, [ISSUED]).issued
    assert fold(TOKENS, [ISSUED, *when(c.Revoke(token=TOKEN), [ISSUED])]).revoked


def test_a_token_is_issued_once_and_revoked_once() -> None:
    refused(r.TokenIssuedAlready, issue(), [ISSUED])
    refused(r.TokenNotIssued, c.Revoke(token=TOKEN))
    refused(r.TokenRevokedAlready, c.Revoke(token=TOKEN), [ISSUED, f.Revoked()])


@pytest.mark.parametrize("role", ["officer", "head"])
def test_agencies_people_need_their_agency(role: str) -> None:
    refused(r.TokenNeedsAgency, issue(role=role, agency=None))
    assert when(issue(role=role))


@pytest.mark.parametrize("role", ["planner", "department", "inspector", "citizen"])
def test_the_citys_people_have_no_agency(role: str) -> None:
    refused(r.TokenNeedsAgency, issue(role=role))
    assert when(issue(role=role, agency=None))


def test_nobody_is_given_a_token_of_the_system() -> None:
    with pytest.raises(ValueError, match="system"):
        issue(role="system", agency=None)


def test_the_agency_must_be_there() -> None:
    refused(AgencyNotRegistered, issue(agency="nobody"))
    refused(AgencyClosed, issue(), world={**WORLD, "agency/gto": (REGISTERED, a.Closed())})


def test_a_token_neither_begins_in_the_past_nor_holds_for_ever() -> None:
    refused(r.TokenSpanInPast, issue(until=date(2024, 3, 7)))
    assert when(issue(until=date(2024, 3, 8))), "today"
    refused(r.TokenTooLong, issue(until=date(2025, 4, 13)))
    assert when(issue(until=date(2025, 4, 12)))
