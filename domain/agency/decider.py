"""Every rule of the agency's entry."""

from __future__ import annotations

from domain.agency import facts
from domain.agency.commands import Register
from domain.agency.refusals import AgencyAlreadyRegistered
from domain.agency.state import Agency, evolve
from domain.aggregate import Aggregate, Given


def decide(command: Register, agency: Agency, given: Given) -> tuple[facts.AgencyFact, ...]:
    """Turn a command into facts, or refuse it."""
    if agency.registered:
        raise AgencyAlreadyRegistered(agency=command.agency, name=agency.name)
    return (facts.Registered(name=command.title),)


AGENCY = Aggregate(
    name="agency",
    initial=Agency(),
    facts=(facts.Registered,),
    commands=(Register,),
    decide=decide,
    evolve=evolve,
)
