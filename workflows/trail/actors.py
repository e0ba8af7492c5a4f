"""What one actor did, and on whose behalf; and what others did on theirs."""

from __future__ import annotations

import re
import typing

import msgspec

from domain.errors import Lang, Refusal
from domain.roles import Role
from projections.inspection.searching import Filters, count_by
from store.log import Store
from workflows.telling import NamesOf
from workflows.trail.filters import Typed, filters_from
from workflows.trail.reading import Page, page

_PERSON = re.compile(r"([a-z]+(@[a-z][a-z0-9-]{1,30})?:)?[0-9a-f]{32}")


class NobodyCalledSo(Refusal):
    ko = "‘{name}’이라는 사람이 금고에 없습니다. 이름을 확인하거나 역할@기관 또는 사람 번호로 찾으십시오."
    en = "Nobody in the vault is called “{name}”. Check the name, or look by ROLE@AGENCY or a person's id."


class SeveralCalledSo(Refusal):
    """`subjects`: their ids."""

    ko = "‘{name}’이라는 사람이 여럿입니다. 번호로 찾으십시오: {subjects}."
    en = "Several persons are called “{name}”. Look by id: {subjects}."


class NoSuchActor(Refusal):
    """It is written like neither; `role` may not look for persons by their names."""

    ko = (
        "‘{name}’은(는) 역할({roles})도, 역할@기관도, 사람 번호도 아니며, {role}의 권한으로는 이름으로 사람을 찾을 수 없습니다. "
        "사람은 32자리 번호로, 기관은 officer@기관 또는 `donghaeng trail search --agency`로 찾으십시오."
    )
    en = (
        "“{name}” is no role ({roles}), no ROLE@AGENCY and no person's id, and the {role} may not look for persons by name. "
        "Look for a person by the id of 32 hex digits, for an agency by officer@AGENCY or `donghaeng trail search --agency`."
    )


class Deeds(msgspec.Struct, frozen=True):
    """So many facts of a kind, for whom or by whom (None: nobody else), with the first and last position."""

    kind: str
    who: str | None
    count: int
    first: int
    last: int


class Acted(msgspec.Struct, frozen=True):
    """`who`: ROLE, ROLE@AGENCY or the person's id; `did`: what they did, `who` being on whose behalf; `done_for`: what others (`who`) did on theirs."""

    who: str
    subject: str | None
    did: list[Deeds]
    done_for: list[Deeds]
    page: Page


def is_name(given: str) -> bool:
    """Whether it is a person's name, and neither a role nor an id."""
    return not (_PERSON.fullmatch(given) or re.split("[@:]", given)[0] in typing.get_args(Role))


def find_person(name: str, subjects: list[str]) -> str:
    """Raises NobodyCalledSo, SeveralCalledSo."""
    if len(subjects) != 1:
        raise (
            SeveralCalledSo(name=name, subjects=tuple(subjects)) if subjects else NobodyCalledSo(name=name)
        )
    return subjects[0]


def summarise_actor(
    store: Store,
    who: str,
    lang: Lang,
    *,
    before: int | None = None,
    limit: int = 50,
    named: NamesOf = lambda _: {},
) -> Acted:
    """What ROLE, ROLE@AGENCY or a person's id did. `named`: as of a page. Raises UnknownWho."""
    filters = filters_from(Typed(actor=who))
    theirs = Filters(behalf_role=filters.role, behalf=filters.actor, behalf_subject=filters.subject)
    return Acted(
        who=who,
        subject=filters.subject,
        did=[Deeds(*row) for row in count_by(store, filters, "kind", "behalf")],
        done_for=[Deeds(*row) for row in count_by(store, theirs, "kind", "actor")],
        page=page(store, filters, lang, before=before, limit=limit, named=named),
    )
