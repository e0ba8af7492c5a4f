"""Which agency answers for those that were merged into others."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from domain.agency.facts import Merged
from domain.streams import identity_of
from projections.slices import AsOf, of_stream
from store.log import Store


class Successions(msgspec.Struct, frozen=True):
    """`into`: by merged agency, the one that it was merged into."""

    into: Mapping[str, str]

    def answering(self, agency: str) -> str:
        """The agency that answers for this one's tasks: itself, or the one it was merged into in the end."""
        seen = {agency}
        while (successor := self.into.get(agency)) is not None and successor not in seen:
            seen.add(successor)
            agency = successor
        return agency

    def predecessors_of(self, agency: str | None) -> list[str] | None:
        """The agency and those merged into it; nothing of one that is no more. None where none is asked for."""
        if agency is None:
            return None
        return [one for one in (agency, *self.into) if self.answering(one) == agency]


def successions(store: Store, at: AsOf | None = None) -> Successions:
    """All mergers by now, or at a slice of the log."""
    streams = store.streams_with(Merged.kind)
    into = {}
    for stream, facts in store.load(streams).streams.items() if streams else ():
        for one in of_stream(facts, at):
            if one.kind == Merged.kind:
                into[identity_of(stream)] = one.fact.into
    return Successions(into)
