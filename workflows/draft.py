"""What stands in a unit of work: the streams as they were read, with what was decided on them since."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from domain.aggregate import Aggregate
from domain.catalogue import aggregate_of
from domain.lifecycle.model import Definition
from domain.streams import definition_stream
from store.log import Loaded
from store.recorded import Batch, CommandPart, NewFact, NewText, RecordedFact, fold_state
from workflows.definitions.adopted import find_adopted
from workflows.definitions.enforcing import Find
from workflows.prepared_command import PreparedCommand


class Mark(NamedTuple):
    """What stood at a moment. `grown`: how long each stream was."""

    states: dict[str, Any]
    grown: dict[str, int]
    looked_at: dict[str, None]
    facts: int
    texts: int


class Draft:
    """`read(streams)` finds what is needed beside `loaded`; `find_definition`: by its identity, among those of the store.

    `streams`: the facts as they were read; `looked_at`: on which something was decided; `texts`: to be kept beside the facts.
    """

    def __init__(
        self, loaded: Loaded, read: Callable[[Sequence[str]], Loaded], find_definition: Find
    ) -> None:
        self.now = loaded.now
        self.streams = dict(loaded.streams)
        self.looked_at: dict[str, None] = {}
        self.texts: list[NewText] = []
        self._read, self._definition_of_store = read, find_definition
        self._facts: list[NewFact] = []
        self._grown: dict[str, list[RecordedFact[Any]]] = {}
        self._states: dict[str, Any] = {}

    def find(self, names: Iterable[str]) -> None:
        """Read those that have not been read yet, at once."""
        missing = tuple(name for name in names if name not in self.streams)
        if missing:
            self.streams |= self._read(missing).streams

    def stream(self, name: str) -> list[RecordedFact[Any]]:
        self.find((name,))
        return self._grown.get(name, self.streams[name])

    def state(self, name: str, looked: dict[str, None] | None = None) -> Any:
        """`looked`: the names of those on which something is decided."""
        if looked is not None:
            looked[name] = None
        if name not in self._states:
            self.find((name,))
            self._states[name] = fold_state(aggregate_of(name), self.streams[name])
        return self._states[name]

    def definition(self, identity: str) -> Definition:
        """Also one that is adopted with what is decided here. Raises UnknownDefinition."""
        grown = self._states.get(definition_stream(identity))
        return (grown and find_adopted(grown, identity)) or self._definition_of_store(identity)

    def add(
        self,
        prepared: PreparedCommand,
        aggregate: Aggregate,
        facts: Sequence[Any],
        dated: datetime | None,
        mandate: str | None,
    ) -> list[NewFact]:
        """The facts that the command comes to, as they stand now at the end of its stream. `dated`: when they take effect, if not now."""
        name = prepared.command.stream
        state, version = self.state(name), len(self.stream(name))
        made = [
            NewFact(name, number, prepared.fact_envelope(fact.schema_version, dated, mandate), fact)
            for number, fact in enumerate(facts, start=version + 1)
        ]
        self._facts += made
        self.texts += prepared.texts
        if name not in self._grown:
            self._grown[name] = list(self.streams[name])
        grown = self._grown[name]
        for new in made:
            grown.append(
                RecordedFact(0, name, new.version, new.fact.kind, self.now, self.now, new.envelope, new.fact)
            )
            at = new.envelope.effective_at or self.now
            state = aggregate.evolve(state, new.fact, at, new.version)
        self._states[name] = state
        return made

    def mark(self) -> Mark:
        """To go back to, should what begins here be refused."""
        return Mark(
            dict(self._states),
            {name: len(facts) for name, facts in self._grown.items()},
            dict(self.looked_at),
            len(self._facts),
            len(self.texts),
        )

    def go_back_to(self, mark: Mark) -> None:
        self._states, self.looked_at = mark.states, mark.looked_at
        self._grown = {name: self._grown[name][:length] for name, length in mark.grown.items()}
        del self._facts[mark.facts :], self.texts[mark.texts :]

    def batch(self, commands: Sequence[CommandPart]) -> Batch:
        """All that was decided, to be appended at once."""
        first = commands[0]
        return Batch(
            command_id=first.command_id,
            digest=first.digest,
            facts=tuple(self._facts),
            texts=tuple(self.texts),
            unchanged=tuple(
                (name, len(self.streams[name])) for name in self.looked_at if name not in self._grown
            ),
            commands=tuple(commands) if len(commands) > 1 else (),
        )
