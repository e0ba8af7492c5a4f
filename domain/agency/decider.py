"""Every rule of the agency's entry."""

from __future__ import annotations

from datetime import date

from domain.agency import commands as c
from domain.agency import facts, rules
from domain.agency import refusals as refused
from domain.agency.state import Agency, evolve
from domain.aggregate import Aggregate, Given


def decide(command: c.AgencyCommand, agency: Agency, given: Given) -> tuple[facts.AgencyFact, ...]:
    """Turn a command into facts, or refuse it."""
    if isinstance(command, c.Register):
        if agency.registered:
            raise refused.AgencyAlreadyRegistered(agency=command.agency, name=agency.name)
        return (facts.Registered(name=command.title, formerly=command.formerly),)
    rules.check_active(command, command.agency, agency)
    rules.check_active(command, command.agency, _then(agency, given))
    return (_decided(command, agency, given),)


def reads(command: c.AgencyCommand, agency: Agency) -> tuple[str, ...]:
    """The agency that receives something."""
    match command:
        case c.Merge():
            return () if command.into == command.agency else (c.agency_stream(command.into),)
        case c.Transfer():
            return () if command.to == command.agency else (c.agency_stream(command.to),)
    return ()


def _then(agency: Agency, given: Given) -> Agency:
    """The agency as it was so when a late entry was."""
    then: Agency = agency if given.then is None else given.then
    return then


def _decided(command: c.AgencyCommand, agency: Agency, given: Given) -> facts.AgencyFact:
    match command:
        case c.Rename():
            if command.title == _then(agency, given).name:
                raise refused.NameUnchanged(agency=command.agency, name=command.title)
            return facts.Renamed(name=command.title)
        case c.Merge():
            return _merged(command, given)
        case c.Transfer():
            if command.to == command.agency:
                raise refused.TransfersToItself(agency=command.agency)
            rules.check_active(command, command.to, given.others[c.agency_stream(command.to)])
            return facts.Transferred(what=command.what, name=command.title, to=command.to)
        case c.Close():
            return facts.Closed()
        case c.Appoint():
            return _appointed(command, agency, given)
        case c.Release():
            rules.check_released(command, agency, _then(agency, given), given)
            return facts.Released(subject=command.subject, post=command.post)
        case c.AppointSubstitute():
            return _substitute_appointed(command, agency, given)
        case c.EndSubstitution():
            rules.check_standing(command, agency.substitutions)
            return facts.SubstitutionEnded(number=command.number)
        case c.DelegateDecision():
            return _decision_delegated(command, agency, given)
        case c.EndDelegation():
            rules.check_standing(command, agency.delegations)
            return facts.DelegationEnded(number=command.number)
        case c.SetContact():
            if _then(agency, given).contacts.get(command.channel) == command.address:
                raise refused.ContactUnchanged(agency=command.agency, address=command.address or "–")
            return facts.ContactSet(channel=command.channel, address=command.address)
    raise AssertionError(command)


def _merged(command: c.Merge, given: Given) -> facts.Merged:
    if command.into == command.agency:
        raise refused.MergesIntoItself(agency=command.agency)
    into: Agency = given.others[c.agency_stream(command.into)]
    if into.successor == command.agency:
        raise refused.MergesInCircle(agency=command.agency, into=command.into)
    rules.check_active(command, command.into, into)
    return facts.Merged(into=command.into)


def _appointed(command: c.Appoint, agency: Agency, given: Given) -> facts.Appointed:
    for one in (agency, _then(agency, given)):
        if (command.subject, command.post) in one.posts:
            raise refused.AppointedAlready(
                agency=command.agency, subject=command.subject, post=rules.POSTS[command.post]
            )
        if command.post == "head" and (heads := one.holders("head")):
            raise refused.HasAHead(agency=command.agency, head=heads[0])
    return facts.Appointed(subject=command.subject, post=command.post)


def _substitute_appointed(
    command: c.AppointSubstitute, agency: Agency, given: Given
) -> facts.SubstituteAppointed:
    rules.check_other(command, command.absent, command.substitute)
    rules.check_in_post(command, agency, command.absent)
    rules.check_in_post(command, agency, command.substitute)
    rules.check_span(command.agency, command.starts, command.ends, given)
    rules.check_free(command, agency)
    return facts.SubstituteAppointed(
        number=_next(given),
        absent=command.absent,
        substitute=command.substitute,
        starts=command.starts,
        ends=command.ends,
    )


def _decision_delegated(command: c.DelegateDecision, agency: Agency, given: Given) -> facts.DecisionDelegated:
    rules.check_other(command, command.holder, command.delegate)
    rules.check_in_post(command, agency, command.holder)
    rules.check_in_post(command, agency, command.delegate)
    if command.form == "proxy" and command.ends is None:
        raise refused.ProxyWithoutEnd(agency=command.agency)
    rules.check_span(command.agency, command.starts, command.ends or date.max, given)
    rules.check_no_circle(command, agency)
    return facts.DecisionDelegated(
        number=_next(given),
        form=command.form,
        decision=command.decision,
        holder=command.holder,
        delegate=command.delegate,
        starts=command.starts,
        ends=command.ends,
    )


def _next(given: Given) -> int:
    """The version that the fact will have: a number that nothing else of the agency bears."""
    return len(given.history) + 1


AGENCY = Aggregate(
    name="agency",
    initial=Agency(),
    facts=(
        facts.Registered,
        facts.Renamed,
        facts.Merged,
        facts.Transferred,
        facts.Closed,
        facts.Appointed,
        facts.Released,
        facts.SubstituteAppointed,
        facts.SubstitutionEnded,
        facts.DecisionDelegated,
        facts.DelegationEnded,
        facts.ContactSet,
    ),
    commands=(
        c.Register,
        c.Rename,
        c.Merge,
        c.Transfer,
        c.Close,
        c.Appoint,
        c.Release,
        c.AppointSubstitute,
        c.EndSubstitution,
        c.DelegateDecision,
        c.EndDelegation,
        c.SetContact,
    ),
    decide=decide,
    evolve=evolve,
    reads=reads,
)
