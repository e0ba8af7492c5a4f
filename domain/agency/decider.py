"""Every rule of the agency's entry."""

from __future__ import annotations

from datetime import date

from domain.agency import commands as c
from domain.agency import facts, rules
from domain.agency import refusals as refused
from domain.agency.state import AGENCY, Agency
from domain.aggregate import Aggregate, DecisionContext
from domain.streams import agency_stream, subject_stream


def decide(
    command: c.AgencyCommand, agency: Agency, context: DecisionContext
) -> tuple[facts.AgencyFact, ...]:
    """Turn a command into facts, or refuse it."""
    if isinstance(command, c.Register):
        if agency.registered:
            raise refused.AgencyAlreadyRegistered(agency=command.agency, name=agency.name)
        return (facts.Registered(name=command.title, formerly=command.formerly),)
    rules.check_active(command, command.agency, agency)
    rules.check_active(command, command.agency, _then(agency, context))
    return (_decide(command, agency, context),)


def reads(command: c.AgencyCommand, agency: Agency) -> tuple[str, ...]:
    """The agency that receives something; the person who is appointed."""
    match command:
        case c.Merge():
            return () if command.into == command.agency else (agency_stream(command.into),)
        case c.Transfer():
            return () if command.to == command.agency else (agency_stream(command.to),)
        case c.Appoint():
            return (subject_stream(command.subject),)
    return ()


def _then(agency: Agency, context: DecisionContext) -> Agency:
    """The agency as it was so when a late entry was."""
    then: Agency = agency if context.then is None else context.then
    return then


def _decide(command: c.AgencyCommand, agency: Agency, context: DecisionContext) -> facts.AgencyFact:
    match command:
        case c.Rename():
            if command.title == _then(agency, context).name:
                raise refused.NameUnchanged(agency=command.agency, name=command.title)
            return facts.Renamed(name=command.title)
        case c.Merge():
            return _merge(command, context)
        case c.Transfer():
            if command.to == command.agency:
                raise refused.TransfersToItself(agency=command.agency)
            rules.check_active(command, command.to, context.others[agency_stream(command.to)])
            return facts.Transferred(what=command.what, name=command.title, to=command.to)
        case c.Close():
            return facts.Closed()
        case c.Appoint():
            return _appoint(command, agency, context)
        case c.Release():
            rules.check_released(command, agency, _then(agency, context), context)
            return facts.Released(subject=command.subject, post=command.post)
        case c.AppointSubstitute():
            return _appoint_substitute(command, agency, context)
        case c.EndSubstitution():
            rules.check_standing(command, agency.substitutions)
            return facts.SubstitutionEnded(number=command.number)
        case c.DelegateDecision():
            return _delegate_decision(command, agency, context)
        case c.EndDelegation():
            rules.check_standing(command, agency.delegations)
            return facts.DelegationEnded(number=command.number)
        case c.SetContact():
            if _then(agency, context).contacts.get(command.channel) == command.address:
                raise refused.ContactUnchanged(agency=command.agency, address=command.address or "–")
            return facts.ContactSet(channel=command.channel, address=command.address)
        case c.ChooseLanguage():
            return facts.LanguageChosen(lang=command.lang)
    raise AssertionError(command)


def _merge(command: c.Merge, context: DecisionContext) -> facts.Merged:
    if command.into == command.agency:
        raise refused.MergesIntoItself(agency=command.agency)
    into: Agency = context.others[agency_stream(command.into)]
    if into.successor == command.agency:
        raise refused.MergesInCircle(agency=command.agency, into=command.into)
    rules.check_active(command, command.into, into)
    return facts.Merged(into=command.into)


def _appoint(command: c.Appoint, agency: Agency, context: DecisionContext) -> facts.Appointed:
    rules.check_person(command, context.others[subject_stream(command.subject)])
    for one in (agency, _then(agency, context)):
        if (command.subject, command.post) in one.posts:
            raise refused.AppointedAlready(
                agency=command.agency, subject=command.subject, post=facts.POSTS[command.post]
            )
        if command.post == "head" and (heads := one.holders("head")):
            raise refused.HasAHead(agency=command.agency, head=heads[0])
    return facts.Appointed(subject=command.subject, post=command.post)


def _appoint_substitute(
    command: c.AppointSubstitute, agency: Agency, context: DecisionContext
) -> facts.SubstituteAppointed:
    rules.check_other(command, command.absent, command.substitute)
    rules.check_in_post(command, agency, command.absent)
    rules.check_in_post(command, agency, command.substitute)
    rules.check_span(command.agency, command.starts, command.ends, context)
    rules.check_free(command, agency)
    return command.make_fact(facts.SubstituteAppointed, number=_next(context))


def _delegate_decision(
    command: c.DelegateDecision, agency: Agency, context: DecisionContext
) -> facts.DecisionDelegated:
    rules.check_other(command, command.holder, command.delegate)
    rules.check_in_post(command, agency, command.holder)
    rules.check_in_post(command, agency, command.delegate)
    if command.form == "proxy" and command.ends is None:
        raise refused.ProxyWithoutEnd(agency=command.agency)
    rules.check_span(command.agency, command.starts, command.ends or date.max, context)
    rules.check_no_circle(command, agency)
    return command.make_fact(facts.DecisionDelegated, number=_next(context))


def _next(context: DecisionContext) -> int:
    """The version that the fact will have: a number that nothing else of the agency bears."""
    return len(context.history) + 1


AGGREGATE = Aggregate.on(AGENCY, c.AgencyCommand, decide, reads)
