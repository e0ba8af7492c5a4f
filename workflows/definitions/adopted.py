"""The lifecycle definitions that a store knows: those adopted in its log, and of those that come along what it never adopted."""

from __future__ import annotations

from datetime import date
from typing import Protocol
from weakref import WeakKeyDictionary

from domain.definition.hashing import check_hash
from domain.definition.state import DEFINITION, Versions
from domain.lifecycle.content import parse_content
from domain.lifecycle.model import Definition
from domain.streams import definition_stream, version_of
from store.log import Store
from store.recorded import fold_state
from workflows.definitions.templates import UnknownDefinition, templates


class KnownDefinitions(Protocol):
    """Where a definition is found by its identity: in a store, or the one that is tested."""

    def of(self, identity: str) -> Definition:
        """Raises UnknownDefinition."""


class Definitions:
    """Of one store, by identity ("name/version"). What is adopted never changes, so that each is looked up once."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._known: dict[str, Definition] = {}
        self._made = store.connections.made

    def find(self, identity: str) -> Definition | None:
        """The adopted one. Tasks of a store that is older than definitions in the log go by those that come along."""
        if (
            self._made != self._store.connections.made
        ):  # behind it may be another database under the same name
            self._known, self._made = {}, self._store.connections.made
        if identity not in self._known:
            found = find_adopted(self.versions(identity), identity) or templates().get(identity)
            if found is None:
                return None
            self._known[identity] = found
        return self._known[identity]

    def of(self, identity: str) -> Definition:
        """Raises UnknownDefinition."""
        if (found := self.find(identity)) is None:
            raise UnknownDefinition(given=identity, known=tuple(sorted({*self.identities(), *templates()})))
        return found

    def find_newest(self, identity: str, day: date, year: int) -> Definition | None:
        """Of what a year goes by, the newest version that may be taken for it on that day; the very one, where there is none newer."""
        versions, name = self.versions(identity), identity.partition("/")[0]
        newer = (one for one in sorted(versions.adopted, reverse=True) if one > version_of(identity))
        may_be = (one for one in newer if versions.may_be_taken(f"{name}/{one}", day, year))
        newest = next(may_be, None)
        return self.find(identity if newest is None else f"{name}/{newest}")

    def versions(self, name: str) -> Versions:
        """What the log says of the definition, by its name or by one of its versions."""
        versions: Versions = fold_state(DEFINITION, self._store.read(definition_stream(name)))
        return versions

    def identities(self) -> list[str]:
        """All that were ever adopted, also those that were withdrawn."""
        names = [stream.partition("/")[2] for stream in self._store.streams(definition_stream(""))]
        return [f"{name}/{version}" for name in names for version in sorted(self.versions(name).adopted)]


_OF: WeakKeyDictionary[Store, Definitions] = WeakKeyDictionary()


def definitions_of(store: Store) -> Definitions:
    """Those of this store: the same for all who ask."""
    if store not in _OF:
        _OF[store] = Definitions(store)
    return _OF[store]


def find_adopted(versions: Versions, identity: str) -> Definition | None:
    """The version that was adopted, as it stands in the log. Raises ContentNotAsHashed."""
    one = versions.adopted.get(version_of(identity))
    if one is None:
        return None
    check_hash(identity, one)
    return parse_content(one.content)
