"""Which agency answers, who is in its posts and who stands in, at a moment and by the facts known then."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from scripts.random_lives.oracle.cases import Fact, Record, bare, day_of, seoul_day


@dataclass
class Agency:
    """`posts`: who is in which post; `stands_in`: for who is away, who replaces them."""

    into: str | None = None
    closed: bool = False
    posts: set[tuple[str, str]] = field(default_factory=set)
    substitutions: dict[int, Record] = field(default_factory=dict)
    delegations: dict[int, Record] = field(default_factory=dict)
    contacts: dict[str, str | None] = field(default_factory=dict)

    def stand_ins(self, day: date) -> dict[str, str]:
        """Who replaces whom on that day; a substitute who is in no post replaces nobody."""
        holders = {subject for _, subject in self.posts}
        return {
            bare(one["absent"]): bare(one["substitute"])
            for _, one in sorted(self.substitutions.items())
            if day_of(one["starts"]) <= day <= day_of(one["ends"]) and bare(one["substitute"]) in holders
        }

    def people(self, day: date) -> list[tuple[str, str, str | None]]:
        """(post, who is in it, who stands in for them or None), chains followed."""
        replaced = self.stand_ins(day)
        return [(post, subject, _follow(subject, replaced)) for post, subject in sorted(self.posts)]


def _follow(subject: str, replaced: dict[str, str]) -> str | None:
    at, seen = subject, {subject}
    while at in replaced and replaced[at] not in seen:
        at = replaced[at]
        seen.add(at)
    return None if at == subject else at


def fold_agencies(facts: Iterable[Fact], by: datetime) -> dict[str, Agency]:
    """The agencies in effect by that moment, by bare name."""
    agencies: dict[str, Agency] = {}
    told = [fact for fact in facts if fact.stream.startswith("agency/") and fact.so <= by]
    for fact in sorted(told, key=lambda fact: (fact.so, fact.stream, fact.version)):
        _evolve(agencies.setdefault(fact.name, Agency()), fact)
    return agencies


def _evolve(agency: Agency, fact: Fact) -> None:
    data = fact.data
    match fact.kind:
        case "agency.merged":
            agency.into = bare(data["into"])
        case "agency.closed":
            agency.closed = True
        case "agency.appointed":
            agency.posts.add((data["post"], bare(data["subject"])))
        case "agency.released":
            agency.posts.discard((data["post"], bare(data["subject"])))
        case "agency.substitute_appointed":
            agency.substitutions[data["number"]] = data
        case "agency.substitution_ended":
            agency.substitutions.pop(data["number"], None)
        case "agency.decision_delegated":
            agency.delegations[data["number"]] = data
        case "agency.delegation_ended":
            agency.delegations.pop(data["number"], None)
        case "agency.contact_set":
            agency.contacts[data["channel"]] = data.get("address")


def answering(agencies: dict[str, Agency], lead: str) -> str:
    """The agency that answers for the lead: the one it was merged into, and so on."""
    seen = {lead}
    while (agency := agencies.get(lead)) and agency.into and agency.into not in seen:
        lead = agency.into
        seen.add(lead)
    return lead


@dataclass(frozen=True)
class Offices:
    """The city's mailboxes by programme and office, and persons' addresses."""

    boxes: dict[tuple[str, str], str]
    persons: dict[str, str | None]


def fold_offices(facts: Iterable[Fact], by: datetime, persons: dict[str, str | None]) -> Offices:
    boxes: dict[tuple[str, str], str] = {}
    told = [fact for fact in facts if fact.kind == "programme.contact_set" and fact.so <= by]
    for fact in sorted(told, key=lambda fact: (fact.so, fact.version)):
        boxes.pop((fact.stream, fact.data["office"]), None)
        if fact.data.get("address"):
            boxes[fact.stream, fact.data["office"]] = fact.data["address"]
    return Offices(boxes, persons)


def addresses_at(
    people: dict[str, str | None], changes: Iterable[tuple[datetime, str, str | None]], at: datetime
) -> dict[str, str | None]:
    """What the vault knew at that moment. Where changes of a person are listed, they count alone."""
    listed = list(changes)
    known = {bare(subject): address for subject, address in people.items()}
    known.update({bare(subject): None for _, subject, _ in listed})
    for when, subject, address in sorted(listed, key=lambda change: change[0]):
        if when <= at:
            known[bare(subject)] = address
    return known


def list_left_open(agencies: dict[str, Agency], at: datetime) -> list[tuple[str, str, date]]:
    """(agency, which, last day) of substitutions and delegations that are over and that nobody ended."""
    return [
        (name, f"{what} {number}", day_of(one["ends"]))
        for name, agency in agencies.items()
        if not agency.closed and agency.into is None
        for what, spans in (("Substitution", agency.substitutions), ("Delegation", agency.delegations))
        for number, one in spans.items()
        if one.get("ends") and day_of(one["ends"]) < seoul_day(at)
    ]
