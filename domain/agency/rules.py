"""The checks on agencies, each refusing by name. Tasks use the first too."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from domain.agency import commands as c
from domain.agency import refusals as refused
from domain.agency.facts import POSTS, Post
from domain.agency.state import Agency
from domain.aggregate import Command, DecisionContext
from domain.errors import Bilingual
from domain.seoul import Moment
from domain.subject.state import Person

_ANY_POST = Bilingual("담당자나 기관장", "an officer or the head")


def check_active(command: Command, name: str, agency: Agency) -> None:
    """Refuse an agency that nobody registered, or that is no more."""
    if not agency.registered:
        raise refused.AgencyNotRegistered(command=command.label, agency=name)
    if agency.successor is not None:
        raise refused.AgencyMergedAway(command=command.label, agency=name, successor=agency.successor)
    if agency.closed:
        raise refused.AgencyClosed(command=command.label, agency=name)


def check_person(command: c.Appoint, person: Person) -> None:
    """Refuse to appoint somebody whom nobody registered, or whose details were erased."""
    if not person.registered:
        raise refused.AppointsUnknown(agency=command.agency, subject=command.subject)
    if person.erased:
        raise refused.AppointsErased(agency=command.agency, subject=command.subject)


def check_in_post(command: c.OnAgency, agency: Agency, subject: str, post: Post | None = None) -> None:
    """Refuse a person who is not in the post, or in none where no post is given."""
    there = agency.is_appointed(subject) if post is None else (subject, post) in agency.posts
    if not there:
        raise refused.NotInPost(
            agency=command.agency,
            subject=subject,
            post=_ANY_POST if post is None else POSTS[post],
            command=command.label,
        )


def check_released(command: c.Release, agency: Agency, then: Agency, context: DecisionContext) -> None:
    """Refuse to release who is not in the post, or was not yet when the release is dated."""
    check_in_post(command, agency, command.subject, command.post)
    since = agency.posts[command.subject, command.post]
    if (command.subject, command.post) not in then.posts:
        raise refused.ReleasedBeforeAppointed(
            agency=command.agency,
            subject=command.subject,
            post=POSTS[command.post],
            at=Moment(context.effective_at),
            since=Moment(since),
        )


def check_other(command: c.OnAgency, one: str, other: str) -> None:
    if one == other:
        raise refused.StandsForSelf(agency=command.agency, command=command.label)


def check_span(agency: str, starts: date, ends: date, context: DecisionContext) -> None:
    """Refuse a span that is turned round or over already."""
    if ends < starts:
        raise refused.SpanTurnedRound(agency=agency, starts=starts, ends=ends)
    if ends < context.today:
        raise refused.SpanInPast(agency=agency, ends=ends, today=context.today)


def check_free(command: c.AppointSubstitute, agency: Agency) -> None:
    """Refuse a second substitute for one person on a day, and a circle. Chains are well: a substitute may be away too."""
    for number, other in agency.substitutions.items():
        apart = command.ends < other.starts or other.ends < command.starts
        if not apart and other.absent == command.absent:
            raise refused.TwoAtOnce(
                agency=command.agency, number=number, starts=command.starts, ends=command.ends
            )
    links = [_Link(one.absent, one.substitute, one.starts, one.ends) for one in agency.substitutions.values()]
    _check_circle(command, _Link(command.absent, command.substitute, command.starts, command.ends), links)


def check_no_circle(command: c.DelegateDecision, agency: Agency) -> None:
    """Refuse to delegate a decision to somebody from whom, by way of others, it comes on a day of the span."""
    links = [
        _Link(one.holder, one.delegate, one.starts, one.ends or date.max)
        for one in agency.delegations.values()
        if one.decision == command.decision
    ]
    new = _Link(command.holder, command.delegate, command.starts, command.ends or date.max)
    _check_circle(command, new, links)


class _Link(NamedTuple):
    """Duties go from one person to another, both days included."""

    giver: str
    taker: str
    starts: date
    ends: date


def _check_circle(
    command: c.AppointSubstitute | c.DelegateDecision, new: _Link, links: Sequence[_Link]
) -> None:
    # the days that all links of a circle share begin with one of them: no other day has to be looked at
    begins = {one.starts for one in links if new.starts <= one.starts <= new.ends}
    for day in sorted({new.starts, *begins}):
        if new.giver in _takers(new.taker, [one for one in links if one.starts <= day <= one.ends]):
            raise refused.StandInCircle(
                agency=command.agency, giver=new.giver, taker=new.taker, day=day, command=command.label
            )


def _takers(giver: str, links: Sequence[_Link]) -> set[str]:
    """Everybody to whom this person's duties come by these links."""
    found, waiting = {giver}, [giver]
    while waiting:
        one = waiting.pop()
        new = {link.taker for link in links if link.giver == one} - found
        found |= new
        waiting += new
    return found


def check_standing(command: c.EndSubstitution | c.EndDelegation, standing: Mapping[int, Any]) -> None:
    if command.number not in standing:
        raise refused.NothingToEnd(agency=command.agency, number=command.number, command=command.label)
