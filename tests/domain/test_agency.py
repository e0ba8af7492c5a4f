"""An agency's entry in the register."""

from __future__ import annotations

from domain.agency.decider import AGENCY
from domain.agency.refusals import AgencyAlreadyRegistered
from tests.domain.examples import COMMANDS, REGISTERED, fold, refused, when

REGISTER = COMMANDS["agency.register"]


def test_an_agency_is_registered_under_its_name() -> None:
    assert when(REGISTER) == (REGISTERED,)
    assert fold(AGENCY, [REGISTERED]).name.ko == "광주문화재단"


def test_an_agency_is_registered_once() -> None:
    assert "광주문화재단" in refused(AgencyAlreadyRegistered, REGISTER, [REGISTERED]).say("ko")
