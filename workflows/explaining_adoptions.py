"""Since when and by whom a task's definition is in force: the fact that adopted it."""

from __future__ import annotations

from datetime import date, datetime

import msgspec

from domain.definition.facts import Adopted
from domain.roles import Role
from domain.streams import definition_stream, version_of
from store.log import Store


class AdoptedBy(msgspec.Struct, frozen=True):
    """`position`: of the fact in the log; `at`: when it was adopted; `from_day`: from when it may be taken; `role`: of who did
    it, and `subject`, the person, where one was named; `sha256`: of the content as it stands in that fact.
    """

    position: int
    at: datetime
    from_day: date
    role: Role
    subject: str | None
    sha256: str


def find_adoption(store: Store, identity: str) -> AdoptedBy | None:
    """None where the log does not have it: a store that is older than definitions in the log goes by those that come along."""
    for one in store.read(definition_stream(identity)):
        fact = one.fact
        if isinstance(fact, Adopted) and fact.version == version_of(identity):
            actor = one.envelope.actor
            return AdoptedBy(
                one.position, one.known_at, fact.from_day, actor.role, actor.subject, fact.sha256
            )
    return None
