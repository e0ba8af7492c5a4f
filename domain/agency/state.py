"""An agency as its facts made it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import TypeVar

import msgspec
from msgspec.structs import replace

from domain.agency import facts
from domain.agency.facts import Form, Post
from domain.values import LocalText

K = TypeVar("K")
V = TypeVar("V")


class Substitution(msgspec.Struct, frozen=True, gc=False):
    """One person for another, both days included."""

    absent: str
    substitute: str
    starts: date
    ends: date


class Delegation(msgspec.Struct, frozen=True, gc=False):
    """`decision`: a task command's name. `ends`: the last day; None where it has none."""

    form: Form
    decision: str
    holder: str
    delegate: str
    starts: date
    ends: date | None


class Agency(msgspec.Struct, frozen=True, gc=False):
    """`name` is absent until the agency is registered. `successor`: whom it was merged into.

    `posts`: since when (effective time) who is in which post. `substitutions`, `delegations`: by number, those that
    nobody has ended; whether one is in force on a day is for its own dates to say. `contacts`: addresses by channel.
    """

    name: LocalText | None = None
    formerly: tuple[LocalText, ...] = ()
    successor: str | None = None
    closed: bool = False
    posts: Mapping[tuple[str, Post], datetime] = msgspec.field(default_factory=dict)
    substitutions: Mapping[int, Substitution] = msgspec.field(default_factory=dict)
    delegations: Mapping[int, Delegation] = msgspec.field(default_factory=dict)
    contacts: Mapping[str, str] = msgspec.field(default_factory=dict)

    @property
    def registered(self) -> bool:
        return self.name is not None

    @property
    def active(self) -> bool:
        """Whether it can still take part in anything."""
        return self.registered and self.successor is None and not self.closed

    def holders(self, post: Post) -> tuple[str, ...]:
        """The subjects in a post, in the order in which they came."""
        return tuple(subject for subject, held in self.posts if held == post)

    def appointed(self, subject: str) -> bool:
        return any(subject == holder for holder, _ in self.posts)


def evolve(agency: Agency, fact: facts.AgencyFact, at: datetime) -> Agency:
    """The agency after the fact, which took effect at `at`."""
    match fact:
        case facts.Registered():
            return replace(agency, name=fact.name, formerly=fact.formerly)
        case facts.Renamed():
            formerly = agency.formerly if agency.name is None else (*agency.formerly, agency.name)
            return replace(agency, name=fact.name, formerly=formerly)
        case facts.Merged():
            return replace(agency, successor=fact.into)
        case facts.Closed():
            return replace(agency, closed=True)
        case facts.Appointed():
            return replace(agency, posts={**agency.posts, (fact.subject, fact.post): at})
        case facts.Released():
            return replace(agency, posts=_without(agency.posts, (fact.subject, fact.post)))
        case facts.SubstituteAppointed():
            substitution = Substitution(fact.absent, fact.substitute, fact.starts, fact.ends)
            return replace(agency, substitutions={**agency.substitutions, fact.number: substitution})
        case facts.SubstitutionEnded():
            return replace(agency, substitutions=_without(agency.substitutions, fact.number))
        case facts.DecisionDelegated():
            delegation = Delegation(
                fact.form, fact.decision, fact.holder, fact.delegate, fact.starts, fact.ends
            )
            return replace(agency, delegations={**agency.delegations, fact.number: delegation})
        case facts.DelegationEnded():
            return replace(agency, delegations=_without(agency.delegations, fact.number))
        case facts.ContactSet():
            contacts = _without(agency.contacts, fact.channel)
            if fact.address is not None:
                contacts[fact.channel] = fact.address
            return replace(agency, contacts=contacts)
        case facts.Transferred():
            return agency


def _without(known: Mapping[K, V], gone: K) -> dict[K, V]:
    return {key: value for key, value in known.items() if key != gone}
