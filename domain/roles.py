"""The roles in which people and the system act, what they are called, and how far a permission reaches."""

from __future__ import annotations

import typing
from collections.abc import Mapping
from enum import StrEnum
from typing import Literal, NamedTuple

from domain.errors import Bilingual, Lang

Role = Literal["officer", "head", "planner", "department", "inspector", "citizen", "system"]


class RoleWords(NamedTuple):
    """`title`: of the role by itself; `acting`: who acts in it, in a sentence, beside an agency's name where there is one."""

    title: Bilingual
    acting: Bilingual


ROLES: Mapping[Role, RoleWords] = {
    "officer": RoleWords(Bilingual("기관 담당자", "agency officer"), Bilingual("담당자", "an officer")),
    "head": RoleWords(Bilingual("기관장", "agency head"), Bilingual("기관장", "the head")),
    "planner": RoleWords(
        Bilingual("시 총괄부서", "city planner"), Bilingual("시 총괄부서", "the city planner")
    ),
    "department": RoleWords(
        Bilingual("시 소관부서", "city department"), Bilingual("시 소관부서", "the city department")
    ),
    "inspector": RoleWords(Bilingual("감사관", "inspector"), Bilingual("감사관", "the inspector")),
    "citizen": RoleWords(Bilingual("시민", "citizen"), Bilingual("시민", "a citizen")),
    "system": RoleWords(Bilingual("시스템", "system"), Bilingual("시스템", "the system")),
}
AGENCY_ROLES: frozenset[Role] = frozenset({"officer", "head"})  # whose actors are of an agency

CITY_ROLES: frozenset[Role] = frozenset({"planner", "department"})  # who do something for the city


class Reach(StrEnum):
    """`OWN`: only where the actor's agency leads; `ANY`: everywhere."""

    OWN = "own"
    ANY = "any"


# Who may: by role, how far it reaches. Commands and readings join them, as in OFFICER | PLANNER.
Permission = dict[Role, Reach]
OFFICER: Permission = {"officer": Reach.OWN}
HEAD: Permission = {"head": Reach.OWN}
PLANNER: Permission = {"planner": Reach.ANY}
DEPARTMENT: Permission = {"department": Reach.ANY}
INSPECTOR: Permission = {"inspector": Reach.ANY}
SYSTEM: Permission = {"system": Reach.ANY}
EVERYBODY: Permission = dict.fromkeys(typing.get_args(Role), Reach.ANY)


class RoleLabel:
    """A role as the reader calls it."""

    def __init__(self, role: Role) -> None:
        self.role = role

    def say(self, lang: Lang) -> str:
        title = ROLES[self.role].title.say(lang)
        return f"{title}({self.role})" if lang == "ko" else f"{title} ({self.role})"
