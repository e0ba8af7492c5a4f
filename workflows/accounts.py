"""Accounts of the console are persons of the vault: how they sign in, and in which offices the log lets them act today."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal

import msgspec
from msgspec.structs import replace

from domain.errors import Refusal
from domain.roles import AGENCY_ROLES
from domain.streams import subject_stream
from domain.subject.state import SUBJECT, Person
from store.envelope import Actor, Authn
from store.log import Store
from store.recorded import fold_state
from store.refused import Refused
from store.sessions import (
    Link,
    Session,
    begin_session,
    choose_office,
    end_session,
    keep_link,
    load_sessions,
    use_link,
)
from workflows.lookups import load_agencies
from workflows.permissions import RIGHTS
from workflows.persons import check_person, check_persons
from workflows.read_access import Reader, act
from workflows.refusing import log_refusals
from workflows.tokens import new_secret

if TYPE_CHECKING:
    from domain.aggregate import Command

LINK_LASTS = timedelta(hours=24)
# Those of the city's roles in which a person acts: which persons they are, no list in the log says yet.
CityRole = Literal["planner", "department", "inspector"]
_SIGN_IN = "account.sign_in"


class LinkOpensNothing(Refusal):
    """Unknown, used already or too old: a stranger is not told which."""

    ko = "이 링크로는 로그인할 수 없습니다. 이미 사용했거나 유효기간이 지났습니다. 시 총괄부서에 새 링크를 요청하십시오."
    en = "This link signs nobody in: it was used before, or its time is over. Ask the city planner for a new one."


class SignInFirst(Refusal):
    """There is no session, or it is over."""

    ko = "로그인이 필요합니다. 로그인하지 않았거나, 오래 사용하지 않아 로그아웃되었습니다. 받은 링크로 다시 로그인하십시오."
    en = "You are not signed in, or were signed out since nothing was done for long. Sign in again by the link that you were given."


class NotYourOffice(Refusal):
    """`office`: as an actor is spelled, in which the log does not let the person act today."""

    ko = "오늘 {office}(으)로는 업무를 볼 수 없습니다. 맡은 직위 가운데 하나를 고르십시오."
    en = "You do not act as {office} today. Choose one of the offices that you hold."


class NoSuchAccount(Refusal):
    """Nobody was registered under the id, or the details were erased."""

    ko = "{subject}: 등록된 사람이 아니거나 개인정보가 파기된 사람이어서 로그인 링크를 만들 수 없습니다. `donghaeng subject list`로 번호를 확인하십시오."
    en = "{subject} is nobody who was registered, or whose details were erased, so no link is made. Look the id up with `donghaeng subject list`."


class NoSuchSession(Refusal):
    ko = "세션 {session}은(는) 없거나 이미 끝났습니다. `donghaeng account sessions`로 확인하십시오."
    en = "There is no session {session}, or it is over. See `donghaeng account sessions`."


class Invited(msgspec.Struct, frozen=True):
    """`code`: what opens a session once, shown once; `until`: by when, aware."""

    code: str
    until: datetime


def invite(store: Store, reader: Reader, subject: str, role: CityRole | None, purpose: str | None) -> Invited:
    """A link by which the person signs in once. Raises the permissions' refusals, NoSuchAccount."""
    act(store, reader, "account.invite", purpose, subjects=(subject,))
    person: Person = fold_state(SUBJECT, store.read(subject_stream(subject)))
    if not person.registered or person.erased:
        raise NoSuchAccount(subject=subject)
    code = new_secret()
    return Invited(code, keep_link(store, hash_secret(code), Link(subject, role), LINK_LASTS))


def sign_in(store: Store, reader: Reader, code: str) -> tuple[Session, str]:
    """The session and its secret, which nobody had before. Raises LinkOpensNothing. Both outcomes are recorded."""
    link = use_link(store, hash_secret(code))
    by_link: Authn = "code"
    if link is None:
        refusal = LinkOpensNothing()
        log_refusals(store, [_refusal(reader, by_link, refusal)])
        raise refusal
    act(store, replace(reader, authn=by_link), _SIGN_IN, None, subjects=(link.subject,))
    secret = new_secret()
    session = begin_session(store, hash_secret(secret), link, by_link, reader.client)
    offices = offices_of(store, session)
    if len(offices) == 1:
        session = act_as(store, reader, session, offices[0])
    return session, secret


def act_as(store: Store, reader: Reader, session: Session, office: Actor) -> Session:
    """From now on the session acts so, which is recorded. Raises NotYourOffice."""
    if office not in offices_of(store, session):
        raise NotYourOffice(office=office.role if office.agency is None else f"{office.role}@{office.agency}")
    act(
        store, replace(reader, actor=office, authn=session.authn), _SIGN_IN, None, subjects=(session.subject,)
    )
    choose_office(store, session.id, office)
    return replace(session, acts=office)


def offices_of(store: Store, session: Session) -> list[Actor]:
    """In which offices the person may act today: by the same checks that each of their commands goes through."""
    found = [] if session.role is None else [Actor(role=session.role, subject=session.subject)]
    for identity, agency in load_agencies(store).items():
        held = [post for subject, post in agency.posts if subject == session.subject and post in AGENCY_ROLES]
        found += [Actor(role=post, agency=identity, subject=session.subject) for post in held]
    return [one for one in found if _passes(lambda one=one: check_person(store, one, RIGHTS[_SIGN_IN].label))]  # type: ignore[misc]


def stands_in_for(store: Store, actor: Actor, command: type[Command]) -> list[Actor]:
    """In whose place the actor may give this command today, by a substitution or a delegation that is in force."""
    if actor.agency is None or actor.subject is None:
        return []
    others = [
        Actor(role=post, agency=actor.agency, subject=subject)
        for subject, post in load_agencies(store)[actor.agency].posts
        if subject != actor.subject and post in AGENCY_ROLES
    ]
    return [one for one in others if _passes(lambda one=one: check_persons(store, actor, one, command))]  # type: ignore[misc]


def end_own(store: Store, session: Session, other: str) -> None:
    """End one of one's own sessions. Raises NoSuchSession."""
    if not end_session(store, other, session.subject):
        raise NoSuchSession(session=other)


def end_any(store: Store, reader: Reader, session: str, purpose: str | None) -> None:
    """Raises the permissions' refusals, NoSuchSession."""
    whose = [one.subject for one in load_sessions(store) if one.id == session]
    act(store, reader, "account.end", purpose, subjects=whose)
    if not end_session(store, session):
        raise NoSuchSession(session=session)


def hash_secret(secret: str) -> bytes:
    return hashlib.sha256(secret.encode(errors="replace")).digest()


def _passes(check: Callable[[], object]) -> bool:
    with suppress(Refusal):
        check()
        return True
    return False


def _refusal(reader: Reader, authn: Authn, refusal: Refusal) -> Refused:
    """As of a token that opens nothing: whose the link was is not known."""
    return Refused(
        what="token",
        actor=None,
        via=reader.via,
        authn=authn,
        command=_SIGN_IN,
        refusal=refusal.name,
        machine=reader.machine,
    )
