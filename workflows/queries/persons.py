"""What may be read of persons: their details, held against the facts about them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from unicodedata import normalize

import msgspec

from domain.agency.facts import Post
from domain.streams import identity_of, subject_stream
from domain.subject.state import SUBJECT
from projections.persons import PersonRead, PersonState, in_words, person_read
from store.details import DetailsRead
from store.recorded import fold_state
from workflows.lookups import load_agencies
from workflows.queries.inquiry import Inquiry


class PersonShown(msgspec.Struct, frozen=True):
    """`fields`: details that are missing or changed; `fact`: the position of the erasure; `remark`: what has to be told of
    the details, in words, empty where they are as they were sealed.
    """

    subject: str
    registered: bool
    erased: bool
    state: PersonState
    fields: tuple[str, ...]
    fact: int | None
    details: dict[str, str]
    remark: str


class PostHeld(msgspec.Struct, frozen=True):
    agency: str
    post: Post


class PersonListed(msgspec.Struct, frozen=True):
    """`name`: None where it was erased, or does not open."""

    subject: str
    name: str | None
    erased: bool
    posts: list[PostHeld]


class PersonList(msgspec.Struct, frozen=True):
    """By name."""

    people: list[PersonListed]


def list_people(
    inquiry: Inquiry, everybody: Callable[[], Mapping[str, DetailsRead]], name: str | None = None
) -> PersonList:
    """Everybody who was registered, or those whose names hold this. `everybody`: what the vault has, by id."""
    found: list[PersonListed] = []
    if inquiry.permits("subject.list"):
        found = _people(inquiry, everybody())
    if name is not None:
        found = [one for one in found if fold_name(name) in fold_name(one.name or "")]
    inquiry.authorise("subject.list", subjects=[one.subject for one in found])
    return PersonList(found)


def fold_name(name: str) -> str:
    """A name as it is compared: however its letters are put together, and without spaces."""
    return "".join(normalize("NFC", name).casefold().split())


def _people(inquiry: Inquiry, known: Mapping[str, DetailsRead]) -> list[PersonListed]:
    posts: dict[str, list[PostHeld]] = {}
    for identity, agency in load_agencies(inquiry.store).items():
        for subject, post in agency.posts if not agency.closed else ():
            posts.setdefault(subject, []).append(PostHeld(identity, post))
    streams = inquiry.store.load(inquiry.store.streams(subject_stream(""))).streams
    persons = {identity_of(stream): fold_state(SUBJECT, facts) for stream, facts in streams.items()}
    nothing = DetailsRead({})
    found = [
        PersonListed(one, known.get(one, nothing).details.get("name"), person.erased, posts.get(one, []))
        for one, person in persons.items()
    ]
    return sorted(found, key=lambda one: (one.name is None, one.name or "", one.subject))


def show_person(inquiry: Inquiry, subject: str, details_of: Callable[[str], DetailsRead]) -> PersonShown:
    """`details_of`: what the vault has of a person, by id; asked of who is registered alone."""
    inquiry.authorise("subject.show", subjects=(subject,))
    facts = inquiry.store.read(subject_stream(subject))
    person: PersonRead = person_read(facts, details_of(subject) if facts else DetailsRead({}))
    return PersonShown(
        subject=subject,
        registered=person.state is not PersonState.UNKNOWN,
        erased=person.state is PersonState.ERASED,
        state=person.state,
        fields=person.fields,
        fact=person.fact,
        details=person.details,
        remark=in_words(person, inquiry.lang),
    )
