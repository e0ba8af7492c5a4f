"""An agency as its facts made it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, TypeVar

import msgspec
from msgspec.structs import replace

from domain.agency import facts
from domain.agency.facts import Form, Post
from domain.errors import Lang
from domain.fact import Fold
from domain.stamps import EVER, Stamp, Stamps, is_outdone, with_item, with_values
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
    `lang`: in which it is written to, where it chose. `stamps`: since when the values are so; `names`: all since it was registered, in the order in which they were so.
    """

    name: LocalText | None = None
    formerly: tuple[LocalText, ...] = ()
    successor: str | None = None
    closed: bool = False
    posts: Mapping[tuple[str, Post], datetime] = msgspec.field(default_factory=dict)
    substitutions: Mapping[int, Substitution] = msgspec.field(default_factory=dict)
    delegations: Mapping[int, Delegation] = msgspec.field(default_factory=dict)
    contacts: Mapping[str, str] = msgspec.field(default_factory=dict)
    stamps: Stamps = msgspec.field(default_factory=dict)
    names: tuple[tuple[Stamp, LocalText], ...] = ()
    lang: Lang | None = None

    @property
    def registered(self) -> bool:
        return self.name is not None

    @property
    def active(self) -> bool:
        """Whether it can still take part in anything."""
        return self.registered and self.successor is None and not self.closed

    def holders(self, post: Post) -> tuple[str, ...]:
        """The subjects in a post, in the order in which they came."""
        there = [subject for subject, held in self.posts if held == post]
        return tuple(sorted(there, key=lambda subject: self.stamps[_post(subject, post)]))

    def is_appointed(self, subject: str) -> bool:
        return any(subject == holder for holder, _ in self.posts)


def evolve(agency: Agency, fact: facts.AgencyFact, at: datetime, version: int) -> Agency:
    """The agency after the fact, which took effect at `at` and has that number in its stream."""
    stamp = (at, version)
    match fact:
        case facts.Registered():
            return _apply_name(agency, fact.name, stamp, fact.formerly)
        case facts.Renamed():
            return _apply_name(agency, fact.name, stamp)
        case facts.Merged():
            return with_values(agency, stamp, successor=fact.into)
        case facts.Closed():
            return replace(agency, closed=True)
        case facts.Appointed():
            return _in_post(agency, fact, stamp, at)
        case facts.Released():
            return _in_post(agency, fact, stamp, None)
        case facts.SubstituteAppointed():
            substitution = Substitution(fact.absent, fact.substitute, fact.starts, fact.ends)
            return _apply_item(agency, "substitutions", fact.number, version, substitution)
        case facts.SubstitutionEnded():
            return _apply_item(agency, "substitutions", fact.number, version, None)
        case facts.DecisionDelegated():
            delegation = Delegation(
                fact.form, fact.decision, fact.holder, fact.delegate, fact.starts, fact.ends
            )
            return _apply_item(agency, "delegations", fact.number, version, delegation)
        case facts.DelegationEnded():
            return _apply_item(agency, "delegations", fact.number, version, None)
        case facts.ContactSet():
            return with_item(agency, stamp, "contacts", fact.channel, fact.address)
        case facts.LanguageChosen():
            return with_values(agency, stamp, lang=fact.lang)
        case facts.Transferred():
            return agency


def _apply_name(
    agency: Agency, name: LocalText, stamp: Stamp, formerly: tuple[LocalText, ...] = ()
) -> Agency:
    """A name that was so before the present one is one of the former."""
    registered = len(agency.formerly) - max(len(agency.names) - 1, 0)
    names = tuple(sorted((*agency.names, (stamp, name)), key=lambda one: one[0]))
    before = tuple(one for _, one in names[:-1])
    return replace(
        agency, names=names, name=names[-1][1], formerly=(*formerly, *agency.formerly[:registered], *before)
    )


def _in_post(
    agency: Agency, fact: facts.Appointed | facts.Released, stamp: Stamp, since: datetime | None
) -> Agency:
    name, key = _post(fact.subject, fact.post), (fact.subject, fact.post)
    if is_outdone(agency.stamps, name, stamp):
        return agency
    posts = _without(agency.posts, key)
    if since is not None:
        posts[key] = since
    return replace(agency, posts=posts, stamps={**agency.stamps, name: stamp})


def _post(subject: str, post: Post) -> str:
    return f"posts {post} {subject}"


def _apply_item(agency: Agency, field: str, number: int, version: int, item: Any) -> Agency:
    """What was ended stays so, whichever day its ending is dated."""
    name = f"{field} {number}"
    if is_outdone(agency.stamps, name, (EVER, version)):
        return agency
    items = _without(getattr(agency, field), number)
    if item is not None:
        items[number] = item
    stamps = {**agency.stamps, name: (EVER, version)}
    return replace(agency, stamps=stamps, **{field: dict(sorted(items.items()))})


def _without(known: Mapping[K, V], gone: K) -> dict[K, V]:
    return {key: value for key, value in known.items() if key != gone}


AGENCY = Fold.of("agency", Agency(), facts.AgencyFact, evolve)
