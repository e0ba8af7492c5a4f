"""Persons who act: registered, in office on that day, and for another only by a substitution or delegation in force."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from domain.agency.facts import POSTS
from domain.agency.state import AGENCY, Agency
from domain.errors import Bilingual, Refusal
from domain.seoul import local_day
from domain.streams import agency_stream, subject_stream
from domain.subject.state import SUBJECT, Person
from projections.responsible import chain_of
from store.envelope import Actor, spell_actor
from store.log import Loaded, Store
from store.recorded import fold_state
from workflows.acting_for import check_is_there

if TYPE_CHECKING:
    from domain.aggregate import Command

Read = Callable[[Sequence[str]], Loaded]


class PersonNotRegistered(Refusal):
    """Somebody acted or read under an id that nobody was registered with."""

    ko = (
        "{subject}: 등록된 사람이 아니어서 이 번호로는 ‘{what}’을(를) 할 수 없습니다. 번호를 확인하거나 "
        "`donghaeng subject register`로 먼저 등록하십시오."
    )
    en = (
        "{subject} is nobody who was registered, so this cannot be done under that id: {what}. Check the id, or register "
        "the person first with `donghaeng subject register`."
    )


class PersonErased(Refusal):
    """Somebody acted or read as a person whose details were erased."""

    ko = "{subject}: 개인정보가 파기된 사람이어서 이 번호로는 ‘{what}’을(를) 할 수 없습니다. 다시 등록하여 새 번호로 하십시오."
    en = "The details of {subject} were erased, so this cannot be done under that id: {what}. Register anew and use the new id."


class NotInOffice(Refusal):
    """`post`: of `agency`, which the person does not hold on `day`."""

    ko = (
        "{subject}은(는) {day} 현재 {agency}의 {post}이(가) 아니어서 ‘{what}’을(를) 할 수 없습니다. 맡은 직위로 하거나, "
        "`donghaeng agency appoint {agency}`로 먼저 지정하십시오. 다른 사람을 대신하는 것이면 --on-behalf-of로 밝히십시오."
    )
    en = (
        "On {day} {subject} is not {post} of {agency}, so this cannot be done as such: {what}. Act in the post that you hold, "
        "have the person appointed first with `donghaeng agency appoint {agency}`, or, standing in for somebody, say so with "
        "--on-behalf-of."
    )


class ActsForUnnamed(Refusal):
    """Who acts for another, and for whom, are persons of one agency."""

    ko = (
        "{actor}이(가) {whom}을(를) 대신하여 ‘{what}’을(를) 할 수 없습니다: 대신하는 사람과 그 상대를 같은 기관의 사람으로 "
        "밝혀야 합니다. --as와 --on-behalf-of에 역할@기관:사람번호로 적으십시오."
    )
    en = (
        "{actor} may not act for {whom}: {what}. Who acts for another and for whom are both to be named as persons of one "
        "agency: write ROLE@AGENCY:ID with --as and with --on-behalf-of."
    )


class StandsInForNobody(Refusal):
    """No substitution and no delegation of this decision is in force from one to the other on `day`."""

    ko = (
        "{day} 현재 {subject}은(는) {agency}에서 {whom}을(를) 대신하여 ‘{what}’을(를) 할 수 없습니다: 그날 유효한 직무대리나 이 일의 "
        "결재 위임이 없습니다. `donghaeng agency appoint-substitute`나 `donghaeng agency delegate-decision`로 먼저 정하거나, --on-behalf-of 없이 하십시오."
    )
    en = (
        "On {day} {subject} may not act for {whom} at {agency}: {what}. No substitution between them and no delegation of this "
        "decision is in force. Have one entered with `donghaeng agency appoint-substitute` or `donghaeng agency delegate-decision`, or act "
        "without --on-behalf-of."
    )


def check_person(store: Store, actor: Actor, what: Bilingual, read: Read | None = None) -> None:
    """Refuse an agency that is no more, an id that nobody was registered with, and who is not in the post today.

    An office without a person is let in: what it does is a finding of its own. Which persons are the city's, no list
    says: of them it is asked only whether they are registered. `read`: by default the store's `load`.
    """
    office = _load_office(actor, read or store.load)
    check_is_there(store, actor, office.agency, what)
    if actor.subject is not None and actor.role != "system":
        _check_office(office, actor, actor.subject, what)


def check_persons(
    store: Store,
    actor: Actor,
    behalf: Actor | None,
    command: Command | type[Command],
    read: Read | None = None,
) -> str | None:
    """The same for a command; and by which substitution or delegation, as "agency/gto#5", one acts for the other.

    What the system does on a person's behalf it does by rule, which nobody has to be appointed for.
    """
    if behalf is None or actor.role == "system":
        check_person(store, actor, command.label, read)
        return None
    office = _load_office(actor, read or store.load)
    check_is_there(store, actor, office.agency, command.label)
    if None in (actor.agency, actor.subject, behalf.subject) or actor.agency != behalf.agency:
        raise ActsForUnnamed(actor=spell_actor(actor), whom=spell_actor(behalf), what=command.label)
    assert actor.agency is not None
    assert actor.subject is not None
    assert behalf.subject is not None
    _check_office(office, actor, actor.subject, command.label)
    today = office.today
    assert today is not None, "a person is named"
    _check_in_office(office.agency, behalf, behalf.subject, command.label, today)
    number = _mandate(office.agency, behalf.subject, actor.subject, command.name, today)
    if number is None:
        raise StandsInForNobody(
            day=today, subject=actor.subject, whom=behalf.subject, agency=actor.agency, what=command.label
        )
    return f"{agency_stream(actor.agency)}#{number}"


def office_streams(actor: Actor) -> tuple[str, ...]:
    """What is read of who acts: the person and the agency, where they are named."""
    person = () if actor.subject is None else (subject_stream(actor.subject),)
    return person if actor.agency is None else (*person, agency_stream(actor.agency))


class _Office(NamedTuple):
    """Who acts and their agency, as they are today; both empty, and no day, where nothing had to be read."""

    agency: Agency
    person: Person
    today: date | None


def _load_office(actor: Actor, read: Read) -> _Office:
    """Both at once. Nothing is read for an office of the city without a person."""
    names = office_streams(actor)
    if not names:
        return _Office(AGENCY.initial, SUBJECT.initial, None)
    loaded = read(names)
    return _Office(
        AGENCY.initial
        if actor.agency is None
        else fold_state(AGENCY, loaded.streams[agency_stream(actor.agency)]),
        SUBJECT.initial
        if actor.subject is None
        else fold_state(SUBJECT, loaded.streams[subject_stream(actor.subject)]),
        local_day(loaded.now),
    )


def _check_office(office: _Office, actor: Actor, subject: str, what: Bilingual) -> None:
    assert office.today is not None, "a person is named"
    if not office.person.registered:
        raise PersonNotRegistered(subject=subject, what=what)
    if office.person.erased:
        raise PersonErased(subject=subject, what=what)
    _check_in_office(office.agency, actor, subject, what, office.today)


def _check_in_office(agency: Agency, actor: Actor, subject: str, what: Bilingual, today: date) -> None:
    post = next((one for one in POSTS if one == actor.role), None)
    if post is not None and (subject, post) not in agency.posts:
        raise NotInOffice(subject=subject, agency=actor.agency, post=POSTS[post], day=today, what=what)


def _mandate(agency: Agency, whom: str, actor: str, decision: str, day: date) -> int | None:
    """The number of what lets `actor` act for `whom`: a delegation of this decision, else a substitution.

    Both may be passed on; of a chain it is the link that `whom` gave, since the others follow from it.
    """
    given = _delegation(agency, whom, actor, decision, day)
    chain = chain_of(agency, whom, day)
    if given is None and chain and chain[-1].substitute == actor:
        return chain[0].number
    return given


def _delegation(agency: Agency, whom: str, actor: str, decision: str, day: date) -> int | None:
    links = {
        number: one
        for number, one in agency.delegations.items()
        if one.decision == decision and one.starts <= day <= (one.ends or date.max)
    }
    waiting = [(number, one.delegate) for number, one in links.items() if one.holder == whom]
    seen = {whom}
    while waiting:
        first, person = waiting.pop(0)
        if person == actor:
            return first
        if person not in seen:
            seen.add(person)
            waiting += [(first, one.delegate) for one in links.values() if one.holder == person]
    return None
