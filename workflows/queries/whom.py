"""Whom a search is for, as it was typed: agencies and persons may go by their names, persons by the beginning of their ids."""

from __future__ import annotations

import re
import typing
from collections.abc import Callable

from domain.roles import Role, RoleLabel
from workflows.beginnings import SUBJECT, complete_id
from workflows.permissions import READINGS, ReadingNotPermitted
from workflows.queries.inquiry import Inquiry
from workflows.trail.actors import NoSuchActor, find_person

_AGENCY = re.compile(r"[a-z][a-z0-9-]{1,30}")
_PERSON = re.compile(r"[0-9a-f]{32}")
_WRITTEN = re.compile(r"(?P<role>[a-z]+)(@(?P<agency>[^@:]+))?(:(?P<person>[^@:]+))?")
Called = Callable[[str], list[str]]  # the ids of the persons of a name


class Whom(typing.NamedTuple):
    """ROLE, ROLE@AGENCY, either with a person, or a person alone."""

    role: str | None = None
    agency: str | None = None
    person: str | None = None

    @property
    def is_spelled(self) -> bool:
        """Whether nothing in it has to be looked up."""
        return all(
            given is None or known.fullmatch(given) is not None
            for given, known in ((self.agency, _AGENCY), (self.person, _PERSON))
        )

    def spell(self) -> str:
        """As searches take it."""
        if self.role is None:
            return self.person or ""
        agency = "" if self.agency is None else f"@{self.agency}"
        return f"{self.role}{agency}" + ("" if self.person is None else f":{self.person}")


def read_whom(given: str) -> Whom | None:
    """None where it is one word in small letters that is no role: that is told as such, and not looked up as a name."""
    found = _WRITTEN.fullmatch(given)
    if found is not None and found["role"] in typing.get_args(Role):
        return Whom(found["role"], found["agency"], found["person"])
    if _PERSON.fullmatch(given) is None and re.fullmatch(r"[a-z]+([@:].*)?", given):
        return None
    return Whom(person=given)


def find_whom(given: Whom, inquiry: Inquiry, agency_of: Callable[[str], str], called: Called) -> Whom:
    """With ids in place of names. `agency_of`: the id of an agency of that name.

    Raises what `agency_of` raises, BeginsSeveral, NobodyCalledSo, SeveralCalledSo, NoSuchActor.
    """
    agency, person = given.agency, given.person
    if agency is not None and _AGENCY.fullmatch(agency) is None:
        agency = agency_of(agency)
    if person is not None and _PERSON.fullmatch(person) is None:
        person = complete_id(inquiry.store, inquiry.reader, SUBJECT, person)
    if person is not None and _PERSON.fullmatch(person) is None:
        person = find_by_name(person, called(person), inquiry)
    return Whom(given.role, agency, person)


def find_by_name(name: str, subjects: list[str], inquiry: Inquiry) -> str:
    """The id of the person of that name, for who may read persons' details. Raises NobodyCalledSo, SeveralCalledSo, NoSuchActor."""
    try:
        inquiry.authorise("subject.show", subjects=subjects)
    except ReadingNotPermitted as refusal:
        role = refusal.details["role"]
        if isinstance(role, RoleLabel) and role.role in READINGS["trail"].permitted:
            raise NoSuchActor(name=name[:60], roles=typing.get_args(Role), role=role) from None
        raise
    return find_person(name, subjects)
