"""`--as ACTOR`: who acts, as asserted on the command line and recorded as an assertion."""

from __future__ import annotations

import re
import typing
from collections.abc import Callable

from domain.errors import DonghaengError, Refusal
from domain.roles import AGENCY_ROLES, Role
from store.envelope import Actor

_ACTOR = re.compile(
    r"(?P<role>[a-z]+)(@(?P<agency>[a-z][a-z0-9-]{1,30}))?(:(?P<subject>[A-Za-z0-9_-]{8,64}))?"
)
_BY_NAME = re.compile(r"(?P<role>[a-z]+)@(?P<name>[^@:]+)(?P<subject>:[^@:]*)?")


class WhoActs(DonghaengError):
    """No actor was given."""

    exit_code = 2
    ko = "누가 하는 일인지 --as로 알려 주십시오(예: --as planner, --as officer@gto). DONGHAENG_AS로도 정할 수 있습니다."
    en = "Say with --as who acts (e.g. --as planner, --as officer@gto), or set DONGHAENG_AS."


class AnotherActor(DonghaengError):
    """`said`: by --as; `token`: whom the token stands for."""

    exit_code = 2
    ko = "--as {said}은(는) 토큰의 행위자({token})와 다릅니다. --as를 빼거나 같은 행위자를 지정하십시오."
    en = "--as {said} is not whom the token stands for ({token}). Leave --as out, or give the same."


class NotByToken(Refusal):
    """A token stands for a role, and no role runs the machine."""

    ko = "이 명령은 시스템을 운영하는 것이어서 토큰으로 할 수 없습니다. DONGHAENG_TOKEN을 빼고 실행하십시오."
    en = "This runs the machine, which nobody does by a token. Take DONGHAENG_TOKEN out of the environment."


class NotForAnother(DonghaengError):
    """Readings, and what takes many commands at once, are by one's own right."""

    exit_code = 2
    ko = "이 명령은 다른 사람을 대신하여 할 수 없습니다. 열람과 일괄 처리는 자신의 권한으로 합니다. --on-behalf-of를 빼고 실행하십시오."
    en = "This is not done on behalf of another: readings and bulk work are by one's own right. Leave --on-behalf-of out."


class UnknownActor(DonghaengError):
    """The actor is not one we know."""

    exit_code = 2
    ko = "행위자 ‘{given}’을(를) 알 수 없습니다. 역할({roles})이나 역할@기관 형식으로 지정하십시오."
    en = "The actor “{given}” is not known. Give a role ({roles}) or ROLE@AGENCY."


NOBODY = "nobody"


def actor_to_find(given: str | None) -> tuple[Actor | None, bool]:
    """Whom to look for: ROLE, ROLE@AGENCY or either with `:SUBJECT`, `system` too; and whether for "nobody" named."""
    if given is None or given == NOBODY:
        return None, given == NOBODY
    found, roles = _ACTOR.fullmatch(given), typing.get_args(Role)
    if found is None or found["role"] not in roles:
        raise UnknownActor(given=given, roles=(*roles, NOBODY))
    return Actor(
        role=typing.cast(Role, found["role"]), agency=found["agency"], subject=found["subject"]
    ), False


def actor_from(given: str, agency_by_name: Callable[[str], str]) -> Actor:
    """`ROLE`, `ROLE@AGENCY` or either with `:SUBJECT`. An officer or head needs an agency; nobody is `system`.

    An agency may go by its id or, in either language, by its name. Raises UnknownActor, NoSuchName, ManySuchNames.
    """
    found = _ACTOR.fullmatch(given)
    if found is None and (named := _BY_NAME.fullmatch(given)) and named["role"] in AGENCY_ROLES:
        agency = agency_by_name(named["name"])
        found = _ACTOR.fullmatch(f"{named['role']}@{agency}{named['subject'] or ''}")
    roles = [role for role in typing.get_args(Role) if role != "system"]
    if (
        found is None
        or found["role"] not in roles
        or (found["role"] in AGENCY_ROLES) != bool(found["agency"])
    ):
        raise UnknownActor(given=given, roles=tuple(roles))
    return Actor(role=typing.cast(Role, found["role"]), agency=found["agency"], subject=found["subject"])
